package org.djlmpc.session;

/**
 * An opening that is under way. All pending openings leave in one message when the first of them is
 * awaited.
 *
 * @param <T> what is opened
 */
public interface Pending<T> {
  /** The opened value; sends and receives what is still pending. */
  T await();
}
