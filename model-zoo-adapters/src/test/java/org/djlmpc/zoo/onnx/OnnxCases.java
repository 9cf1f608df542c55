package org.djlmpc.zoo.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.TensorType;

/**
 * Small models with inputs and outputs: those of {@code operators.zip}, which {@code
 * make_small_onnx_fixtures.py} makes, and those of {@code networks.zip}, which {@code
 * make_exported_onnx_fixtures.py} makes.
 *
 * @param name name of the case
 * @param file the model
 * @param inputs its inputs
 * @param outputs what ONNX Runtime, or PyTorch, computes from them
 */
record OnnxCases(String name, Path file, List<PublicTensor> inputs, List<PublicTensor> outputs) {
  /** All cases; their models are written into {@code folder}. */
  static List<OnnxCases> all(Path folder) {
    List<OnnxCases> cases = new ArrayList<>(of("operators.zip", folder));
    cases.addAll(of("networks.zip", folder));
    return cases;
  }

  /** The cases of one archive. */
  static List<OnnxCases> of(String name, Path folder) {
    try {
      Path file = Path.of(Objects.requireNonNull(OnnxCases.class.getResource(name)).toURI());
      return of(file, folder);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<OnnxCases> of(Path file, Path folder) {
    try (ZipFile archive = new ZipFile(file.toFile())) {
      List<OnnxCases> cases = new ArrayList<>();
      for (ZipEntry entry : archive.stream().toList()) {
        String name = entry.getName();
        if (name.endsWith(".onnx") || name.endsWith(".data")) {
          Files.write(folder.resolve(name), archive.getInputStream(entry).readAllBytes());
        }
        if (name.endsWith(".onnx")) {
          String plain = name.substring(0, name.length() - ".onnx".length());
          cases.add(
              new OnnxCases(
                  plain,
                  folder.resolve(name),
                  arrays(archive, plain + ".x"),
                  arrays(archive, plain + ".y")));
        }
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<PublicTensor> arrays(ZipFile archive, String prefix) {
    List<PublicTensor> arrays = new ArrayList<>();
    for (PublicTensor array = NpyFile.of(archive, prefix + 0 + ".npy"); array != null; ) {
      arrays.add(array);
      array = NpyFile.of(archive, prefix + arrays.size() + ".npy");
    }
    return arrays;
  }

  List<TensorType> types() {
    return inputs.stream().map(PublicTensor::type).toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
