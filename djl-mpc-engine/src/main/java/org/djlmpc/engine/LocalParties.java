package org.djlmpc.engine;

import ai.djl.Model;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Translator;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.WeightMode;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.ShareHolder;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.session.DisclosureLog;
import org.djlmpc.transport.PartyId;

/**
 * All parties of a protocol as threads of this process: one line turns a loaded DJL model into an
 * encrypted predictor.
 *
 * <pre>{@code
 * try (var parties = LocalParties.start(Ariann.ARIANN);
 *     var predictor = parties.encrypt(zooModel)) {
 *   Classifications result = predictor.predict(image);
 * }
 * }</pre>
 *
 * <p>For development, tests and demonstrations: one process that holds all shares gives no privacy.
 */
public final class LocalParties implements AutoCloseable {
  private final ThreadedParties parties;
  private final PartyOptions options;

  /** Weak, because many predictors may come and go before the parties close. */
  private final Set<EncryptedModel> models =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private LocalParties(ThreadedParties parties, PartyOptions options) {
    this.parties = parties;
    this.options = options;
  }

  /** Starts the parties with a 64-bit ring and 16 fraction bits. */
  public static LocalParties start(ProtocolSuite suite) {
    return start(suite, PartyOptions.DEFAULT);
  }

  /** Starts the parties. */
  public static LocalParties start(ProtocolSuite suite, PartyOptions options) {
    return new LocalParties(ThreadedParties.start(suite, options), options);
  }

  /** An encrypted predictor with the model's own Translator. */
  public <I, O> MpcPredictor<I, O> encrypt(ZooModel<I, O> model) {
    return encrypt(model, model.getTranslator());
  }

  /** An encrypted predictor; the weights are shared between P0 and P1. */
  public <I, O> MpcPredictor<I, O> encrypt(Model model, Translator<I, O> translator) {
    return encrypt(model, translator, WeightMode.SHARED);
  }

  /** An encrypted predictor. */
  public <I, O> MpcPredictor<I, O> encrypt(
      Model model, Translator<I, O> translator, WeightMode mode) {
    return new MpcPredictor<>(
        encrypt(model, mode), translator, model.getNDManager().getDevice(), true, null);
  }

  /**
   * The model itself on secrets, for callers that have arrays instead of a Translator.
   *
   * @throws MpcException WEIGHTS_MISSING if the model has no block, or a parameter has no value;
   *     MISSING_DEPENDENCY if its block is another engine's and no reader for it is on the class
   *     path; CLOSED
   */
  public EncryptedModel encrypt(Model model, WeightMode mode) {
    return encrypt(model, EncryptionOptions.DEFAULT.withWeights(mode));
  }

  /**
   * The model itself on secrets; see {@link #encrypt(Model, WeightMode)}.
   *
   * @throws MpcException CALIBRATION too, if a calibration is for another ring or other fraction
   *     bits than the parties'
   */
  public EncryptedModel encrypt(Model model, EncryptionOptions how) {
    EncryptedModel encrypted = new EncryptedModel(model, parties, options, how);
    models.add(encrypted);
    return encrypted;
  }

  /** An encrypted predictor; see {@link #encrypt(Model, EncryptionOptions)}. */
  public <I, O> MpcPredictor<I, O> encrypt(
      Model model, Translator<I, O> translator, EncryptionOptions how) {
    return new MpcPredictor<>(
        encrypt(model, how), translator, model.getNDManager().getDevice(), true, null);
  }

  /**
   * Runs a program at both share holders: the same lambda, once as P0 and once as P1, at the same
   * time. Ten times the parties' timeout is allowed.
   *
   * <pre>{@code
   * var results = parties.run(party -> {
   *   NDArray x = party.share(PartyId.P0, party.id() == PartyId.P0 ? salaries : null, shape);
   *   NDArray mean = party.reveal(x.mean(), Set.of(PartyId.P1), "the mean for the survey");
   *   return mean == null ? null : mean.getFloat();
   * });
   * float mean = results.p1();
   * }</pre>
   *
   * @return what the program returned at each; public arrays among it stay open, secrets do not
   * @throws MpcException what failed at a party; PROGRAM with the cause if the program threw a
   *     checked exception. What else it throws comes out as it is.
   */
  public <T> ThreadedParties.Results<T> run(PartyProgram<T> program) {
    return run(options.timeout().multipliedBy(10), program);
  }

  /** Runs a program at both share holders; see {@link #run(PartyProgram)}. */
  public <T> ThreadedParties.Results<T> run(Duration timeout, PartyProgram<T> program) {
    return parties.submit((request, suite) -> Party.run(request, suite, program)).await(timeout);
  }

  /** What a share holder has revealed so far, and why; never the values. */
  public List<DisclosureLog.Disclosure> disclosures(PartyId holder) {
    return parties.holder(holder).session().disclosures().disclosures();
  }

  /** Runs programs of one share holder's own; see {@link ShareHolder}. */
  public ThreadedParties threads() {
    return parties;
  }

  /**
   * Stops all parties and erases what they hold; predictors and models of theirs are closed. No
   * thread is left behind.
   */
  @Override
  public void close() {
    parties.close();
    models.forEach(EncryptedModel::close);
    models.clear();
  }
}
