package org.djlmpc.zoo;

import ai.djl.repository.RemoteRepository;
import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooProvider;

/**
 * Tells DJL of {@link MpcModelZoo}; found by {@link java.util.ServiceLoader}.
 *
 * <p>DJL resolves {@code djl://} URLs by the group of a zoo on the class path. Where its PyTorch
 * zoo is there, URLs of that group go through it, for any engine. Where it is not, they come here.
 */
public final class MpcZooProvider implements ZooProvider {
  /** A provider; found by {@link java.util.ServiceLoader}. */
  public MpcZooProvider() {}

  @Override
  public ModelZoo getModelZoo() {
    // asked only for groups that have no zoo; an application may set another resolver afterwards
    ModelZoo.setModelZooResolver(
        group -> MpcModelZoo.PYTORCH_GROUP_ID.equals(group) ? zoo(group) : null);
    return zoo(MpcModelZoo.GROUP_ID);
  }

  /** Nothing is fetched before a model is asked for. */
  private static ModelZoo zoo(String group) {
    return new MpcModelZoo(group, new RemoteRepository(group, ModelZoo.DJL_REPO_URL));
  }
}
