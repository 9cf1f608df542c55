package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.translate.Batchifier;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.EvaluationListener;
import org.djlmpc.graph.Node;
import org.djlmpc.graph.Operand;
import org.djlmpc.graph.WeightMode;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.Ring;
import org.djlmpc.transport.LinkShape;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Encrypted predictors when many threads use them, when something fails, and when they end. */
@Timeout(600)
final class MpcPredictorTest {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final LinkShape SLOW = new LinkShape(300, Double.POSITIVE_INFINITY);

  private LocalParties parties;
  private NDManager torch;
  private final List<Model> models = new ArrayList<>();
  private final Set<Thread> before = threads();

  @BeforeEach
  void open() {
    Engine.getEngine("PyTorch").setRandomSeed(1);
    parties = LocalParties.start(Ariann.ARIANN);
    torch = NDManager.newBaseManager("PyTorch");
  }

  @AfterEach
  void close() {
    parties.close();
    models.forEach(Model::close);
    torch.close();
  }

  private Model model(Block block) {
    Model model = Model.newInstance("model", "PyTorch");
    model.setBlock(block);
    models.add(model);
    return model;
  }

  private Model model(Block block, Shape... inputs) {
    Model model = model(block);
    block.initialize(model.getNDManager(), DataType.FLOAT32, inputs);
    return model;
  }

  /** A block that needs several rounds, so that a slow network makes it slow. */
  private Model mlp() {
    return model(
        new SequentialBlock()
            .add(Linear.builder().setUnits(5).build())
            .add(Activation.reluBlock())
            .add(Linear.builder().setUnits(3).build()),
        new Shape(1, 4));
  }

  private NDList rows(int count, float first) {
    return new NDList(torch.arange(first, first + 4 * count, 1).mul(0.1f).reshape(count, 4));
  }

  private static float[] plaintext(Model model, NDList inputs) {
    return model
        .getBlock()
        .forward(new ParameterStore(model.getNDManager(), false), inputs, false)
        .head()
        .toFloatArray();
  }

  private static void assertAnswers(
      MpcPredictor<NDList, NDList> predictor, Model model, NDList inputs)
      throws TranslateException {
    assertThat(predictor.predict(inputs).head().toFloatArray())
        .usingComparatorWithPrecision(5e-3f)
        .containsExactly(plaintext(model, inputs));
  }

  private static void assertFails(ErrorCode code, Callable<?> action, String... words) {
    assertThatThrownBy(action::call)
        .isInstanceOfSatisfying(MpcException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageStartingWith(code.id())
        .satisfies(e -> assertThat(words).allMatch(e.getMessage()::contains, e.getMessage()));
  }

  private MpcPredictor<NDList, NDList> predictor(Model model) {
    return parties.encrypt(model, new NoopTranslator());
  }

  // ---- threads

  @Test
  void manyThreadsUseOnePredictorAndOthersOfTheSameParties() throws Exception {
    Model model = mlp();
    Model other = mlp();
    PreparedOnce translator = new PreparedOnce();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (MpcPredictor<NDList, NDList> predictor = parties.encrypt(model, translator);
        MpcPredictor<NDList, NDList> second = predictor(other)) {
      List<Future<?>> answers = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        int number = i;
        answers.add(
            threads.submit(
                () -> {
                  NDList inputs = rows(1 + number % 3, number);
                  if (number % 4 == 3) {
                    assertAnswers(second, other, inputs);
                  } else {
                    assertAnswers(predictor, model, inputs);
                  }
                  return null;
                }));
      }
      for (Future<?> answer : answers) {
        answer.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(translator.prepared).hasValue(1);
  }

  private static final class PreparedOnce implements Translator<NDList, NDList> {
    private final AtomicInteger prepared = new AtomicInteger();

    @Override
    public void prepare(TranslatorContext ctx) {
      prepared.incrementAndGet();
    }

    @Override
    public NDList processInput(TranslatorContext ctx, NDList input) {
      return input;
    }

    @Override
    public NDList processOutput(TranslatorContext ctx, NDList list) {
      return list;
    }

    @Override
    public Batchifier getBatchifier() {
      return null;
    }
  }

  // ---- bad input

  @Test
  void badInputIsNamedAndTheNextRequestWorks() throws Exception {
    Model model = mlp();
    try (MpcPredictor<NDList, NDList> predictor = predictor(model)) {
      NDArray x = rows(2, 1).head();
      NDArray nan = torch.create(new float[] {1, Float.NaN, Float.POSITIVE_INFINITY, 0});
      assertFails(ErrorCode.NOT_FINITE, () -> predict(predictor, nan.reshape(1, 4)), "2 of 4");
      assertFails(
          ErrorCode.OUT_OF_RANGE,
          () -> predict(predictor, x.mul(1e12f)),
          "Input 0",
          "8 of 8 values",
          "1.073741824E9",
          "fewer fraction bits");
      assertFails(
          ErrorCode.DATA_TYPE,
          () -> predict(predictor, x.toType(DataType.INT32, true)),
          "int32",
          "toType");
      assertFails(
          ErrorCode.SHAPE, () -> predict(predictor, torch.zeros(new Shape(0, 4))), "no elements");
      // the first request that reaches the model fixes nothing for the ones after it
      assertFails(ErrorCode.SHAPE, () -> predict(predictor, torch.ones(new Shape(2, 5))), "(2, 5)");
      assertFails(ErrorCode.SHAPE, () -> predictor.predict(new NDList(x, x)));
      assertAnswers(predictor, model, new NDList(x));
      assertAnswers(
          predictor,
          model,
          new NDList(x.toType(DataType.FLOAT64, true).toType(DataType.FLOAT32, true)));
      assertFails(ErrorCode.SHAPE, () -> predict(predictor, torch.ones(new Shape(2, 5))), "(2, 5)");
      assertAnswers(predictor, model, rows(3, 7));
    }
  }

  private static NDList predict(MpcPredictor<NDList, NDList> predictor, NDArray input)
      throws TranslateException {
    return predictor.predict(new NDList(input));
  }

  @Test
  void modelsThatCannotBeEncryptedSayWhy() throws Exception {
    Block conv = Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(2).build();
    assertFails(
        ErrorCode.WEIGHTS_MISSING,
        () -> predictor(model(new SequentialBlock().add(conv))),
        "weight",
        "initialize");
    assertFails(ErrorCode.WEIGHTS_MISSING, () -> predictor(model(null)), "has no block");
    Shape shape = new Shape(1, 1, 5, 5);
    Model sine = model(new SequentialBlock().add(conv).addSingleton(NDArray::sin), shape);
    Model sort = model(new SequentialBlock().add(conv).addSingleton(NDArray::sort), shape);
    NDArray x = torch.ones(shape);
    try (MpcPredictor<NDList, NDList> predictor = predictor(sine)) {
      assertFails(
          ErrorCode.UNSUPPORTED_OPERATOR, () -> predict(predictor, x), "01Conv2d", "SIN", "use");
    }
    try (MpcPredictor<NDList, NDList> predictor = predictor(sort)) {
      assertFails(
          ErrorCode.UNSUPPORTED_OPERATOR, () -> predict(predictor, x), "01Conv2d", "sort", "Use");
    }
    Model huge = model(Linear.builder().setUnits(1).build(), new Shape(1, 4));
    huge.getBlock().getParameters().get(0).getValue().getArray().muli(0).addi(1e20f);
    try (MpcPredictor<NDList, NDList> predictor = predictor(huge)) {
      assertFails(
          ErrorCode.OUT_OF_RANGE, () -> predictor.predict(rows(1, 1)), "weight", "fraction bits");
    }
    Model closed = mlp();
    MpcPredictor<NDList, NDList> late = predictor(closed);
    closed.close();
    assertFails(ErrorCode.CLOSED, () -> late.predict(rows(1, 1)), "predictor is closed");
    Model works = mlp();
    try (MpcPredictor<NDList, NDList> predictor = predictor(works)) {
      assertAnswers(predictor, works, rows(1, 1));
    }
  }

  @Test
  void severalInputsAndOutputsOfOtherTypes() throws Exception {
    Block block =
        new LambdaBlock(
            in -> {
              NDArray a = in.get(0);
              NDArray b = in.get(1);
              NDArray sum = a.add(b);
              NDArray known = a.getManager().arange(3f);
              return new NDList(sum, a, a.gt(b), a.argMax(1), a, sum.mul(b), known);
            });
    EncryptedModel encrypted = parties.encrypt(model(block), WeightMode.SHARED);
    NDArray a = torch.create(new float[] {1, -2, 3, 4}, new Shape(2, 2));
    NDArray b = torch.create(new float[] {0.5f, 2, 2, -1}, new Shape(2, 2));
    for (int i = 0; i < 2; i++) {
      NDList out =
          encrypted.predict(new NDList(a, b), torch, LONG, r -> {}, EvaluationListener.none());
      assertThat(out).hasSize(7);
      float[] values = a.toFloatArray();
      assertThat(out.get(0).toFloatArray()).containsExactly(1.5f, 0, 5, 3);
      assertThat(out.get(1).toFloatArray()).containsExactly(values);
      assertThat(out.get(2).toBooleanArray()).containsExactly(true, false, true, true);
      assertThat(out.get(3).toLongArray()).containsExactly(0, 1);
      assertThat(out.get(4).toFloatArray()).containsExactly(values);
      assertThat(out.get(5).toFloatArray())
          .usingComparatorWithPrecision(1e-3f)
          .containsExactly(0.75f, 0, 10, -3);
      assertThat(out.get(6).toFloatArray()).containsExactly(0, 1, 2);
    }
  }

  /** An output that is a weight must not be erased with the other outputs. */
  @Test
  void aWeightAmongTheOutputsStays() throws Exception {
    Linear linear = Linear.builder().setUnits(3).build();
    Block both =
        new ParallelBlock(
            lists -> new NDList(lists.get(0).head().add(lists.get(1).head())),
            List.of(linear, linear));
    Model model = model(both, new Shape(1, 4));
    try (MpcPredictor<NDList, NDList> predictor = predictor(model)) {
      assertAnswers(predictor, model, rows(2, 0));
      assertAnswers(predictor, model, rows(2, 1));
    }
    NDArray captured = torch.create(new float[] {1, 2});
    Model leaks = model(new LambdaBlock(in -> new NDList(in.head().add(captured), in.head())));
    try (MpcPredictor<NDList, NDList> predictor = predictor(leaks)) {
      for (int i = 1; i < 4; i++) {
        NDArray x = torch.ones(new Shape(i, 2));
        assertThat(predictor.predict(new NDList(x)).head().sum().getFloat()).isEqualTo(i * 5);
      }
    }
  }

  @Test
  void weightsAreSharedOnceForAllBatchSizes() throws Exception {
    Model model =
        model(
            new SequentialBlock()
                .add(Linear.builder().setUnits(2).build())
                // a block may look at its batch size, so it has to be traced again
                .addSingleton(x -> x.abs().mul(x.getShape().get(0))),
            new Shape(1, 4));
    List<InferenceReport> reports = new ArrayList<>();
    try (MpcPredictor<NDList, NDList> predictor = predictor(model).withReports(reports::add)) {
      for (int batch : new int[] {3, 1, 3, 2}) {
        assertAnswers(predictor, model, rows(batch, batch));
      }
      // the weights at the first prediction stay, and are not read again
      float[] before = plaintext(model, rows(5, 0));
      model.getBlock().getParameters().get(0).getValue().getArray().muli(2);
      assertThat(predictor.predict(rows(5, 0)).head().toFloatArray())
          .usingComparatorWithPrecision(5e-3f)
          .containsExactly(before);
    }
    assertThat(reports).hasSize(5);
    long sent = reports.get(0).p0().total().offlineBytesSent();
    assertThat(reports.get(2).p0().total().offlineBytesSent()).isEqualTo(sent);
  }

  /** A factor behind the layer becomes part of its weights, which then are others. */
  @Test
  void weightsThatDependOnTheBatchAreSharedForEachBatchSize() throws Exception {
    Model model =
        model(
            new SequentialBlock()
                .add(Linear.builder().setUnits(2).build())
                .addSingleton(x -> x.mul(x.getShape().get(0))),
            new Shape(1, 4));
    try (MpcPredictor<NDList, NDList> predictor = predictor(model)) {
      for (int batch : new int[] {3, 1, 3, 2}) {
        assertAnswers(predictor, model, rows(batch, batch));
      }
    }
  }

  // ---- time

  @Test
  void aSlowRequestTimesOutAndTheNextOneWorks() throws Exception {
    Model model = mlp();
    try (LocalParties slow =
            LocalParties.start(Ariann.ARIANN, PartyOptions.DEFAULT.withShape(SLOW));
        MpcPredictor<NDList, NDList> predictor = slow.encrypt(model, new NoopTranslator())) {
      NDList inputs = rows(1, 0);
      predictor.withTimeout(Duration.ofMillis(200));
      assertFails(ErrorCode.TIMEOUT, () -> predictor.predict(inputs), "Allow more time");
      predictor.withTimeout(LONG);
      assertAnswers(predictor, model, inputs);
      predictor.withTimeout(Duration.ofMillis(200));
      assertFails(ErrorCode.TIMEOUT, () -> predictor.predict(inputs), "Allow more time");
      predictor.withTimeout(LONG);
      assertAnswers(predictor, model, inputs);
    }
  }

  /** Runs a request up to its first operator, does something, and returns how it failed. */
  private MpcException interfere(EncryptedModel encrypted, Interference interference)
      throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    CompletableFuture<NDList> answer = new CompletableFuture<>();
    EvaluationListener<Operand> progress =
        new EvaluationListener<>() {
          @Override
          public void started(Node node) {
            reached.countDown();
            try {
              done.await(4, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    Thread caller =
        new Thread(
            () -> {
              try {
                answer.complete(encrypted.predict(rows(1, 0), torch, LONG, r -> {}, progress));
              } catch (RuntimeException e) {
                answer.completeExceptionally(e);
              }
            });
    caller.start();
    reached.await();
    CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> interference.with(caller));
    ExecutionException failure = null;
    try {
      answer.get(2, TimeUnit.MINUTES);
    } catch (ExecutionException e) {
      failure = e;
    } finally {
      done.countDown();
    }
    ended.get(2, TimeUnit.MINUTES);
    caller.join();
    assertThat(failure).isNotNull();
    return (MpcException) failure.getCause();
  }

  @FunctionalInterface
  private interface Interference {
    void with(Thread caller);
  }

  @Test
  void interruptingTheCallerCancels() throws Exception {
    Model model = mlp();
    EncryptedModel encrypted = parties.encrypt(model, WeightMode.SHARED);
    assertThat(interfere(encrypted, Thread::interrupt).code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(
            encrypted
                .predict(rows(1, 0), torch, LONG, r -> {}, EvaluationListener.none())
                .head()
                .toFloatArray())
        .usingComparatorWithPrecision(5e-3f)
        .containsExactly(plaintext(model, rows(1, 0)));
    Thread.currentThread().interrupt();
    assertFails(
        ErrorCode.CANCELLED,
        () -> encrypted.predict(rows(1, 0), torch, LONG, r -> {}, EvaluationListener.none()));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void closingAModelStopsItsRequest() throws Exception {
    EncryptedModel encrypted = parties.encrypt(mlp(), WeightMode.OWNER);
    assertThat(interfere(encrypted, caller -> encrypted.close()).code())
        .isEqualTo(ErrorCode.CLOSED);
    assertFails(
        ErrorCode.CLOSED,
        () -> encrypted.predict(rows(1, 0), torch, LONG, r -> {}, EvaluationListener.none()));
  }

  @Test
  void closingThePartiesStopsEverythingAndLeavesNoThread() throws Exception {
    Model model = mlp();
    EncryptedModel encrypted = parties.encrypt(model, WeightMode.SHARED);
    MpcPredictor<NDList, NDList> predictor = predictor(model);
    NDList inputs = rows(1, 0);
    predictor.predict(inputs);
    assertThat(interfere(encrypted, caller -> parties.close()).code()).isEqualTo(ErrorCode.CLOSED);
    assertFails(ErrorCode.CLOSED, () -> predictor.predict(inputs));
    assertFails(ErrorCode.CLOSED, () -> predictor(model), "parties are closed");
    assertFails(ErrorCode.CLOSED, () -> parties.run(Party::id), "parties are closed");
    parties.close();
    predictor.close();
    assertThat(started()).isEmpty();
  }

  @Test
  void noThreadIsLeftOfPartiesOnASlowNetwork() throws Exception {
    parties.close();
    assertThat(started()).isEmpty();
    Model model = mlp();
    LinkShape quick = new LinkShape(1, 1000);
    PartyOptions options = PartyOptions.DEFAULT.withShape(quick);
    try (LocalParties shaped = LocalParties.start(Ariann.ARIANN, options);
        MpcPredictor<NDList, NDList> predictor = shaped.encrypt(model, new NoopTranslator())) {
      predictor.predict(rows(1, 0));
      shaped.run(
          party ->
              party
                  .share(PartyId.P0, party.id() == PartyId.P0 ? new float[1] : null, new Shape(1))
                  .getShape());
      assertThat(started()).isNotEmpty();
    }
    assertThat(started()).isEmpty();
  }

  @Test
  void theSmallRingIsForCalibratedModels() {
    parties.close();
    PartyOptions options = PartyOptions.DEFAULT.withFixedPoint(Ring.Z32, 12);
    try (LocalParties small = LocalParties.start(Ariann.ARIANN, options)) {
      Model model = mlp();
      assertFails(
          ErrorCode.CALIBRATION,
          () -> small.encrypt(model, new NoopTranslator()),
          "no calibration");
    }
  }

  private Set<Thread> started() {
    return threads().stream()
        .filter(thread -> !before.contains(thread))
        .collect(Collectors.toSet());
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && thread.getName().startsWith("djl-mpc-"))
        .collect(Collectors.toSet());
  }
}
