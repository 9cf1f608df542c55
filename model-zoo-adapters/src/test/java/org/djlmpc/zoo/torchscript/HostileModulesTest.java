package org.djlmpc.zoo.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.TensorType;
import org.djlmpc.zoo.torchscript.Archive.Pickle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules that somebody made to run code, to exhaust memory or to run for ever. */
@Timeout(600)
final class HostileModulesTest {
  private static final String IDENTITY =
      "class M(Module):\n  def forward(self, x):\n    return x\n";
  private static final List<TensorType> INPUT =
      List.of(new TensorType(new Shape(2, 2), DataType.FLOAT32));

  @TempDir private Path directory;

  private GraphSource read(Archive archive) throws Exception {
    Path file = archive.write(directory.resolve("hostile.pt"), true);
    return new TorchScriptReader().read(file).orElseThrow();
  }

  private void isMalformed(Archive archive, String reason) {
    assertThatThrownBy(() -> read(archive))
        .isInstanceOf(MalformedModelException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aSoundModuleOfThisKindIsRead() throws Exception {
    assertThat(read(Archive.withCode(IDENTITY)).graph(INPUT).outputTypes()).isEqualTo(INPUT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "os system",
        "posix system",
        "builtins eval",
        "__builtin__ exec",
        "subprocess Popen",
        "java.lang.Runtime exec",
        "torch load",
        "torch._utils _rebuild_tensor_v3",
        "torch.jit._pickle build_unknown",
        "__torch__x M"
      })
  void aPickleCallsNothingThatIsNotOnTheList(String name) {
    String[] parts = name.split(" ");
    byte[] pickle = new Pickle().global(parts[0], parts[1]).raw('(').text("id").raw('t', 'R').end();
    isMalformed(Archive.withPickle(pickle, IDENTITY), "nothing was run");
  }

  @Test
  void storagesMayNotBeMadeOfNames() {
    Map<String, String> refused =
        Map.of(
            "ComplexFloatStorage", "ComplexFloatStorage",
            "QInt8Storage", "quantized elements",
            "EvilStorage", "EvilStorage");
    refused.forEach(
        (storage, reason) -> {
          byte[] pickle =
              new Pickle()
                  .object("M")
                  .emptyDictionary()
                  .text("w")
                  .tensor(storage, "0", 1, 0, 1, 1)
                  .raw('s')
                  .build()
                  .end();
          isMalformed(Archive.withPickle(pickle, IDENTITY), reason);
        });
  }

  private static byte[] moduleWithTensor(long count, long offset, long size, long stride) {
    return new Pickle()
        .object("M")
        .emptyDictionary()
        .text("w")
        .tensor("FloatStorage", "0", count, offset, size, stride)
        .raw('s')
        .build()
        .end();
  }

  @Test
  void declaredSizesAreNotBelieved() {
    long max = Long.MAX_VALUE;
    long[][] outside = {
      {4, 0, 5, 1},
      {4, 4, 1, 1},
      {4, -1, 1, 1},
      {4, 0, -1, 1},
      {4, 0, 2, -1},
      {4, 0, 2, max},
      {4, max, 2, max},
      {4, 0, max, 0},
      {4, 0, 1L << 40, 0}
    };
    for (long[] t : outside) {
      isMalformed(
          Archive.withPickle(moduleWithTensor(t[0], t[1], t[2], t[3]), IDENTITY)
              .with("m/data/0", new byte[16]),
          "reaches outside of its storage");
    }
    for (long count : new long[] {-1, 1L << 31, max}) {
      isMalformed(Archive.withPickle(moduleWithTensor(count, 0, 1, 1), IDENTITY), "elements");
    }
    isMalformed(
        Archive.withPickle(moduleWithTensor(1 << 30, 0, 4, 1), IDENTITY)
            .with("m/data/0", new byte[16]),
        "unpack to more than");
    isMalformed(
        Archive.withPickle(moduleWithTensor(1 << 20, 0, 4, 1), IDENTITY)
            .with("m/data/0", new byte[16]),
        "has 16 bytes in place of 4194304");
    // one element that is shown 400 million times
    isMalformed(
        Archive.withPickle(moduleWithTensor(4, 0, 400_000_000, 0), IDENTITY)
            .with("m/data/0", new byte[16]),
        "unpack to more than");
  }

  @Test
  void bombsAreNotUnpacked() throws Exception {
    byte[] zeros = new byte[100 << 20];
    // 100 MB in 100 kB
    isMalformed(
        Archive.withPickle(moduleWithTensor(25 << 20, 0, 25 << 20, 1), IDENTITY)
            .with("m/data/0", zeros),
        "far more than the file has");
    isMalformed(Archive.withCode(IDENTITY).with("m/data.pkl", zeros), "at most");
    isMalformed(Archive.withCode(IDENTITY).with("m/code/__torch__/x.py", zeros), "at most");
    assertThat(Files.size(directory.resolve("hostile.pt"))).isLessThan(1 << 20);
  }

  @Test
  void nestsAreBounded() throws Exception {
    int deep = 200_000;
    Pickle lists = new Pickle();
    for (int i = 0; i < deep; i++) {
      lists.raw(']');
    }
    for (int i = 1; i < deep; i++) {
      lists.raw('a');
    }
    isMalformed(Archive.withPickle(lists.end(), IDENTITY), "holds no module");
    Pickle attribute = new Pickle().object("M").emptyDictionary().text("w");
    for (int i = 0; i < deep; i++) {
      attribute.raw(']');
    }
    for (int i = 1; i < deep; i++) {
      attribute.raw('a');
    }
    isMalformed(Archive.withPickle(attribute.raw('s').build().end(), IDENTITY), "nests");
    Pickle marks = new Pickle();
    for (int i = 0; i < 2_000_000; i++) {
      marks.raw('(');
    }
    isMalformed(Archive.withPickle(marks.end(), IDENTITY), "values");

    for (String open : List.of("(", "[", "{1: ", "torch.neg(", "x[", "not ", "-", "1 if 1 else ")) {
      isMalformed(Archive.of("return " + open.repeat(deep)), "its code is broken");
    }
    for (String chain : List.of(".a", "[0]", "()")) {
      isMalformed(Archive.of("return x" + chain.repeat(deep)), "a chain of");
    }
    StringBuilder blocks = new StringBuilder("class M(Module):\n  def forward(self, x):\n");
    for (int i = 4; i < 3_000; i++) {
      blocks.append(" ".repeat(i)).append("if True:\n");
    }
    isMalformed(Archive.withCode(blocks.toString()), "deep");
    StringBuilder branches = new StringBuilder(IDENTITY.replace("return x", "if x:\n      pass"));
    for (int i = 0; i < deep; i++) {
      branches.append("    elif x:\n      pass\n");
    }
    isMalformed(Archive.withCode(branches.toString()), "deep");
  }

  /** Code that is sound, and that ends by its budget. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "return self.forward(x)",
        "while True:\n      pass",
        "for i in range(9223372036854775807):\n      x = x",
        "for i in range(0, 9223372036854775807, 4611686018427387904):\n      a = i\n    return self.forward(x)",
        "a = \"x\"\n    while True:\n      a = a + a",
        "a = \"x\" + \"y\"\n    for i in range(20):\n      a = a + a\n    while True:\n      b = a.find(\"z\")",
        "a = [1]\n    while True:\n      a = a + a",
        "a = (1, 2)\n    while True:\n      a = a + a",
        "a = [x]\n    while True:\n      a = a * 1000",
        "a = [x]\n    while True:\n      a.extend(a)",
        "a = [x] * 100000\n    while True:\n      n = len(a)",
        "a = [x] * 100000\n    while True:\n      n = torch.cat(a)",
        "a = [x]\n    for i in a:\n      a.append(x)",
        "a = {}\n    for i in range(9223372036854775807):\n      a[i] = x",
        "while True:\n      x = torch.add(x, x)",
        "while True:\n      x = torch.transpose(x, 0, 1)",
        "y = torch.zeros([1000, 1000])\n    while True:\n      y = torch.sin(y)",
        "y = torch.zeros([1])\n    while True:\n      y = torch.cat([y, y])",
        "y = torch.zeros([1, 1, 100, 100])\n    while True:\n      z = torch.max_pool2d(y, [50, 50], [1, 1])",
        "a = [1] * 100000\n    while True:\n      y = torch.zeros(a)",
        "y = torch.zeros([1000000000, 1000000000])\n    return y",
        "y = torch.zeros([-1])\n    return y",
        "y = torch.arange(1000000000000)\n    return y",
        "y = torch.expand(x, [1000000000, 2, 2])\n    return self.forward(y)",
        "a = [x] * 1000\n    b = [a] * 1000\n    c = [b] * 1000\n    return [c] * 1000",
        "return x" + " + x",
        "for i in range(1000000):\n      y = torch.transpose(x, 0, 1)\n      x = y\n    x = torch.add_(x, 1)\n    return y",
        "y = torch.floor_divide(1, 0)\n    return y",
        "return torch.select(x, 9223372036854775807, 0)",
        "return self.f(" + "x, x",
      })
  void codeEndsByItsBudget(String body) throws Exception {
    try {
      GraphSource source = read(Archive.of(body));
      source.graph(INPUT);
      assertThat(body).isEqualTo("return x + x");
    } catch (MpcException e) {
      assertThat(e.code()).isIn(ErrorCode.MALFORMED_MODEL, ErrorCode.SHAPE);
    } catch (MalformedModelException e) {
      assertThat(e.getMessage()).contains("its code is broken");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return y                                | the variable y has no value",
        "return torch.add(x, CONSTANTS.c3)       | CONSTANTS.c3 is not in the archive",
        "return __torch__.g(x)                   | __torch__.g is not in the archive",
        "return self.missing                     | has no attribute missing",
        "m = self; return m.missing(x)           | has no attribute missing",
        "return getattr(self, \"missing\")     | has no attribute missing",
        "return self.forward(x, x)               | called with 2 arguments",
        "return self.forward()                   | called with 0 arguments",
        "if True:;  return x;return y            | the variable y has no value"
      })
  void namesThatMeanNothingAreFoundWhenTheFileIsRead(String body, String reason) throws Exception {
    isMalformed(Archive.of(body.split("; ?")), reason);
  }

  @Test
  void namesInCodeThatNothingCallsDoNotMatter() throws Exception {
    String code = IDENTITY + "  def other(self):\n    return y\n";
    assertThat(read(Archive.withCode(code)).graph(INPUT).outputTypes()).isEqualTo(INPUT);
  }

  @Test
  void cutAndEmptyFilesAreMalformed() throws Exception {
    byte[] bytes =
        Files.readAllBytes(Archive.withCode(IDENTITY).write(directory.resolve("a.pt"), true));
    ByteArrayOutputStream twice = new ByteArrayOutputStream();
    twice.write(bytes, 0, bytes.length - 30);
    for (byte[] broken : List.of(new byte[0], new byte[] {'P', 'K'}, twice.toByteArray())) {
      Path file = Files.write(directory.resolve("cut.pt"), broken);
      assertThatThrownBy(() -> new TorchScriptReader().read(file))
          .isInstanceOf(MalformedModelException.class);
    }
  }
}
