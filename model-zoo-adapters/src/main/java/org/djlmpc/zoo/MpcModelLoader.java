package org.djlmpc.zoo;

import ai.djl.MalformedModelException;
import ai.djl.repository.MRL;
import ai.djl.repository.zoo.BaseModelLoader;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import java.io.IOException;
import org.djlmpc.engine.MpcEngine;

/**
 * Loads a model of another engine's zoo, but only for who asks for this engine: nobody else should
 * find a model encrypted, or even find it here.
 */
final class MpcModelLoader extends BaseModelLoader {
  MpcModelLoader(MRL model) {
    super(model);
  }

  @Override
  public <I, O> ZooModel<I, O> loadModel(Criteria<I, O> criteria)
      throws IOException, ModelNotFoundException, MalformedModelException {
    if (!MpcEngine.NAME.equals(criteria.getEngine())) {
      throw new ModelNotFoundException(
          "This zoo is for encrypted models: give optEngine(\"" + MpcEngine.NAME + "\").");
    }
    return super.loadModel(criteria);
  }
}
