package org.djlmpc.layers.split.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.BeaverSum;
import org.djlmpc.layers.split.FirstLayer;
import org.djlmpc.layers.split.MaskedSum;
import org.djlmpc.layers.split.paillier.HomomorphicSum;

/** A way to train the same network. */
public enum Method {
  /** In one place, on plaintext. */
  PLAIN("plain"),
  /** SplitNN, which hides nothing from the server. */
  SPLITNN("splitnn"),
  /** SPNN with masked sums. */
  SS("ss"),
  /** SPNN as published, with Beaver triples, for two holders. */
  SS_PAPER("ss-paper"),
  /** SPNN with Paillier's encryption. */
  HE("he");

  private final String id;

  Method(String id) {
    this.id = id;
  }

  /** The name in commands and tables. */
  public String id() {
    return id;
  }

  /** How the first layer is computed; absent where there are no parties. */
  public Optional<FirstLayer> firstLayer() {
    return switch (this) {
      case PLAIN -> Optional.empty();
      case SPLITNN -> Optional.of(new SplitNn());
      case SS -> Optional.of(new MaskedSum());
      case SS_PAPER -> Optional.of(new BeaverSum());
      case HE -> Optional.of(HomomorphicSum.DEFAULT);
    };
  }

  /** The methods that work with so many holders. */
  public static List<Method> forHolders(int holders) {
    return Arrays.stream(values()).filter(method -> method != SS_PAPER || holders == 2).toList();
  }

  /**
   * A method by its name.
   *
   * @throws MpcException ARGUMENT if there is none
   */
  public static Method byName(String name) {
    return Arrays.stream(values())
        .filter(method -> method.id.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new MpcException(
                    ErrorCode.ARGUMENT,
                    "There is no method " + name + ".",
                    "Choose among " + Arrays.stream(values()).map(Method::id).toList() + "."));
  }
}
