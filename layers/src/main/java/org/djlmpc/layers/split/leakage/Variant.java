package org.djlmpc.layers.split.leakage;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.compare.Method;

/**
 * How a plan is measured: as it is, or with defences, one or several at once; and with SPNN's first
 * layer or with that of the baseline SplitNN, whose server sees each holder's part of h1.
 *
 * @param splitNn whether it is the baseline
 * @param defences none or some
 */
public record Variant(boolean splitNn, Set<Defence> defences) {
  /** The plan as it is. */
  public static final Variant NONE = new Variant(false, Set.of());

  private static final String NOTHING = "none";
  private static final String JOINED = "+";

  /** Copies, in the order of the enumeration; SplitNN has no fraction bits to choose. */
  public Variant {
    EnumSet<Defence> ordered = EnumSet.noneOf(Defence.class);
    ordered.addAll(defences);
    defences = Collections.unmodifiableSet(ordered);
    if (splitNn && defences.contains(Defence.BITS)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "SplitNN sends floats, which are not rounded to few bits.",
          "Leave " + Defence.BITS.id() + " or " + Method.SPLITNN.id() + " away.");
    }
  }

  /** SPNN with some defences. */
  public static Variant of(Defence... defences) {
    return new Variant(false, Set.of(defences));
  }

  /**
   * A variant by its name.
   *
   * @param name {@code none}, {@code splitnn}, names of defences, or some of these with plus signs
   *     between, such as {@code sgld+bits}
   * @throws MpcException ARGUMENT if there is none
   */
  public static Variant byName(String name) {
    boolean baseline = false;
    EnumSet<Defence> defences = EnumSet.noneOf(Defence.class);
    for (String part : name.split("\\+", -1)) {
      if (part.equals(Method.SPLITNN.id())) {
        baseline = true;
      } else if (!part.equals(NOTHING)) {
        defences.add(Defence.byName(part).orElseThrow(() -> unknown(part)));
      }
    }
    return new Variant(baseline, defences);
  }

  private static MpcException unknown(String part) {
    return new MpcException(
        ErrorCode.ARGUMENT,
        "There is no defence " + part + ".",
        "Choose among "
            + Stream.concat(
                    Stream.of(NOTHING, Method.SPLITNN.id()),
                    Arrays.stream(Defence.values()).map(Defence::id))
                .toList()
            + ", or join some of them as in sgld+bits.");
  }

  /** The name in commands and tables. */
  public String id() {
    String id =
        Stream.concat(
                splitNn ? Stream.of(Method.SPLITNN.id()) : Stream.of(),
                defences.stream().map(Defence::id))
            .collect(Collectors.joining(JOINED));
    return id.isEmpty() ? NOTHING : id;
  }

  /** The plan that is measured. */
  SplitPlan apply(SplitPlan plan, Strengths strengths) {
    SplitPlan changed =
        splitNn ? plan.withFirstLayer(Method.SPLITNN.firstLayer().orElseThrow()) : plan;
    for (Defence defence : defences) {
      changed = defence.apply(changed, strengths);
    }
    return changed;
  }

  @Override
  public String toString() {
    return id();
  }
}
