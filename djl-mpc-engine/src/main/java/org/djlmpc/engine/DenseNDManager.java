package org.djlmpc.engine;

import static org.djlmpc.engine.UnsupportedNDArray.unsupported;

import ai.djl.Device;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.PairList;
import java.nio.Buffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A manager of dense numeric arrays: says what to use instead of everything else. */
abstract class DenseNDManager extends BaseNDManager {
  private static final String DENSE = "a dense array";
  private static final String SAMPLES = "randomUniform or randomNormal";
  private static final String METHODS = "the array's own methods";

  DenseNDManager(@Nullable NDManager parent, @Nullable Device device) {
    super(parent, device);
  }

  @Override
  public NDArray create(String[] data, Charset charset, Shape shape) {
    throw unsupported("create of strings", "numbers; a share is a number");
  }

  @Override
  public NDArray createCSR(Buffer data, long[] indptr, long[] indices, Shape shape) {
    throw unsupported("createCSR", DENSE);
  }

  @Override
  public NDArray createRowSparse(Buffer data, Shape dataShape, long[] indices, Shape shape) {
    throw unsupported("createRowSparse", DENSE);
  }

  @Override
  public NDArray createCoo(Buffer data, long[][] indices, Shape shape) {
    throw unsupported("createCoo", DENSE);
  }

  @Override
  public NDList load(Path path) {
    throw unsupported("load", "NDList.decode, which reads DJL's and NumPy's formats");
  }

  @Override
  public NDArray randomMultinomial(int n, NDArray pValues) {
    throw unsupported("randomMultinomial", SAMPLES);
  }

  @Override
  public NDArray randomMultinomial(int n, NDArray pValues, Shape shape) {
    throw unsupported("randomMultinomial", SAMPLES);
  }

  @Override
  public NDArray sampleNormal(NDArray mu, NDArray sigma) {
    throw unsupported("sampleNormal", SAMPLES);
  }

  @Override
  public NDArray sampleNormal(NDArray mu, NDArray sigma, Shape shape) {
    throw unsupported("sampleNormal", SAMPLES);
  }

  @Override
  public NDArray samplePoisson(NDArray lam) {
    throw unsupported("samplePoisson", SAMPLES);
  }

  @Override
  public NDArray samplePoisson(NDArray lam, Shape shape) {
    throw unsupported("samplePoisson", SAMPLES);
  }

  @Override
  public NDArray sampleGamma(NDArray alpha, NDArray beta) {
    throw unsupported("sampleGamma", SAMPLES);
  }

  @Override
  public NDArray sampleGamma(NDArray alpha, NDArray beta, Shape shape) {
    throw unsupported("sampleGamma", SAMPLES);
  }

  @Override
  public void invoke(String operation, NDArray[] src, NDArray[] dest, PairList<String, ?> params) {
    throw unsupported("invoke " + operation, METHODS);
  }

  @Override
  public NDList invoke(String operation, NDList src, PairList<String, ?> params) {
    throw unsupported("invoke " + operation, METHODS);
  }
}
