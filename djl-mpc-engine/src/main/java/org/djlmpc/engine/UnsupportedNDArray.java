package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.SparseFormat;
import java.nio.charset.Charset;

/**
 * The operators of {@link NDArray} that have no private form here: each says so and names a way
 * out.
 *
 * <p>DJL's own adapter would hand them to another engine, in plaintext. They are refused on public
 * arrays too, so that a program does not break on the day its data becomes secret.
 */
abstract class UnsupportedNDArray implements NDArray {
  /**
   * The refusal of an operator.
   *
   * @param operator the operator's name
   * @param alternative what to use instead
   */
  static UnsupportedOperationException unsupported(String operator, String alternative) {
    return new UnsupportedOperationException(
        "Engine MPC has no operator '" + operator + "'. Use " + alternative + ".");
  }

  @Override
  public String[] toStringArray(Charset charset) {
    throw unsupported("toStringArray", "numbers; a share is a number");
  }

  @Override
  public NDArray sequenceMask(NDArray sequenceLength, float value) {
    throw unsupported("sequenceMask", "where with a public mask");
  }

  @Override
  public NDArray sequenceMask(NDArray sequenceLength) {
    throw unsupported("sequenceMask", "where with a public mask");
  }

  @Override
  public NDArray gammaln() {
    throw unsupported(
        "gammaln",
        "exp, log, sqrt, sigmoid or tanh, or a polynomial of your own over a known range");
  }

  @Override
  public NDArray asin() {
    throw unsupported(
        "asin", "exp, log, sqrt, sigmoid or tanh, or a polynomial of your own over a known range");
  }

  @Override
  public NDArray acos() {
    throw unsupported(
        "acos", "exp, log, sqrt, sigmoid or tanh, or a polynomial of your own over a known range");
  }

  @Override
  public NDArray atan() {
    throw unsupported(
        "atan", "exp, log, sqrt, sigmoid or tanh, or a polynomial of your own over a known range");
  }

  @Override
  public NDArray atan2(NDArray other) {
    throw unsupported(
        "atan2", "exp, log, sqrt, sigmoid or tanh, or a polynomial of your own over a known range");
  }

  @Override
  public NDArray asinh() {
    throw unsupported(
        "asinh", "exp, log, sqrt, sigmoid or tanh, or a polynomial of your own over a known range");
  }

  @Override
  public NDArray acosh() {
    throw unsupported(
        "acosh", "exp, log, sqrt, sigmoid or tanh, or a polynomial of your own over a known range");
  }

  @Override
  public NDArray atanh() {
    throw unsupported(
        "atanh", "exp, log, sqrt, sigmoid or tanh, or a polynomial of your own over a known range");
  }

  @Override
  public NDArray cumProd(int axis) {
    throw unsupported("cumProd", "cumSum of the logarithm, or prod on a public array");
  }

  @Override
  public NDArray cumProd(int axis, DataType dataType) {
    throw unsupported("cumProd", "cumSum of the logarithm, or prod on a public array");
  }

  @Override
  public NDArray fft(long length, long axis) {
    throw unsupported("fft", "matMul with the matrix of the transform");
  }

  @Override
  public NDArray ifft(long length, long axis) {
    throw unsupported("ifft", "matMul with the matrix of the transform");
  }

  @Override
  public NDArray rfft(long length, long axis) {
    throw unsupported("rfft", "matMul with the matrix of the transform");
  }

  @Override
  public NDArray irfft(long length, long axis) {
    throw unsupported("irfft", "matMul with the matrix of the transform");
  }

  @Override
  public NDArray stft(
      long nFft,
      long hopLength,
      boolean center,
      NDArray window,
      boolean normalize,
      boolean returnComplex) {
    throw unsupported("stft", "matMul with the matrix of the transform");
  }

  @Override
  public NDArray fft2(long[] sizes, long[] axes) {
    throw unsupported("fft2", "matMul with the matrix of the transform");
  }

  @Override
  public NDArray ifft2(long[] sizes, long[] axes) {
    throw unsupported("ifft2", "matMul with the matrix of the transform");
  }

  @Override
  public NDList unique(Integer dim, boolean sorted, boolean returnInverse, boolean returnCounts) {
    throw unsupported("unique", "eq and sum, if the candidates are public");
  }

  @Override
  public NDArray argSort(int axis, boolean ascending) {
    throw unsupported(
        "argSort", "max, min, argMax or argMin, or open the array and sort in plain Java");
  }

  @Override
  public NDArray sort() {
    throw unsupported(
        "sort", "max, min, argMax or argMin, or open the array and sort in plain Java");
  }

  @Override
  public NDArray sort(int axis) {
    throw unsupported(
        "sort", "max, min, argMax or argMin, or open the array and sort in plain Java");
  }

  @Override
  public NDArray inverse() {
    throw unsupported("inverse", "a public matrix, inverted before it enters the computation");
  }

  @Override
  public NDList topK(int k, int axis, boolean largest, boolean sorted) {
    throw unsupported(
        "topK", "max, min, argMax or argMin, or open the array and sort in plain Java");
  }

  @Override
  public NDArray percentile(Number percentile) {
    throw unsupported(
        "percentile", "max, min, argMax or argMin, or open the array and sort in plain Java");
  }

  @Override
  public NDArray percentile(Number percentile, int[] axes) {
    throw unsupported(
        "percentile", "max, min, argMax or argMin, or open the array and sort in plain Java");
  }

  @Override
  public NDArray median() {
    throw unsupported(
        "median", "max, min, argMax or argMin, or open the array and sort in plain Java");
  }

  @Override
  public NDArray median(int[] axes) {
    throw unsupported(
        "median", "max, min, argMax or argMin, or open the array and sort in plain Java");
  }

  @Override
  public NDArray toSparse(SparseFormat fmt) {
    throw unsupported("toSparse", "the dense array");
  }

  @Override
  public NDArray erfinv() {
    throw unsupported(
        "erfinv",
        "exp, log, sqrt, sigmoid or tanh, or a polynomial of your own over a known range");
  }

  @Override
  public NDArray batchDot(NDArray other) {
    throw unsupported("batchDot", "batchMatMul");
  }

  @Override
  public NDArray complex() {
    throw unsupported("complex", "two arrays, one for each part");
  }

  @Override
  public NDArray real() {
    throw unsupported("real", "two arrays, one for each part");
  }

  @Override
  public NDArray conj() {
    throw unsupported("conj", "two arrays, one for each part");
  }
}
