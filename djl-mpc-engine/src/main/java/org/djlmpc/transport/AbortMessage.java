package org.djlmpc.transport;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * The payload of an ABORT frame: the text of the exception, whose first word is the stable code. A
 * peer's text ends up in logs and terminals, so nothing but printable characters passes.
 */
final class AbortMessage {
  static final int MAX_BYTES = 4096;

  private AbortMessage() {}

  static byte[] encode(MpcException reason) {
    byte[] text = printable(String.valueOf(reason.getMessage())).getBytes(StandardCharsets.UTF_8);
    if (text.length <= MAX_BYTES) {
      return text;
    }
    int end = MAX_BYTES;
    while ((text[end] & 0xC0) == 0x80) {
      end--; // not in the middle of a character
    }
    return Arrays.copyOf(text, end);
  }

  /**
   * What the other parties learn.
   *
   * @param from the party that stopped
   * @param scope what it stopped, such as "request 7"
   */
  static MpcException decode(byte[] payload, PartyId from, String scope) {
    int length = Math.min(payload.length, MAX_BYTES);
    String text = printable(new String(payload, 0, length, StandardCharsets.UTF_8));
    return new MpcException(
        ErrorCode.ABORTED, from + " stopped " + scope + ": " + text, ErrorCode.ABORTED.nextStep());
  }

  private static String printable(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().map(c -> isPrintable(c) ? c : '?').forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
