package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.PublicTensor;
import org.junit.jupiter.api.Test;

final class MpcEngineTest {
  private static final Shape PAIR = new Shape(2);

  @Test
  void isFoundByDjlAndLeavesTheDefaultToOthers() {
    assertThat(Engine.getAllEngines()).contains("MPC");
    assertThat(Engine.getEngine("MPC")).isSameAs(MpcEngine.INSTANCE);
    assertThat(Engine.getDefaultEngineName()).isEqualTo("PyTorch");
    assertThat(MpcEngine.INSTANCE.getAlternativeEngine()).isNull();
  }

  @Test
  void managersOwnTheirArrays() {
    try (NDManager base = NDManager.newBaseManager("MPC")) {
      NDManager sub = base.newSubManager();
      NDArray kept = sub.ones(PAIR);
      NDArray lost = kept.add(1);
      kept.attach(base);
      sub.close();
      assertThat(lost.isReleased()).isTrue();
      assertThat(kept.toFloatArray()).containsExactly(1, 1);
      assertThatThrownBy(lost::getShape).isInstanceOf(IllegalStateException.class);
      NDManager other = base.newSubManager();
      kept.tempAttach(other);
      other.close();
      assertThat(kept.getManager()).isSameAs(base);
      assertThat(kept.isReleased()).isFalse();
      try (NDManager torch = NDManager.newBaseManager("PyTorch")) {
        assertThatThrownBy(() -> kept.attach(torch)).hasMessageContaining("PyTorch");
        NDArray foreign = torch.create(new float[] {1, 2});
        assertThat(kept.add(foreign).toFloatArray()).containsExactly(2, 3);
        assertThat(foreign.add(kept).toFloatArray()).containsExactly(2, 3);
      }
    }
  }

  @Test
  void theLastHolderErasesAShare() {
    FakeSecrets.Hidden share = new FakeSecrets.Hidden(PublicTensor.of(new float[2], PAIR));
    try (MpcNDManager manager = MpcNDManager.base(null, FakeSecrets.context())) {
      MpcNDArray secret = manager.create(share, DataType.FLOAT32);
      NDArray copy = secret.duplicate();
      NDArray same = secret.toType(DataType.FLOAT32, true);
      NDArray target = manager.zeros(PAIR);
      secret.copyTo(target);
      secret.close();
      secret.close();
      same.close();
      copy.addi(1);
      assertThat(share.erased).isFalse();
      target.close();
      assertThat(share.erased).isTrue();
    }
  }

  @Test
  void closingAManagerErasesItsShares() {
    FakeSecrets.Hidden share = new FakeSecrets.Hidden(PublicTensor.of(new float[2], PAIR));
    MpcNDManager manager = MpcNDManager.base(null, FakeSecrets.context());
    manager.newSubManager().create(share, DataType.FLOAT32);
    manager.close();
    assertThat(share.erased).isTrue();
  }

  @Test
  void newManagersTakeTheContextBoundToTheThread() {
    ArrayContext context = FakeSecrets.context();
    try (ArrayContext.Binding bound = context.bind();
        MpcNDManager manager = (MpcNDManager) NDManager.newBaseManager("MPC")) {
      assertThat(bound).isNotNull();
      assertThat(manager.context()).isSameAs(context);
      assertThat(manager.newSubManager().context()).isSameAs(context);
    }
    assertThat(ArrayContext.current()).isSameAs(ArrayContext.PUBLIC);
    try (MpcNDManager manager = (MpcNDManager) NDManager.newBaseManager("MPC")) {
      FakeSecrets.Hidden share = new FakeSecrets.Hidden(PublicTensor.of(new float[2], PAIR));
      assertThatThrownBy(() -> manager.create(share, DataType.FLOAT32))
          .isInstanceOfSatisfying(
              MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SESSION));
    }
  }

  @Test
  void randomNumbersComeFromTheCommonSeed() {
    float[][] drawn = new float[2][];
    for (int party = 0; party < 2; party++) {
      ArrayContext context = ArrayContext.of(new FakeSecrets(), new Random(99));
      try (MpcNDManager manager = MpcNDManager.base(null, context)) {
        NDArray x = manager.randomNormal(2, 3, new Shape(1000), DataType.FLOAT32);
        assertThat(x.mean().getFloat()).isBetween(1.5f, 2.5f);
        NDArray cut = manager.truncatedNormal(0, 1, new Shape(1000), DataType.FLOAT32);
        assertThat(cut.abs().max().getFloat()).isLessThanOrEqualTo(2);
        NDArray uniform = manager.randomUniform(-1, 1, new Shape(1000));
        assertThat(uniform.max().getFloat()).isBetween(0.9f, 1f);
        NDArray dropped = uniform.getNDArrayInternal().dropout(uniform, 0.25f, true).get(0);
        assertThat(dropped.eq(0).sum().getLong()).isBetween(150L, 350L);
        assertThat(manager.randomPermutation(50).sum().getLong()).isEqualTo(49 * 25);
        NDArray dice = manager.randomInteger(1, 7, new Shape(1000), DataType.INT32);
        assertThat(dice.min().getInt()).isEqualTo(1);
        assertThat(dice.max().getInt()).isEqualTo(6);
        drawn[party] = x.concat(cut).concat(dropped).toFloatArray();
      }
    }
    assertThat(drawn[0]).isEqualTo(drawn[1]);
  }

  @Test
  void managersCreateWhatPyTorchCreates() {
    try (NDManager ours = NDManager.newBaseManager("MPC");
        NDManager torch = NDManager.newBaseManager("PyTorch")) {
      assertCreatesTheSame(torch, ours, m -> m.arange(5));
      assertCreatesTheSame(torch, ours, m -> m.arange(1f, 2f, 0.3f));
      assertCreatesTheSame(torch, ours, m -> m.arange(7, 2, -2));
      assertCreatesTheSame(torch, ours, m -> m.eye(3, 4, 0));
      assertCreatesTheSame(torch, ours, m -> m.linspace(0f, 1f, 4));
      assertCreatesTheSame(torch, ours, m -> m.full(PAIR, 7));
      assertCreatesTheSame(torch, ours, m -> m.ones(PAIR, DataType.INT32));
      assertCreatesTheSame(torch, ours, m -> m.zeros(PAIR, DataType.BOOLEAN));
      assertCreatesTheSame(torch, ours, m -> m.create(new float[][] {{1, 2}, {3, 4}}));
      assertCreatesTheSame(torch, ours, m -> m.create(new boolean[] {true, false}));
      assertCreatesTheSame(torch, ours, m -> m.create(new byte[] {-1, 2}));
      assertCreatesTheSame(torch, ours, m -> m.create(5.5));
      assertCreatesTheSame(torch, ours, m -> m.decode(torch.arange(4f).encode()));
      assertCreatesTheSame(torch, ours, m -> m.decode(ours.arange(4f).encode()));
      assertCreatesTheSame(torch, ours, m -> m.hanningWindow(5));
    }
  }

  private static void assertCreatesTheSame(
      NDManager torch, NDManager ours, java.util.function.Function<NDManager, NDArray> create) {
    NDArray expected = create.apply(torch);
    assertThat(create.apply(ours).toType(DataType.FLOAT64, false).toDoubleArray())
        .usingComparatorWithPrecision(1e-6)
        .containsExactly(expected.toType(DataType.FLOAT64, false).toDoubleArray());
    assertThat(create.apply(ours).getShape()).isEqualTo(expected.getShape());
    assertThat(create.apply(ours).getDataType()).isEqualTo(expected.getDataType());
  }

  @Test
  void gradientsAreZeroUntilSomeoneAdds() {
    try (NDManager manager = NDManager.newBaseManager("MPC")) {
      NDArray w = manager.ones(PAIR);
      assertThatThrownBy(w::getGradient).isInstanceOf(IllegalStateException.class);
      w.setRequiresGradient(true);
      assertThat(w.hasGradient()).isTrue();
      w.getGradient().addi(2);
      assertThat(w.getGradient().toFloatArray()).containsExactly(2, 2);
    }
  }

  /** Every method of the classes that only refuse, on public arrays too. */
  @Test
  void unsupportedOperatorsSayTheirNameAndWhatToUse() throws IllegalAccessException {
    try (NDManager manager = NDManager.newBaseManager("MPC")) {
      NDArray x = manager.ones(new Shape(2, 2));
      int refused = 0;
      for (Object target : List.of(x, x.getNDArrayInternal(), manager)) {
        for (Method method : refusing(target.getClass())) {
          Object[] arguments =
              Arrays.stream(method.getParameterTypes()).map(MpcEngineTest::nothing).toArray();
          assertThatThrownBy(() -> method.invoke(target, arguments))
              .cause()
              .isInstanceOf(UnsupportedOperationException.class)
              .hasMessageContainingAll("'" + method.getName(), "Use ");
          refused++;
        }
      }
      assertThat(refused).isGreaterThan(60);
      assertThatThrownBy(x::sort).hasMessageContainingAll("'sort'", "argMax");
    }
  }

  private static List<Method> refusing(Class<?> type) {
    List<Method> methods = new ArrayList<>();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      if (c == UnsupportedNDArray.class
          || c == UnsupportedNDArrayEx.class
          || c == DenseNDManager.class) {
        for (Method method : c.getDeclaredMethods()) {
          if (!Modifier.isStatic(method.getModifiers())) {
            methods.add(method);
          }
        }
      }
    }
    return methods;
  }

  private static Object nothing(Class<?> type) {
    if (type == boolean.class) {
      return false;
    } else if (type == int.class) {
      return 0;
    } else if (type == long.class) {
      return 0L;
    } else if (type == float.class) {
      return 0f;
    }
    return type == double.class ? 0.0 : null;
  }

  @Test
  void anUpdateOfAParameterLeavesNothingBehind() {
    try (NDManager manager = NDManager.newBaseManager("MPC")) {
      NDArray w = manager.ones(PAIR);
      w.setRequiresGradient(true);
      NDList arrays = new NDList(w, w.getGradient(), manager.zeros(PAIR), manager.ones(PAIR));
      int before = manager.getManagedArrays().size();
      for (int i = 0; i < 3; i++) {
        w.getGradient().addi(1);
        w.getNDArrayInternal()
            .adamUpdate(
                arrays, new NDList(w), 0.1f, 0.1f, 0, 1, -1, 0.9f, 0.99f, 1e-8f, true, false);
        w.getNDArrayInternal().sgdUpdate(arrays, new NDList(w), 0.1f, 0, 1, -1, 0.9f, true);
      }
      assertThat(manager.getManagedArrays()).hasSize(before);
      assertThat(w.getGradient().toFloatArray()).containsOnly(0);
    }
  }

  @Test
  void padsDoNotCountInAnAverageThatLeavesThemOut() {
    // DJL's PyTorch engine ignores the argument; its definition does not
    try (NDManager manager = NDManager.newBaseManager("MPC")) {
      NDArray x = manager.ones(new Shape(1, 1, 4, 4));
      Shape two = new Shape(2, 2);
      NDArray y = x.getNDArrayInternal().avgPool(two, two, new Shape(1, 1), false, false);
      assertThat(y.min().getFloat()).isEqualTo(1);
      assertThat(
              x.getNDArrayInternal()
                  .avgPool(two, two, new Shape(1, 1), false, true)
                  .min()
                  .getFloat())
          .isEqualTo(0.25f);
    }
  }

  @Test
  void whiteImagesStayWhite() {
    try (NDManager manager = NDManager.newBaseManager("MPC")) {
      NDArray white = manager.full(new Shape(37, 53, 3), 255, DataType.UINT8);
      for (int mode = 0; mode < 4; mode++) {
        NDArray resized = white.getNDArrayInternal().resize(16, 24, mode);
        assertThat(resized.getDataType()).isEqualTo(DataType.UINT8);
        assertThat(resized.toUint8Array()).containsOnly(255);
      }
    }
  }

  @Test
  void resultsThatDoNotFitAnArrayAreRefusedInPlace() {
    try (NDManager manager = NDManager.newBaseManager("MPC")) {
      NDArray x = manager.arange(2);
      assertThatThrownBy(() -> x.addi(0.5f))
          .isInstanceOfSatisfying(
              MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_TYPE));
      assertThatThrownBy(() -> x.addi(manager.ones(new Shape(3, 2), DataType.INT32)))
          .isInstanceOfSatisfying(
              MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHAPE));
      assertThat(x.toIntArray()).containsExactly(0, 1);
    }
  }
}
