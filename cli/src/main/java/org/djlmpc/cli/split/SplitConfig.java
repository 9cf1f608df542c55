package org.djlmpc.cli.split;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.djlmpc.cli.identity.PartyNames;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.BeaverSum;
import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.FirstLayer;
import org.djlmpc.layers.split.GradientDefence;
import org.djlmpc.layers.split.HiddenLayers;
import org.djlmpc.layers.split.LabelLoss;
import org.djlmpc.layers.split.MaskedSum;
import org.djlmpc.layers.split.Roles;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;
import org.djlmpc.layers.split.paillier.HomomorphicSum;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.netty.NettyConfig;
import org.djlmpc.transport.netty.NettyNetwork;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file of a party, JSON; docs/split.md explains the fields. All parties have the
 * same {@code network}, {@code training} and {@code run}; the rest is a party's own. Paths are
 * relative to the file.
 *
 * @param network what is trained
 * @param training how
 * @param run who, where and in which way
 * @param security how this party proves who it is
 * @param checkpoints this party's folder, or null
 * @param data at a holder: CSV files by the name of the data set
 * @param schema at a holder: the schema of its files, or null to infer it
 * @param label at the label holder: name of the label column, where no schema is given
 * @param positive likewise: its value that counts as 1, with the loss binary
 * @param charset at a holder: encoding of its files, or null for UTF-8
 * @param separator at a holder: between the fields of its files, or null for a comma
 * @param predictions at the label holder: folder for predictions, or null
 * @param device at the server: {@code cpu}, {@code gpu0}, ...
 * @param experimentSeed makes what this party draws repeatable: the order of rows at the
 *     coordinator, first weights at the others; null draws secret ones
 */
record SplitConfig(
    NetworkPart network,
    TrainingPart training,
    RunPart run,
    SecurityPart security,
    @Nullable String checkpoints,
    @Nullable Map<String, String> data,
    @Nullable String schema,
    @Nullable String label,
    @Nullable String positive,
    @Nullable String charset,
    @Nullable String separator,
    @Nullable String predictions,
    @Nullable String device,
    @Nullable Long experimentSeed) {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final int DEFAULT_FRACTION_BITS = 16;

  /** The network; widths of the hidden layers at the server. */
  record NetworkPart(
      int firstLayer,
      String activation,
      List<Integer> hidden,
      @Nullable Integer outputs,
      @Nullable String loss) {}

  /** Optimizer: sgd, momentum, adam or sgld. */
  record TrainingPart(
      int epochs,
      int batch,
      String optimizer,
      float learningRate,
      @Nullable Float momentum,
      @Nullable Float temperature,
      @Nullable Integer shuffleWindow,
      @Nullable Integer patience) {}

  /** Addresses by role: coordinator, server, holder0, holder1, ... */
  record RunPart(
      UUID session,
      int holders,
      int labelHolder,
      @Nullable String way,
      @Nullable Integer fractionBits,
      @Nullable Float gradientNoise,
      @Nullable Boolean equalNorms,
      @Nullable Integer timeoutSeconds,
      Map<String, String> addresses) {}

  /**
   * Reads a file.
   *
   * @throws MpcException ARGUMENT, naming what is wrong
   */
  static SplitConfig read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      SplitConfig config = JSON.readValue(in, SplitConfig.class);
      config.requireParts();
      return config;
    } catch (UnrecognizedPropertyException e) {
      throw wrong(file, "it has an unknown field \"" + e.getPropertyName() + "\"", e);
    } catch (JsonMappingException e) {
      throw wrong(
          file,
          e.getCause() instanceof JsonParseException inner ? syntax(inner) : misfit(path(e)),
          e);
    } catch (JsonParseException e) {
      throw wrong(file, syntax(e), e);
    } catch (NoSuchFileException e) {
      throw wrong(file, "there is no such file", e);
    } catch (IOException e) {
      throw wrong(file, String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    }
  }

  private static String syntax(JsonParseException e) {
    return "line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage();
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static String misfit(String field) {
    return field.isEmpty()
        ? "it is empty, or no JSON object"
        : "its field \"" + field + "\" has a value of another kind";
  }

  private static MpcException wrong(Path file, String problem, @Nullable Exception cause) {
    return new MpcException(
        ErrorCode.ARGUMENT,
        "The configuration " + file.getFileName() + " cannot be used: " + problem + ".",
        "Compare it with examples/split and docs/split.md.",
        cause);
  }

  @SuppressWarnings("ConstantValue") // Jackson leaves out what the file does not have
  private void requireParts() throws IOException {
    if (network == null || training == null || run == null || security == null) {
      throw new IOException("network, training, run and security must be there");
    }
    if (network.activation == null
        || network.hidden == null
        || training.optimizer == null
        || run.session == null
        || run.addresses == null) {
      throw new IOException("activation, hidden, optimizer, session and addresses must be there");
    }
  }

  /** What all parties agree on. */
  SplitPlan plan() {
    FirstActivation activation = constant(FirstActivation.class, network.activation);
    SplitNetwork split =
        new SplitNetwork(
            network.firstLayer,
            activation,
            HiddenLayers.of(
                activation, network.hidden.stream().mapToInt(Integer::intValue).toArray()),
            or(network.outputs, 1),
            constant(LabelLoss.class, or(network.loss, "binary")));
    UpdateRule rule = rule(constant(UpdateRule.Kind.class, training.optimizer));
    Training how = Training.of(training.epochs, training.batch, rule);
    how =
        how.withShuffleWindow(or(training.shuffleWindow, how.shuffleWindow()))
            .withPatience(or(training.patience, 0));
    return new SplitPlan(
        new Roles(run.holders, run.labelHolder),
        split,
        way(),
        or(run.fractionBits, DEFAULT_FRACTION_BITS),
        how,
        new GradientDefence(or(run.gradientNoise, 0f), or(run.equalNorms, false)),
        Duration.ofSeconds(or(run.timeoutSeconds, 60)));
  }

  private UpdateRule rule(UpdateRule.Kind kind) {
    float rate = training.learningRate;
    float momentum =
        switch (kind) {
          case MOMENTUM, ADAM -> or(training.momentum, 0.9f);
          case SGD, SGLD -> 0;
        };
    float temperature = or(training.temperature, UpdateRule.of(kind).temperature());
    return new UpdateRule(kind, rate, momentum, temperature);
  }

  private FirstLayer way() {
    List<FirstLayer> ways = List.of(new MaskedSum(), new BeaverSum(), HomomorphicSum.DEFAULT);
    String name = or(run.way, "ss");
    return ways.stream()
        .filter(way -> way.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new MpcException(
                    ErrorCode.ARGUMENT,
                    "There is no way \"" + name + "\" for the first layer.",
                    "Choose one of " + ways.stream().map(FirstLayer::name).toList() + "."));
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String name) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(name.toUpperCase(Locale.ROOT))) {
        return constant;
      }
    }
    throw new MpcException(
        ErrorCode.ARGUMENT,
        "\"" + name + "\" is not known.",
        "Use one of " + List.of(type.getEnumConstants()) + " in lower case.");
  }

  /** Connects with all parties. */
  Network connect(PartyId self, SplitPlan plan, Path file) {
    Map<PartyId, InetSocketAddress> addresses = new EnumMap<>(PartyId.class);
    for (PartyId party : plan.roles().parties()) {
      String address = run.addresses.get(PartyNames.role(party));
      if (address != null) {
        addresses.put(party, address(address));
      }
    }
    return NettyNetwork.connect(
        NettyConfig.of(
                self, plan.roles().parties(), addresses, run.session, security.connections(file))
            .withConnectTimeout(plan.timeout())
            .withOptions(NetworkOptions.DEFAULT.withIoTimeout(plan.timeout())));
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    try {
      return new InetSocketAddress(
          text.substring(0, Math.max(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "\"" + text + "\" is no address.",
          "Write host:port, such as 127.0.0.1:7000.",
          e);
    }
  }

  /** A path that is named in the file. */
  static Path beside(Path file, String name) {
    return file.toAbsolutePath().resolveSibling(name);
  }

  /** This party's folder for checkpoints, or null. */
  @Nullable Path folder(Path file) {
    return checkpoints == null ? null : beside(file, checkpoints);
  }
}
