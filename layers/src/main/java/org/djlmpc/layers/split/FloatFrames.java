package org.djlmpc.layers.split;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;

/**
 * Arrays of floats as one message of as few frames as possible, 4 bytes a value, little-endian.
 * Both sides know the length.
 */
public final class FloatFrames {
  private static final int FRAME = 4 << 20;
  private static final int PER_FRAME = FRAME / Float.BYTES;

  private FloatFrames() {}

  /** Sends an array to several peers at the same time. */
  public static void send(List<Channel> peers, FrameType type, int operation, float[] values) {
    for (int from = 0; from < values.length; from += PER_FRAME) {
      int count = Math.min(PER_FRAME, values.length - from);
      byte[] frame = new byte[count * Float.BYTES];
      ByteBuffer.wrap(frame)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .put(values, from, count);
      for (int i = 0; i < peers.size(); i++) {
        // a frame passes to its channel
        peers.get(i).send(type, operation, i == peers.size() - 1 ? frame : frame.clone());
      }
    }
  }

  /**
   * Receives an array.
   *
   * @throws MpcException BAD_FRAME for another length, NOT_FINITE if a value is NaN or infinite
   */
  public static float[] receive(
      Channel peer, FrameType type, int operation, int length, String what) {
    float[] values = new float[length];
    for (int from = 0; from < length; from += PER_FRAME) {
      int count = Math.min(PER_FRAME, length - from);
      byte[] frame = peer.receive(type, operation);
      if (frame.length != count * Float.BYTES) {
        throw new MpcException(
            ErrorCode.BAD_FRAME,
            peer.peer()
                + " sent "
                + frame.length
                + " bytes of "
                + what
                + " instead of "
                + count * Float.BYTES
                + ".",
            "Run the same version with the same plan at all parties.");
      }
      ByteBuffer.wrap(frame)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values, from, count);
    }
    Finite.require(values, what);
    return values;
  }
}
