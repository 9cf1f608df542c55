package org.djlmpc.preprocessing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** Reads and writes announcements: a count, then for each operation its kind and parameters. */
public interface OperationCodec {
  /** Most operations in one announcement; larger programs announce several times. */
  int MAX_OPERATIONS = 10_000;

  /** Reads the parameters of one operation of this kind; must bound every length that it reads. */
  Operation decode(int kind, DataInput in) throws IOException;

  /** The announcement of these operations. */
  static byte[] encode(List<? extends Operation> operations) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeInt(operations.size());
      for (Operation operation : operations) {
        out.writeInt(operation.kind());
        operation.encode(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Reads an announcement that came from a peer. */
  default List<Operation> decode(byte[] announcement) {
    try (var in = new DataInputStream(new ByteArrayInputStream(announcement))) {
      int count = in.readInt();
      if (count < 0 || count > MAX_OPERATIONS) {
        throw new IOException(count + " operations");
      }
      List<Operation> operations = new ArrayList<>(Math.min(count, 1024));
      for (int i = 0; i < count; i++) {
        operations.add(decode(in.readInt(), in));
      }
      if (in.available() != 0) {
        throw new IOException("trailing bytes");
      }
      return operations;
    } catch (IOException | ArithmeticException | IllegalArgumentException e) {
      throw new MpcException(
          ErrorCode.BAD_FRAME,
          "An announcement cannot be read (" + e.getMessage() + ").",
          "Run the same version of djl-mpc at all parties.",
          e);
    }
  }
}
