package org.djlmpc.layers.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {

  @Test
  void sampleIsTheFirst200ImagesOfTheTestSet() throws Exception {
    FashionMnist sample = FashionMnist.testSample();
    float[] pixels = sample.pixels(0, sample.size());
    byte[] bytes = new byte[pixels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(pixels[i] * 255);
    }
    assertThat(sample.size()).isEqualTo(200);
    // Of the pixels in the original file.
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
        .isEqualTo("1ea26a8badf5cf72eae232eee0644a812949e1c7b446e2068cc48b15796a4802");
    assertThat(sample.labels(0, 10)).containsExactly(9, 2, 1, 1, 6, 1, 4, 6, 5, 7);
    assertThat(FashionMnist.CLASS_NAMES.get(sample.label(0))).isEqualTo("Ankle boot");
  }

  @Test
  void imagesAreABatchOfGreyImagesFrom0To1() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray images = FashionMnist.testSample().images(manager, 10, 13);
      assertThat(images.getShape()).isEqualTo(new Shape(3, 1, 28, 28));
      assertThat(images.min().getFloat()).isZero();
      assertThat(images.max().getFloat()).isBetween(0.9f, 1f);
    }
  }

  @Test
  void refusesFilesThatAreNotAsTheySay(@TempDir Path empty) throws IOException {
    byte[] good = idx(0x803, 2, 2, 2, new byte[8]);
    assertThat(IdxFile.read(new ByteArrayInputStream(good), "good", 2, 2)).hasSize(8);

    assertRefused(idx(0x801, 2, 2, 2, new byte[8]), "is no such IDX file");
    assertRefused(idx(0x803, 2, 2, 3, new byte[12]), "has items of another shape");
    assertRefused(idx(0x803, 3, 2, 2, new byte[8]), "is cut off");
    assertRefused(idx(0x803, 1, 2, 2, new byte[8]), "is longer than it says");
    assertRefused(idx(0x803, -1, 2, 2, new byte[0]), "has a negative size");
    assertRefused(idx(0x803, Integer.MAX_VALUE, 2, 2, new byte[0]), "is larger than");
    assertRefused(new byte[] {1, 2, 3}, "cannot be read");
    assertDataFileError(() -> FashionMnist.test(empty), "t10k-images-idx3-ubyte.gz");
  }

  private static void assertRefused(byte[] file, String reason) {
    assertDataFileError(
        () -> IdxFile.read(new ByteArrayInputStream(file), "bad.gz", 2, 2), "bad.gz " + reason);
  }

  private static void assertDataFileError(ThrowingCallable reading, String message) {
    assertThatThrownBy(reading)
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(
            MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_FILE));
  }

  private static byte[] idx(int magic, int count, int rows, int columns, byte[] values)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
      out.writeInt(magic);
      out.writeInt(count);
      out.writeInt(rows);
      out.writeInt(columns);
      out.write(values);
    }
    return bytes.toByteArray();
  }
}
