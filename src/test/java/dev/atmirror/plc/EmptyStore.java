package dev.atmirror.plc;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** A storage that holds nothing yet: the verifier's own memory does the rest. */
final class EmptyStore implements LogStore {
    @Override
    public Optional<Position> position(String upstreamHost) {
        return Optional.empty();
    }

    @Override
    public Numbers numbers() {
        return new Numbers(0, 0);
    }

    @Override
    public Map<String, DidLog> logs(Collection<String> dids) {
        return Map.of();
    }
}
