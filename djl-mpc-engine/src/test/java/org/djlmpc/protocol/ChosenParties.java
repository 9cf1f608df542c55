package org.djlmpc.protocol;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntToLongFunction;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.djlmpc.error.MpcException;
import org.djlmpc.preprocessing.Assistant;
import org.djlmpc.preprocessing.ChosenAssistant;
import org.djlmpc.preprocessing.KeyWindow;
import org.djlmpc.preprocessing.Streams;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.ChosenSession;
import org.djlmpc.session.Session;
import org.djlmpc.session.SessionConfig;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;

/**
 * The real parties of a suite, over channels in memory, on random tensors that a test chooses: with
 * element i of every tensor a function of i, one run covers as many cases as tensors have elements.
 *
 * <p>Roots of function keys and public hash keys are random as always.
 */
public final class ChosenParties {
  /** Fraction bits of values. */
  public static final int FRACTION_BITS = 1;

  private static final Duration TIME = Duration.ofMinutes(3);

  private ChosenParties() {}

  /**
   * The name of a random tensor.
   *
   * @param holders who knows it: two parties that share a seed, or an assistant alone
   * @param request its scope
   * @param name its name there
   * @param number number of the operation, mask or input
   */
  public record Label(Set<PartyId> holders, long request, String name, int number) {}

  /** The random tensors. */
  @FunctionalInterface
  public interface Choice {
    /** Element i of a tensor, reduced to the ring; of random bits, its lowest bit. */
    IntToLongFunction values(Label label, boolean bits);
  }

  /** What a share holder does, in as many requests as it likes. */
  @FunctionalInterface
  public interface Program<T> {
    /** Runs at one share holder. */
    T run(ShareHolder holder);
  }

  /** One frame that was sent. */
  public record Message(
      PartyId from, PartyId to, long request, FrameType type, int operation, byte[] payload) {}

  /** What the share holders returned, and all frames; those of one sender are in order. */
  public record Run<T>(T p0, T p1, List<Message> messages) {}

  private static final class ChosenStreams extends Streams {
    private final Set<PartyId> holders;
    private final Streams real;
    private final Choice choice;

    ChosenStreams(Set<PartyId> holders, Streams real, Choice choice) {
      this.holders = holders;
      this.real = real;
      this.choice = choice;
    }

    @Override
    public Prg stream(String name, long scope, int number) {
      return real.stream(name, scope, number);
    }

    @Override
    public void fill(String name, long scope, int number, int from, RingTensor part) {
      IntToLongFunction values = choice.values(new Label(holders, scope, name, number), false);
      long[] words = new long[part.size()];
      Arrays.setAll(words, i -> values.applyAsLong(from + i));
      part.setWords(words, 0, 0, words.length);
    }

    @Override
    public BitTensor bits(String name, long scope, int number, int count) {
      IntToLongFunction values = choice.values(new Label(holders, scope, name, number), true);
      BitTensor bits = BitTensor.zeros(count);
      for (int i = 0; i < count; i++) {
        bits.set(i, (values.applyAsLong(i) & 1) != 0);
      }
      return bits;
    }
  }

  /** Runs a program on all parties of a suite. */
  public static <T> Run<T> run(ProtocolSuite suite, Ring ring, Choice choice, Program<T> program) {
    Queue<Message> messages = new ConcurrentLinkedQueue<>();
    ObservedNetwork.Observer observer =
        new ObservedNetwork.Observer() {
          @Override
          public void sending(
              Network at, PartyId to, long request, FrameType type, int operation, byte[] bytes) {
            if (request > 0) {
              messages.add(new Message(at.self(), to, request, type, operation, bytes.clone()));
            }
          }
        };
    SessionConfig config =
        new SessionConfig(
            suite.name(),
            suite.options(),
            suite.parties(),
            ring,
            FRACTION_BITS,
            KeyWindow.of(1L << 30),
            TIME);
    Map<PartyId, Network> networks = ObservedNetwork.create(suite, PartyOptions.DEFAULT, observer);
    Map<PartyId, Future<T>> results = new EnumMap<>(PartyId.class);
    ExecutorService threads = Executors.newFixedThreadPool(networks.size());
    try {
      networks.forEach(
          (id, network) ->
              results.put(
                  id,
                  threads.submit(
                      () -> {
                        try (Session session =
                            ChosenSession.open(
                                network,
                                config,
                                (peer, seed) ->
                                    new ChosenStreams(
                                        EnumSet.of(id, peer), Streams.of(seed), choice))) {
                          if (id == PartyId.P0 || id == PartyId.P1) {
                            return program.run(new ShareHolder(session, suite));
                          }
                          serve(suite.assistant(id, config), session, choice);
                          return null;
                        }
                      })));
      T p0 = get(results, PartyId.P0);
      T p1 = get(results, PartyId.P1);
      return new Run<>(p0, p1, List.copyOf(messages));
    } finally {
      networks.values().forEach(Network::close);
      threads.shutdown();
    }
  }

  /** Serves one request after the other until the share holders have left. */
  private static void serve(Assistant assistant, Session session, Choice choice) {
    try (Seed own = Seed.random()) {
      Streams streams = new ChosenStreams(EnumSet.of(session.self()), Streams.of(own), choice);
      while (true) {
        long request = session.network().accept();
        try {
          ChosenAssistant.serve(
              assistant,
              request,
              peer -> session.channel(peer, request),
              session::streams,
              streams);
        } catch (MpcException e) {
          session.network().abort(request, e);
          throw e;
        }
      }
    } catch (MpcException e) {
      // the parties are closed, or have the reason
      return;
    }
  }

  private static <T> T get(Map<PartyId, Future<T>> results, PartyId id) {
    try {
      return results.get(id).get(TIME.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(id + " failed", e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(id + " did not end", e);
    }
  }
}
