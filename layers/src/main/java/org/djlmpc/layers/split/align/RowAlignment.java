package org.djlmpc.layers.split.align;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;

/**
 * Finds the rows which all data holders have, by their identifiers, without showing the others.
 *
 * <p>Every holder calls {@link #align} with its own identifiers and gets the numbers of its common
 * rows, in an order that is the same everywhere and random otherwise. Honest but curious holders
 * learn this and no more:
 *
 * <ul>
 *   <li>everybody: which of its own rows are common to <em>all</em> holders;
 *   <li>the first holder (the one with the smallest number): the number of rows of each other
 *       holder, rounded up if that holder wants it;
 *   <li>every other holder: the number of rows of the first.
 * </ul>
 *
 * With three or more holders nobody learns which rows, or how many, two of them have in common. But
 * the first holder together with all others but one learns which of its rows that one has. With two
 * holders the common rows of two are, of course, the result.
 *
 * <p>Holders who lie are not stopped: whoever puts foreign identifiers into its list learns whether
 * all others have them, so agree on the number of rows beforehand, and look at the sizes in the
 * disclosure log. Identifiers that somebody can guess (numbers of accounts) are protected
 * nevertheless: without a holder's key nobody can compute what it sends for a guessed identifier.
 *
 * <p>Identifiers are compared after white space around them was removed and after Unicode
 * normalization (form C).
 *
 * <p>For n rows of each holder, the first one multiplies n points by scalars once and once more for
 * each other holder, the others 2n each, on all cores; it sends 32 n bytes to each of them and gets
 * 52 n bytes from each. The sizes of all messages follow from the numbers of rows. Channels must be
 * confidential: who reads all messages learns which of the identifiers it can guess are common.
 */
public final class RowAlignment {
  private RowAlignment() {}

  /**
   * Finds the common rows. All holders call this at the same time; the request ends with it.
   *
   * @param network this holder's connections; other parties may be connected too
   * @param request number of the request, the same at all holders, used for nothing else
   * @param holders all holders, at least two of them, this one too; the same at all of them
   * @param ids this holder's identifiers, one for each row, all different
   * @param options this holder's choices
   * @return this holder's rows (indices into {@code ids}) that all holders have; position i means
   *     the same row at every holder
   * @throws MpcException ARGUMENT if identifiers are missing or occur twice; BAD_FRAME if a peer
   *     sends what no holder sends, such as values that are not on the curve; PEER_GONE, TIMEOUT or
   *     ABORTED if another holder stops. In each case all holders stop.
   */
  public static int[] align(
      Network network,
      long request,
      Set<PartyId> holders,
      List<String> ids,
      AlignmentOptions options) {
    requireHolders(network, holders);
    try (Exchange exchange = new Exchange(network, new TreeSet<>(holders), request)) {
      try {
        return align(exchange, request, digests(network, request, ids), options);
      } catch (MpcException e) {
        network.abort(request, e);
        throw e;
      } catch (RuntimeException | Error e) {
        network.abort(request, failed(network.self()));
        throw e;
      }
    }
  }

  private static int[] align(
      Exchange exchange, long request, byte[] digests, AlignmentOptions options) {
    options.progress().accept(0);
    try (Seed seed = Seed.random();
        Prg random = new Prg(seed)) {
      int size = options.padded(digests.length / Identifiers.DIGEST);
      PaddedRows rows = PaddedRows.of(digests, size, random);
      Map<PartyId, Integer> sizes = exchange.shakeHands(size);
      options
          .log()
          .add(request, new Shape(size), names(sizes.keySet()), "number of rows, to align them");
      int[] common =
          exchange.self() == exchange.first()
              ? new FirstHolder(exchange, rows, sizes, random, options).run(random)
              : new OtherHolder(exchange, rows, sizes.getOrDefault(exchange.first(), 0), options)
                  .run(random);
      exchange.finish();
      options
          .log()
          .add(
              request,
              new Shape(common.length),
              names(exchange.holders()),
              "which rows are common");
      options.progress().accept(1);
      return common;
    }
  }

  /** Of a mistake in the identifiers, peers hear that there is one, and not where. */
  private static byte[] digests(Network network, long request, List<String> ids) {
    try {
      return Identifiers.digests(ids);
    } catch (MpcException e) {
      network.abort(
          request,
          new MpcException(
              e.code(),
              network.self() + " has identifiers that cannot be aligned.",
              "Its own message says which; correct them there and start again."));
      throw e;
    }
  }

  private static void requireHolders(Network network, Set<PartyId> holders) {
    if (holders.size() < 2 || !holders.contains(network.self())) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          network.self() + " was to align rows between " + holders + ".",
          "Name at least two holders, this one among them.");
    }
  }

  private static MpcException failed(PartyId self) {
    return new MpcException(
        ErrorCode.INTERNAL, self + " failed while aligning rows.", "See the log of that party.");
  }

  private static Set<String> names(Set<PartyId> parties) {
    return parties.stream().map(PartyId::name).collect(Collectors.toSet());
  }
}
