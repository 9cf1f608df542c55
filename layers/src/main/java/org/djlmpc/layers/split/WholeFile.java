package org.djlmpc.layers.split;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file in a party's own folder that is there whole or not at all, and that its owner alone can
 * read: written under another name first, and on the disk before it gets its own.
 */
public final class WholeFile {
  private static final String DRAFT_END = ".new";

  private WholeFile() {}

  /**
   * Writes a file; one that exists is replaced. Makes the folder if there is none, and removes what
   * a process has left there that was killed while it wrote.
   *
   * @param draft how names of unfinished files begin, for this kind of file alone
   */
  public static void write(Path file, String draft, byte[] contents) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("it is no file");
    }
    Files.createDirectories(folder);
    removeDrafts(folder, draft);
    Path written = Files.createTempFile(folder, draft, DRAFT_END);
    try {
      Files.write(written, contents);
      try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static void removeDrafts(Path folder, String draft) throws IOException {
    try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder, draft + "*" + DRAFT_END)) {
      for (Path each : drafts) {
        Files.deleteIfExists(each);
      }
    }
  }
}
