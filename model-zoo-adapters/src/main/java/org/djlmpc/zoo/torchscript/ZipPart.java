package org.djlmpc.zoo.torchscript;

import java.io.IOException;
import java.io.OutputStream;

/** Lets through what begins with a zip archive: DJL puts its version and a length before it. */
final class ZipPart extends OutputStream {
  private static final byte[] SIGNATURE = {'P', 'K', 3, 4};

  private final OutputStream out;
  private int matched;

  ZipPart(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    while (matched < SIGNATURE.length && at < offset + length) {
      byte b = bytes[at++];
      matched = b == SIGNATURE[matched] ? matched + 1 : b == SIGNATURE[0] ? 1 : 0;
      if (matched == SIGNATURE.length) {
        out.write(SIGNATURE);
      }
    }
    out.write(bytes, at, offset + length - at);
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
