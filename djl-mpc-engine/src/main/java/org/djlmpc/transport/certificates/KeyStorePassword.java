package org.djlmpc.transport.certificates;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** Where the password of a key store comes from: never from a command's arguments. */
@FunctionalInterface
public interface KeyStorePassword {
  /**
   * Reads the password.
   *
   * @return an array that the caller overwrites
   * @throws MpcException KEY_STORE if there is none
   */
  char[] read();

  /** The first line of a file, in UTF-8. */
  static KeyStorePassword fromFile(Path file) {
    return () -> {
      byte[] bytes = bytes(file);
      CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
      Arrays.fill(bytes, (byte) 0);
      int length = 0;
      while (length < text.length() && "\r\n".indexOf(text.charAt(length)) < 0) {
        length++;
      }
      char[] password = new char[length];
      text.get(password);
      Arrays.fill(text.array(), '\0');
      return password;
    };
  }

  /** A variable of the environment. */
  static KeyStorePassword fromEnvironment(String variable) {
    return () -> {
      String password = System.getenv(variable);
      if (password == null) {
        throw new MpcException(
            ErrorCode.KEY_STORE,
            "The environment has no variable " + variable + ".",
            "Set it to the password of the key store, or name a file with the password.");
      }
      return password.toCharArray();
    };
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new MpcException(
          ErrorCode.KEY_STORE,
          "The password file " + file + " cannot be read.",
          "Name a file whose first line is the password of the key store.",
          e);
    }
  }
}
