package org.djlmpc.zoo.torchscript.code;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.MalformedModelException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts source text into tokens, one at a time; indentation becomes tokens, as in Python. */
final class Lexer {
  /** Longest first, so that the first match is the right one. */
  private static final List<String> SIGNS =
      List.of(
          "**", "//", "==", "!=", "<=", ">=", "->", "(", ")", "[", "]", "{", "}", ",", ":", ".",
          "=", "+", "-", "*", "/", "%", "<", ">", "@", "~", "&", "|", "^");

  private static final int MAX_INDENTATIONS = 100;

  /** Names become parts of other names, for every operator. */
  private static final int MAX_NAME = 256;

  private final String file;
  private final String text;
  private final Deque<Integer> indentations = new ArrayDeque<>(List.of(0));
  private int at;
  private int line = 1;
  private int brackets;
  private boolean lineStart = true;
  private boolean lastLineEnded;
  private int pendingDedents;

  Lexer(String file, String text) {
    this.file = file;
    this.text = text;
  }

  MalformedModelException malformed(int atLine, String problem) {
    return new MalformedModelException(
        "its code is broken: " + file + ":" + atLine + ": " + problem);
  }

  Token next() throws MalformedModelException {
    if (pendingDedents > 0) {
      pendingDedents--;
      return token(Token.Kind.DEDENT, "");
    }
    if (lineStart && brackets == 0) {
      Token indentation = indentation();
      if (indentation != null) {
        return indentation;
      }
    }
    skipBlanks();
    if (at >= text.length()) {
      return end();
    }
    char c = text.charAt(at);
    if (c == '\n') {
      Token newline = token(Token.Kind.NEWLINE, "");
      newline();
      lineStart = true;
      return newline;
    }
    if (Character.isLetter(c) || c == '_') {
      return name();
    }
    if (isDigit(c) || c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1))) {
      return number();
    }
    if (c == '"' || c == '\'') {
      return string(c);
    }
    return sign();
  }

  private Token token(Token.Kind kind, String value) {
    return new Token(kind, value, line);
  }

  private void newline() {
    at++;
    line++;
  }

  /** An INDENT or DEDENT before the first token of a line, or null; skips blank lines. */
  private @Nullable Token indentation() throws MalformedModelException {
    int width = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ') {
        width++;
        at++;
      } else if (c == '\n' || c == '\r' || c == '#') {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == '\n') {
          newline();
        }
        width = 0;
      } else {
        break;
      }
    }
    lineStart = false;
    int current = at >= text.length() ? 0 : width;
    if (current > indentations.getLast()) {
      if (indentations.size() > MAX_INDENTATIONS) {
        throw malformed(line, "blocks are nested more than " + MAX_INDENTATIONS + " deep");
      }
      indentations.addLast(current);
      return token(Token.Kind.INDENT, "");
    }
    int closed = 0;
    while (current < indentations.getLast()) {
      indentations.removeLast();
      closed++;
    }
    if (current != indentations.getLast()) {
      throw malformed(line, "a line is indented unlike any block");
    }
    if (closed == 0) {
      return null;
    }
    pendingDedents = closed - 1;
    return token(Token.Kind.DEDENT, "");
  }

  private Token end() throws MalformedModelException {
    if (brackets > 0) {
      throw malformed(line, "a bracket is never closed");
    }
    if (!lastLineEnded) {
      lastLineEnded = true;
      // the open blocks end next
      lineStart = true;
      return token(Token.Kind.NEWLINE, "");
    }
    return token(Token.Kind.END, "");
  }

  /** Spaces, comments and, inside brackets, ends of lines. */
  private void skipBlanks() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n' && brackets > 0) {
        newline();
      } else if (c == ' ' || c == '\r' || c == '\t') {
        at++;
      } else if (c == '#') {
        while (at < text.length() && text.charAt(at) != '\n') {
          at++;
        }
      } else {
        break;
      }
    }
  }

  private Token name() throws MalformedModelException {
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    if (at - start > MAX_NAME) {
      throw malformed(line, "a name of " + (at - start) + " characters");
    }
    return token(Token.Kind.NAME, text.substring(start, at));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private Token number() {
    int start = at;
    boolean real = false;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean exponent = c == 'e' || c == 'E';
      boolean signed = (c == '+' || c == '-') && "eE".indexOf(text.charAt(at - 1)) >= 0;
      if (!isDigit(c) && c != '.' && !exponent && !(signed && at > start)) {
        break;
      }
      real |= c == '.' || exponent;
      at++;
    }
    return token(real ? Token.Kind.REAL : Token.Kind.INTEGER, text.substring(start, at));
  }

  private Token sign() throws MalformedModelException {
    for (String sign : SIGNS) {
      if (text.startsWith(sign, at)) {
        at += sign.length();
        switch (sign) {
          case "(", "[", "{" -> brackets++;
          case ")", "]", "}" -> brackets = Math.max(0, brackets - 1);
          default -> {}
        }
        return token(Token.Kind.SIGN, sign);
      }
    }
    throw malformed(line, String.format("the character U+%04X", (int) text.charAt(at)));
  }

  /** The printer escapes every byte that is not printable ASCII, in octal. */
  private Token string(char quote) throws MalformedModelException {
    int start = line;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    at++;
    while (true) {
      if (at >= text.length() || text.charAt(at) == '\n') {
        throw malformed(start, "a string is never closed");
      }
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      if (c == quote) {
        return new Token(Token.Kind.STRING, bytes.toString(UTF_8), start);
      }
      if (c == '\\') {
        bytes.write(escape());
      } else {
        bytes.writeBytes(Character.toString(c).getBytes(UTF_8));
      }
    }
  }

  private int escape() throws MalformedModelException {
    if (at >= text.length()) {
      throw malformed(line, "a string is never closed");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'a' -> 7;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'v' -> 11;
      case '\\', '"', '\'' -> c;
      case 'x' -> digits(2, 16);
      case '0', '1', '2', '3' -> {
        at--;
        yield digits(3, 8);
      }
      default -> throw malformed(line, "a string has the unknown escape \\" + c);
    };
  }

  private int digits(int count, int radix) throws MalformedModelException {
    int value = 0;
    for (int i = 0; i < count; i++) {
      int digit = at < text.length() ? Character.digit(text.charAt(at), radix) : -1;
      if (digit < 0) {
        throw malformed(line, "a string has a broken escape");
      }
      value = value * radix + digit;
      at++;
    }
    return value;
  }
}
