package org.djlmpc.layers.split;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * One party's checkpoints in a folder of its own: {@code epoch-N.part} after N epochs. Each holds
 * this party's part of the network and nothing of anybody else's. The two newest are kept, so that
 * when a party dies while it writes, all others still have the one before; and the best one, if
 * training looks for it.
 */
final class Checkpoints {
  private static final int MAGIC = 0x53504e4e;
  private static final int VERSION = 3;
  private static final int KEPT = 2;
  private static final String DRAFT = "epoch-";

  /** Folder for the checkpoints of the training before. */
  private static final String ASIDE = "earlier";

  private static final Pattern NAME = Pattern.compile("epoch-(\\d{1,9})\\.part");

  private final @Nullable Path folder;
  private final String identity;
  private long run;

  /**
   * The checkpoints of a party.
   *
   * @param folder this party's own, made if there is none; null keeps no checkpoints
   */
  Checkpoints(@Nullable Path folder, SplitPlan plan, PartyId self) {
    this.folder = folder;
    identity = self + " " + new TreeMap<>(plan.identity());
  }

  /** Whether there is a folder for them. */
  boolean isKeeping() {
    return folder != null;
  }

  /**
   * A training begins or goes on. One that begins sets those of an earlier one aside: they must not
   * be taken for its own when it is resumed, nor be lost if it was begun by mistake.
   *
   * @param number of the training, the same at all parties
   * @param epoch after which it goes on, or 0
   */
  void begin(long number, int epoch) {
    run = number;
    if (epoch > 0) {
      removeAfter(epoch);
    } else if (folder != null && !epochs().isEmpty()) {
      setAside(folder);
    }
  }

  /** In place of those that were set aside before. */
  private void setAside(Path from) {
    Path aside = from.resolve(ASIDE);
    try {
      Files.createDirectories(aside);
      for (int epoch : epochs(aside)) {
        Files.deleteIfExists(file(aside, epoch));
      }
      for (int epoch : epochs(from)) {
        Files.move(file(from, epoch), file(aside, epoch));
      }
    } catch (IOException e) {
      throw failed("set aside", aside, e);
    }
  }

  /**
   * The checkpoints that there are, by epoch.
   *
   * @throws MpcException DATA_FILE if one is of another version
   */
  List<Saved> saved() {
    if (folder == null) {
      return List.of();
    }
    List<Saved> saved = new ArrayList<>();
    for (int epoch : epochs()) {
      Path file = file(folder, epoch);
      try (var in = new DataInputStream(Files.newInputStream(file))) {
        readHead(in);
        saved.add(new Saved(in.readLong(), epoch));
      } catch (IOException e) {
        throw failed("read", file, e);
      }
    }
    return saved;
  }

  /** What comes before the payload; the checksum of the latter. */
  private static long readHead(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC || in.readInt() != VERSION) {
      throw new IOException("it is no checkpoint of this version");
    }
    return in.readLong();
  }

  private List<Integer> epochs() {
    return folder == null ? List.of() : epochs(folder);
  }

  private static List<Integer> epochs(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> NAME.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(matcher -> Integer.valueOf(matcher.group(1)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw failed("listed", folder, e);
    }
  }

  /**
   * Writes the checkpoint of an epoch and removes those that are too old.
   *
   * @param best an epoch that is not too old, or 0
   */
  void write(int epoch, int best, Part part) {
    if (folder == null) {
      return;
    }
    Path file = file(folder, epoch);
    try {
      var payload = new ByteArrayOutputStream();
      try (var out = new DataOutputStream(payload)) {
        out.writeLong(run);
        out.writeUTF(identity);
        out.writeInt(epoch);
        part.save(out);
      }
      var bytes = new ByteArrayOutputStream();
      try (var out = new DataOutputStream(bytes)) {
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeLong(checksum(payload.toByteArray()));
        payload.writeTo(out);
      }
      WholeFile.write(file, DRAFT, bytes.toByteArray());
    } catch (IOException e) {
      throw failed("written", file, e);
    }
    List<Integer> epochs = epochs();
    epochs.subList(0, Math.max(0, epochs.size() - KEPT)).stream()
        .filter(old -> old != best)
        .forEach(this::remove);
  }

  /** Removes the checkpoints of later epochs. */
  void removeAfter(int epoch) {
    epochs().stream().filter(other -> other > epoch).forEach(this::remove);
  }

  private void remove(int epoch) {
    if (folder != null) {
      Path file = file(folder, epoch);
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw failed("removed", file, e);
      }
    }
  }

  /** All that a part saves. */
  static byte[] bytes(Part part) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      part.save(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Loads what {@link #bytes} gave. */
  static void load(byte[] bytes, Part part) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      part.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the checkpoint of an epoch of the training that is under way. */
  void read(int epoch, Part part) {
    read(new Saved(run, epoch), part);
  }

  /**
   * Reads a checkpoint.
   *
   * @throws MpcException DATA_FILE if it is damaged, CONFIGURATION_MISMATCH if it is of another
   *     training, network or party
   */
  void read(Saved saved, Part part) {
    if (folder == null) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "There is no folder with checkpoints.",
          "Name the folder that the training wrote to.");
    }
    Path file = file(folder, saved.epoch());
    try (var in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      long checksum = readHead(in);
      byte[] payload = in.readAllBytes();
      if (checksum(payload) != checksum) {
        throw new IOException("it is damaged");
      }
      load(new DataInputStream(new ByteArrayInputStream(payload)), saved, part);
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  private void load(DataInputStream in, Saved saved, Part part) throws IOException {
    if (in.readLong() != saved.run()) {
      throw new MpcException(
          ErrorCode.CONFIGURATION_MISMATCH,
          "A checkpoint is of another training than those of the other parties.",
          "Give every party the folder of the same training.");
    }
    String found = in.readUTF();
    if (!found.equals(identity) || in.readInt() != saved.epoch()) {
      throw new MpcException(
          ErrorCode.CONFIGURATION_MISMATCH,
          "A checkpoint is of another network: " + found + ", not " + identity + ".",
          "Use the plan of the training that wrote it, or an empty folder.");
    }
    part.load(in);
    if (in.available() != 0) {
      throw new IOException("it has more parameters than the network");
    }
  }

  private static Path file(Path folder, int epoch) {
    return folder.resolve("epoch-" + epoch + ".part");
  }

  private static long checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  private static MpcException failed(String what, Path file, IOException e) {
    return new MpcException(
        ErrorCode.DATA_FILE,
        "Checkpoint " + file.getFileName() + " cannot be " + what + ": " + Reason.of(e) + ".",
        "Check the folder, its free space and the permissions.",
        e);
  }
}
