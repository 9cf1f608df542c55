package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.LinkShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchDeviceTest {
  private static final Engine TORCH = Engine.getEngine("PyTorch");

  private static void refused(Device device, ErrorCode code, String step) {
    assertThatThrownBy(() -> TorchDevice.open(device))
        .isInstanceOfSatisfying(
            MpcException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e).hasMessageContaining(device.toString()).hasMessageContaining(step);
            });
  }

  @Test
  void aDeviceThatIsNotThereIsRefused() {
    refused(Device.of("tpu", 0), ErrorCode.ARGUMENT, "gpu0");
    if (TORCH.hasCapability(StandardCapabilities.CUDA)) {
      refused(Device.gpu(4_000), ErrorCode.ARGUMENT, "gpu0");
    } else {
      refused(Device.gpu(), ErrorCode.MISSING_DEPENDENCY, "Set the device to cpu");
    }
  }

  /** Nobody waits for a server that cannot start. */
  @Test
  void allPartiesLearnThatTheServerHasNoGpu() {
    assumeFalse(TORCH.hasCapability(StandardCapabilities.CUDA));
    SplitPlan plan = SplitTrainingTest.plan(2, 1, UpdateRule.sgd(0.1f));
    ServerSetup gpu = ServerSetup.CPU.withDevice("gpu");
    List<HolderSetup> holders = SyntheticRows.setups(100, 3, 2, LabelResults.IGNORED);
    // the server may fail before the others have even met it
    assertThatThrownBy(
            () -> {
              try (SplitThreads parties = SplitThreads.start(plan, gpu, holders)) {
                parties.train(SplitProgress.SILENT);
              }
            })
        .isInstanceOf(MpcException.class)
        .hasMessageContaining("gpu(0)")
        .hasMessageContaining("CUDA");
  }

  @Test
  void devicesHaveNames() {
    assertThat(ServerSetup.CPU.withDevice("gpu").device()).isEqualTo(Device.gpu(0));
    assertThat(ServerSetup.CPU.withDevice("gpu11").device()).isEqualTo(Device.gpu(11));
    assertThat(ServerSetup.CPU.withDevice("gpu1").withDevice("cpu").device())
        .isEqualTo(Device.cpu());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GPU0", "cuda", "gpu-1", "gpu99999", "cpu0", "gpu0+gpu1"})
  void otherNamesAreRefused(String name) {
    assertThatThrownBy(() -> ServerSetup.CPU.withDevice(name))
        .isInstanceOfSatisfying(
            MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ARGUMENT));
  }

  /** The CPU, and each GPU of the machine that runs this. */
  static Stream<Device> devices() {
    return Stream.concat(Stream.of(Device.cpu()), Stream.of(TORCH.getDevices())).distinct();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void trainingMovesFromADeviceToTheCpu(Device device, @TempDir Path folder) {
    ServerSetup server = ServerSetup.CPU.withSeed(1);
    List<Metrics> whole = run(4, server, folder.resolve("whole"), false);
    run(2, server.withDevice(device), folder.resolve("moved"), false);
    List<Metrics> moved = run(4, server, folder.resolve("moved"), true);
    // a device rounds its sums in its own order
    assertThat(moved).extracting(Metrics::epoch).containsExactly(3, 4);
    assertThat(moved.get(1).loss()).isCloseTo(whole.get(3).loss(), within(1e-3));
    assertThat(whole.get(3).loss()).isLessThan(whole.get(0).loss() - 0.01);
  }

  private static List<Metrics> run(int epochs, ServerSetup server, Path folder, boolean resume) {
    SplitTrainingTest.Learnt learnt = new SplitTrainingTest.Learnt();
    List<HolderSetup> setups = SyntheticRows.setups(400, 3, 2, learnt);
    setups.replaceAll(setup -> setup.withFolder(folder.resolve("holder" + setups.indexOf(setup))));
    try (SplitThreads parties =
        SplitThreads.start(
            SplitTrainingTest.plan(2, epochs, UpdateRule.adam(0.01f)),
            server.withFolder(folder.resolve("server")),
            setups,
            new SplitThreads.Options(LinkShape.NONE, 5L))) {
      if (resume) {
        parties.resume(SplitProgress.SILENT);
      } else {
        parties.train(SplitProgress.SILENT);
      }
    }
    return learnt.metrics;
  }

  private static int arrays() {
    try (NDManager manager = TORCH.newBaseManager()) {
      return manager.getParentManager().getManagedArrays().size();
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void stepsLeaveNoArraysBehind(Device device) throws IOException {
    SplitPlan plan = SplitTrainingTest.plan(2, 3, UpdateRule.sgd(0.1f));
    int before = arrays();
    List<Integer> counts = new ArrayList<>();
    try (ServerLayers layers = new ServerLayers(plan, device, 1L)) {
      for (int i = 0; i < 3; i++) {
        layers.forward(new float[2 * 8], true);
        layers.update(layers.backward(new float[2 * 6]));
        layers.save(new DataOutputStream(OutputStream.nullOutputStream()));
        counts.add(arrays());
      }
    }
    assertThat(counts).containsOnly(counts.get(0));
    assertThat(counts.get(0)).as("the parameters are counted").isGreaterThan(before);
    assertThat(arrays()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("devices")
  void plaintextTrainingLeavesNoArraysBehind(Device device) {
    int before = arrays();
    List<Integer> counts = new ArrayList<>();
    SplitProgress counting =
        new SplitProgress() {
          @Override
          public void epoch(EpochReport report) {
            counts.add(arrays());
          }
        };
    try (PlainTraining training =
        new PlainTraining(
            SplitTrainingTest.plan(2, 3, UpdateRule.sgd(0.1f)),
            ServerSetup.CPU.withSeed(1).withDevice(device),
            SyntheticRows.setups(200, 3, 2, LabelResults.IGNORED),
            5)) {
      training.train(counting);
    }
    assertThat(counts).hasSize(3).containsOnly(counts.get(0));
    assertThat(counts.get(0)).as("the parameters are counted").isGreaterThan(before);
    assertThat(arrays()).isEqualTo(before);
  }

  /** Says that it is elsewhere, and can only be copied from there. */
  @Test
  void copiesFromElsewhereAreClosed() {
    try (NDManager manager = TORCH.newBaseManager(Device.cpu())) {
      List<NDArray> copies = new ArrayList<>();
      NDArray elsewhere =
          (NDArray)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {NDArray.class},
                  (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("toDevice");
                    assertThat(arguments[0]).isEqualTo(Device.cpu());
                    copies.add(manager.create(new float[] {1, 2}));
                    return copies.get(0);
                  });
      assertThat(TorchDevice.values(elsewhere)).containsExactly(1, 2);
      assertThat(copies).hasSize(1);
      assertThat(manager.getManagedArrays()).isEqualTo(Collections.emptyList());
    }
  }
}
