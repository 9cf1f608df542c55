package org.djlmpc.engine;

import static org.djlmpc.engine.UnsupportedNDArray.unsupported;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.recurrent.RNN;

/**
 * The operators of {@link NDArrayEx} that have no private form here; see {@link
 * UnsupportedNDArray}.
 */
abstract class UnsupportedNDArrayEx implements NDArrayEx {
  @Override
  public NDArray lpPool(
      float normType, Shape kernelShape, Shape stride, Shape padding, boolean ceilMode) {
    throw unsupported("lpPool", "maxPool or avgPool");
  }

  @Override
  public NDArray globalLpPool(float normType) {
    throw unsupported("globalLpPool", "globalMaxPool or globalAvgPool");
  }

  @Override
  public void adadeltaUpdate(
      NDList inputs,
      NDList weights,
      float weightDecay,
      float rescaleGrad,
      float clipGrad,
      float rho,
      float epsilon) {
    throw unsupported("adadeltaUpdate", "Optimizer.sgd() or Optimizer.adam()");
  }

  @Override
  public void adagradUpdate(
      NDList inputs,
      NDList weights,
      float learningRate,
      float weightDecay,
      float rescaleGrad,
      float clipGrad,
      float epsilon) {
    throw unsupported("adagradUpdate", "Optimizer.sgd() or Optimizer.adam()");
  }

  @Override
  public void nagUpdate(
      NDList inputs,
      NDList weights,
      float learningRate,
      float weightDecay,
      float rescaleGrad,
      float clipGrad,
      float momentum) {
    throw unsupported("nagUpdate", "Optimizer.sgd() or Optimizer.adam()");
  }

  @Override
  public void rmspropUpdate(
      NDList inputs,
      NDList weights,
      float learningRate,
      float weightDecay,
      float rescaleGrad,
      float clipGrad,
      float rho,
      float momentum,
      float epsilon,
      boolean centered) {
    throw unsupported("rmspropUpdate", "Optimizer.sgd() or Optimizer.adam()");
  }

  @Override
  public NDList deconvolution(
      NDArray input,
      NDArray weight,
      NDArray bias,
      Shape stride,
      Shape padding,
      Shape outPadding,
      Shape dilation,
      int groups) {
    throw unsupported(
        "deconvolution", "a repeat of the input (nearest upsampling) followed by convolution");
  }

  @Override
  public NDList rnn(
      NDArray input,
      NDArray state,
      NDList params,
      boolean hasBiases,
      int numLayers,
      RNN.Activation activation,
      double dropRate,
      boolean training,
      boolean bidirectional,
      boolean batchFirst) {
    throw unsupported("rnn", "Linear and tanh or sigmoid, step by step");
  }

  @Override
  public NDList gru(
      NDArray input,
      NDArray state,
      NDList params,
      boolean hasBiases,
      int numLayers,
      double dropRate,
      boolean training,
      boolean bidirectional,
      boolean batchFirst) {
    throw unsupported("gru", "Linear and tanh or sigmoid, step by step");
  }

  @Override
  public NDList lstm(
      NDArray input,
      NDList states,
      NDList params,
      boolean hasBiases,
      int numLayers,
      double dropRate,
      boolean training,
      boolean bidirectional,
      boolean batchFirst) {
    throw unsupported("lstm", "Linear and tanh or sigmoid, step by step");
  }

  @Override
  public NDArray randomFlipLeftRight() {
    throw unsupported(
        "randomFlipLeftRight", "the transform on the data owner's image, before it is shared");
  }

  @Override
  public NDArray randomFlipTopBottom() {
    throw unsupported(
        "randomFlipTopBottom", "the transform on the data owner's image, before it is shared");
  }

  @Override
  public NDArray randomBrightness(float brightness) {
    throw unsupported(
        "randomBrightness", "the transform on the data owner's image, before it is shared");
  }

  @Override
  public NDArray randomHue(float hue) {
    throw unsupported("randomHue", "the transform on the data owner's image, before it is shared");
  }

  @Override
  public NDArray randomColorJitter(float brightness, float contrast, float saturation, float hue) {
    throw unsupported(
        "randomColorJitter", "the transform on the data owner's image, before it is shared");
  }

  @Override
  public NDList multiBoxTarget(
      NDList inputs,
      float iouThreshold,
      float ignoreLabel,
      float negativeMiningRatio,
      float negativeMiningThreshold,
      int minNegativeSamples) {
    throw unsupported(
        "multiBoxTarget", "the boxes of a public layout, and comparisons on the scores");
  }

  @Override
  public NDList multiBoxDetection(
      NDList inputs,
      boolean clip,
      float threshold,
      int backgroundId,
      float nmsThreshold,
      boolean forceSuppress,
      int nmsTopK) {
    throw unsupported(
        "multiBoxDetection", "the boxes of a public layout, and comparisons on the scores");
  }
}
