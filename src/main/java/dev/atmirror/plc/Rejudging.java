package dev.atmirror.plc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Judges whole logs once more, from nothing and in the order of time. Touches no storage. Not thread-safe. */
public final class Rejudging {
    private final OperationVerifier verifier;
    private int turn;

    /** @param threads that check signatures */
    public Rejudging(int threads) {
        verifier = new OperationVerifier(new NothingStored(), threads, false);
    }

    /** What is stored of a DID, and what was kept out of its log. Each in the order in which it came. */
    public record Log(List<ExportedOperation> stored, List<ExportedOperation> rejected) {}

    /** The DIDs of which something is stored that would not be, had all their operations come in the order of time. */
    public Set<String> findWrong(Map<String, Log> logs) {
        List<ExportedOperation> all = new ArrayList<>();
        logs.values().forEach(log -> {
            all.addAll(log.stored());
            all.addAll(log.rejected());
        });
        all.sort(Comparator.comparing(ExportedOperation::createdAt)); // stable: what is stored comes first
        verifier.forget(++turn);
        Map<String, List<String>> right = verifier
                .verify(new PlcPage(turn, 1, all, List.of(), false, Position.START))
                .accepted()
                .stream()
                .collect(Collectors.groupingBy(
                        VerifiedPage.Accepted::did, Collectors.mapping(VerifiedPage.Accepted::cid, Collectors.toList())));
        Set<String> wrong = new HashSet<>();
        logs.forEach((did, log) -> {
            List<String> now = log.stored().stream().map(ExportedOperation::cid).toList();
            List<String> should = right.getOrDefault(did, List.of());
            if (now.size() > should.size() || !now.equals(should.subList(0, now.size()))) {
                wrong.add(did);
            }
        });
        return wrong;
    }

    private static final class NothingStored implements LogStore {
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
}
