package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.djlmpc.crypto.Prg;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.Operand;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.SecretOperators;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.session.Statistics;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * A share holder inside a {@link PartyProgram}: makes arrays secret and reveals them. Between the
 * two, DJL's own operators and blocks compute.
 *
 * <p>Belongs to the thread that runs the program. Managers and models that the program makes for
 * engine MPC ({@code NDManager.newBaseManager("MPC")}, {@code Model.newInstance(name, "MPC")}) take
 * part. When the program ends, its secrets are erased, whoever still refers to them.
 */
public final class Party {
  private static final String RANDOM = "engine/random";
  private static final Set<PartyId> HOLDERS = Set.of(PartyId.P0, PartyId.P1);

  private final Request request;
  private final Protocol protocol;
  private final SecretOperators operators;
  private final FixedPoint fixedPoint;
  private final MpcNDManager manager;

  private Party(Request request, SecretOperators operators, MpcNDManager manager) {
    this.request = request;
    this.operators = operators;
    this.manager = manager;
    protocol = operators.math().protocol();
    fixedPoint = operators.math().fixedPoint();
  }

  /** Runs a program in a request of its own. */
  static <T> T run(Request request, ProtocolSuite suite, PartyProgram<T> program) {
    request.agree((suite.name() + "/program").getBytes(StandardCharsets.US_ASCII));
    request.online();
    SecretOperators operators = new SecretOperators(suite.bind(request));
    try (Prg stream =
            request.streams(request.session().otherHolder()).stream(RANDOM, request.id(), 0);
        ArrayContext context = ArrayContext.ofRequest(operators, new StreamRandom(stream));
        MpcNDManager manager = MpcNDManager.base(null, context)) {
      ArrayContext.Binding binding = context.bind();
      try {
        T result = program.run(new Party(request, operators, manager));
        keep(result);
        return result;
      } finally {
        binding.close();
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new MpcException(
          ErrorCode.PROGRAM,
          "The program failed at " + request.self() + " with " + e.getClass().getName() + ".",
          "See the cause.",
          e);
    }
  }

  /** Public arrays outlive the program that returns them; secrets do not. */
  private static void keep(@Nullable Object result) {
    if (result instanceof NDList list) {
      list.forEach(Party::keep);
    } else if (result instanceof MpcNDArray array) {
      if (array.isSecret()) {
        throw Reveals.refused("returned by a program");
      }
      array.detach();
    }
  }

  /** Who this is: P0 or P1. */
  public PartyId id() {
    return request.self();
  }

  /** Owns the arrays of this program; what it creates is public. */
  public MpcNDManager manager() {
    return manager;
  }

  /**
   * Shares values of one party between both.
   *
   * @param owner who knows the values
   * @param values the values at the owner, null at the other party
   * @param shape their shape, which both know
   * @return a secret array, FLOAT32
   * @throws MpcException ARGUMENT if values are given at the wrong party, SHAPE, NOT_FINITE,
   *     OUT_OF_RANGE
   */
  public NDArray share(PartyId owner, float @Nullable [] values, Shape shape) {
    requireOwner(owner, values != null);
    return share(owner, values == null ? null : fixedPoint.encode(values, shape), shape);
  }

  /**
   * Shares an array of one party between both.
   *
   * @param owner who knows the array
   * @param values a readable array of any engine at the owner, null at the other party
   * @param shape its shape, which both know
   * @return a secret array, FLOAT32
   * @throws MpcException ARGUMENT if values are given at the wrong party, SHAPE, NOT_FINITE,
   *     OUT_OF_RANGE, IMPLICIT_REVEAL if the array is secret already
   */
  public NDArray share(PartyId owner, @Nullable NDArray values, Shape shape) {
    requireOwner(owner, values != null);
    RingTensor encoded = null;
    if (values != null) {
      PublicTensor tensor = PublicTensors.copyOf(values);
      encoded = fixedPoint.encode(tensor.doubles(), tensor.shape());
    }
    return share(owner, encoded, shape);
  }

  private void requireOwner(PartyId owner, boolean given) {
    boolean expected = id() == owner;
    if (owner != PartyId.P0 && owner != PartyId.P1) {
      throw new MpcException(
          ErrorCode.ARGUMENT, owner + " holds no shares.", "Name P0 or P1 as the owner.");
    }
    if (given != expected) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          id() + (given ? " gives values that " : " gives no values, but ") + owner + " owns.",
          "Give values at their owner and null at the other party.");
    }
  }

  private NDArray share(PartyId owner, @Nullable RingTensor encoded, Shape shape) {
    try {
      Share share = protocol.input(owner, shape, protocol.fractionBits(), encoded);
      return manager.create(share, DataType.FLOAT32);
    } finally {
      if (encoded != null) {
        encoded.close();
      }
    }
  }

  /**
   * Reveals a secret; written to the disclosure log. Both parties call it with the same arguments.
   *
   * @param secret a secret array of this program; a public one is returned as it is
   * @param learns who learns the values
   * @param reason why, for the disclosure log
   * @return the values as a public array, or null if this party does not learn them
   * @throws MpcException ARGUMENT if nobody learns the values, or an assistant;
   *     ANNOUNCEMENT_MISMATCH, before anything is revealed, if the other party's program does not
   *     ask for the same
   */
  public @Nullable NDArray reveal(NDArray secret, Set<PartyId> learns, String reason) {
    if (learns.isEmpty() || !HOLDERS.containsAll(learns)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A secret is to be revealed to " + learns + ".",
          "Name P0, P1 or both.");
    }
    if (!(manager.from(secret).operand() instanceof Operand.Secret operand)) {
      return secret;
    }
    // rescaled first: the last bits of a product would tell more than the product does
    Share share = operators.math().rescale(operand.share());
    // no plan names this reveal: nothing leaves before both programs have asked for the same
    request.agree(fingerprint(share, learns, reason));
    try (RingTensor values = protocol.reveal(share, learns, reason)) {
      if (values == null) {
        return null;
      }
      PublicTensor tensor =
          PublicTensor.of(fixedPoint.decodeFloats(values, share.scale()), operand.shape());
      return manager.create(tensor.cast(operand.dataType()));
    }
  }

  /** SHA-256 of what is revealed, to whom and why; the peer may see this, but not our words. */
  private static byte[] fingerprint(Share share, Set<PartyId> learns, String reason) {
    try {
      String request =
          List.of(share.shape(), share.scale(), EnumSet.copyOf(learns), reason).toString();
      return MessageDigest.getInstance("SHA-256").digest(request.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new MpcException(
          ErrorCode.INTERNAL, "This JVM has no SHA-256.", "Use a complete Java runtime.", e);
    }
  }

  /**
   * Reveals a secret to both share holders; see {@link #reveal}.
   *
   * @return the values as a public array
   */
  public NDArray revealToBoth(NDArray secret, String reason) {
    return Objects.requireNonNull(reveal(secret, HOLDERS, reason));
  }

  /** What the program has cost this party so far. */
  public Statistics statistics() {
    return request.statistics();
  }
}
