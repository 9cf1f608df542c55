package org.djlmpc.layers.networks;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** The networks whose trained weights come with this library. */
public final class TrainedNetworks {

  private static final List<Network> NETWORKS =
      List.of(Network.NETWORK_A, Network.NETWORK_B, Network.LENET, Network.NETWORK_D);

  private TrainedNetworks() {}

  /** The networks that there are weights for. */
  public static List<Network> networks() {
    return NETWORKS;
  }

  /** {@link Network#LENET}; see {@link #load}. */
  public static Model lenet(String engine) {
    return load(Network.LENET, engine);
  }

  /**
   * A network trained on {@link FashionMnist} by {@code org.djlmpc.examples.TrainLeNet}.
   *
   * <p>Takes images with values from 0 to 1 of shape (batch, 1, 28, 28), gives ten logits each.
   *
   * @param network one of {@link #networks}
   * @param engine a DJL engine's name, such as {@code PyTorch} or {@code MPC}
   * @return the model, on the CPU, which the caller closes
   * @throws MpcException ARGUMENT if there are no weights for this network
   */
  public static Model load(Network network, String engine) {
    if (!NETWORKS.contains(network)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "There are no trained weights for " + network + ".",
          "Choose one of " + NETWORKS + ", or Network.newModel for random weights.");
    }
    String name = network.id() + "-fashion-mnist";
    String file = name + ".params";
    Model model = Model.newInstance(name, Device.cpu(), engine);
    model.setBlock(network.block());
    try (InputStream stream = TrainedNetworks.class.getResourceAsStream(file)) {
      model.load(Objects.requireNonNull(stream, file));
      return model;
    } catch (IOException | MalformedModelException e) {
      model.close();
      throw new MpcException(
          ErrorCode.MALFORMED_MODEL, file + " cannot be read.", "Build the library again.", e);
    }
  }
}
