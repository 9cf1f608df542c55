package org.djlmpc.protocol.ariann;

import java.util.function.Function;
import org.djlmpc.preprocessing.Material;
import org.djlmpc.preprocessing.OneTimeKey;
import org.djlmpc.preprocessing.Operation;
import org.djlmpc.preprocessing.Prepared;
import org.djlmpc.protocol.Cost;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Opener;

/**
 * One protocol of this suite on an operand of known shape: what it announces, what it declares to
 * cost, and its online steps. A planner reads the first two, a party runs the third, so that the
 * same program does both.
 *
 * @param <K> the step's key
 */
interface Step<K extends OneTimeKey> {
  /** The operation that the dealer serves, and how party j reads its key. */
  Prepared<K> prepared(int j);

  /** Rounds, online bytes and comparisons; key bytes are the operation's. */
  Cost cost();

  /** Runs the online steps; the caller erases the key. */
  RingTensor run(Party party, K key, RingTensor x);

  /** The party that runs a step. */
  record Party(int j, Opener opener) {}

  /** An operation whose offline work is only to read its key. */
  static <K extends OneTimeKey> Prepared<K> prepared(
      Operation operation, Function<Material, K> read) {
    return new Prepared<>() {
      @Override
      public Operation operation() {
        return operation;
      }

      @Override
      public K prepare(Material material) {
        return read.apply(material);
      }
    };
  }
}
