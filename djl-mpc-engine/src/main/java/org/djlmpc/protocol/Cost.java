package org.djlmpc.protocol;

/**
 * What a protocol declares to cost; tests compare it with what channels measure.
 *
 * @param rounds online messages that wait for each other
 * @param onlineBytesP0 payload bytes that P0 sends online
 * @param onlineBytesP1 payload bytes that P1 sends online
 * @param keyBytesP0 bytes of keys and correlations that P0 receives from the dealer
 * @param keyBytesP1 bytes of keys and correlations that P1 receives from the dealer
 * @param comparisons secure comparisons
 * @param multiplyAdds ring multiply-adds of the same work in plaintext
 */
public record Cost(
    int rounds,
    long onlineBytesP0,
    long onlineBytesP1,
    long keyBytesP0,
    long keyBytesP1,
    long comparisons,
    long multiplyAdds) {
  /** Nothing. */
  public static final Cost ZERO = new Cost(0, 0, 0, 0, 0, 0, 0);

  /** Rounds and equal online bytes for both parties. */
  public static Cost online(int rounds, long bytesPerParty) {
    return new Cost(rounds, bytesPerParty, bytesPerParty, 0, 0, 0, 0);
  }

  /** The same with key bytes. */
  public Cost withKeys(long bytesP0, long bytesP1) {
    return new Cost(
        rounds, onlineBytesP0, onlineBytesP1, bytesP0, bytesP1, comparisons, multiplyAdds);
  }

  /** The same with secure comparisons. */
  public Cost withComparisons(long count) {
    return new Cost(
        rounds, onlineBytesP0, onlineBytesP1, keyBytesP0, keyBytesP1, count, multiplyAdds);
  }

  /** The same with multiply-adds. */
  public Cost withMultiplyAdds(long count) {
    return new Cost(
        rounds, onlineBytesP0, onlineBytesP1, keyBytesP0, keyBytesP1, comparisons, count);
  }

  /** One after the other. */
  public Cost plus(Cost next) {
    return new Cost(
        rounds + next.rounds,
        onlineBytesP0 + next.onlineBytesP0,
        onlineBytesP1 + next.onlineBytesP1,
        keyBytesP0 + next.keyBytesP0,
        keyBytesP1 + next.keyBytesP1,
        comparisons + next.comparisons,
        multiplyAdds + next.multiplyAdds);
  }

  /** What was added since an earlier reading. */
  public Cost minus(Cost earlier) {
    return new Cost(
        rounds - earlier.rounds,
        onlineBytesP0 - earlier.onlineBytesP0,
        onlineBytesP1 - earlier.onlineBytesP1,
        keyBytesP0 - earlier.keyBytesP0,
        keyBytesP1 - earlier.keyBytesP1,
        comparisons - earlier.comparisons,
        multiplyAdds - earlier.multiplyAdds);
  }
}
