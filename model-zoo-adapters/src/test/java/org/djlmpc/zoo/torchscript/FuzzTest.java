package org.djlmpc.zoo.torchscript;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.MalformedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.ModelReader;
import org.djlmpc.graph.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged modules are refused with a {@link MalformedModelException}, whatever was damaged.
 *
 * <p>{@code -Ddjlmpc.mutants=N} tries more of them.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class FuzzTest {
  private static final int MUTANTS = Integer.getInteger("djlmpc.mutants", 2_000);
  private static final long SEED = Long.getLong("djlmpc.seed", 1);

  /** What a reader may say of a module that is sound as an archive. */
  private static final Set<ErrorCode> REFUSALS =
      Set.of(
          ErrorCode.MALFORMED_MODEL,
          ErrorCode.UNSUPPORTED_OPERATOR,
          ErrorCode.SHAPE,
          ErrorCode.DATA_TYPE);

  /** Names, numbers, strings and signs of the code, which mutants exchange for one another. */
  private static final Pattern TOKEN = Pattern.compile("\\w+|\"[^\"\n]*\"|[^\\s\\w]+|\n +");

  @TempDir private Path directory;

  private record Original(String name, byte[] bytes, Archive archive, List<TensorType> types) {}

  @Test
  void everyMutantIsReadOrRefusedWithAReason() throws Exception {
    List<Original> originals = new ArrayList<>();
    for (String name : SmallModelsTest.modules()) {
      Path file = Fixture.resource(name);
      originals.add(
          new Original(
              name, Files.readAllBytes(file), Archive.read(file), Fixture.beside(file).types()));
    }
    Map<String, Integer> outcomes = new TreeMap<>();
    long slowest = 0;
    for (int i = 0; i < MUTANTS; i++) {
      Original original = originals.get(i % originals.size());
      Path file = directory.resolve("mutant.pt");
      mutate(original, new Random(SEED * 1_000_003 + i), file);
      long begin = System.nanoTime();
      try {
        outcomes.merge(outcome(file, original.types()), 1, Integer::sum);
      } catch (Throwable e) {
        throw new AssertionError("mutant " + i + " of " + original.name() + ": " + e, e);
      }
      slowest = Math.max(slowest, System.nanoTime() - begin);
    }
    System.out.println(
        MUTANTS + " mutants: " + outcomes + ", the slowest took " + slowest / 1_000_000 + " ms");
    // both stages are reached: most archives break, many sound ones hold broken code
    assertThat(outcomes.get("broken archive")).isGreaterThan(MUTANTS / 5);
    assertThat(outcomes.get("MALFORMED_MODEL")).isGreaterThan(MUTANTS / 200);
  }

  /** Any other exception, and any error, is a failure. */
  static String outcome(Path file, List<TensorType> types) throws IOException {
    try {
      ModelReader.load(file, types);
      return "a model";
    } catch (MalformedModelException e) {
      if (!(e.getCause() instanceof MpcException reason)) {
        assertThat(e).hasMessageMatching("(?s).*\\.pt is no .{10,}");
        return "broken archive";
      }
      assertThat(reason.code()).isIn(REFUSALS);
      assertThat(reason.getMessage()).hasSizeGreaterThan(30);
      // what a prediction would throw
      assertThat(reason).hasCauseInstanceOf(MalformedModelException.class);
      return reason.code().name();
    }
  }

  private static void mutate(Original original, Random random, Path file) throws IOException {
    if (random.nextInt(3) == 0) {
      Files.write(file, damaged(original.bytes(), random));
      return;
    }
    // an archive that is sound, with an entry that is not
    Map<String, byte[]> entries = new LinkedHashMap<>(original.archive().entries());
    List<String> names = new ArrayList<>(entries.keySet());
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      String name = names.get(random.nextInt(names.size()));
      byte[] content = entries.get(name);
      if (name.endsWith(".py") && random.nextInt(8) != 0) {
        content = exchanged(content, random);
      } else if (random.nextInt(12) == 0) {
        // the content of another entry
        content = entries.get(names.get(random.nextInt(names.size())));
      } else {
        content = damaged(content, random);
      }
      entries.put(name, content);
    }
    if (random.nextInt(20) == 0) {
      entries.remove(names.get(random.nextInt(names.size())));
    }
    new Archive(entries).write(file, random.nextBoolean());
  }

  /** Flipped, overwritten, deleted, repeated, inserted or cut bytes. */
  private static byte[] damaged(byte[] original, Random random) {
    byte[] bytes = original.clone();
    for (int damages = 1 + random.nextInt(4); damages > 0 && bytes.length > 1; damages--) {
      int at = random.nextInt(bytes.length);
      int to = at + Math.min(1 + random.nextInt(16), bytes.length - at);
      switch (random.nextInt(8)) {
        case 0 -> bytes = Arrays.copyOf(bytes, at);
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes[at] = (byte) random.nextInt(16);
        case 3 -> Arrays.fill(bytes, at, to, (byte) (random.nextBoolean() ? 0xFF : 0x7F));
        case 4 -> bytes = spliced(bytes, at, to, new byte[0]);
        case 5 -> bytes = spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
        case 6 -> {
          byte[] inserted = new byte[to - at];
          random.nextBytes(inserted);
          bytes = spliced(bytes, at, at, inserted);
        }
        default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      }
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] inserted) {
    byte[] result = new byte[from + inserted.length + bytes.length - to];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(inserted, 0, result, from, inserted.length);
    System.arraycopy(bytes, to, result, from + inserted.length, bytes.length - to);
    return result;
  }

  /** Code in which a token stands in the place of another, or a number is another one. */
  private static byte[] exchanged(byte[] content, Random random) {
    String text = new String(content, ISO_8859_1);
    List<int[]> places = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      places.add(new int[] {matcher.start(), matcher.end()});
    }
    if (places.isEmpty()) {
      return content;
    }
    int[] target = places.get(random.nextInt(places.size()));
    int[] source = places.get(random.nextInt(places.size()));
    for (int i = 0; i < 100 && kind(text.charAt(source[0])) != kind(text.charAt(target[0])); i++) {
      source = places.get(random.nextInt(places.size()));
    }
    String other = text.substring(source[0], source[1]);
    if (Character.isDigit(other.charAt(0)) || random.nextInt(8) == 0) {
      String[] numbers = {
        "0",
        "-1",
        "1",
        "2",
        "3",
        "7",
        "1000",
        "65536",
        "2147483647",
        "9223372036854775807",
        "-9223372036854775808",
        "1e308",
        "0.5",
        "nan",
        "inf",
        "None",
        "True",
        "[]",
        "x"
      };
      other = numbers[random.nextInt(numbers.length)];
    }
    return (text.substring(0, target[0]) + other + text.substring(target[1])).getBytes(ISO_8859_1);
  }

  /** Most code is sound where a name stands for a name and a sign for a sign. */
  private static int kind(char first) {
    return Character.isDigit(first) ? 0 : Character.isLetter(first) ? 1 : first;
  }
}
