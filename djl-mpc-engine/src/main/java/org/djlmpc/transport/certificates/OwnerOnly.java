package org.djlmpc.transport.certificates;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * Files that others cannot read from the first moment on. Where the file system knows no POSIX
 * permissions, those of the directory hold.
 */
final class OwnerOnly {
  /** Writes the content of a file. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws Exception;
  }

  private OwnerOnly() {}

  static void createDirectory(Path directory) {
    try {
      Files.createDirectories(directory, permissions(directory, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      throw new MpcException(
          ErrorCode.KEY_STORE,
          directory + " cannot be made: a file has this name, or that of a directory above.",
          "Choose another directory.",
          e);
    } catch (IOException e) {
      throw cannotWrite(directory, e);
    }
  }

  /** Makes a new file; none that exists is touched. */
  static void create(Path file, Content content) {
    try (OutputStream out =
        Channels.newOutputStream(
            Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                permissions(file, "rw-------")))) {
      content.writeTo(out);
    } catch (FileAlreadyExistsException e) {
      throw new MpcException(
          ErrorCode.KEY_STORE,
          file + " exists already.",
          "Keep it, or move it away if nobody needs it any more.",
          e);
    } catch (Exception e) {
      throw cannotWrite(file, e);
    }
  }

  private static FileAttribute<?>[] permissions(Path path, String text) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))
        }
        : new FileAttribute<?>[0];
  }

  private static MpcException cannotWrite(Path path, Exception e) {
    return new MpcException(
        ErrorCode.KEY_STORE,
        path + " cannot be written: " + e.getMessage() + ".",
        "Choose a directory that you may write to.",
        e);
  }
}
