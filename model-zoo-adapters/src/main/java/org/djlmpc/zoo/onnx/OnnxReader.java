package org.djlmpc.zoo.onnx;

import ai.djl.MalformedModelException;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.ModelReader;

/**
 * Reads {@code .onnx} files.
 *
 * <p>Weights are read once, at once; later changes of the file have no effect. Floating-point
 * initializers, and floating-point {@code Constant} nodes of more than one element, become weights,
 * which stay secret; integers and single constants are part of the architecture, which every party
 * sees.
 */
public final class OnnxReader implements ModelReader {
  /** Protocol buffer messages cannot be longer; larger models keep their weights beside them. */
  private static final long MAX_LENGTH = Integer.MAX_VALUE;

  /** A reader; found by {@link java.util.ServiceLoader}. */
  public OnnxReader() {}

  @Override
  public List<String> extensions() {
    return List.of("onnx");
  }

  /**
   * {@inheritDoc}
   *
   * @return the model, or nothing if the file's name does not end in {@code .onnx}
   */
  @Override
  public Optional<GraphSource> read(Path file) throws IOException, MalformedModelException {
    Path name = file.getFileName();
    if (name == null || !name.toString().toLowerCase(Locale.ROOT).endsWith(".onnx")) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString());
    }
    try {
      OnnxSource source = new OnnxSource(parse(file));
      source.check();
      return Optional.of(source);
    } catch (MalformedModelException e) {
      throw new MalformedModelException(name + " is malformed: " + e.getMessage(), e);
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedModelException(
          name + " is malformed: it is no protocol buffer message (" + e.getMessage() + ")", e);
    }
  }

  private static OnnxModel parse(Path file) throws IOException, MalformedModelException {
    try (TensorFile tensors = TensorFile.open(file);
        ExternalData external = new ExternalData(file.toAbsolutePath().getParent());
        InputStream stream = Files.newInputStream(file)) {
      if (tensors.length() > MAX_LENGTH) {
        throw new MalformedModelException("it is longer than a message can be.");
      }
      ProtoStream in = new ProtoStream(stream, (int) tensors.length());
      OnnxModel model = new ModelParser(tensors, external).model(in);
      new NameCheck().check(model);
      return model;
    }
  }
}
