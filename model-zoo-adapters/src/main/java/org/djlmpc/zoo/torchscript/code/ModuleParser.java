package org.djlmpc.zoo.torchscript.code;

import ai.djl.MalformedModelException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the classes, functions and statements of one source file. */
final class ModuleParser extends ExpressionParser {
  private final String file;
  private final String module;

  ModuleParser(String file, String module, String text) throws MalformedModelException {
    super(new Lexer(file, text));
    this.file = file;
    this.module = module;
  }

  void parseInto(Map<String, ClassCode> classes, Map<String, FunctionCode> functions)
      throws MalformedModelException {
    while (token().kind() != Token.Kind.END) {
      if (token().kind() == Token.Kind.NEWLINE) {
        take();
      } else if (acceptWord("class")) {
        ClassCode parsed = classCode();
        classes.put(parsed.name(), parsed);
      } else if (acceptWord("def")) {
        FunctionCode parsed = function();
        functions.put(module + "." + parsed.name(), parsed);
      } else {
        // "op_version_set = 1" and "import ..." of old versions
        while (token().kind() != Token.Kind.NEWLINE) {
          if (token().kind() == Token.Kind.INDENT || token().kind() == Token.Kind.END) {
            throw unexpected("a class or function");
          }
          take();
        }
      }
    }
  }

  private ClassCode classCode() throws MalformedModelException {
    String name = module + "." + expect(Token.Kind.NAME, "a class name").text();
    List<String> bases = new ArrayList<>();
    if (accept("(")) {
      while (!accept(")")) {
        Expression base = expression();
        bases.add(base instanceof Expression.Variable variable ? variable.name() : "");
        if (!token().is(")")) {
          expect(",");
        }
      }
    }
    Map<String, Expression> fields = new LinkedHashMap<>();
    Map<String, Expression> constants = new LinkedHashMap<>();
    Map<String, FunctionCode> methods = new LinkedHashMap<>();
    openBlock();
    while (!closeBlock()) {
      if (acceptWord("def")) {
        FunctionCode method = function();
        methods.put(method.name(), method);
      } else if (!acceptWord("pass")) {
        member(fields, constants);
      }
    }
    return new ClassCode(name, List.copyOf(bases), fields, constants, methods);
  }

  /**
   * {@code name : type}, {@code name : Final[type] = value}, {@code name = value} or {@code
   * __annotations__["0"] = type}.
   */
  private void member(Map<String, Expression> fields, Map<String, Expression> constants)
      throws MalformedModelException {
    String name = expect(Token.Kind.NAME, "an attribute or method").text();
    if (accept(":")) {
      fields.put(name, expression());
      if (accept("=")) {
        constants.put(name, expression());
      }
    } else if (name.equals("__annotations__") && accept("[")) {
      String key = expect(Token.Kind.STRING, "an attribute's name").text();
      expect("]");
      expect("=");
      fields.put(key, expression());
    } else {
      expect("=");
      Expression value = expression();
      if (!name.startsWith("__")) {
        constants.put(name, value);
      }
    }
    endLine();
  }

  private FunctionCode function() throws MalformedModelException {
    Token name = expect(Token.Kind.NAME, "a function's name");
    expect("(");
    List<FunctionCode.Parameter> parameters = new ArrayList<>();
    while (!accept(")")) {
      if (!accept("*")) {
        String parameter = expect(Token.Kind.NAME, "a parameter").text();
        Expression type = accept(":") ? expression() : null;
        Expression value = accept("=") ? expression() : null;
        parameters.add(new FunctionCode.Parameter(parameter, type, value));
      }
      if (!token().is(")")) {
        expect(",");
      }
    }
    if (accept("->")) {
      expression();
    }
    List<Statement> body = block();
    return new FunctionCode(name.text(), List.copyOf(parameters), body, file, name.line());
  }

  private void openBlock() throws MalformedModelException {
    expect(":");
    expect(Token.Kind.NEWLINE, "the end of the line");
    expect(Token.Kind.INDENT, "an indented block");
  }

  private boolean closeBlock() throws MalformedModelException {
    while (token().kind() == Token.Kind.NEWLINE) {
      take();
    }
    boolean closed = token().kind() == Token.Kind.DEDENT;
    if (closed) {
      take();
    }
    return closed;
  }

  private void endLine() throws MalformedModelException {
    expect(Token.Kind.NEWLINE, "the end of the line");
  }

  private List<Statement> block() throws MalformedModelException {
    enter();
    openBlock();
    List<Statement> statements = new ArrayList<>();
    while (!closeBlock()) {
      Statement statement = statement();
      if (statement != null) {
        statements.add(statement);
      }
    }
    exit();
    return List.copyOf(statements);
  }

  /** A statement, or null for one that does nothing. */
  private @Nullable Statement statement() throws MalformedModelException {
    int line = token().line();
    if (acceptWord("if")) {
      return branch(line);
    }
    if (acceptWord("for")) {
      Expression target = target();
      if (!acceptWord("in")) {
        throw unexpected("'in'");
      }
      Expression items = expression();
      return new Statement.For(target, items, block(), line);
    }
    if (acceptWord("while")) {
      Expression condition = expression();
      return new Statement.While(condition, block(), line);
    }
    Statement simple = simple(line);
    endLine();
    return simple;
  }

  /** Behind {@code if} or {@code elif}. */
  private Statement branch(int line) throws MalformedModelException {
    Expression condition = expression();
    List<Statement> whenTrue = block();
    List<Statement> whenFalse = List.of();
    int next = token().line();
    if (acceptWord("elif")) {
      enter();
      whenFalse = List.of(branch(next));
      exit();
    } else if (acceptWord("else")) {
      whenFalse = block();
    }
    return new Statement.If(condition, whenTrue, whenFalse, line);
  }

  /** Names before {@code in}, which would otherwise read as a comparison. */
  private Expression target() throws MalformedModelException {
    List<Expression> names = new ArrayList<>();
    int line = token().line();
    do {
      if (token().isWord("in")) {
        break;
      }
      Token name = expect(Token.Kind.NAME, "a variable");
      names.add(new Expression.Variable(name.text(), name.line()));
    } while (accept(","));
    return names.size() == 1 ? names.get(0) : new Expression.TupleOf(List.copyOf(names), line);
  }

  private @Nullable Statement simple(int line) throws MalformedModelException {
    if (acceptWord("pass")) {
      return null;
    }
    if (acceptWord("import")) {
      while (token().kind() != Token.Kind.NEWLINE && token().kind() != Token.Kind.END) {
        take();
      }
      return null;
    }
    if (acceptWord("return")) {
      boolean none = token().kind() == Token.Kind.NEWLINE;
      return new Statement.Return(none ? null : expressions(), line);
    }
    if (acceptWord("raise")) {
      boolean none = token().kind() == Token.Kind.NEWLINE;
      return new Statement.Raise(none ? null : expression(), line);
    }
    if (acceptWord("assert")) {
      Expression condition = expression();
      Expression reason = accept(",") ? expression() : null;
      return new Statement.If(
          condition, List.of(), List.of(new Statement.Raise(reason, line)), line);
    }
    if (token().isWord("break") || token().isWord("continue")) {
      return new Statement.Leave(take().text().equals("break"), line);
    }
    Expression value = expressions();
    if (accept(":")) {
      // an annotated assignment
      expression();
    }
    List<Expression> targets = new ArrayList<>();
    while (accept("=")) {
      targets.add(value);
      value = expressions();
    }
    return targets.isEmpty()
        ? new Statement.Evaluate(value, line)
        : new Statement.Assign(List.copyOf(targets), value, line);
  }
}
