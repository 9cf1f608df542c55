package org.djlmpc.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * A file that appears whole or not at all: it is written beside its place and then moved there.
 * Made before a long computation, so that a place where nothing can be written is found early.
 */
final class OutputFile implements AutoCloseable {
  private final Path target;
  private final Path draft;

  /** Writes the contents. */
  @FunctionalInterface
  interface Contents {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Takes a place for a file.
   *
   * @throws MpcException DATA_FILE if nothing can be written there
   */
  OutputFile(Path target) {
    this.target = target.toAbsolutePath();
    Path name = this.target.getFileName();
    draft = this.target.resolveSibling("." + name + "." + ProcessHandle.current().pid() + ".part");
    if (name == null || Files.isDirectory(this.target)) {
      throw failed("it is a directory", "Name a file in it.", null);
    }
    try {
      Files.deleteIfExists(draft);
      Files.createFile(draft);
    } catch (IOException e) {
      String reason =
          Files.isDirectory(draft.resolveSibling("."))
              ? "its directory cannot be written to"
              : "its directory does not exist";
      throw failed(reason, "Create the directory, or choose another place.", e);
    }
    // also when the command is interrupted
    draft.toFile().deleteOnExit();
  }

  /**
   * Writes the file.
   *
   * @throws MpcException DATA_FILE if it cannot be written, for instance because the disk is full;
   *     what was there before is still there
   */
  void write(Contents contents) {
    try {
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
        contents.writeTo(out);
        out.flush();
        // a full disk may be noticed only now
        channel.force(true);
      }
      move();
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()), "Make room, or choose another place.", e);
    }
  }

  private void move() throws IOException {
    try {
      Files.move(
          draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private MpcException failed(String reason, String nextStep, @Nullable Exception cause) {
    return new MpcException(
        ErrorCode.DATA_FILE,
        "The file " + target + " cannot be written: " + reason + ".",
        nextStep,
        cause);
  }

  /** Removes what was not finished. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      // it goes when the process ends
    }
  }
}
