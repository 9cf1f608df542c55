package org.djlmpc.cli;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.TensorType;
import org.djlmpc.graph.WeightMode;
import org.djlmpc.preprocessing.KeyWindow;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.Ring;
import org.djlmpc.transport.LinkShape;

/**
 * Public description of a measured job; every party gets the same one.
 *
 * @param kind what to run
 * @param protocol name of the protocol suite
 * @param comparison {@code exact} or {@code paper}
 * @param comparisonBits width of comparisons, 0 for the ring's
 * @param wireBits width of openings of an inference, 0 for the calibration's
 * @param rounds what is saved, rounds or bytes
 * @param ringBits 32 or 64
 * @param fractionBits fraction bits
 * @param size elements, or the length of a matrix
 * @param model network to run
 * @param batch images at once
 * @param data file with the inputs of an inference, or nothing if they are made up
 * @param inputs the inputs of an inference, in the model's order
 * @param calibration {@code auto} for the file beside the model's, {@code ignore}, or a file; for
 *     an inference, read by the model's owner
 * @param checkRange whether values are checked that leave their calibrated range
 * @param mode where the weights are
 * @param repeat how often
 * @param rttMs imitated round trip, milliseconds
 * @param bandwidthMbps imitated bandwidth, megabits per second; 0 for unlimited
 * @param timeoutSeconds how long to wait for a peer
 * @param keyWindow the keys that each share holder holds ahead of use
 */
record JobSpec(
    Kind kind,
    String protocol,
    String comparison,
    int comparisonBits,
    int wireBits,
    Rounds rounds,
    int ringBits,
    int fractionBits,
    int size,
    String model,
    int batch,
    String data,
    List<Input> inputs,
    String calibration,
    boolean checkRange,
    WeightMode mode,
    int repeat,
    double rttMs,
    double bandwidthMbps,
    int timeoutSeconds,
    KeyWindow keyWindow) {

  /** What can be measured. */
  enum Kind {
    RELU,
    MATMUL,
    CONV,
    MAXPOOL,
    INFER,
    OPS;

    /** The name in commands and reports, such as {@code relu}. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of this name. */
    static Optional<Kind> labelled(String label) {
      return Arrays.stream(values()).filter(kind -> kind.label().equals(label)).findFirst();
    }
  }

  /**
   * What is public of an input.
   *
   * @param array its name in the file of inputs, where that holds several
   * @param lengths its shape
   */
  record Input(String array, List<Long> lengths) {
    static Input of(String array, Shape shape) {
      return new Input(array, Arrays.stream(shape.getShape()).boxed().toList());
    }

    Shape toShape() {
      return new Shape(lengths.stream().mapToLong(Long::longValue).toArray());
    }
  }

  /** Types of the inputs of an inference: secrets are real numbers. */
  List<TensorType> inputTypes() {
    return inputs.stream().map(input -> new TensorType(input.toShape(), DataType.FLOAT32)).toList();
  }

  /** An inference with the same protocol on made-up inputs, on a network as it is. */
  JobSpec forSample(List<Input> others, int times) {
    return new JobSpec(
        Kind.INFER,
        protocol,
        comparison,
        comparisonBits,
        0,
        rounds,
        ringBits,
        fractionBits,
        1,
        "",
        1,
        "",
        others,
        ModelCalibration.IGNORE,
        false,
        mode,
        times,
        0,
        0,
        timeoutSeconds,
        keyWindow);
  }

  /** The same job, run so often. */
  JobSpec withRepeat(int times) {
    return new JobSpec(
        kind,
        protocol,
        comparison,
        comparisonBits,
        wireBits,
        rounds,
        ringBits,
        fractionBits,
        size,
        model,
        batch,
        data,
        inputs,
        calibration,
        checkRange,
        mode,
        times,
        rttMs,
        bandwidthMbps,
        timeoutSeconds,
        keyWindow);
  }

  /**
   * The protocol suite with its options.
   *
   * @throws MpcException ARGUMENT if there is none, or it has no such comparison
   */
  ProtocolSuite suite() {
    ProtocolSuite suite = ProtocolSuite.named(protocol);
    boolean paper = comparison.equals("paper");
    if (!(suite instanceof Ariann)) {
      if (paper || comparisonBits != 0) {
        throw new MpcException(
            ErrorCode.ARGUMENT,
            "The protocol " + protocol + " has one comparison only.",
            "Leave out --comparison and --comparison-bits.");
      }
      return suite;
    }
    Ariann ariann = Ariann.ARIANN.withRounds(rounds);
    ariann = paper ? ariann.withPaperComparison() : ariann;
    return comparisonBits == 0 ? ariann : ariann.withComparisonBits(comparisonBits);
  }

  Ring ring() {
    return ringBits == 32 ? Ring.Z32 : Ring.Z64;
  }

  PartyOptions options() {
    LinkShape shape = LinkOptions.shape(rttMs, bandwidthMbps);
    return PartyOptions.DEFAULT
        .withFixedPoint(ring(), fractionBits)
        .withTimeout(Duration.ofSeconds(timeoutSeconds))
        .withKeyWindow(keyWindow)
        .withShape(shape);
  }
}
