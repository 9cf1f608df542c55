package org.djlmpc.zoo.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.ModelReader;
import org.djlmpc.graph.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files never hang a reader, exhaust memory or throw anything but what is documented.
 *
 * <p>{@code -Ddjlmpc.mutants=N} chooses how many, {@code -Ddjlmpc.seed=S} others.
 */
@Timeout(1800)
class OnnxFuzzTest {
  private static final int MUTANTS = Integer.getInteger("djlmpc.mutants", 2500);
  private static final long SEED = Long.getLong("djlmpc.seed", 20260101);

  @TempDir Path folder;

  @Test
  void damagedFilesAreRefusedWithAReason() throws IOException {
    List<OnnxCases> cases = OnnxCases.all(folder);
    Map<String, Integer> results = new HashMap<>();
    Path file = folder.resolve("mutant.onnx");
    for (int i = 0; i < MUTANTS; i++) {
      Random random = new Random(SEED + i);
      OnnxCases original = cases.get(random.nextInt(cases.size()));
      byte[] other = Files.readAllBytes(cases.get(random.nextInt(cases.size())).file());
      Files.write(file, mutant(random, Files.readAllBytes(original.file()), other));
      String result;
      try {
        result = result(file, random.nextInt(4) == 0 ? types(random) : original.types());
      } catch (Throwable e) { // an Error is a finding too
        throw new AssertionError("mutant " + i + " of " + original.name(), e);
      }
      results.merge(result, 1, Integer::sum);
    }
    System.out.println(MUTANTS + " mutants: " + results);
    // damage that goes unnoticed, in a weight for instance, is not the usual case
    assertThat(results.get("malformed file")).isGreaterThan(MUTANTS / 4);
  }

  private static String result(Path file, List<TensorType> types) throws IOException {
    try {
      ModelReader.load(file, types);
      return "a model";
    } catch (MalformedModelException e) {
      if (!(e.getCause() instanceof MpcException reason)) {
        assertThat(e.getMessage()).startsWith("mutant.onnx is malformed: ").hasSizeGreaterThan(40);
        return "malformed file";
      }
      assertThat(reason.code()).isNotIn(ErrorCode.INTERNAL, ErrorCode.CLOSED);
      // what a prediction would throw
      assertThat(reason).hasCauseInstanceOf(MalformedModelException.class);
      return reason.code().name();
    }
  }

  /** Inputs that the model may or may not take. */
  private static List<TensorType> types(Random random) {
    List<TensorType> types = new ArrayList<>();
    for (int inputs = random.nextInt(3); inputs >= 0; inputs--) {
      long[] lengths = new long[random.nextInt(6)];
      for (int i = 0; i < lengths.length; i++) {
        lengths[i] = random.nextInt(20) == 0 ? random.nextInt(1 << 20) : random.nextInt(8);
      }
      DataType type = random.nextInt(5) == 0 ? DataType.INT64 : DataType.FLOAT32;
      types.add(new TensorType(new Shape(lengths), type));
    }
    return types;
  }

  private static byte[] mutant(Random random, byte[] file, byte[] other) {
    byte[] bytes = file.clone();
    if (random.nextInt(6) == 0) {
      return bytes; // the inputs may be wrong instead
    }
    if (random.nextBoolean()) {
      // numbers, lengths and types are small bytes: one of them, changed in place
      int at = random.nextInt(bytes.length);
      for (int i = 0; i < bytes.length && (bytes[at] < 0 || bytes[at] > 31); i++) {
        at = (at + 1) % bytes.length;
      }
      bytes[at] = (byte) random.nextInt(random.nextBoolean() ? 16 : 128);
      return bytes;
    }
    for (int damages = 1 + random.nextInt(3); damages > 0 && bytes.length > 1; damages--) {
      int at = random.nextInt(bytes.length);
      int length = Math.min(1 + random.nextInt(16), bytes.length - at);
      switch (random.nextInt(8)) {
        case 0 -> bytes = Arrays.copyOf(bytes, at);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) random.nextInt(256);
        case 3 -> Arrays.fill(bytes, at, at + length, (byte) 0xff);
        case 4 -> bytes = splice(bytes, at, at + length, new byte[0]);
        case 5 -> {
          byte[] inserted = new byte[length];
          random.nextBytes(inserted);
          bytes = splice(bytes, at, at, inserted);
        }
        case 6 -> {
          int from = random.nextInt(other.length);
          int to = from + random.nextInt(other.length - from) + 1;
          bytes =
              splice(
                  bytes,
                  at,
                  at + length,
                  Arrays.copyOfRange(other, from, Math.min(to, other.length)));
        }
        default -> {
          int from = random.nextInt(other.length);
          System.arraycopy(other, from, bytes, at, Math.min(length, other.length - from));
        }
      }
    }
    return bytes;
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] inserted) {
    byte[] result = new byte[bytes.length - (to - from) + inserted.length];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(inserted, 0, result, from, inserted.length);
    System.arraycopy(bytes, to, result, from + inserted.length, bytes.length - to);
    return result;
  }
}
