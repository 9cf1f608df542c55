package org.djlmpc.layers.networks;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * The networks that the papers on private inference measure.
 *
 * <p>A Block takes a batch of images in NCHW order with values from 0 to 1 and gives logits. The
 * builders say where each network comes from and in what it differs from its source.
 */
@SuppressWarnings("ImmutableEnumChecker") // List.of, Shape and method references never change
public enum Network {
  /** SecureML's 784-128-128-10; SecureNN's Network A, AriaNN's Network-1. 118,282 parameters. */
  NETWORK_A("network-a", 1, 28, 10, MnistNetworks::networkA, "network-1"),
  /** MiniONN's two convolutions; SecureNN's Network B, AriaNN's Network-2. 33,542 parameters. */
  NETWORK_B("network-b", 1, 28, 10, MnistNetworks::networkB, "network-2"),
  /** LeNet, SecureNN's Network C. 431,080 parameters. */
  LENET("lenet", 1, 28, 10, MnistNetworks::networkC, "network-c"),
  /** Chameleon's network, SecureNN's Network D. 99,240 parameters. */
  NETWORK_D("network-d", 1, 28, 10, MnistNetworks::networkD),
  /** AlexNet for CIFAR-10 as in AriaNN. 3,882,058 parameters. */
  ALEXNET_CIFAR10("alexnet-cifar10", 3, 32, 10, AlexNets::cifar10, "alexnet-cifar"),
  /** AlexNet for Tiny ImageNet as in AriaNN. 3,987,464 parameters. */
  ALEXNET_64("alexnet-64", 3, 64, 200, AlexNets::tinyImageNet),
  /** AlexNet for Tiny ImageNet as in Falcon. 19,235,336 parameters. */
  ALEXNET_64_FALCON("alexnet-64-falcon", 3, 64, 200, AlexNets::tinyImageNetFalcon),
  /** torchvision's AlexNet. 61,100,840 parameters. */
  ALEXNET_224("alexnet-224", 3, 224, 1000, AlexNets::imageNet, "alexnet"),
  /** VGG-16 for CIFAR-10, classifier 512-256-256-10. 14,914,378 parameters. */
  VGG16_CIFAR10("vgg16-cifar10", 3, 32, 10, Vgg16::cifar10, "vgg16-cifar"),
  /** VGG-16 for CIFAR-10 as in AriaNN, classifier 512-4096-4096-10. 33,638,218 parameters. */
  VGG16_CIFAR10_WIDE("vgg16-cifar10-wide", 3, 32, 10, Vgg16::cifar10Wide),
  /**
   * VGG-16 for Tiny ImageNet as in AriaNN, classifier 2048-4096-4096-200. 40,708,104 parameters.
   */
  VGG16_64("vgg16-64", 3, 64, 200, Vgg16::tinyImageNet),
  /** torchvision's VGG-16. 138,357,544 parameters. */
  VGG16_224("vgg16-224", 3, 224, 1000, Vgg16::imageNet, "vgg16"),
  /** torchvision's ResNet-18. 11,689,512 parameters. */
  RESNET18_224("resnet18-224", 3, 224, 1000, ResNet18::imageNet, "resnet18");

  private final String id;
  private final List<String> aliases;
  private final Shape inputShape;
  private final int classes;
  private final Supplier<Block> block;

  Network(
      String id, int channels, int side, int classes, Supplier<Block> block, String... aliases) {
    this.id = id;
    this.aliases = List.of(aliases);
    this.inputShape = new Shape(channels, side, side);
    this.classes = classes;
    this.block = block;
  }

  /**
   * Finds a network by its name, in upper or lower case.
   *
   * @param name such as {@code lenet}, {@code network-a} or {@code resnet18}
   * @throws MpcException with code ARGUMENT if there is none of this name
   */
  public static Network byName(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(network -> network.names().anyMatch(wanted::equals))
        .findFirst()
        .orElseThrow(
            () ->
                new MpcException(
                    ErrorCode.ARGUMENT,
                    "There is no network \"" + name + "\".",
                    "Choose one of " + allNames() + "."));
  }

  /** The name in commands and reports, such as {@code network-a}. */
  public String id() {
    return id;
  }

  /** The shape of one image: channels, height, width. */
  public Shape inputShape() {
    return inputShape;
  }

  /** The shape of a batch: images, channels, height, width. */
  public Shape inputShape(int batch) {
    return new Shape(batch).addAll(inputShape);
  }

  /** How many logits the network gives for an image. */
  public int classes() {
    return classes;
  }

  /** A new Block without weights. */
  public Block block() {
    return block.get();
  }

  /**
   * A new model on the CPU with random weights, the same for the same seed on every engine; see
   * {@link SeededWeights}.
   *
   * @param engine a DJL engine's name, such as {@code PyTorch}
   * @param seed chooses the weights
   * @return the model, which the caller closes
   */
  public Model newModel(String engine, long seed) {
    Model model = Model.newInstance(id, Device.cpu(), engine);
    model.setBlock(block());
    SeededWeights.initialize(model.getBlock(), model.getNDManager(), inputShape(1), seed);
    return model;
  }

  @Override
  public String toString() {
    return id;
  }

  private Stream<String> names() {
    return Stream.concat(Stream.of(id), aliases.stream());
  }

  private static String allNames() {
    return Arrays.stream(values()).map(Network::id).collect(Collectors.joining(", "));
  }
}
