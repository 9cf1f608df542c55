package org.djlmpc.engine;

import org.djlmpc.graph.Calibration;
import org.djlmpc.graph.WeightMode;
import org.jspecify.annotations.Nullable;

/**
 * How a model runs on secrets; public, and the same at all parties.
 *
 * @param weights where the weights are
 * @param calibration numerics of the layers, or null for the session's: then comparisons take the
 *     whole ring
 * @param checksRanges whether each request finds out if a value leaves its calibrated range, which
 *     would make the result wrong: then it fails with OUT_OF_RANGE. It costs a comparison over the
 *     whole ring for each element of the layers whose comparisons are narrower
 */
public record EncryptionOptions(
    WeightMode weights, @Nullable Calibration calibration, boolean checksRanges) {
  /** Weights are shared; nothing is calibrated. */
  public static final EncryptionOptions DEFAULT =
      new EncryptionOptions(WeightMode.SHARED, null, false);

  /** The same with weights elsewhere. */
  public EncryptionOptions withWeights(WeightMode mode) {
    return new EncryptionOptions(mode, calibration, checksRanges);
  }

  /** The same with calibrated layers. */
  public EncryptionOptions withCalibration(@Nullable Calibration other) {
    return new EncryptionOptions(weights, other, checksRanges);
  }

  /** The same with ranges checked or not. */
  public EncryptionOptions withRangeChecks(boolean check) {
    return new EncryptionOptions(weights, calibration, check);
  }
}
