package org.djlmpc.fss;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Random;
import org.djlmpc.crypto.FixedKeyHash;
import org.junit.jupiter.api.Test;

/** Vector passes and plain ones do the same, and the choice would notice if they did not. */
class PassChoiceTest {
  private final Passes plain = new Passes(new ScalarTreePasses());

  @Test
  void vectorPassesAgreeWithPlainOnes() {
    Passes vector = PassChoice.vector();
    assertThat(vector).as("the tests run with jdk.incubator.vector").isNotNull();
    if (vector != null) {
      assertThat(PassChoice.agree(plain, vector)).isTrue();
    }
  }

  /** A pass with one wrong bit in one gate. */
  @Test
  void aWrongPassIsNoticed() {
    ScalarTreePasses right = new ScalarTreePasses();
    TreePasses wrong =
        (TreePasses)
            Proxy.newProxyInstance(
                TreePasses.class.getClassLoader(),
                new Class<?>[] {TreePasses.class},
                (proxy, method, arguments) -> {
                  Object result = method.invoke(right, arguments);
                  if (method.getName().equals("descend")) {
                    ((byte[]) arguments[0])[5] ^= 1;
                  }
                  return result;
                });
    assertThat(PassChoice.agree(plain, new Passes(wrong))).isFalse();
  }

  /** Whole walks through either give the same keys and shares, in numbers that fill no vector. */
  @Test
  void walksAgree() {
    Passes vector = PassChoice.vector();
    assertThat(vector).isNotNull();
    if (vector == null) {
      return;
    }
    Random random = new Random(6);
    int count = Workspace.GATES + 67;
    long[] alpha = random.longs(count).toArray();
    long[] y = random.longs(count).toArray();
    byte[] roots0 = Keys.roots(count, random);
    byte[] roots1 = Keys.roots(count, random);
    FixedKeyHash hash = FixedKeyHash.random();
    byte[][] corrections = new byte[2][Dpf.correctionBytes(31, count)];
    long[][] bits = new long[2][(count + 63) / 64];
    for (int i = 0; i < 2; i++) {
      Passes passes = i == 0 ? plain : vector;
      byte[] cw = corrections[i];
      long[] result = bits[i];
      Dpf.generate(passes, 31, alpha, 0, count, roots0, 0, roots1, 0, hash, cw, 0);
      Dpf.evaluate(passes, true, 1, 31, y, 0, count, roots1, 0, cw, 0, hash, result, 0);
    }
    assertThat(corrections[1]).isEqualTo(corrections[0]);
    assertThat(bits[1]).isEqualTo(bits[0]);
    assertThat(Arrays.stream(bits[0]).map(Long::bitCount).sum()).isPositive();
  }
}
