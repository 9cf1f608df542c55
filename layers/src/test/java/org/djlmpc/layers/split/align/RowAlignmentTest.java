package org.djlmpc.layers.split.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.djlmpc.transport.PartyId.P0;
import static org.djlmpc.transport.PartyId.P1;
import static org.djlmpc.transport.PartyId.P2;
import static org.djlmpc.transport.PartyId.P3;
import static org.djlmpc.transport.PartyId.P5;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowAlignmentTest {
  private static final PartyId[] PARTIES = {P1, P2, P3, P5};

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void findsWhatASearchFinds(int holders) throws Exception {
    Random random = new Random(holders);
    for (int universe : new int[] {3, 40, 1000}) {
      Map<PartyId, List<String>> lists = new TreeMap<>();
      for (int h = 0; h < holders; h++) {
        lists.put(PARTIES[h], subset(universe, random));
      }
      TreeSet<String> expected = new TreeSet<>(lists.get(P1));
      lists.values().forEach(expected::retainAll);

      Map<PartyId, int[]> rows = align(lists);

      List<String> order = Holders.select(lists.get(P1), rows.get(P1));
      assertThat(order).hasSameSizeAs(expected).hasSameElementsAs(expected);
      lists.forEach(
          (party, ids) -> assertThat(Holders.select(ids, rows.get(party))).isEqualTo(order));
    }
  }

  @Test
  void listsOfDifferentLengthsTakeSeveralFrames() throws Exception {
    List<String> many = numbers(0, 2 * Exchange.CHUNK + 5);
    List<String> few = numbers(2 * Exchange.CHUNK, 10);
    Map<PartyId, List<String>> lists = new TreeMap<>(Map.of(P0, few, P1, many, P2, few));
    assertThat(align(lists).get(P1)).hasSize(5);
    lists = new TreeMap<>(Map.of(P0, many, P1, few));
    assertThat(Holders.select(few, align(lists).get(P1)))
        .containsExactlyInAnyOrderElementsOf(few.subList(0, 5));
  }

  @Test
  void emptyListsHaveNothingInCommon() throws Exception {
    Map<PartyId, int[]> rows = align(new TreeMap<>(Map.of(P0, List.of(), P1, List.of("a"))));
    assertThat(rows.get(P0)).isEmpty();
    assertThat(rows.get(P1)).isEmpty();
  }

  @Test
  void theOrderIsAnotherOneEachTime() throws Exception {
    List<String> ids = numbers(0, 50);
    Map<PartyId, List<String>> lists = new TreeMap<>(Map.of(P0, ids, P1, ids));
    int[] first = align(lists).get(P0);
    assertThat(align(lists).get(P0)).isNotEqualTo(first);
    Arrays.sort(first);
    assertThat(first).hasSize(50).startsWith(0, 1, 2);
  }

  @Test
  void textThatLooksTheSameIsTheSame() throws Exception {
    List<String> ids = List.of("Zo\u00eb", "x", "A");
    List<String> others = List.of(" Zoe\u0308\t", "a", "X");
    Map<PartyId, int[]> rows = align(new TreeMap<>(Map.of(P0, ids, P1, others)));
    assertThat(rows.get(P0)).containsExactly(0);
    assertThat(rows.get(P1)).containsExactly(0);
  }

  @Test
  void sizesCanBeRoundedUpAndEverythingIsLogged() throws Exception {
    List<String> ids = numbers(0, 7);
    List<String> others = numbers(5, 3);
    AlignmentOptions padding = AlignmentOptions.standard().withPadTo(10);
    AlignmentOptions exact = AlignmentOptions.standard();
    List<Double> progress = new ArrayList<>();
    try (Holders holders = new Holders(P0, P1)) {
      var outcome =
          holders.run(
              Map.of(
                  P0,
                  network ->
                      RowAlignment.align(
                          network,
                          1,
                          java.util.Set.of(P0, P1),
                          ids,
                          padding.withProgress(progress::add)),
                  P1,
                  network ->
                      RowAlignment.align(network, 1, java.util.Set.of(P0, P1), others, exact)));
      assertThat(outcome.rows().get(P0)).containsExactlyInAnyOrder(5, 6);
      assertThat(outcome.rows().get(P1)).containsExactlyInAnyOrder(0, 1);
    }
    assertThat(padding.log().disclosures())
        .extracting(entry -> entry.shape().size() + " to " + entry.learns())
        .containsExactly("10 to [P1]", "2 to " + java.util.Set.copyOf(List.of("P0", "P1")));
    assertThat(exact.log().disclosures().get(0).shape().size()).isEqualTo(3);
    assertThat(progress).isSorted().startsWith(0.0).endsWith(1.0);
  }

  @Test
  void identifiersThatOccurTwiceStopEverybodyAndAreNamedAtTheirHolderAlone() throws Exception {
    try (Holders holders = new Holders(P0, P1, P2)) {
      var outcome =
          holders.align(
              new TreeMap<>(
                  Map.of(P0, List.of("a"), P1, List.of("a", "b", "a "), P2, List.of("a"))));
      assertThat(outcome.failures()).hasSize(3);
      assertThat(outcome.failures().get(P1).code()).isEqualTo(ErrorCode.ARGUMENT);
      assertThat(outcome.failures().get(P1)).hasMessageContaining("Rows 0 and 2");
      assertThat(outcome.failures().get(P0).code()).isEqualTo(ErrorCode.ABORTED);
      assertThat(outcome.failures().get(P2))
          .hasMessageContaining("P1 has identifiers")
          .hasMessageNotContaining("Rows");
    }
  }

  private static Map<PartyId, int[]> align(Map<PartyId, List<String>> lists) throws Exception {
    try (Holders holders = new Holders(lists.keySet().toArray(new PartyId[0]))) {
      var outcome = holders.align(lists);
      assertThat(outcome.failures()).isEmpty();
      return outcome.rows();
    }
  }

  private static List<String> subset(int universe, Random random) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < universe; i++) {
      if (random.nextInt(4) > 0) {
        ids.add("customer " + i);
      }
    }
    Collections.shuffle(ids, random);
    return ids;
  }

  private static List<String> numbers(int from, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add("id" + (from + i));
    }
    return ids;
  }
}
