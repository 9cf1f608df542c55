package org.djlmpc.cli;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.Calibration;
import org.djlmpc.graph.CalibrationFile;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.Ranges;
import org.djlmpc.graph.Rewrites;
import org.djlmpc.graph.TensorType;
import org.djlmpc.layers.networks.TrainedNetworks;
import org.djlmpc.protocol.Precision;
import org.djlmpc.ring.Ring;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Chooses the numerics of a model's layers, and keeps them beside the model. */
@Command(
    name = "calibrate",
    description =
        "Finds how large each layer's values become, on samples in plaintext or by proof, and saves"
            + " widths of comparisons and fraction bits beside the model.",
    mixinStandardHelpOptions = true)
final class CalibrateCommand implements Callable<Integer> {
  private static final int SMALL_RING_FRACTION_BITS = 12;

  /** What the ranges are. */
  enum Bounds {
    /** The largest on the samples, with a margin. */
    MEASURED,
    /** Proven for every input up to a magnitude. */
    WORST_CASE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Parameters(
      paramLabel = "MODEL",
      description = "A model file, or a network such as lenet or resnet18.")
  private String model = "";

  @Option(
      names = "--data",
      description =
          "Samples: a .npy or .npz file, an image, or a directory of such. Default: for networks"
              + " trained on Fashion-MNIST, its 200 test images.")
  private @Nullable Path data;

  @Option(
      names = "--samples",
      defaultValue = "256",
      description = "Read at most so many. Default: ${DEFAULT-VALUE}.")
  private int samples = 256;

  @Option(
      names = "--margin",
      defaultValue = "2",
      description =
          "Room above the samples, in bits: values may become 2^margin times as large. Default:"
              + " ${DEFAULT-VALUE}.")
  private int margin = Calibration.USUAL_MARGIN_BITS;

  @Option(
      names = "--bounds",
      defaultValue = "measured",
      description =
          "measured on the samples, or worst-case: proven for all inputs. Default:"
              + " ${DEFAULT-VALUE}.")
  private String bounds = "measured";

  @Option(
      names = "--input-magnitude",
      description =
          "For worst-case: largest absolute value of an input. Default: the samples', else 1.")
  private @Nullable Double inputMagnitude;

  @Option(names = "--image", description = "Length of a side, where the model does not say it.")
  private @Nullable Integer image;

  @Option(names = "--mean", split = ",", description = "Subtracted from each channel of images.")
  private List<Float> mean = new ArrayList<>();

  @Option(names = "--std", split = ",", description = "Divides each channel of images.")
  private List<Float> deviation = new ArrayList<>();

  @Option(
      names = "--ring",
      defaultValue = "64",
      description = "Bits of the ring: 32 or 64. Default: ${DEFAULT-VALUE}.")
  private int ring = Long.SIZE;

  @Option(
      names = "--fraction-bits",
      description =
          "Fraction bits of inputs and, if they fit, of all layers. Default: 16, or 12 for the"
              + " 32-bit ring.")
  private @Nullable Integer fractionBits;

  @Option(names = "--output", description = "Where it goes. Default: MODEL.mpc.json.")
  private @Nullable Path output;

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() {
    if (command == null) {
      return 2;
    }
    FixedPoint fixedPoint = fixedPoint();
    boolean proven = choice() == Bounds.WORST_CASE;
    ModelSource source = ModelSource.named(model);
    Samples read = samples(source, proven);
    Path place = output == null ? ModelCalibration.target(model) : output;
    try (OutputFile file = new OutputFile(place)) {
      Calibration calibration =
          proven ? prove(source, read, fixedPoint) : measure(source, read, fixedPoint);
      file.write(out -> CalibrationFile.write(calibration, out));
      print(command.commandLine().getOut(), calibration, place);
    }
    return 0;
  }

  private FixedPoint fixedPoint() {
    require(ring == 32 || ring == 64, "There is no ring of " + ring + " bits; choose 32 or 64.");
    require(samples >= 1, "--samples " + samples + " is too few; give at least 1.");
    require(image == null || image >= 1, "--image " + image + " is too small; give at least 1.");
    require(
        inputMagnitude == null || inputMagnitude > 0 && inputMagnitude < Double.POSITIVE_INFINITY,
        "--input-magnitude " + inputMagnitude + " is no magnitude; give a number above 0.");
    Ring chosen = ring == 32 ? Ring.Z32 : Ring.Z64;
    int usual = chosen == Ring.Z32 ? SMALL_RING_FRACTION_BITS : 16;
    return new FixedPoint(chosen, fractionBits == null ? usual : fractionBits);
  }

  private Bounds choice() {
    for (Bounds known : Bounds.values()) {
      if (known.toString().equalsIgnoreCase(bounds)) {
        return known;
      }
    }
    throw wrong("There are no bounds " + bounds + "; choose measured or worst-case.");
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw wrong(otherwise);
    }
  }

  private ParameterException wrong(String problem) {
    if (command == null) {
      throw new IllegalStateException(problem);
    }
    return new ParameterException(command.commandLine(), problem);
  }

  /** The samples; a proof can do without. */
  private @Nullable Samples samples(ModelSource source, boolean proven) {
    if (data != null) {
      return Samples.read(
          data, source.declaredInputs(), new Samples.Pixels(image, mean, deviation), samples);
    }
    if (source.network().filter(TrainedNetworks.networks()::contains).isPresent()) {
      return Samples.ofFashionMnist(samples);
    }
    require(proven, "There are no samples; give some with --data, or use --bounds=worst-case.");
    return null;
  }

  private Calibration measure(ModelSource source, @Nullable Samples read, FixedPoint fixedPoint) {
    if (read == null) {
      throw wrong("There are no samples; give some with --data.");
    }
    Graph graph = null;
    PlainGraph plain = null;
    Ranges.Meter meter = null;
    try {
      for (List<PublicTensor> batch : read.batches()) {
        List<TensorType> types = batch.stream().map(PublicTensor::type).toList();
        if (graph == null || plain == null || !typesOf(graph).equals(types)) {
          if (plain != null) {
            plain.close();
          }
          graph = Rewrites.apply(source.graph(types));
          plain = new PlainGraph(graph);
        }
        if (meter == null) {
          meter = new Ranges.Meter(graph);
        }
        plain.run(batch, meter);
        measureInputs(meter, batch);
      }
    } finally {
      if (plain != null) {
        plain.close();
      }
    }
    if (graph == null || meter == null) {
      throw new IllegalStateException("samples without a batch");
    }
    return Calibration.measured(graph, fixedPoint, meter.ranges(), read.count(), margin);
  }

  private static List<TensorType> typesOf(Graph graph) {
    return graph.inputs().stream().map(Graph.Input::type).toList();
  }

  private static void measureInputs(Ranges.Meter meter, List<PublicTensor> batch) {
    for (int i = 0; i < batch.size(); i++) {
      meter.input(i, batch.get(i));
    }
  }

  private Calibration prove(ModelSource source, @Nullable Samples read, FixedPoint fixedPoint) {
    List<TensorType> types =
        read == null
            ? source.declaredInputs().stream()
                .map(input -> new TensorType(single(input.name(), input.shape()), DataType.FLOAT32))
                .toList()
            : read.batches().get(0).stream().map(PublicTensor::type).toList();
    require(!types.isEmpty(), "The model does not say what its inputs are; give --data.");
    double magnitude = read == null ? 1 : largest(read);
    Graph graph = Rewrites.apply(source.graph(types));
    return Calibration.proven(
        graph, fixedPoint, inputMagnitude == null ? magnitude : inputMagnitude);
  }

  /** One sample of a declared shape. */
  private Shape single(String name, @Nullable Shape declared) {
    if (declared == null) {
      throw wrong("The model does not say the shape of " + name + "; give --data.");
    }
    long[] lengths = declared.getShape().clone();
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] < 0) {
        require(i == 0 || image != null, "The shape of " + name + " is open; give --data.");
        lengths[i] = i == 0 || image == null ? 1 : image;
      }
    }
    return new Shape(lengths);
  }

  private static double largest(Samples read) {
    double largest = 0;
    for (List<PublicTensor> batch : read.batches()) {
      for (PublicTensor input : batch) {
        for (int i = 0; i < input.size(); i++) {
          largest = Math.max(largest, Math.abs(input.getDouble(i)));
        }
      }
    }
    if (!(largest < Double.POSITIVE_INFINITY)) {
      throw new MpcException(
          ErrorCode.NOT_FINITE, "A sample is NaN or infinite.", "Leave the sample out.");
    }
    return largest;
  }

  private void print(PrintWriter out, Calibration calibration, Path file) {
    FixedPoint fixedPoint = calibration.fixedPoint();
    out.printf(
        Locale.ROOT,
        "%s, a ring of %d bits, %d fraction bits; %s%n",
        model,
        fixedPoint.ring().bits(),
        fixedPoint.fractionBits(),
        calibration.isProven()
            ? String.format(
                Locale.ROOT,
                "proven for inputs up to %s in absolute value.",
                Figures.number(calibration.inputMagnitude()))
            : String.format(
                Locale.ROOT,
                "measured on %d samples up to %s in absolute value, margin %d bits.",
                calibration.samples(),
                Figures.number(calibration.inputMagnitude()),
                calibration.marginBits()));
    TextTable table =
        new TextTable()
            .text("layer")
            .number(calibration.isProven() ? "largest, proven" : "largest, measured")
            .number("compares below")
            .number("width k")
            .number("fx")
            .number("fw");
    for (Calibration.Layer layer : calibration.layers()) {
      Precision p = layer.precision();
      table.row(
          layer.label(),
          String.format(Locale.ROOT, "%.4g", layer.largest()),
          p.bounded() ? "2^" + p.magnitudeBits() : "-",
          layer.comparisonBits() == 0 ? "-" : layer.comparisonBits(),
          p.fractionBits(fixedPoint.fractionBits()),
          p.weightBits(fixedPoint.fractionBits()));
    }
    out.print(table);
    out.printf("Saved as %s.%n", file);
    if (!calibration.isProven()) {
      out.println(
          "An input unlike the samples may leave these ranges; its answer is then silently wrong"
              + " unless --check-range is given.");
    }
    out.flush();
  }
}
