package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;

/** Comparisons that an option makes narrow, in operators that compare with values of their own. */
final class NarrowComparisonTest {
  private static final Shape IMAGE = new Shape(1, 1, 5, 5);

  @Test
  void paddingStaysBelowEveryValueOfAMaximum() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        LocalParties parties = LocalParties.start(Ariann.ARIANN.withComparisonBits(24))) {
      // negative everywhere: padding that counts as 0 would win
      NDArray image = manager.arange(-25f, 0f);
      float[] values = image.toFloatArray();
      float[] expected = pooled(image.reshape(IMAGE)).toFloatArray();
      float[] actual =
          parties
              .run(
                  party -> {
                    NDArray x =
                        party.share(PartyId.P0, party.id() == PartyId.P0 ? values : null, IMAGE);
                    // the fraction bits of a product, not rescaled yet
                    NDArray wide = x.mul(x.mul(0).add(1));
                    NDArray y = party.reveal(pooled(wide), Set.of(PartyId.P0), "test");
                    return y == null ? new float[0] : y.toFloatArray();
                  })
              .p0();
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], Offset.offset(1e-3f));
      }
    }
  }

  private static NDArray pooled(NDArray x) {
    return x.getNDArrayInternal().maxPool(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false);
  }
}
