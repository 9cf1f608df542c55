package org.djlmpc.zoo.torchscript;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Entries that a test changes; written with the checksums that they then have. */
record Archive(Map<String, byte[]> entries) {
  static Archive read(Path file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return new Archive(entries);
  }

  /** A module of one class whose {@code forward} has this body; its attributes are two tensors. */
  static Archive of(String... body) throws IOException {
    StringBuilder code = new StringBuilder("class M(Module):\n  def forward(self, x):\n");
    for (String line : body) {
      code.append("    ").append(line).append('\n');
    }
    return withCode(code.toString());
  }

  /** A module of class {@code M} with this code. */
  static Archive withCode(String code) throws IOException {
    return withPickle(new Pickle().object("M").emptyDictionary().build().end(), code);
  }

  /** A module with this {@code data.pkl} and code. */
  static Archive withPickle(byte[] pickle, String code) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("m/data.pkl", pickle);
    entries.put("m/code/__torch__.py", code.getBytes(UTF_8));
    return new Archive(entries);
  }

  Archive with(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  Path write(Path file, boolean compressed) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry header = new ZipEntry(entry.getKey());
        if (!compressed) {
          CRC32 crc = new CRC32();
          crc.update(entry.getValue());
          header.setMethod(ZipEntry.STORED);
          header.setSize(entry.getValue().length);
          header.setCrc(crc.getValue());
        }
        zip.putNextEntry(header);
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  /** Writes the opcodes of a pickle. */
  static final class Pickle {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Pickle() {
      raw(0x80, 2);
    }

    Pickle raw(int... bytes) {
      for (int b : bytes) {
        out.write(b);
      }
      return this;
    }

    Pickle global(String module, String name) {
      out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(UTF_8));
      return this;
    }

    /** An object of a class in {@code __torch__}, without state. */
    Pickle object(String name) {
      return global("__torch__", name).raw(')', 0x81);
    }

    Pickle emptyDictionary() {
      return raw('}');
    }

    Pickle build() {
      return raw('b');
    }

    Pickle text(String text) {
      byte[] bytes = text.getBytes(UTF_8);
      raw('X', bytes.length & 255, bytes.length >> 8 & 255, bytes.length >> 16 & 255, 0);
      out.writeBytes(bytes);
      return this;
    }

    Pickle integer(long value) {
      raw(0x8a, 8);
      for (int i = 0; i < 8; i++) {
        out.write((int) (value >> 8 * i));
      }
      return this;
    }

    /** A tensor with one axis. */
    Pickle tensor(String storage, String key, long count, long offset, long size, long stride) {
      global("torch._utils", "_rebuild_tensor_v2").raw('(', '(').text("storage");
      global("torch", storage).text(key).text("cpu").integer(count).raw('t', 'Q');
      integer(offset).integer(size).raw(0x85).integer(stride).raw(0x85);
      return raw(0x89).global("collections", "OrderedDict").raw(')', 'R', 't', 'R');
    }

    byte[] end() {
      out.write('.');
      return out.toByteArray();
    }
  }
}
