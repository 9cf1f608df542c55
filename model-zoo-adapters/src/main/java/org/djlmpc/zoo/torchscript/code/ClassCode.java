package org.djlmpc.zoo.torchscript.code;

import java.util.List;
import java.util.Map;

/**
 * A class.
 *
 * @param name its qualified name, such as {@code __torch__.torch.nn.modules.conv.Conv2d}
 * @param bases names of what it extends: {@code Module}, {@code NamedTuple} or nothing
 * @param fields its declared attributes in their order, with their types
 * @param constants values of attributes that every object shares
 * @param methods its methods by name
 */
public record ClassCode(
    String name,
    List<String> bases,
    Map<String, Expression> fields,
    Map<String, Expression> constants,
    Map<String, FunctionCode> methods) {}
