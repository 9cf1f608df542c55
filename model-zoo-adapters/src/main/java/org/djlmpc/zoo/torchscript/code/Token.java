package org.djlmpc.zoo.torchscript.code;

/**
 * A piece of source text.
 *
 * @param kind what it is
 * @param text its characters; of a string, what it stands for
 * @param line its line
 */
record Token(Kind kind, String text, int line) {
  /** What a token is. */
  enum Kind {
    NAME,
    INTEGER,
    REAL,
    STRING,
    SIGN,
    NEWLINE,
    INDENT,
    DEDENT,
    END
  }

  boolean is(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  boolean isWord(String word) {
    return kind == Kind.NAME && text.equals(word);
  }

  /** What to call it in a message. */
  String shown() {
    return switch (kind) {
      case NEWLINE -> "the end of the line";
      case INDENT -> "an indentation";
      case DEDENT -> "the end of a block";
      case END -> "the end of the file";
      default -> "'" + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + "'";
    };
  }
}
