package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Parameter;
import ai.djl.nn.recurrent.RNN;
import ai.djl.training.loss.Loss;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.PublicTensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every way in which DJL or a program could look into a secret by accident is tried. */
final class SecretTrapsTest {
  private MpcNDManager manager;
  private NDManager torch;
  private MpcNDArray secret;

  @BeforeEach
  void open() {
    manager = MpcNDManager.base(null, FakeSecrets.context());
    torch = NDManager.newBaseManager("PyTorch");
    secret = secret(1234.5f);
  }

  @AfterEach
  void close() {
    manager.close();
    torch.close();
  }

  private MpcNDArray secret(float value) {
    float[] values = {value, -value, value / 2, value / 4};
    return FakeSecrets.share(manager, PublicTensor.of(values, new Shape(2, 2)));
  }

  // ---- each trap by name

  @TestFactory
  Stream<DynamicTest> readingIsRefused() {
    MpcNDArray bits = (MpcNDArray) secret.gt(0);
    MpcNDArray index = (MpcNDArray) secret.argMax(1);
    NDArray known = manager.ones(new Shape(2, 2));
    NDArray other = secret(3);
    return Stream.of(
            trap("toByteBuffer", () -> secret.toByteBuffer()),
            trap("toByteBuffer direct", () -> secret.toByteBuffer(true)),
            trap("toFloatArray", () -> secret.toFloatArray()),
            trap("toByteArray", () -> secret.toByteArray()),
            trap("toUint8Array", () -> secret.toUint8Array()),
            trap("toArray", () -> secret.toArray()),
            trap("toBooleanArray", bits::toBooleanArray),
            trap("toLongArray", index::toLongArray),
            trap("getFloat", () -> secret.getFloat(0, 0)),
            trap("getBoolean", () -> bits.getBoolean(0, 0)),
            trap("getLong", () -> index.getLong(0)),
            trap("getByte", () -> bits.getByte(0, 1)),
            trap("getUint8", () -> bits.getUint8(0, 1)),
            trap("encode", () -> secret.encode()),
            trap("encode list", () -> new NDList(secret).encode()),
            trap(
                "encode numpy",
                () -> new NDList(secret).encode(new ByteArrayOutputStream(), NDList.Encoding.NPZ)),
            trap("equals", () -> secret.equals(other)),
            trap("equals public", () -> secret.equals(known)),
            trap("public equals", () -> known.equals(secret)),
            trap("contentEquals", () -> secret.contentEquals(other)),
            trap("contentEquals number", () -> secret.contentEquals(1)),
            trap("contentEquals static", () -> NDArrays.contentEquals(secret, known)),
            trap("allClose", () -> secret.allClose(known)),
            trap("public allClose", () -> known.allClose(secret)),
            trap("nonzero", () -> secret.nonzero()),
            trap("copyTo PyTorch", () -> secret.copyTo(torch.ones(new Shape(2, 2)))),
            trap("PyTorch from", () -> torch.from(secret)),
            trap("PyTorch add", () -> torch.ones(new Shape(2, 2)).add(secret)),
            trap("PyTorch set", () -> torch.ones(new Shape(2, 2)).set(new NDIndex(":"), secret)),
            trap("save a parameter", this::save),
            trap(
                "loss",
                () -> Loss.l2Loss().evaluate(new NDList(known), new NDList(secret)).getFloat()))
        .map(Function.identity());
  }

  private static DynamicTest trap(String name, ThrowingCallable attempt) {
    return DynamicTest.dynamicTest(
        name,
        () ->
            assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(
                    MpcException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.IMPLICIT_REVEAL))
                .hasMessageContaining("Open it explicitly")
                .hasMessageNotContaining("1234"));
  }

  private void save() throws java.io.IOException {
    Parameter parameter = Parameter.builder().setName("w").setType(Parameter.Type.WEIGHT).build();
    parameter.setArray(secret);
    parameter.save(new DataOutputStream(new ByteArrayOutputStream()));
  }

  @Test
  void stringsShowShapeAndKindOnly() {
    for (String text :
        List.of(
            secret.toString(),
            secret.toDebugString(),
            secret.toDebugString(true),
            secret.toDebugString(100, 10, 10, 10, true),
            new NDList(secret).toString())) {
      assertThat(text).contains("(2, 2)", "float32").doesNotContain("1234", "617");
    }
    assertThat(secret.toString()).contains("secret");
    assertThat(manager.ones(new Shape(1)).toString()).contains("1.");
  }

  @Test
  void aSecretIsEqualToItselfOnly() {
    assertThat(secret.equals(secret)).isTrue();
    assertThat(secret.equals("secret")).isFalse();
    assertThat(new NDList(secret).contains(secret)).isTrue();
  }

  @Test
  void secretIndicesNameAWayOut() {
    MpcNDArray index = (MpcNDArray) secret.argMax(1);
    NDArray known = manager.ones(new Shape(3, 4));
    for (ThrowingCallable attempt :
        List.<ThrowingCallable>of(
            () -> known.get(index),
            () -> known.get(secret.gt(0)),
            () -> known.take(index),
            () -> known.gather(index.expandDims(1), 1),
            () -> known.get(new NDIndex().addAllDim().addPickDim(index)),
            () -> known.getNDArrayInternal().embedding(index, known, SparseFormat.DENSE))) {
      assertThatThrownBy(attempt)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("oneHot");
    }
    assertThat(FakeSecrets.open((MpcNDArray) index.oneHot(2)).floats()).containsExactly(1, 0, 1, 0);
  }

  @Test
  void whatIsSecretStaysSecret() {
    NDArray known = manager.ones(new Shape(2, 2));
    known.addi(secret);
    assertThat(((MpcNDArray) known).isSecret()).isTrue();
    NDArray part = manager.zeros(new Shape(4, 2));
    part.set(new NDIndex("1:3"), secret);
    assertThat(((MpcNDArray) part).isSecret()).isTrue();
    NDArray copy = manager.zeros(new Shape(2, 2));
    secret.copyTo(copy);
    assertThat(((MpcNDArray) copy).isSecret()).isTrue();
    assertThat(((MpcNDArray) secret.duplicate()).isSecret()).isTrue();
    assertThat(((MpcNDArray) secret.mul(0)).isSecret()).isTrue();
  }

  // ---- every method, whatever it is called

  /**
   * Calls every method of NDArray and NDArrayEx on two different secrets: what comes back must be
   * secret, or the same for both.
   */
  @TestFactory
  Stream<DynamicTest> noMethodTellsTwoSecretsApart() {
    return Stream.concat(
            Arrays.stream(NDArray.class.getMethods()), Arrays.stream(NDArrayEx.class.getMethods()))
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> !method.getName().equals("getUid"))
        .map(method -> DynamicTest.dynamicTest(method.toString(), () -> compare(method)));
  }

  private void compare(Method method) {
    String one = observe(method, secret(1234.5f));
    String two = observe(method, secret(-77));
    assertThat(two).isEqualTo(one);
  }

  private String observe(Method method, MpcNDArray array) {
    NDArrayEx internal = array.getNDArrayInternal();
    Object target = method.getDeclaringClass().isInstance(array) ? array : internal;
    Object[] arguments =
        Arrays.stream(method.getParameterTypes()).map(type -> argument(type, array)).toArray();
    try {
      return describe(method.invoke(target, arguments));
    } catch (InvocationTargetException e) {
      return e.getCause().getClass() + ": " + e.getCause().getMessage();
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private String describe(@Nullable Object result) {
    if (result instanceof MpcNDArray array) {
      return array.isSecret()
          ? "secret " + array.getShape() + array.getDataType()
          : array.toDebugString() + Arrays.toString(array.toArray());
    }
    if (result instanceof NDList list) {
      return list.stream().map(this::describe).toList().toString();
    }
    if (result instanceof List<?> list) {
      return list.stream().map(this::describe).toList().toString();
    }
    if (result instanceof Object[] array) {
      return Arrays.deepToString(array);
    }
    // a view on the array itself, of which every method is called here
    boolean view = result instanceof NDManager || result instanceof NDArrayEx;
    return view || result instanceof ai.djl.ndarray.index.NDArrayIndexer
        ? result.getClass().getName()
        : String.valueOf(result);
  }

  private Object argument(Class<?> type, MpcNDArray array) {
    if (type == NDArray.class) {
      return array;
    } else if (type == NDList.class) {
      return new NDList(array, array, array, array);
    } else if (type == int.class || type == Integer.class) {
      return 1;
    } else if (type == long.class) {
      return 1L;
    } else if (type == float.class) {
      return 0.5f;
    } else if (type == double.class) {
      return 0.5;
    } else if (type == boolean.class) {
      return true;
    } else if (type == Number.class) {
      return 2;
    } else if (type == int[].class) {
      return new int[] {0, 1};
    } else if (type == long[].class) {
      return new long[] {1, 1};
    } else if (type == float[].class) {
      return new float[] {1, 2, 3, 4};
    } else if (type == double[].class) {
      return new double[] {1, 2, 3, 4};
    } else if (type == byte[].class) {
      return new byte[16];
    } else if (type == Shape.class) {
      return new Shape(2, 2);
    } else if (type == DataType.class) {
      return DataType.FLOAT32;
    } else if (type == Device.class) {
      return Device.cpu();
    } else if (type == NDManager.class) {
      return array.getManager();
    } else if (type == NDIndex.class) {
      return new NDIndex("0, 1");
    } else if (type == SparseFormat.class) {
      return SparseFormat.COO;
    } else if (type == Charset.class) {
      return StandardCharsets.UTF_8;
    } else if (type == Buffer.class) {
      return FloatBuffer.wrap(new float[4]);
    } else if (type == String.class) {
      return "0";
    } else if (type == Object[].class) {
      return new Object[0];
    } else if (type == Object.class) {
      return array.getManager().ones(new Shape(2, 2));
    } else if (type == Function.class) {
      return Function.<NDArray>identity();
    } else if (type == Consumer.class) {
      return (Consumer<NDArray>) x -> {};
    } else if (type == RNN.Activation.class) {
      return RNN.Activation.RELU;
    } else if (type == List.class) {
      return List.of(1f);
    }
    throw new AssertionError("no argument of " + type);
  }
}
