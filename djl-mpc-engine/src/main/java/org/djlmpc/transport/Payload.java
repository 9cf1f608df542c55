package org.djlmpc.transport;

import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bytes of a frame, held by one or more: by each that it was sent to, if they are threads of
 * one process, until it has read them. When the last lets go, the bytes are erased.
 *
 * <p>Arrays from {@link #take} are used again. Function keys come by the gigabyte, and to make new
 * arrays for them (zeroed, moved by the garbage collector, and copied for the second party) would
 * cost more than to evaluate them.
 */
public final class Payload implements AutoCloseable {
  /** Erased arrays by their length; given up when the process runs out of memory. */
  private static final Map<Integer, Deque<SoftReference<byte[]>>> FREE = new ConcurrentHashMap<>();

  private final byte[] bytes;
  private final AtomicInteger holders;
  private final boolean reused;

  private Payload(byte[] bytes, int holders, boolean reused) {
    this.bytes = bytes;
    this.holders = new AtomicInteger(holders);
    this.reused = reused;
  }

  /** An array with one holder, who may keep it and never close this. */
  public static Payload of(byte[] bytes) {
    return new Payload(bytes, 1, false);
  }

  /**
   * Zeros, to be written before they are sent.
   *
   * @param length in bytes
   * @param holders how many will close it
   */
  public static Payload take(int length, int holders) {
    Deque<SoftReference<byte[]>> free = FREE.get(length);
    while (free != null) {
      SoftReference<byte[]> reference = free.poll();
      if (reference == null) {
        break;
      }
      byte[] bytes = reference.get();
      if (bytes != null) {
        return new Payload(bytes, holders, true);
      }
    }
    return new Payload(new byte[length], holders, true);
  }

  /** The bytes, to be read until {@link #close}. */
  public byte[] bytes() {
    return bytes;
  }

  /** Number of bytes. */
  public int length() {
    return bytes.length;
  }

  /** The bytes for one who keeps them: these, or a copy where others hold them too. */
  byte[] keep() {
    if (!reused) {
      return bytes;
    }
    byte[] copy = bytes.clone();
    close();
    return copy;
  }

  /** One holder lets go, once. */
  @Override
  public void close() {
    if (holders.decrementAndGet() == 0) {
      Arrays.fill(bytes, (byte) 0);
      if (reused) {
        FREE.computeIfAbsent(bytes.length, length -> new ConcurrentLinkedDeque<>())
            .push(new SoftReference<>(bytes));
      }
    }
  }
}
