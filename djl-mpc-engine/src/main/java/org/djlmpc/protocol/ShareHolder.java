package org.djlmpc.protocol;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.session.Request;
import org.djlmpc.session.Session;

/**
 * P0 or P1: runs programs, one request each. A program that fails at one party stops at all, with
 * the same reason.
 *
 * @param session this party's session; owned by the caller
 * @param suite the protocol suite
 */
public record ShareHolder(Session session, ProtocolSuite suite) {
  /**
   * A program of one request. The same program runs at both share holders.
   *
   * @param <T> its result at this party
   */
  @FunctionalInterface
  public interface Program<T> {
    /** Runs the program. */
    T run(Request request, ProtocolSuite suite);
  }

  /**
   * Runs a program.
   *
   * @param number the request's number, the same at all parties and never used before in this
   *     session
   * @throws MpcException the reason for which the request stopped
   */
  public <T> T run(long number, Program<T> program) {
    try (Request request = session.begin(number)) {
      try {
        T result = program.run(request, suite);
        request.finish();
        return result;
      } catch (MpcException e) {
        request.abort(e);
        throw e;
      } catch (UnsupportedOperationException e) {
        // our own text about operators, shapes and ways out
        request.abort(
            new MpcException(
                ErrorCode.UNSUPPORTED_OPERATOR,
                "An operator is not supported at " + session.self() + ".",
                "See the message at that party."));
        throw e;
      } catch (RuntimeException | Error e) {
        request.abort(MpcException.forPeers(session.self().toString(), e));
        throw e;
      }
    }
  }
}
