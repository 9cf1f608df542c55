package org.djlmpc.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.cli.numpy.NumpyFile;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.PublicTensor;

/** Writes the outputs of a model: one to a .npy file, several by number to a .npz file. */
final class OutputArrays {
  private OutputArrays() {}

  /**
   * Checks, before they are computed, that the outputs fit the file.
   *
   * @throws MpcException DATA_FILE if they do not
   */
  static void check(Path output, int outputs) {
    if (outputs > 1 && !NumpyFile.isArchive(output)) {
      throw new MpcException(
          ErrorCode.DATA_FILE,
          "The model has " + outputs + " outputs, and " + output + " holds one.",
          "Name a .npz file.");
    }
  }

  static void write(OutputFile file, Path output, List<PublicTensor> outputs) {
    check(output, outputs.size());
    if (NumpyFile.isArchive(output)) {
      Map<String, PublicTensor> named = new LinkedHashMap<>();
      outputs.forEach(array -> named.put("output_" + named.size(), array));
      file.write(out -> NumpyFile.write(named, out));
    } else {
      file.write(out -> NumpyFile.write(outputs.get(0), out));
    }
  }
}
