package org.djlmpc.engine;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;

/** Tells DJL's ServiceLoader of the engine {@value MpcEngine#NAME}. */
public final class MpcEngineProvider implements EngineProvider {
  @Override
  public String getEngineName() {
    return MpcEngine.NAME;
  }

  /** {@inheritDoc} Higher than every engine of DJL: MPC is the default only if it is alone. */
  @Override
  public int getEngineRank() {
    return MpcEngine.RANK;
  }

  @Override
  public Engine getEngine() {
    return MpcEngine.INSTANCE;
  }
}
