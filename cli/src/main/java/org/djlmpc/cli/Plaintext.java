package org.djlmpc.cli;

import ai.djl.Model;

/**
 * The same work in plaintext, on DJL's PyTorch engine with one thread.
 *
 * @param seconds best of three runs after one to warm up
 * @param outputs of an inference
 * @param classes outputs for each image
 */
record Plaintext(double seconds, float[] outputs, int classes) {

  static Plaintext measure(JobSpec spec) {
    if (spec.kind() != JobSpec.Kind.INFER) {
      return new Plaintext(PlainOperator.seconds(spec), new float[0], 1);
    }
    InferJob job = new InferJob(spec);
    try (Model model = job.model()) {
      float[] outputs = job.plaintext(model);
      return new Plaintext(PlainOperator.best(() -> job.plaintext(model)), outputs, job.classes());
    }
  }
}
