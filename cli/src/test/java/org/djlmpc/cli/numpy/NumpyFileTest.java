package org.djlmpc.cli.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.PublicTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NumpyFileTest {
  private static final int MUTANTS = 20_000;

  @TempDir private Path folder;

  private static byte[] file(String header, int elementBytes) {
    byte[] text = (header + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] file = new byte[10 + text.length + elementBytes];
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0};
    System.arraycopy(start, 0, file, 0, start.length);
    System.arraycopy(text, 0, file, start.length, text.length);
    for (int i = 0; i < elementBytes; i++) {
      file[start.length + text.length + i] = (byte) i;
    }
    return file;
  }

  private static PublicTensor parse(byte[] file) throws IOException {
    return NumpyFile.array(new ByteArrayInputStream(file));
  }

  @Test
  void readsWhatDjlWritesAndWritesWhatDjlReads() throws IOException {
    Path file = folder.resolve("arrays.npz");
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
      NDList arrays = new NDList();
      for (DataType type :
          new DataType[] {DataType.FLOAT32, DataType.FLOAT64, DataType.INT32, DataType.INT64}) {
        arrays.add(manager.arange(-3, 3).reshape(2, 3).toType(type, true));
        arrays.get(arrays.size() - 1).setName(type.name());
      }
      Files.write(file, arrays.encode(NDList.Encoding.NPZ));

      Map<String, PublicTensor> read = NumpyFile.read(file);

      assertThat(read.keySet()).containsExactly("FLOAT32", "FLOAT64", "INT32", "INT64");
      read.forEach(
          (name, array) -> {
            assertThat(array.dataType().name()).isEqualTo(name);
            assertThat(array.shape()).isEqualTo(new Shape(2, 3));
            assertThat(array.doubles()).containsExactly(-3, -2, -1, 0, 1, 2);
          });
      ByteArrayOutputStream written = new ByteArrayOutputStream();
      NumpyFile.write(new LinkedHashMap<>(read), written);
      NDList back = NDList.decode(manager, written.toByteArray());
      assertThat(back).hasSize(4);
      for (int i = 0; i < back.size(); i++) {
        assertThat(back.get(i)).isEqualTo(arrays.get(i));
        assertThat(back.get(i).getName()).isEqualTo(arrays.get(i).getName());
      }
    }
  }

  @Test
  void writesEveryTypeSoThatItReadsTheSame() throws IOException {
    for (DataType type :
        new DataType[] {
          DataType.FLOAT32, DataType.INT64, DataType.UINT8, DataType.INT8, DataType.BOOLEAN
        }) {
      PublicTensor array = PublicTensor.full(new Shape(3, 1, 2), type, 1);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      NumpyFile.write(array, out);
      assertThat(parse(out.toByteArray())).isEqualTo(array);
      assertThat(out.size() - array.toByteBuffer().remaining()).isEqualTo(128);
    }
  }

  @Test
  void readsColumnsFirstAndKeysInAnyOrder() throws IOException {
    PublicTensor array =
        parse(file("{'shape': (2, 3), 'fortran_order': True, 'descr': '|u1', }", 6));

    assertThat(array.ints()).containsExactly(0, 2, 4, 1, 3, 5);
    assertThat(parse(file("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", 1)).shape())
        .isEqualTo(new Shape());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } | 7 | cut off",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } | 9 | more bytes",
        "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), } | 8 | astype()",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (2,), } | 8 | astype()",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), } | 8 | header",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,,2), } | 8 | shape",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), } | 8 | shape",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), } | 8 | shape",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (268435457,), } | 8 | more than",
        "{'descr': '<f4', 'descr': '<f4', 'shape': (2,), } | 8 | incomplete",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1} | 8 | header",
        "__import__('os') | 8 | header"
      })
  void saysWhatIsWrongWithAFile(String header, int bytes, String reason) throws IOException {
    Path file = folder.resolve("a.npy");
    Files.write(file, file(header, bytes));

    assertThatThrownBy(() -> NumpyFile.read(file))
        .isInstanceOf(MpcException.class)
        .hasMessageContaining(reason)
        .hasMessageContaining("numpy.save")
        .extracting(e -> ((MpcException) e).code())
        .isEqualTo(ErrorCode.DATA_FILE);
  }

  @Test
  void saysWhichFileIsMissingOrForeign() throws IOException {
    Path text = Files.writeString(folder.resolve("a.npz"), "hello");
    Path zip = folder.resolve("b.npz");
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      entries.putNextEntry(new ZipEntry("readme.txt"));
      entries.closeEntry();
    }

    assertThatThrownBy(() -> NumpyFile.read(folder.resolve("none.npz")))
        .hasMessageContaining("There is no file");
    assertThatThrownBy(() -> NumpyFile.read(folder.resolve("none.npy")))
        .hasMessageContaining("There is no file");
    assertThatThrownBy(() -> NumpyFile.read(folder)).hasMessageContaining("neither .npy nor .npz");
    assertThatThrownBy(() -> NumpyFile.read(text)).hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> NumpyFile.read(zip)).hasMessageContaining("readme.txt");
  }

  @Test
  void mutantsAreReadOrRefused() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    byte[] whole = file("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 24);
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    NumpyFile.write(Map.of("x", PublicTensor.full(new Shape(2, 3), DataType.FLOAT32, 1)), archive);
    Path file = folder.resolve("mutant.npz");
    int refused = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] source = i % 20 == 0 ? archive.toByteArray() : whole;
      byte[] mutant = source.clone();
      int changes = 1 + random.nextInt(3);
      for (int c = 0; c < changes; c++) {
        int position = random.nextInt(mutant.length);
        if (random.nextInt(4) == 0) {
          mutant = java.util.Arrays.copyOf(mutant, Math.max(1, position));
        } else {
          mutant[position] = (byte) random.nextInt(256);
        }
      }
      try {
        if (i % 20 == 0) {
          Files.write(file, mutant);
          NumpyFile.read(file);
        } else {
          parse(mutant);
        }
      } catch (MpcException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.DATA_FILE);
        refused++;
      } catch (IOException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(MUTANTS / 4, MUTANTS - 100);
  }
}
