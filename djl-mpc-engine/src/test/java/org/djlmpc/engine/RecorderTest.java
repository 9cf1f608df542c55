package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.djlmpc.autograd.Recorder;
import org.djlmpc.graph.PublicTensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RecorderTest {
  private record Call(
      String operator,
      NDList inputs,
      NDList outputs,
      NDList residuals,
      Map<String, Object> attributes) {}

  private final List<Call> calls = new ArrayList<>();
  private final Recorder recorder =
      (operator, inputs, outputs, residuals, attributes) ->
          calls.add(new Call(operator, inputs, outputs, residuals, attributes));
  private final MpcNDManager manager =
      MpcNDManager.base(
          null, ArrayContext.of(new FakeSecrets(), new Random(1)).withRecorder(recorder));

  @AfterEach
  void close() {
    manager.close();
  }

  private Call only() {
    assertThat(calls).hasSize(1);
    return calls.remove(0);
  }

  @Test
  void everyOperatorIsRecordedOnceWithItsArraysByIdentity() {
    NDArray x = manager.ones(new Shape(2, 3));
    NDArray w = FakeSecrets.share(manager, PublicTensor.full(new Shape(4, 3), DataType.FLOAT32, 1));
    NDArray y = x.getNDArrayInternal().linear(x, w, null).get(0);
    Call linear = only();
    assertThat(linear.operator()).isEqualTo("linear");
    assertSame(linear.inputs(), x, w);
    assertSame(linear.outputs(), y);
    y.sum(new int[] {1}, true);
    Call sum = only();
    assertThat(sum.operator()).isEqualTo("reduce_sum");
    assertThat(sum.attributes()).containsEntry("keep_axes", true);
    assertThat((int[]) sum.attributes().get("axes")).containsExactly(1);
    y.mul(3);
    assertThat(only().attributes()).containsEntry("number", 3.0);
    x.reshape(3, 2);
    assertThat(only().attributes()).containsEntry("shape", new Shape(3, 2));
  }

  @Test
  void anOperatorInPlaceIsAnOperatorAndAnAssignment() {
    NDArray x = FakeSecrets.share(manager, PublicTensor.full(new Shape(2), DataType.FLOAT32, 1));
    x.addi(1);
    assertThat(calls).extracting(Call::operator).containsExactly("add", Recorder.ASSIGN);
    NDArray sum = calls.get(0).outputs().head();
    assertSame(calls.get(1).inputs(), sum);
    assertSame(calls.get(1).outputs(), x);
    // the tape may still read it
    assertThat(FakeSecrets.open((MpcNDArray) sum).floats()).containsExactly(2, 2);
  }

  @Test
  void attributesAreOfPlainTypes() {
    NDArray x = manager.ones(new Shape(1, 2, 4, 4));
    NDArray w = manager.ones(new Shape(2, 1, 3, 3));
    x.getNDArrayInternal()
        .convolution(x, w, null, new Shape(1, 1), new Shape(1, 1), new Shape(1, 1), 2);
    x.getNDArrayInternal().maxPool(new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false);
    x.get(":, 1:, ::2").transpose(3, 0, 1, 2).flip(0).repeat(1, 2).tile(2).pad(new Shape(1, 1), 0);
    x.softmax(1).argMax(1).take(manager.create(new long[] {0}));
    x.broadcast(2, 2, 4, 4).concat(x, 0).cumSum(0).get(manager.create(new long[] {0}));
    assertThat(calls).hasSizeGreaterThan(14);
    assertThat(calls)
        .flatExtracting(call -> call.attributes().values())
        .allSatisfy(
            value -> assertThat(value.getClass().getPackageName()).doesNotStartWith("org.djlmpc"));
  }

  @Test
  void nothingIsRecordedWithoutARecorderOrForAStoppedGradient() {
    NDArray x = manager.ones(new Shape(2));
    x.stopGradient();
    MpcNDManager silent = manager.newSubManager(manager.context().withRecorder(null));
    silent.ones(new Shape(2)).add(1);
    assertThat(calls).isEmpty();
    manager.newSubManager().ones(new Shape(2)).add(1);
    assertThat(calls).hasSize(1);
  }

  private static void assertSame(NDList actual, NDArray... expected) {
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual.get(i) == expected[i]).as(Arrays.toString(expected)).isTrue();
    }
  }
}
