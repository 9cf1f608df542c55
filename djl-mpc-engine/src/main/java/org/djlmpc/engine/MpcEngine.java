package org.djlmpc.engine;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.GradientCollector;
import org.jspecify.annotations.Nullable;

/**
 * The DJL engine whose arrays are secret shares.
 *
 * <p>It is one object without state: which parties compute, and how, hangs on the tree of managers
 * (see {@link ArrayContext}), because several parties may share a JVM.
 */
public final class MpcEngine extends Engine {
  /** The engine's name, as in {@code Criteria.optEngine("MPC")}. */
  public static final String NAME = "MPC";

  /**
   * DJL takes the engine of the lowest rank as default. Behind every engine that computes in
   * plaintext (at most 11) and before DJL's RPC engine (15), which is part of its API.
   */
  static final int RANK = 14;

  static final MpcEngine INSTANCE = new MpcEngine();

  private MpcEngine() {}

  /** {@inheritDoc} None: another engine would compute in plaintext. */
  @Override
  public @Nullable Engine getAlternativeEngine() {
    return null;
  }

  @Override
  public String getEngineName() {
    return NAME;
  }

  @Override
  public int getRank() {
    return RANK;
  }

  @Override
  public String getVersion() {
    String version = MpcEngine.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** {@inheritDoc} None of DJL's capabilities; in particular shares do not live on GPUs. */
  @Override
  public boolean hasCapability(String capability) {
    return false;
  }

  @Override
  public Model newModel(String name, @Nullable Device device) {
    return new MpcModel(name, device);
  }

  @Override
  public NDManager newBaseManager() {
    return newBaseManager(null);
  }

  @Override
  public NDManager newBaseManager(@Nullable Device device) {
    return MpcNDManager.base(device, ArrayContext.current());
  }

  @Override
  public SymbolBlock newSymbolBlock(NDManager manager) {
    throw UnsupportedNDArray.unsupported(
        "newSymbolBlock", "Model.load, which reads model files into a block");
  }

  @Override
  public GradientCollector newGradientCollector() {
    throw UnsupportedNDArray.unsupported(
        "newGradientCollector", "another engine to train, then encrypt the trained model");
  }
}
