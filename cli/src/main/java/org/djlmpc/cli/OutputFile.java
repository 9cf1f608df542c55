package org.djlmpc.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
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
 *
 * <p>A process that is killed leaves its draft behind. The next one with the same target removes
 * it; a lock, which ends with its process, tells it from that of a process which still writes.
 */
final class OutputFile implements AutoCloseable {
  private static final String DRAFT = ".part";

  private final Path target;
  private final Path draft;
  private final FileChannel channel;

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
    draft = this.target.resolveSibling("." + name + "." + ProcessHandle.current().pid() + DRAFT);
    if (name == null || Files.isDirectory(this.target)) {
      throw failed("it is a directory", "Name a file in it.", null);
    }
    removeAbandoned(String.valueOf(name));
    try {
      Files.deleteIfExists(draft);
      channel = begin();
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

  private FileChannel begin() throws IOException {
    FileChannel file =
        FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    lock(file);
    if (Files.exists(draft)) {
      return file;
    }
    // another process took it for abandoned before it was locked
    file.close();
    return begin();
  }

  /** Drafts of this target that nobody writes any more. */
  private void removeAbandoned(String name) {
    try (DirectoryStream<Path> drafts =
        Files.newDirectoryStream(
            draft.resolveSibling("."), path -> isDraft(path.getFileName().toString(), name))) {
      for (Path other : drafts) {
        try (FileChannel file = FileChannel.open(other, StandardOpenOption.WRITE)) {
          if (lock(file)) {
            Files.deleteIfExists(other);
          }
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // not ours to remove; nothing depends on it
    }
  }

  private static boolean isDraft(String file, String name) {
    String before = "." + name + ".";
    return file.startsWith(before)
        && file.endsWith(DRAFT)
        && file.length() > before.length() + DRAFT.length()
        && file.substring(before.length(), file.length() - DRAFT.length())
            .chars()
            .allMatch(Character::isDigit);
  }

  /** Until the channel is closed; false if somebody else has it, or there are no locks here. */
  private static boolean lock(FileChannel file) {
    try {
      return file.tryLock() != null;
    } catch (IOException | OverlappingFileLockException e) {
      return false;
    }
  }

  /**
   * Writes the file.
   *
   * @throws MpcException DATA_FILE if it cannot be written, for instance because the disk is full;
   *     what was there before is still there
   */
  void write(Contents contents) {
    try {
      try (OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
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
    try (channel) {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      // it goes when the process ends
    }
  }
}
