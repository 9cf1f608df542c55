package org.djlmpc.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.Calibration;
import org.djlmpc.graph.CalibrationFile;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Rewrites;
import org.djlmpc.graph.WireWidth;

/** Where the calibration of what a user calls a model is kept. */
final class ModelCalibration {
  static final String AUTO = "auto";
  static final String IGNORE = "ignore";

  private ModelCalibration() {}

  /**
   * The calibration that a user chose.
   *
   * @param model a file, or a network's name, which has nothing beside it
   * @param choice {@code auto}, {@code ignore} or a file
   * @throws org.djlmpc.error.MpcException CALIBRATION if it cannot be read
   */
  static Optional<Calibration> find(String model, String choice) {
    if (choice.equals(IGNORE)) {
      return Optional.empty();
    }
    if (!choice.equals(AUTO)) {
      return Optional.of(CalibrationFile.read(Path.of(choice)));
    }
    return isFile(model) ? CalibrationFile.find(Path.of(model)) : Optional.empty();
  }

  /**
   * The graph of a job, rewritten for what its session spares, with the precisions of the
   * calibration that it names, if any. What is calibrated keeps the form that was calibrated.
   */
  static Graph rewritten(Graph graph, JobSpec spec) {
    Graph rewritten =
        find(spec.model(), spec.calibration())
            .map(calibration -> calibration.apply(Rewrites.apply(graph)))
            .orElseGet(() -> Rewrites.apply(graph, spec.suite().rounds()));
    return spec.wireBits() == 0
        ? rewritten
        : WireWidth.given(
            rewritten, new FixedPoint(spec.ring(), spec.fractionBits()), spec.wireBits());
  }

  /** Where a new calibration goes: beside a model file, or into the directory of the command. */
  static Path target(String model) {
    return CalibrationFile.beside(Path.of(model));
  }

  private static boolean isFile(String model) {
    try {
      return Files.isRegularFile(Path.of(model));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
