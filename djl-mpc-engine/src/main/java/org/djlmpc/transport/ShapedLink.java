package org.djlmpc.transport;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A link with added latency and limited bandwidth. A frame reaches the link behind this one at
 *
 * <pre>max(when the link is free, now) + size / bandwidth + latency,</pre>
 *
 * as on a wire: frames queue for their transmission and overlap in flight. The sender goes on at
 * once, up to a buffer of {@link #BUFFER_BYTES} that stands for the socket's.
 */
final class ShapedLink implements Link {
  /** What may wait for its transmission before senders are held up. */
  private static final long BUFFER_BYTES = 16L << 20;

  private final Link link;
  private final LinkShape shape;
  private final Duration drainTimeout;
  private final Runnable onWritable;
  private final long capacity;
  private final Thread carrier;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Flight> inFlight = new ArrayDeque<>();
  private long bytesInFlight;
  private long linkFreeAt = System.nanoTime();
  private boolean closing;
  private boolean dropping;

  private record Flight(Frame frame, long bytes, long arrivesAt) {}

  private ShapedLink(
      Link link, LinkShape shape, Duration drainTimeout, String name, Runnable onWritable) {
    this.link = link;
    this.shape = shape;
    this.drainTimeout = drainTimeout;
    this.onWritable = onWritable;
    // What is on the wire comes on top of the buffer; an unlimited wire holds anything.
    double onTheWire = shape.megabitsPerSecond() * 1e6 / 8 * shape.oneWayNanos() / 1e9;
    this.capacity =
        Double.isInfinite(shape.megabitsPerSecond())
            ? Long.MAX_VALUE
            : BUFFER_BYTES + Math.round(onTheWire);
    this.carrier = new Thread(this::carry, "djl-mpc-shape-" + name);
    carrier.setDaemon(true);
  }

  /**
   * Puts a shape before a link.
   *
   * @param link where frames go when they have arrived
   * @param shape what to add
   * @param drainTimeout how long {@link #close} waits for frames in flight
   * @param name of the carrying thread
   * @param onWritable called when senders may go on
   */
  static ShapedLink start(
      Link link, LinkShape shape, Duration drainTimeout, String name, Runnable onWritable) {
    ShapedLink shaped = new ShapedLink(link, shape, drainTimeout, name, onWritable);
    shaped.carrier.start();
    return shaped;
  }

  @Override
  public void send(Frame frame) {
    long bytes = WireFormat.HEADER_BYTES + (long) frame.payload().length;
    lock.lock();
    try {
      if (closing) {
        return;
      }
      long now = System.nanoTime();
      long start = linkFreeAt - now > 0 ? linkFreeAt : now;
      linkFreeAt = start + shape.transmissionNanos(bytes);
      inFlight.add(new Flight(frame, bytes, linkFreeAt + shape.oneWayNanos()));
      bytesInFlight += bytes;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean writable() {
    lock.lock();
    try {
      return bytesInFlight <= capacity && link.writable();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
      long nanos = drainTimeout.toNanos();
      while (nanos > 0 && !inFlight.isEmpty()) {
        nanos = changed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      dropping = true;
      changed.signalAll();
      lock.unlock();
    }
    link.close();
    try {
      carrier.join(drainTimeout.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void carry() {
    for (Flight next = takeArrived(); next != null; next = takeArrived()) {
      link.send(next.frame());
      boolean mayGoOn;
      lock.lock();
      try {
        bytesInFlight -= next.bytes();
        inFlight.remove(); // only now, so that close() waits for the frame to be passed on
        mayGoOn = bytesInFlight <= capacity;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      if (mayGoOn) {
        onWritable.run();
      }
    }
  }

  /** Waits until the first frame has arrived; null when the link is closed and empty. */
  private @Nullable Flight takeArrived() {
    lock.lock();
    try {
      while (!dropping) {
        Flight first = inFlight.peek();
        if (first == null) {
          if (closing) {
            return null;
          }
          changed.await();
        } else {
          long nanos = first.arrivesAt() - System.nanoTime();
          if (nanos <= 0) {
            return first;
          }
          changed.awaitNanos(nanos);
        }
      }
      return null;
    } catch (InterruptedException e) {
      return null; // nobody but a closing virtual machine interrupts this thread
    } finally {
      lock.unlock();
    }
  }
}
