package org.djlmpc.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Locale;
import java.util.Set;
import org.djlmpc.engine.LocalParties;
import org.djlmpc.engine.Party;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.transport.PartyId;

/**
 * Two companies compare salaries: both learn the mean and the spread over all of them and who pays
 * more on average, and only the second learns the highest salary. No salary is shown otherwise.
 */
public final class PrivateArrays {
  private static final float[] FIRST = {41.5f, 52, 38.25f, 75};
  private static final float[] SECOND = {44, 39.75f, 61, 58.5f, 47};

  private PrivateArrays() {}

  /** Runs the program; it takes no arguments. */
  public static void main(String[] args) {
    try (LocalParties parties = LocalParties.start(Ariann.ARIANN)) {
      var results = parties.run(PrivateArrays::program);
      System.out.println("first company:  " + results.p0());
      System.out.println("second company: " + results.p1());
      parties.disclosures(PartyId.P0).forEach(reveal -> System.out.println(reveal.reason()));
    }
  }

  /** What both companies run; {@code party} says which of them this is. */
  private static String program(Party party) {
    boolean isFirst = party.id() == PartyId.P0;
    // each company gives its own numbers, and knows the other's as a shape
    NDArray first = party.share(PartyId.P0, isFirst ? FIRST : null, new Shape(FIRST.length));
    NDArray second = party.share(PartyId.P1, isFirst ? null : SECOND, new Shape(SECOND.length));

    NDArray all = first.concat(second);
    NDArray distance = all.sub(all.mean());
    NDArray statistics = all.mean().stack(distance.square().mean());
    NDArray firstPaysMore = first.mean().gt(second.mean());

    // from here on values are in clear, for those who are named
    float[] known = party.revealToBoth(statistics, "mean and variance for both").toFloatArray();
    boolean more = party.revealToBoth(firstPaysMore, "who pays more, for both").getBoolean();
    NDArray highest = party.reveal(all.max(), Set.of(PartyId.P1), "highest salary for the second");
    return String.format(
        Locale.ROOT,
        "mean %.2f, spread %.2f, the %s company pays more%s; %d rounds, %d bytes sent",
        known[0],
        Math.sqrt(known[1]),
        more ? "first" : "second",
        highest == null ? "" : ", highest " + highest.getFloat(),
        party.statistics().rounds(),
        party.statistics().onlineBytesSent());
  }
}
