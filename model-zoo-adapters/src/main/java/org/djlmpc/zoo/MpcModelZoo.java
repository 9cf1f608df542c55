package org.djlmpc.zoo;

import ai.djl.Application;
import ai.djl.repository.Repository;
import ai.djl.repository.zoo.ModelLoader;
import ai.djl.repository.zoo.ModelZoo;
import java.util.List;
import java.util.Set;
import org.djlmpc.engine.MpcEngine;
import org.jspecify.annotations.Nullable;

/**
 * The image classifiers of DJL's PyTorch zoo, for this engine. DJL offers a zoo only to the engines
 * that the zoo names, and its PyTorch zoo names PyTorch.
 *
 * <p>Models are TorchScript modules, which {@code TorchScriptReader} reads. What cannot run on
 * shares is refused when it is first used.
 */
final class MpcModelZoo extends ModelZoo {
  /** Where {@code Criteria} without a URL looks. */
  static final String GROUP_ID = "org.djlmpc";

  /** The group in URLs such as {@code djl://ai.djl.pytorch/resnet}. */
  static final String PYTORCH_GROUP_ID = "ai.djl.pytorch";

  private static final List<String> CLASSIFIERS = List.of("resnet");

  private final String groupId;
  private final Repository repository;

  /**
   * A zoo.
   *
   * @param groupId its own name
   * @param repository where the models are
   */
  MpcModelZoo(String groupId, Repository repository) {
    this.groupId = groupId;
    this.repository = repository;
    CLASSIFIERS.forEach(classifier -> addModel(loader(classifier)));
  }

  private ModelLoader loader(String artifact) {
    return new MpcModelLoader(
        repository.model(Application.CV.IMAGE_CLASSIFICATION, PYTORCH_GROUP_ID, artifact));
  }

  @Override
  public String getGroupId() {
    return groupId;
  }

  @Override
  public Set<String> getSupportedEngines() {
    return Set.of(MpcEngine.NAME);
  }

  /** {@inheritDoc} In a URL any image classifier can be named; the repository knows which exist. */
  @Override
  public @Nullable ModelLoader getModelLoader(String name) {
    ModelLoader known = super.getModelLoader(name);
    return known == null && groupId.equals(PYTORCH_GROUP_ID) ? loader(name) : known;
  }
}
