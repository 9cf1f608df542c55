package org.djlmpc.zoo.torchscript;

import ai.djl.MalformedModelException;
import ai.djl.nn.Block;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.ModelReader;
import org.djlmpc.zoo.ModelErrors;
import org.djlmpc.zoo.torchscript.archive.TorchArchive;

/**
 * Reads modules that {@code torch.jit.save} wrote, and modules that DJL's PyTorch engine has
 * loaded.
 *
 * <p>Pure Java: nothing in the file is run. Code and pickles are interpreted in a restricted form
 * and within a budget.
 */
public final class TorchScriptReader implements ModelReader {
  private static final List<String> EXTENSIONS = List.of("pt", "pth", "ts", "torchscript");

  /** DJL's block for PyTorch modules; named, because its engine may be absent. */
  private static final String PYTORCH_BLOCK = "ai.djl.pytorch.engine.PtSymbolBlock";

  /** A reader; it has no state. */
  public TorchScriptReader() {}

  @Override
  public List<String> extensions() {
    return EXTENSIONS;
  }

  /**
   * {@inheritDoc}
   *
   * <p>A file with one of the {@link #extensions} has this format, whatever it holds; another file
   * has it if it is a zip archive with a {@code data.pkl}.
   */
  @Override
  public Optional<GraphSource> read(Path file) throws IOException, MalformedModelException {
    boolean ours = hasExtension(file);
    if (!startsLikeZip(file)) {
      if (ours) {
        throw new MalformedModelException(
            file + " is no zip archive, as torch.jit.save writes it. Export the model with it.");
      }
      return Optional.empty();
    }
    try (TorchArchive archive = TorchArchive.open(file)) {
      return Optional.of(TorchScriptModel.read(archive));
    } catch (MalformedModelException e) {
      if (!ours && Files.isRegularFile(file) && !isTorchArchive(file)) {
        return Optional.empty();
      }
      throw new MalformedModelException(
          file + " is no sound TorchScript module: " + e.getMessage() + ".", e);
    }
  }

  private static boolean hasExtension(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return EXTENSIONS.stream().anyMatch(extension -> name.endsWith("." + extension));
  }

  private static boolean startsLikeZip(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() == 'P' && in.read() == 'K';
    }
  }

  /** Whether the archive opens at all: other formats are zip files too. */
  private static boolean isTorchArchive(Path file) throws IOException {
    try (TorchArchive archive = TorchArchive.open(file)) {
      return archive.has("data.pkl");
    } catch (MalformedModelException e) {
      return false;
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>PyTorch saves the module again, into a temporary file that is deleted before this returns.
   */
  @Override
  public Optional<GraphSource> read(Block block) {
    if (!block.getClass().getName().equals(PYTORCH_BLOCK)) {
      return Optional.empty();
    }
    try {
      Path file = Files.createTempFile("torchscript", ".pt");
      try {
        save(block, file);
        return read(file);
      } finally {
        Files.delete(file);
      }
    } catch (MalformedModelException e) {
      throw ModelErrors.malformed("The loaded PyTorch module cannot be read.", e);
    } catch (IOException e) {
      throw new MpcException(
          ErrorCode.DATA_FILE,
          "The loaded PyTorch module could not be saved to a temporary file.",
          "Check the space in the directory for temporary files.",
          e);
    }
  }

  private static void save(Block block, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        DataOutputStream data = new DataOutputStream(new ZipPart(out))) {
      block.saveParameters(data);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
