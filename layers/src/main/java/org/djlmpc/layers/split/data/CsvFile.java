package org.djlmpc.layers.split.data;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * A file of comma-separated values (RFC 4180) whose first record names the columns.
 *
 * <p>Quoted fields may hold separators and line breaks. A file whose name ends in {@code .gz} is
 * unpacked. What cannot be decoded is an error, not a replacement character.
 */
public final class CsvFile {
  private static final int BUFFER = 1 << 16;

  private final String name;
  private final Opener opener;
  private final Charset charset;
  private final char separator;

  /** Opens the bytes from their beginning. */
  @FunctionalInterface
  interface Opener {
    InputStream open() throws IOException;
  }

  private CsvFile(String name, Opener opener, Charset charset, char separator) {
    this.name = name;
    this.opener = opener;
    this.charset = charset;
    this.separator = separator;
  }

  /** A file in UTF-8 with commas. It is opened when it is read. */
  public static CsvFile of(Path file) {
    return of(
        file.toString(),
        () -> {
          if (Files.isDirectory(file)) {
            throw new MpcException(
                ErrorCode.DATA_FILE, file + " is a directory.", "Name the file in it.");
          }
          return Files.newInputStream(file);
        });
  }

  /** Bytes from elsewhere, such as a resource. */
  static CsvFile of(String name, Opener opener) {
    return new CsvFile(name, opener, StandardCharsets.UTF_8, ',');
  }

  /** The same in another encoding. */
  public CsvFile withCharset(Charset other) {
    return new CsvFile(name, opener, other, separator);
  }

  /** The same with another separator, such as a semicolon. */
  public CsvFile withSeparator(char other) {
    return new CsvFile(name, opener, charset, other);
  }

  /** The path, for messages. */
  public String name() {
    return name;
  }

  /**
   * Opens the file and reads the names of the columns.
   *
   * @throws MpcException DATA_FILE if the file is missing, empty or cannot be decoded, or if two
   *     columns have one name
   */
  CsvRecords open() {
    try {
      InputStream bytes = new BufferedInputStream(opener.open(), BUFFER);
      InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(bytes, BUFFER) : bytes;
      Reader text =
          new InputStreamReader(
              plain,
              charset
                  .newDecoder()
                  .onMalformedInput(CodingErrorAction.REPORT)
                  .onUnmappableCharacter(CodingErrorAction.REPORT));
      return new CsvRecords(
          this,
          // How many fields a record must have is checked, and told, by us.
          CsvReader.builder()
              .fieldSeparator(separator)
              .skipEmptyLines(false)
              .allowUnclosedQuote(false)
              .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
              .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
              .ofCsvRecord(text));
    } catch (NoSuchFileException e) {
      throw failure("does not exist", "Check the path.", e);
    } catch (IOException e) {
      throw failure("cannot be opened", "Check the path and the permissions.", e);
    }
  }

  MpcException notDecodable(long line, Throwable cause) {
    return failure(
        "is not text in " + charset.name() + ", after line " + line,
        "Name the encoding of the file, such as windows-1252, or convert it.",
        cause);
  }

  MpcException failure(String what, String nextStep, @Nullable Throwable cause) {
    return new MpcException(ErrorCode.DATA_FILE, name + " " + what + ".", nextStep, cause);
  }
}
