package org.djlmpc.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Calibration;
import org.djlmpc.graph.CalibrationFile;
import org.djlmpc.graph.WeightMode;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.ring.Ring;
import org.jspecify.annotations.Nullable;

/**
 * How the parties of an {@link MpcModel} run: options of {@code Criteria}, or properties of the
 * model, by name.
 *
 * @param suite {@code protocol}: name of the protocol suite
 * @param parties {@code ring} (bits: 64 or 32), {@code fraction-bits}, and {@code timeout}
 * @param weights {@code weights}: {@code shared} or {@code owner}
 * @param calibration {@code calibration}: {@code auto} for the file beside the model, {@code
 *     ignore}, or the path of a file
 * @param checksRanges {@code check-range}: whether values are checked that leave their range
 * @param fixedPointGiven whether {@code ring} or {@code fraction-bits} was given
 * @param timeout {@code timeout}: seconds that one request may take, or null for the default
 * @param translatorEngine {@code translator-engine}: the engine of the Translator's arrays, or null
 *     for PyTorch if it is there and public arrays of this engine if not
 */
record ModelOptions(
    ProtocolSuite suite,
    PartyOptions parties,
    WeightMode weights,
    String calibration,
    boolean checksRanges,
    boolean fixedPointGiven,
    @Nullable Duration timeout,
    @Nullable String translatorEngine) {
  private static final String PROTOCOL = "protocol";
  private static final String RING = "ring";
  private static final String FRACTION_BITS = "fraction-bits";
  private static final String WEIGHTS = "weights";
  private static final String CALIBRATION = "calibration";
  private static final String CHECK_RANGE = "check-range";
  private static final String TIMEOUT = "timeout";
  private static final String TRANSLATOR_ENGINE = "translator-engine";
  private static final String CONFIG = "config";

  /** The names of all options. */
  static final Set<String> NAMES =
      Set.of(
          PROTOCOL,
          RING,
          FRACTION_BITS,
          WEIGHTS,
          CALIBRATION,
          CHECK_RANGE,
          TIMEOUT,
          TRANSLATOR_ENGINE,
          CONFIG);

  /** Looks for a calibration beside the model. */
  private static final String AUTO = "auto";

  /** Uses no calibration. */
  private static final String IGNORE = "ignore";

  /**
   * The options among all options and properties of a model, which has many others.
   *
   * @throws MpcException ARGUMENT if one is spelt otherwise, such as {@code checkRange}: to pass
   *     over it would change what the model computes
   */
  static Map<String, String> among(Map<String, ?> all) {
    all.keySet().forEach(ModelOptions::requireSpelling);
    Map<String, String> ours = new LinkedHashMap<>();
    NAMES.stream()
        .filter(all::containsKey)
        .forEach(name -> ours.put(name, String.valueOf(all.get(name))));
    return ours;
  }

  private static void requireSpelling(String given) {
    for (String name : NAMES) {
      if (!name.equals(given) && letters(name).equals(letters(given))) {
        throw new MpcException(
            ErrorCode.ARGUMENT, "There is no option " + given + ".", "Write " + name + ".");
      }
    }
  }

  /** In the order of the alphabet, so that swapped ones do not count. */
  private static String letters(String name) {
    char[] letters = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "").toCharArray();
    Arrays.sort(letters);
    return new String(letters);
  }

  /**
   * Reads the options.
   *
   * @throws MpcException ARGUMENT, naming the option and what it may be
   */
  static ModelOptions of(Map<String, String> options) {
    if (options.containsKey(CONFIG)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The option config names parties elsewhere, which a model cannot use yet.",
          "Leave it out to run all parties in this process, or run each party as a process with"
              + " ShareHolder.");
    }
    PartyOptions parties = PartyOptions.DEFAULT;
    parties =
        parties.withFixedPoint(
            read(options, RING, parties.ring(), ModelOptions::ring, "64 or 32"),
            read(
                options,
                FRACTION_BITS,
                parties.fractionBits(),
                Integer::valueOf,
                "a whole number, 16 if absent"));
    Duration timeout =
        options.containsKey(TIMEOUT)
            ? read(options, TIMEOUT, Duration.ZERO, ModelOptions::seconds, "a number of seconds")
            : null;
    return new ModelOptions(
        ProtocolSuite.named(options.getOrDefault(PROTOCOL, "ariann")),
        timeout == null ? parties : parties.withTimeout(timeout),
        read(
            options,
            WEIGHTS,
            WeightMode.SHARED,
            text -> WeightMode.valueOf(text.toUpperCase(Locale.ROOT)),
            "shared or owner"),
        options.getOrDefault(CALIBRATION, AUTO),
        read(options, CHECK_RANGE, false, ModelOptions::truth, "true or false"),
        options.containsKey(RING) || options.containsKey(FRACTION_BITS),
        timeout,
        options.get(TRANSLATOR_ENGINE));
  }

  /**
   * The calibration to use.
   *
   * @param model the model's file, or null if it has none
   * @throws MpcException CALIBRATION if it cannot be read, or is for another ring or other fraction
   *     bits than the options say
   */
  @Nullable Calibration calibration(@Nullable Path model) {
    if (calibration.equals(IGNORE)) {
      return null;
    }
    if (!calibration.equals(AUTO)) {
      return CalibrationFile.read(Path.of(calibration));
    }
    return model == null ? null : CalibrationFile.find(model).orElse(null);
  }

  /** The parties' settings; a calibration says which fixed point it is for. */
  PartyOptions parties(@Nullable Calibration chosen) {
    return chosen == null || fixedPointGiven
        ? parties
        : parties.withFixedPoint(chosen.fixedPoint().ring(), chosen.fixedPoint().fractionBits());
  }

  private static boolean truth(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException(text);
    }
    return text.equals("true");
  }

  private static Ring ring(String bits) {
    return Arrays.stream(Ring.values())
        .filter(ring -> !ring.isSmall() && bits.equals(Integer.toString(ring.bits())))
        .findFirst()
        .orElseThrow(IllegalArgumentException::new);
  }

  private static Duration seconds(String text) {
    double seconds = Double.parseDouble(text);
    if (!(seconds > 0 && seconds < 1e9)) {
      throw new IllegalArgumentException(text);
    }
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  private static <T> T read(
      Map<String, String> options,
      String name,
      T absent,
      Function<String, T> parser,
      String allowed) {
    String text = options.get(name);
    if (text == null) {
      return absent;
    }
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The option " + name + " is '" + text + "'.",
          "Give " + allowed + ".",
          e);
    }
  }
}
