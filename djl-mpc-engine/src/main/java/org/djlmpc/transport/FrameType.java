package org.djlmpc.transport;

/** What a frame carries. The order is part of the wire format. */
public enum FrameType {
    /** Version and configuration of a party. */
    HELLO,
    /** Seeds that two parties share. */
    SEED,
    /** Operations that a share holder asks an assistant to do. */
    ANNOUNCE,
    /** How much preprocessing a share holder is ready to take. */
    CREDIT,
    /** Keys and correlations from an assistant. */
    PREPROCESSING,
    /** Hash of plan, encoding and key range, compared before the first opening. */
    AGREE,
    /** An opening that depends on no query, such as the masked weights of a model. */
    SETUP,
    /** Shares of an input or an output. */
    SHARE,
    /** An opening between share holders, or a message of an online protocol. */
    OPEN,
    /** The sender stops; the payload says why. */
    ABORT,
    /** The sender is done with this request. */
    END;

    /** Whether frames of this type belong to the online phase; all others are counted as offline. */
    public boolean online() {
        return this == SHARE || this == OPEN;
    }
}
