package org.djlmpc.engine;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.time.Duration;
import java.util.function.Consumer;
import org.djlmpc.graph.EvaluationListener;

/**
 * A predictor whose model runs on secrets. The Translator is unchanged and runs where the data is,
 * on the engine of the model in clear; only the network runs at the parties. May be used from many
 * threads.
 *
 * @param <I> what goes in
 * @param <O> what comes out
 */
public final class MpcPredictor<I, O> extends Predictor<I, O> {
  private final EncryptedModel encrypted;
  private volatile Duration timeout;
  private volatile Consumer<InferenceReport> reports = report -> {};

  MpcPredictor(EncryptedModel encrypted, Translator<I, O> translator) {
    super(encrypted.model(), translator, encrypted.model().getNDManager().getDevice(), false);
    this.encrypted = encrypted;
    timeout = encrypted.options().timeout().multipliedBy(10);
  }

  /**
   * How long one request may take; ten times the parties' timeout unless set. Interrupting the
   * caller cancels it.
   */
  public MpcPredictor<I, O> withTimeout(Duration limit) {
    timeout = limit;
    return this;
  }

  /** Tells what each request cost. */
  public MpcPredictor<I, O> withReports(Consumer<InferenceReport> consumer) {
    reports = consumer;
    return this;
  }

  @Override
  protected NDList predictInternal(TranslatorContext ctx, NDList inputs) {
    return encrypted.predict(
        inputs, ctx.getNDManager(), timeout, reports, EvaluationListener.none());
  }

  /** Ends this predictor and erases the shares of the model's weights. */
  @Override
  public void close() {
    super.close();
    encrypted.close();
  }
}
