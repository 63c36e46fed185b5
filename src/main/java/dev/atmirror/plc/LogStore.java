package dev.atmirror.plc;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** What reading and verifying ask of the storage. Failures of the storage are unchecked and end the batch, never an operation. */
public interface LogStore {
    /** Where reading of this upstream stands, as committed with the operations. */
    Optional<Position> position(String upstreamHost);

    /** The greatest numbers in use. */
    Numbers numbers();

    /** The logs of those of the DIDs that are stored. */
    Map<String, DidLog> logs(Collection<String> dids);

    /**
     * @param operation greatest id of an operation, 0 without any
     * @param account greatest number of an account, 0 without any
     */
    record Numbers(long operation, int account) {}
}
