package org.djlmpc.zoo.torchscript.code;

import ai.djl.MalformedModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads expressions by recursive descent, no deeper than {@link #MAX_DEPTH}. */
class ExpressionParser {
  /** The printer breaks long expressions into assignments: real code nests a few levels. */
  private static final int MAX_DEPTH = 150;

  private static final Set<String> ROOTS = Set.of("torch", "ops", "__torch__", "CONSTANTS");
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final Lexer lexer;
  private Token token;
  private int depth;

  ExpressionParser(Lexer lexer) throws MalformedModelException {
    this.lexer = lexer;
    this.token = lexer.next();
  }

  final Token token() {
    return token;
  }

  final Token take() throws MalformedModelException {
    Token taken = token;
    token = lexer.next();
    return taken;
  }

  final boolean accept(String sign) throws MalformedModelException {
    boolean found = token.is(sign);
    if (found) {
      take();
    }
    return found;
  }

  final boolean acceptWord(String word) throws MalformedModelException {
    boolean found = token.isWord(word);
    if (found) {
      take();
    }
    return found;
  }

  final void expect(String sign) throws MalformedModelException {
    if (!accept(sign)) {
      throw unexpected("'" + sign + "'");
    }
  }

  final Token expect(Token.Kind kind, String what) throws MalformedModelException {
    if (token.kind() != kind) {
      throw unexpected(what);
    }
    return take();
  }

  final MalformedModelException unexpected(String wanted) {
    return lexer.malformed(token.line(), token.shown() + " in place of " + wanted);
  }

  final void enter() throws MalformedModelException {
    if (++depth > MAX_DEPTH) {
      throw lexer.malformed(token.line(), "it is nested more than " + MAX_DEPTH + " deep");
    }
  }

  final void exit() {
    depth--;
  }

  /** An expression, or a tuple without parentheses. */
  final Expression expressions() throws MalformedModelException {
    Expression first = expression();
    if (!token.is(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (accept(",")) {
      if (token.is("=") || token.kind() == Token.Kind.NEWLINE) {
        break;
      }
      items.add(expression());
    }
    return new Expression.TupleOf(items, first.line());
  }

  final Expression expression() throws MalformedModelException {
    enter();
    Expression value = disjunction();
    if (acceptWord("if")) {
      Expression condition = disjunction();
      if (!acceptWord("else")) {
        throw unexpected("'else'");
      }
      value = new Expression.Choice(condition, value, expression(), value.line());
    }
    exit();
    return value;
  }

  private Expression disjunction() throws MalformedModelException {
    Expression left = conjunction();
    while (token.isWord("or")) {
      take();
      left = new Expression.Operation("or", List.of(left, conjunction()), left.line());
    }
    return left;
  }

  private Expression conjunction() throws MalformedModelException {
    Expression left = negation();
    while (token.isWord("and")) {
      take();
      left = new Expression.Operation("and", List.of(left, negation()), left.line());
    }
    return left;
  }

  private Expression negation() throws MalformedModelException {
    int line = token.line();
    int count = 0;
    while (acceptWord("not")) {
      count++;
    }
    Expression value = comparison();
    // twice not is the truth value itself
    for (int i = 0; i < (count == 0 ? 0 : 2 - count % 2); i++) {
      value = new Expression.Operation("not", List.of(value), line);
    }
    return value;
  }

  private Expression comparison() throws MalformedModelException {
    Expression left = sum();
    String operator = comparisonSign();
    return operator == null
        ? left
        : new Expression.Operation(operator, List.of(left, sum()), left.line());
  }

  private @Nullable String comparisonSign() throws MalformedModelException {
    if (token.kind() == Token.Kind.SIGN && COMPARISONS.contains(token.text())) {
      return take().text();
    }
    if (acceptWord("is")) {
      return acceptWord("not") ? "is not" : "is";
    }
    if (acceptWord("in")) {
      return "in";
    }
    if (token.isWord("not")) {
      take();
      if (!acceptWord("in")) {
        throw unexpected("'in'");
      }
      return "not in";
    }
    return null;
  }

  private Expression sum() throws MalformedModelException {
    Expression left = product();
    while (token.is("+") || token.is("-")) {
      String operator = take().text();
      left = new Expression.Operation(operator, List.of(left, product()), left.line());
    }
    return left;
  }

  private Expression product() throws MalformedModelException {
    Expression left = sign();
    while (token.is("*") || token.is("/") || token.is("//") || token.is("%")) {
      String operator = take().text();
      left = new Expression.Operation(operator, List.of(left, sign()), left.line());
    }
    return left;
  }

  private Expression sign() throws MalformedModelException {
    int line = token.line();
    boolean negative = false;
    while (token.is("-") || token.is("+")) {
      negative ^= take().is("-");
    }
    if (!negative) {
      return power();
    }
    if (token.kind() == Token.Kind.INTEGER || token.kind() == Token.Kind.REAL) {
      Expression.Literal number = number(true);
      return trailers(number);
    }
    return new Expression.Operation("-", List.of(power()), line);
  }

  private Expression power() throws MalformedModelException {
    Expression base = trailers(atom());
    if (!accept("**")) {
      return base;
    }
    enter();
    Expression exponent = sign();
    exit();
    return new Expression.Operation("**", List.of(base, exponent), base.line());
  }

  /** Attributes, calls and subscripts behind an atom: a loop, so that chains do not nest. */
  private Expression trailers(Expression atom) throws MalformedModelException {
    Expression value = atom;
    int length = 0;
    while (token.is(".") || token.is("(") || token.is("[")) {
      if (++length > MAX_DEPTH) {
        throw lexer.malformed(token.line(), "a chain of more than " + MAX_DEPTH + " calls");
      }
      int line = token.line();
      if (accept(".")) {
        String name = expect(Token.Kind.NAME, "a name").text();
        value =
            value instanceof Expression.Qualified qualified
                ? new Expression.Qualified(qualified.name() + "." + name, qualified.line())
                : new Expression.Attribute(value, name, line);
      } else if (accept("(")) {
        value = call(value, line);
      } else {
        expect("[");
        Expression index = index();
        expect("]");
        value = new Expression.Subscript(value, index, line);
      }
    }
    return value;
  }

  private Expression call(Expression function, int line) throws MalformedModelException {
    List<Expression> arguments = new ArrayList<>();
    List<Expression.Named> named = new ArrayList<>();
    while (!token.is(")")) {
      Expression argument = expression();
      if (token.is("=") && argument instanceof Expression.Variable name) {
        take();
        named.add(new Expression.Named(name.name(), expression()));
      } else {
        arguments.add(argument);
      }
      if (!token.is(")")) {
        expect(",");
      }
    }
    take();
    return new Expression.Call(function, List.copyOf(arguments), List.copyOf(named), line);
  }

  private Expression index() throws MalformedModelException {
    int line = token.line();
    Expression first = item();
    if (!token.is(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (accept(",") && !token.is("]")) {
      items.add(item());
    }
    return new Expression.TupleOf(List.copyOf(items), line);
  }

  private Expression item() throws MalformedModelException {
    int line = token.line();
    Expression begin = token.is(":") ? null : expression();
    if (!accept(":")) {
      if (begin == null) {
        throw unexpected("an index");
      }
      return begin;
    }
    Expression end = bound();
    Expression step = accept(":") ? bound() : null;
    return new Expression.Range(begin, end, step, line);
  }

  private @Nullable Expression bound() throws MalformedModelException {
    return token.is(":") || token.is(",") || token.is("]") ? null : expression();
  }

  private Expression atom() throws MalformedModelException {
    return switch (token.kind()) {
      case NAME -> name(take());
      case INTEGER, REAL -> number(false);
      case STRING -> string();
      case SIGN -> bracketed();
      default -> throw unexpected("an expression");
    };
  }

  /** Strings that stand side by side are one. */
  private Expression string() throws MalformedModelException {
    int line = token.line();
    StringBuilder text = new StringBuilder(take().text());
    while (token.kind() == Token.Kind.STRING) {
      text.append(take().text());
    }
    return new Expression.Literal(text.toString(), line);
  }

  private Expression bracketed() throws MalformedModelException {
    int line = token.line();
    if (accept("(")) {
      return parenthesis(line);
    }
    if (accept("[")) {
      return new Expression.ListOf(items("]"), line);
    }
    if (accept("{")) {
      return dictionary(line);
    }
    throw unexpected("an expression");
  }

  private static Expression name(Token name) {
    return switch (name.text()) {
      case "None" -> new Expression.Literal(null, name.line());
      case "True" -> new Expression.Literal(true, name.line());
      case "False" -> new Expression.Literal(false, name.line());
      case "inf" -> new Expression.Literal(Double.POSITIVE_INFINITY, name.line());
      case "nan" -> new Expression.Literal(Double.NaN, name.line());
      default ->
          ROOTS.contains(name.text())
              ? new Expression.Qualified(name.text(), name.line())
              : new Expression.Variable(name.text(), name.line());
    };
  }

  private Expression.Literal number(boolean negative) throws MalformedModelException {
    Token number = take();
    String text = negative ? "-" + number.text() : number.text();
    try {
      if (number.kind() == Token.Kind.INTEGER) {
        return new Expression.Literal(Long.parseLong(text), number.line());
      }
      return new Expression.Literal(Double.parseDouble(text), number.line());
    } catch (NumberFormatException e) {
      throw lexer.malformed(number.line(), "the number " + number.shown());
    }
  }

  private Expression parenthesis(int line) throws MalformedModelException {
    if (accept(")")) {
      return new Expression.TupleOf(List.of(), line);
    }
    Expression first = expression();
    if (accept(")")) {
      return first;
    }
    expect(",");
    List<Expression> items = new ArrayList<>(List.of(first));
    items.addAll(items(")"));
    return new Expression.TupleOf(List.copyOf(items), line);
  }

  private List<Expression> items(String close) throws MalformedModelException {
    List<Expression> items = new ArrayList<>();
    while (!token.is(close)) {
      items.add(expression());
      if (!token.is(close)) {
        expect(",");
      }
    }
    take();
    return List.copyOf(items);
  }

  private Expression dictionary(int line) throws MalformedModelException {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!token.is("}")) {
      keys.add(expression());
      expect(":");
      values.add(expression());
      if (!token.is("}")) {
        expect(",");
      }
    }
    take();
    return new Expression.DictionaryOf(List.copyOf(keys), List.copyOf(values), line);
  }
}
