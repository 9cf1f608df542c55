package org.djlmpc.zoo.torchscript.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.MalformedModelException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.djlmpc.graph.PublicTensor;

/**
 * The zip archive of a TorchScript module: one folder that holds {@code data.pkl} (the objects),
 * {@code data/} (their tensors), {@code constants.pkl}, {@code constants/} and {@code code/}.
 *
 * <p>Entries are looked up by name and never extracted. Each is read once, whole, and must have the
 * length and the CRC-32 that the directory declares.
 */
public final class TorchArchive implements AutoCloseable {
  /** Two entries for each tensor and class: models have thousands. */
  private static final int MAX_ENTRIES = 200_000;

  private static final int MAX_PICKLE_BYTES = 1 << 24;
  private static final long MAX_CODE_BYTES = 1 << 24;

  /** What an archive may unpack to besides a multiple of its own length. */
  private static final long FREE_BYTES = 1L << 26;

  /** Trained weights hardly compress. */
  private static final long MAX_RATIO = 8;

  private final ZipFile zip;
  private final long tensorBytes;
  private final String root;
  private final TreeMap<String, ZipEntry> entries = new TreeMap<>();
  private long codeBytes;

  private TorchArchive(ZipFile zip, long fileBytes) throws MalformedModelException {
    this.zip = zip;
    this.tensorBytes = FREE_BYTES + MAX_RATIO * fileBytes;
    if (zip.size() > MAX_ENTRIES) {
      throw new MalformedModelException("it has " + zip.size() + " entries");
    }
    Set<String> roots = new HashSet<>();
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      String name = entry.getName();
      if (entries.put(name, entry) != null) {
        throw new MalformedModelException("it has two entries " + shown(name));
      }
      if (name.endsWith("/data.pkl") && name.indexOf('/') == name.length() - "/data.pkl".length()) {
        roots.add(name.substring(0, name.indexOf('/') + 1));
      }
    }
    if (roots.size() != 1) {
      throw new MalformedModelException(
          "it has "
              + (roots.isEmpty() ? "no" : roots.size())
              + " entries data.pkl, a TorchScript archive has one");
    }
    this.root = roots.iterator().next();
  }

  /**
   * Opens an archive.
   *
   * @throws IOException if the file cannot be read
   * @throws MalformedModelException if it is not an archive with a {@code data.pkl}
   */
  public static TorchArchive open(Path file) throws IOException, MalformedModelException {
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile(), UTF_8);
    } catch (ZipException | EOFException | RuntimeException e) {
      throw new MalformedModelException("its zip directory is broken: " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      // one large array did not fit: nothing else is affected
      throw new MalformedModelException("its zip directory is larger than the heap", e);
    }
    try {
      return new TorchArchive(zip, Files.size(file));
    } catch (MalformedModelException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  /** Whether there is an entry of this name, which is relative to the archive's folder. */
  public boolean has(String name) {
    return entries.containsKey(root + name);
  }

  /** Names of the source files below {@code code/}, relative to the archive's folder. */
  public List<String> sources() {
    String code = root + "code/";
    return entries.tailMap(code, true).keySet().stream()
        .takeWhile(name -> name.startsWith(code))
        .filter(name -> name.endsWith(".py"))
        .map(name -> name.substring(root.length()))
        .toList();
  }

  /** The text of a source file. */
  public String source(String name) throws IOException, MalformedModelException {
    byte[] bytes = bytes(name, MAX_CODE_BYTES - codeBytes);
    codeBytes += bytes.length;
    return new String(bytes, UTF_8);
  }

  /** The value of a pickle. */
  public Pickled pickle(String name) throws IOException, MalformedModelException {
    return Unpickler.read(bytes(name, MAX_PICKLE_BYTES));
  }

  /** The bytes of a small entry. */
  public byte[] bytes(String name, long limit) throws IOException, MalformedModelException {
    ZipEntry entry = entry(name);
    if (entry.getSize() < 0 || entry.getSize() > limit) {
      throw new MalformedModelException(
          "its entry "
              + shown(name)
              + " unpacks to "
              + entry.getSize()
              + " bytes, at most "
              + limit
              + " are read");
    }
    byte[] bytes = new byte[(int) entry.getSize()];
    read(entry, in -> in.fill(bytes, bytes.length));
    return bytes;
  }

  /** How many bytes all tensors together may take in memory. */
  long maxTensorBytes() {
    return tensorBytes;
  }

  /**
   * The elements of a storage, read straight into the array that the tensor keeps.
   *
   * @param folder {@code data} or {@code constants}
   */
  PublicTensor storage(String folder, Pickled.Storage storage)
      throws IOException, MalformedModelException {
    ZipEntry entry = entry(folder + "/" + storage.key());
    long bytes = storage.count() * storage.type().bytes();
    if (entry.getSize() != bytes) {
      throw new MalformedModelException(
          "its entry "
              + shown(entry.getName())
              + " has "
              + entry.getSize()
              + " bytes in place of "
              + bytes);
    }
    StorageElements elements = new StorageElements(storage.type(), (int) storage.count());
    read(entry, elements::read);
    return elements.tensor();
  }

  private ZipEntry entry(String name) throws MalformedModelException {
    ZipEntry entry = entries.get(root + name);
    if (entry == null) {
      throw new MalformedModelException("it has no entry " + shown(root + name));
    }
    return entry;
  }

  private void read(ZipEntry entry, EntryReader reader)
      throws IOException, MalformedModelException {
    try (InputStream raw = zip.getInputStream(entry)) {
      if (raw == null) {
        throw new EOFException();
      }
      CheckedEntry in = new CheckedEntry(raw);
      reader.read(in);
      if (raw.read() >= 0) {
        throw new MalformedModelException(
            "its entry " + shown(entry.getName()) + " is longer than its directory says");
      }
      if (in.crc.getValue() != entry.getCrc()) {
        throw new MalformedModelException(
            "its entry " + shown(entry.getName()) + " is damaged: the checksum differs");
      }
    } catch (ZipException | EOFException | RuntimeException e) {
      throw new MalformedModelException("its entry " + shown(entry.getName()) + " is damaged", e);
    }
  }

  /** A name that somebody chose, fit for a message. */
  private static String shown(String name) {
    return name.length() > 120 ? name.substring(0, 120) + "..." : name;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  /** Consumes an entry. */
  private interface EntryReader {
    void read(CheckedEntry in) throws IOException;
  }

  /** The bytes of an entry, counted into its checksum on the way. */
  static final class CheckedEntry {
    private final InputStream in;
    private final CRC32 crc = new CRC32();

    private CheckedEntry(InputStream in) {
      this.in = in;
    }

    /** Reads exactly {@code count} bytes to the start of an array. */
    void fill(byte[] to, int count) throws IOException {
      if (in.readNBytes(to, 0, count) != count) {
        throw new EOFException();
      }
      crc.update(to, 0, count);
    }
  }
}
