package org.djlmpc.cli;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.Calibration;
import org.djlmpc.graph.WeightMode;
import org.djlmpc.layers.networks.Network;
import org.djlmpc.preprocessing.KeyWindow;
import org.djlmpc.protocol.Rounds;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that all measuring commands share. */
final class JobOptions {
  /** Elements of one tensor: 2 GiB in the larger ring. */
  private static final long MAX_ELEMENTS = 1L << 28;

  private static final String AUTO = "auto";

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--protocol",
      defaultValue = "ariann",
      description = "Protocol suite: ariann. Default: ${DEFAULT-VALUE}.")
  private String protocol = "ariann";

  @Option(
      names = "--comparison",
      defaultValue = "exact",
      description =
          "exact, or paper: AriaNN's comparison as printed, wrong with probability |x|/2^n.")
  private String comparison = "exact";

  @Option(
      names = "--comparison-bits",
      defaultValue = "0",
      description =
          "Width of comparisons that no calibration bounds; 0 for the whole ring. Silently wrong"
              + " beyond it.")
  private int comparisonBits;

  @Option(
      names = "--rounds",
      defaultValue = "auto",
      description =
          "What to save: low for few rounds, bytes for few bytes, or auto for what takes less time"
              + " by --rtt-ms and --bandwidth-mbps. Default: ${DEFAULT-VALUE}.")
  private String rounds = "auto";

  @Option(
      names = "--wire-bits",
      defaultValue = "0",
      description =
          "For networks: bits of an opened value that are sent. Silently wrong if a value before"
              + " its truncation needs more. Default: the calibration's, else the ring's.")
  private int wireBits;

  @Option(
      names = "--ring",
      description = "Bits of the ring: 32 or 64. Default: the calibration's, else 64.")
  private @Nullable Integer givenRing;

  @Option(
      names = "--fraction-bits",
      description = "Fraction bits of the encoding. Default: the calibration's, else 16.")
  private @Nullable Integer givenFractionBits;

  @Option(
      names = "--calibration",
      defaultValue = "auto",
      description =
          "For networks: a file that calibrate wrote; auto for MODEL.mpc.json beside a model file;"
              + " or ignore. Default: ${DEFAULT-VALUE}.")
  private String calibration = "auto";

  @Option(
      names = "--check-range",
      description =
          "For networks: fail if a value leaves the range that it was calibrated for. Costs a"
              + " comparison over the whole ring for each calibrated one.")
  private boolean checkRange;

  @Option(names = "--repeat", defaultValue = "1", description = "Runs. Default: ${DEFAULT-VALUE}.")
  private int repeat = 1;

  @Option(
      names = "--warmup",
      description =
          "Runs before those that are reported, while the JVM still compiles. Default: as many as"
              + " take 2.5 seconds (bench --processes: 8), none where one takes 20.")
  private @Nullable Integer warmup;

  @Mixin private final LinkOptions link = new LinkOptions();

  @Option(
      names = "--timeout",
      defaultValue = "120",
      description = "Seconds to wait for a peer. Default: ${DEFAULT-VALUE}.")
  private int timeoutSeconds = 120;

  @Option(
      names = "--key-window",
      defaultValue = AUTO,
      paramLabel = "<MB>",
      description =
          "Mebibytes of keys that each share holder holds ahead of use. With all of a run's keys the"
              + " online phase is shortest; with fewer they are made while others are used, which"
              + " takes less time in all and less memory. With auto, a network's keys are all made"
              + " before the online phase if they are at most 1536 (768 with --processes, where both"
              + " hold their own on one machine) and half of the heap; if they are more, and for"
              + " single operators, 256 are held. Default: ${DEFAULT-VALUE}.")
  private String keyWindow = AUTO;

  @Option(
      names = "--weights",
      defaultValue = "SHARED",
      description = "SHARED between both, or in clear at their OWNER. Default: ${DEFAULT-VALUE}.")
  private WeightMode mode = WeightMode.SHARED;

  /**
   * How often a job runs before it counts.
   *
   * @param processes whether its parties are processes, which start anew each time
   * @param enoughSeconds how long runs take until all that matters is compiled
   */
  Warmup warmup(boolean processes, double enoughSeconds) {
    return new Warmup(warmup == null ? Warmup.AUTO : warmup, enoughSeconds, !processes);
  }

  /**
   * The job that these options describe.
   *
   * @param size of an operator; 1 for other jobs
   * @throws ParameterException with one line about what is wrong and what is possible
   */
  JobSpec spec(JobSpec.Kind kind, int size) {
    return spec(kind, size, "", 1, "", List.of());
  }

  /**
   * An inference on made-up images.
   *
   * @param model network
   * @param batch images at once
   * @param image side of an image, or null for the network's own
   * @throws ParameterException with one line about what is wrong and what is possible
   */
  JobSpec inference(String model, int batch, @Nullable Integer image) {
    require(batch >= 1, "--batch " + batch + " is too few; give at least 1.");
    require(image == null || image >= 1, "--image " + image + " is too small; give at least 1.");
    Network network;
    try {
      network = Network.byName(model);
    } catch (MpcException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
    Shape own = network.inputShape();
    long side = image == null ? own.get(1) : image;
    long pixels = own.get(0) * side * side;
    require(
        batch <= MAX_ELEMENTS / pixels,
        "--batch " + batch + " is too large; give at most " + MAX_ELEMENTS / pixels + ".");
    Shape shape = new Shape(batch, own.get(0), side, side);
    return spec(JobSpec.Kind.INFER, 1, model, batch, "", List.of(JobSpec.Input.of("", shape)));
  }

  /**
   * An inference that is planned, not run.
   *
   * @param model network, or file of a model
   * @param inputs shapes of the inputs
   * @throws ParameterException with one line about what is wrong and what is possible
   */
  JobSpec planned(String model, int batch, List<Shape> inputs) {
    for (Shape shape : inputs) {
      require(
          shape.size() <= MAX_ELEMENTS && shape.size() > 0,
          "An input of shape " + shape + " is not possible; give 1 to 2^28 elements.");
    }
    return spec(
        JobSpec.Kind.INFER,
        1,
        model,
        batch,
        "",
        inputs.stream().map(shape -> JobSpec.Input.of("", shape)).toList());
  }

  /**
   * An inference on the inputs of a file.
   *
   * @param model network, or file of a model
   * @param data file of inputs
   * @param inputs what to take from it
   * @throws ParameterException with one line about what is wrong and what is possible
   */
  JobSpec inference(String model, Path data, List<JobSpec.Input> inputs) {
    Shape first = inputs.get(0).toShape();
    int batch = first.dimension() == 0 ? 1 : (int) Math.max(1, first.get(0));
    return spec(JobSpec.Kind.INFER, 1, model, batch, data.toString(), inputs);
  }

  private JobSpec spec(
      JobSpec.Kind kind,
      int size,
      String model,
      int batch,
      String data,
      List<JobSpec.Input> inputs) {
    FixedPoint calibrated = kind == JobSpec.Kind.INFER ? calibrated(model) : null;
    int ring = chosen(givenRing, calibrated == null ? 64 : calibrated.ring().bits());
    int fractionBits =
        chosen(givenFractionBits, calibrated == null ? 16 : calibrated.fractionBits());
    require(ring == 32 || ring == 64, "There is no ring of " + ring + " bits; choose 32 or 64.");
    require(
        kind != JobSpec.Kind.INFER || ring == 64 || calibrated != null || givenFractionBits != null,
        "--ring 32 is for models that were calibrated for it: run djl-mpc calibrate --ring 32 first,"
            + " or give --fraction-bits for which all values fit.");
    require(
        wireBits >= 0 && wireBits <= Long.SIZE,
        "--wire-bits " + wireBits + " is no width; give 1 to 64, or 0 for the calibration's.");
    require(
        comparison.equals("exact") || comparison.equals("paper"),
        "There is no comparison " + comparison + "; choose exact or paper.");
    require(warmup == null || warmup >= 0, "--warmup " + warmup + " is too few; give at least 0.");
    require(repeat >= 1, "--repeat " + repeat + " is too few; give at least 1.");
    require(size >= 1, "--size " + size + " is too small; give at least 1.");
    require(timeoutSeconds >= 1, "--timeout " + timeoutSeconds + " is too short; give at least 1.");
    require(link.problem().isEmpty(), link.problem());
    try {
      JobSpec spec =
          new JobSpec(
              kind,
              protocol,
              comparison,
              comparisonBits,
              wireBits,
              rounds(),
              ring,
              fractionBits,
              size,
              model,
              batch,
              data,
              inputs,
              calibration,
              checkRange,
              mode,
              repeat,
              link.rttMs(),
              link.bandwidthMbps(),
              timeoutSeconds,
              keyWindow());
      new FixedPoint(spec.ring(), spec.fractionBits());
      spec.suite();
      spec.options();
      checkSize(spec);
      require(
          calibrated == null || calibrated.equals(new FixedPoint(spec.ring(), fractionBits)),
          "The calibration is for another ring or other fraction bits; leave out --ring and"
              + " --fraction-bits, or give --calibration ignore.");
      return spec;
    } catch (MpcException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private KeyWindow keyWindow() {
    if (keyWindow.equals(AUTO)) {
      return KeyWindow.AUTO;
    }
    int mebibytes;
    try {
      mebibytes = Integer.parseInt(keyWindow);
    } catch (NumberFormatException e) {
      throw wrong("--key-window " + keyWindow + " is no number; give mebibytes, or auto.");
    }
    require(mebibytes >= 16, "--key-window " + mebibytes + " is too small; give at least 16.");
    return KeyWindow.of((long) mebibytes << 20);
  }

  private Rounds rounds() {
    return switch (rounds) {
      case "auto" -> Rounds.forLink(link.shape());
      case "low" -> Rounds.LOW;
      case "bytes" -> Rounds.BYTES;
      default -> throw wrong("There is no choice " + rounds + "; choose auto, low or bytes.");
    };
  }

  private @Nullable FixedPoint calibrated(String model) {
    return ModelCalibration.find(model, calibration).map(Calibration::fixedPoint).orElse(null);
  }

  private static int chosen(@Nullable Integer given, int usual) {
    return given == null ? usual : given;
  }

  private void checkSize(JobSpec spec) {
    switch (spec.kind()) {
      case INFER, OPS -> {}
      default ->
          new OperatorWorkload(spec)
              .shapes()
              .forEach(
                  shape ->
                      require(
                          shape.size() <= MAX_ELEMENTS,
                          "--size "
                              + spec.size()
                              + " makes a tensor "
                              + shape
                              + "; give a size for at most 2^28 elements."));
    }
  }

  void require(boolean holds, String otherwise) {
    if (!holds) {
      throw wrong(otherwise);
    }
  }

  /** Bad input of the user. */
  ParameterException wrong(String problem) {
    if (command == null) {
      throw new IllegalStateException(problem);
    }
    return new ParameterException(command.commandLine(), problem);
  }
}
