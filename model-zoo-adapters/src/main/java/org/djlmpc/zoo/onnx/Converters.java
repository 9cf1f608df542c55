package org.djlmpc.zoo.onnx;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The operators that can be imported, by name. */
final class Converters {
  private static final Map<String, Converter> ALL = new TreeMap<>();

  static {
    Converters all = new Converters();
    ElementwiseConverters.register(all);
    ActivationConverters.register(all);
    LinearConverters.register(all);
    NormalizationConverters.register(all);
    PoolingConverters.register(all);
    ReductionConverters.register(all);
    LayoutConverters.register(all);
    ResizeConverters.register(all);
    ShapeConverters.register(all);
    ControlFlow.register(all);
  }

  private Converters() {}

  /** Adds an operator with one result. */
  void add(String type, Converter.OfOne converter) {
    ALL.put(type, node -> List.of(converter.convert(node)));
  }

  /** Adds an operator with several results. */
  void addMany(String type, Converter converter) {
    ALL.put(type, converter);
  }

  /** Names of the operators that can be imported. */
  static Set<String> names() {
    return ALL.keySet();
  }

  /**
   * The converter of an operator.
   *
   * @throws UnsupportedNode if there is none
   */
  static Converter find(String domain, String type) {
    Converter converter = domain.isEmpty() ? ALL.get(type) : null;
    if (converter == null) {
      String name = domain.isEmpty() ? type : domain + "." + type;
      throw new UnsupportedNode(name, NearestOperator.of(type));
    }
    return converter;
  }
}
