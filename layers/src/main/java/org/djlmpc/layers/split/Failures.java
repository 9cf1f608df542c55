package org.djlmpc.layers.split;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Network;

/** A party that fails stops all parties, with its reason. */
final class Failures {
  private Failures() {}

  static void stop(Network network, Throwable failure) {
    network.abort(
        failure instanceof MpcException reason
            ? reason
            // a foreign exception's text might hold data: peers learn its type only
            : new MpcException(
                ErrorCode.INTERNAL,
                network.self() + " failed with " + failure.getClass().getSimpleName() + ".",
                "See the log of that party."));
  }
}
