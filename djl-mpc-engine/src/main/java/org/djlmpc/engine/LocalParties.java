package org.djlmpc.engine;

import ai.djl.Model;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Translator;
import org.djlmpc.graph.WeightMode;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.ShareHolder;
import org.djlmpc.protocol.ThreadedParties;

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
    return new MpcPredictor<>(encrypt(model, mode), translator);
  }

  /** The model itself on secrets, for callers that have arrays instead of a Translator. */
  public EncryptedModel encrypt(Model model, WeightMode mode) {
    return new EncryptedModel(model, parties, options, mode);
  }

  /** Runs a program at both share holders, with their own arguments; see {@link ShareHolder}. */
  public ThreadedParties threads() {
    return parties;
  }

  /** Stops all parties and erases what they hold. */
  @Override
  public void close() {
    parties.close();
  }
}
