package org.djlmpc.transport;

import java.util.Set;
import org.djlmpc.error.MpcException;

/** One party's connections to all its peers. */
public interface Network extends AutoCloseable {
    /** The party at this end. */
    PartyId self();

    /** The peers that this party is connected to. */
    Set<PartyId> peers();

    /**
     * The channel to a peer for a request. Request 0 is the control channel. Frames that arrived before this call are
     * kept (bounded) and delivered.
     */
    Channel channel(PartyId peer, long request);

    /**
     * Waits for a request which a peer has started (its first frame arrived) and which nobody has accepted yet.
     *
     * @return its number, once for each request even when several peers start it
     * @throws MpcException when the network is closed or aborted
     */
    long accept();

    /** Stops one request at every party, with a reason that names no secret. */
    void abort(long request, MpcException reason);

    /** Stops everything at every party, with a reason that names no secret. */
    void abort(MpcException reason);

    /** Closes all connections, threads and ports. */
    @Override
    void close();
}
