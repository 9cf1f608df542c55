package org.djlmpc.layers.networks;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** The networks whose trained weights come with this library. */
public final class TrainedNetworks {

  private static final String LENET = "lenet-fashion-mnist.params";

  private TrainedNetworks() {}

  /**
   * {@link Network#LENET} trained on {@link FashionMnist} by {@code
   * org.djlmpc.examples.TrainLeNet}.
   *
   * <p>Takes images with values from 0 to 1 of shape (batch, 1, 28, 28), gives ten logits each.
   *
   * @param engine a DJL engine's name, such as {@code PyTorch} or {@code MPC}
   * @return the model, which the caller closes
   */
  public static Model lenet(String engine) {
    Model model = Model.newInstance("lenet-fashion-mnist", engine);
    model.setBlock(Network.LENET.block());
    try (InputStream stream = TrainedNetworks.class.getResourceAsStream(LENET)) {
      model.load(Objects.requireNonNull(stream, LENET));
      return model;
    } catch (IOException | MalformedModelException e) {
      model.close();
      throw new MpcException(
          ErrorCode.MALFORMED_MODEL, LENET + " cannot be read.", "Build the library again.", e);
    }
  }
}
