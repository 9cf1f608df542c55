package org.djlmpc.preprocessing;

import java.nio.ByteBuffer;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;

/**
 * How many bytes of keys a party holds at most before it has used some: the dealer generates ahead, but never more than
 * this. Both ends start with the same window; the receiver gives back what it has consumed.
 */
final class CreditWindow {
    private final Channel channel;
    private final long window;
    private long open;

    CreditWindow(Channel channel, long window) {
        this.channel = channel;
        this.window = window;
        open = window;
    }

    /** Dealer: waits until the party has room; one frame may always be under way. */
    void spend(int bytes) {
        while (open < bytes && open < window) {
            byte[] credit = channel.receive(FrameType.CREDIT, 0);
            long returned = credit.length == Long.BYTES ? ByteBuffer.wrap(credit).getLong() : -1;
            if (returned < 0 || returned > window - open) {
                throw new MpcException(
                        ErrorCode.BAD_FRAME,
                        channel.peer() + " returned more credit than it was given.",
                        "Run the same version of djl-mpc at all parties.");
            }
            open += returned;
        }
        open -= bytes;
    }

    /** Party: a frame has been used up. Small amounts are collected into one credit frame. */
    void giveBack(int bytes) {
        open -= bytes;
        long used = window - open;
        if (used >= window / 8) {
            channel.send(
                    FrameType.CREDIT, 0, ByteBuffer.allocate(Long.BYTES).putLong(used).array());
            open = window;
        }
    }
}
