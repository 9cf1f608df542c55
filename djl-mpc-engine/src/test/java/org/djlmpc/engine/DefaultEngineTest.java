package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which engine DJL takes where MPC stands alone on the class path. */
class DefaultEngineTest {
  @Test
  void isTheDefaultWhereNoOtherEngineComputes() throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("pytorch"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Dai.djl.offline=true",
                "-cp",
                classPath,
                Alone.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(printed).endsWith("MPC (2, 3) 42.0");
  }

  /** The program in the other JVM: a block that asks the default engine for its shapes. */
  static final class Alone {
    private Alone() {}

    public static void main(String[] args) {
      LambdaBlock block = new LambdaBlock(x -> new NDList(x.singletonOrThrow().mul(2)));
      Shape shape = block.getOutputShapes(new Shape[] {new Shape(2, 3)})[0];
      try (NDManager manager = NDManager.newBaseManager()) {
        NDArray sum = manager.create(new float[] {20, 22}).sum();
        System.out.println(Engine.getDefaultEngineName() + " " + shape + " " + sum.getFloat());
      }
    }
  }
}
