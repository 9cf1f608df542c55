package org.djlmpc.engine;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.inference.Predictor;
import ai.djl.inference.streaming.StreamingTranslator.StreamOutput;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.EvaluationListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A predictor whose model runs on secrets. The Translator is unchanged and runs where the data is,
 * on plaintext arrays; only the network runs at the parties. May be used from many threads.
 *
 * <p>What fails in the network is an {@link MpcException} with its code; what fails in the
 * Translator is DJL's {@link TranslateException}.
 *
 * @param <I> what goes in
 * @param <O> what comes out
 */
public final class MpcPredictor<I, O> extends Predictor<I, O> {
  private static final Logger LOG = LoggerFactory.getLogger(MpcPredictor.class);
  private static final String PREFERRED_ENGINE = "PyTorch";

  private final EncryptedModel encrypted;
  private final boolean owner;
  private volatile Duration timeout;
  private volatile Consumer<InferenceReport> reports = report -> {};

  /**
   * A predictor.
   *
   * @param owner whether the encrypted model is closed with this predictor
   * @param translatorEngine the engine of the Translator's arrays; null to choose one
   */
  MpcPredictor(
      EncryptedModel encrypted,
      Translator<I, O> translator,
      Device device,
      boolean owner,
      @Nullable String translatorEngine) {
    super(
        encrypted.model(),
        given(translator, "Translator", "Give one; NoopTranslator takes and returns NDLists."),
        given(device, "device", "Give one, such as Device.cpu()."),
        false);
    this.encrypted = encrypted;
    this.owner = owner;
    timeout = encrypted.options().timeout().multipliedBy(10);
    manager.close();
    manager = dataManager(model, device, translatorEngine);
    manager.setName("predictor");
  }

  private static <T> T given(@Nullable T argument, String name, String nextStep) {
    if (argument == null) {
      throw new MpcException(ErrorCode.ARGUMENT, "The " + name + " is null.", nextStep);
    }
    return argument;
  }

  /** Where the owner of the data computes: in plaintext, and never on an array of a party. */
  private static NDManager dataManager(Model model, Device device, @Nullable String engine) {
    NDManager own = model.getNDManager();
    if (engine == null && !(own instanceof MpcNDManager)) {
      return own.newSubManager(device);
    }
    String name = engine == null ? PREFERRED_ENGINE : engine;
    if (engine != null && !Engine.hasEngine(engine)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "There is no engine " + engine + " on the class path for Translators.",
          "Choose one of " + Engine.getAllEngines() + ", or add its dependency.");
    }
    if (!name.equals(MpcEngine.NAME) && Engine.hasEngine(name)) {
      try {
        return Engine.getEngine(name).newBaseManager(device);
      } catch (EngineException | LinkageError e) {
        if (engine != null) {
          throw e;
        }
        LOG.warn("{} is on the class path but does not start; Translators do without.", name, e);
      }
    }
    return MpcNDManager.base(device, ArrayContext.PUBLIC);
  }

  /**
   * How long one request may take, with waiting for requests of other threads; ten times the
   * parties' timeout unless set. Interrupting the caller cancels it.
   */
  public MpcPredictor<I, O> withTimeout(Duration limit) {
    timeout = given(limit, "time limit", "Give a duration, such as Duration.ofMinutes(1).");
    return this;
  }

  /** Tells what each request cost. */
  public MpcPredictor<I, O> withReports(Consumer<InferenceReport> consumer) {
    reports = given(consumer, "consumer of reports", "Give one that ignores them.");
    return this;
  }

  /**
   * {@inheritDoc}
   *
   * @return one output for each input, nothing for none
   * @throws MpcException what failed in the network or at the parties; ARGUMENT, SHAPE or CLOSED if
   *     the inputs are not what a model can take
   */
  @Override
  public List<O> batchPredict(List<I> inputs) throws TranslateException {
    requireOpen(null);
    if (given(inputs, "list of inputs", "Give a list; an empty one is fine.").isEmpty()) {
      return new ArrayList<>();
    }
    try {
      prepare();
      return super.batchPredict(inputs);
    } catch (TranslateException e) {
      if (e.getCause() instanceof MpcException reason) {
        throw reason;
      }
      requireOpen(e);
      BadBatch.explain(inputs, e);
      throw e;
    }
  }

  private void requireOpen(@Nullable Exception cause) {
    if (!manager.isOpen()) {
      throw new MpcException(
          ErrorCode.CLOSED, "The predictor is closed.", "Make another one from the model.", cause);
    }
  }

  /** DJL prepares the Translator with the first call; here two of them may be the first. */
  private synchronized void prepare() throws TranslateException {
    if (prepared) {
      return;
    }
    try (PredictorContext context = new PredictorContext(model, manager, metrics)) {
      translator.prepare(context);
      prepared = true;
    } catch (TranslateException | MpcException e) {
      throw e;
    } catch (Exception e) {
      throw new TranslateException(e);
    }
  }

  /** {@inheritDoc} The outputs belong to the manager of the inputs, as those of other engines. */
  @Override
  protected NDList predictInternal(TranslatorContext ctx, NDList inputs) {
    Client.requireArrays(inputs);
    return encrypted.predict(
        inputs, inputs.head().getManager(), timeout, reports, EvaluationListener.none());
  }

  /** {@inheritDoc} Not private, so not supported. */
  @Override
  public boolean supportsStreaming() {
    return false;
  }

  /** {@inheritDoc} It would run the block in plaintext. */
  @Override
  public StreamOutput<O> streamingPredict(I input) {
    throw UnsupportedNDArray.unsupported("streamingPredict", "predict");
  }

  /** Ends this predictor; erases the shares of the model's weights if they are its own. */
  @Override
  public void close() {
    if (owner) {
      encrypted.close();
    }
    super.close();
  }
}
