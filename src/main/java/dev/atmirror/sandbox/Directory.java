package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that commits to the log, one at a time. Safe for many threads. */
final class Directory {
    private final SandboxLog log;
    private final Traffic traffic;
    private final Submissions submissions;
    private final InstantSource clock;

    Directory(SandboxSettings settings, InstantSource clock) {
        this.clock = clock;
        this.log = new SandboxLog(settings.seed());
        this.traffic = new Traffic(settings);
        this.submissions = new Submissions(log);
        traffic.past(settings.operations(), settings.span(), clock.instant()).forEach(log::append);
    }

    SandboxLog log() {
        return log;
    }

    /** Lets so many operations happen now; fewer when the log becomes full. */
    synchronized List<SandboxOperation> grow(int operations) {
        List<SandboxOperation> grown = new ArrayList<>();
        for (int i = 0; i < operations && !log.isFull(); i++) {
            grown.add(log.append(traffic.live(clock.instant())));
        }
        return grown;
    }

    /** Commits an operation whose time lies behind the newest of the log, as when its transaction took long. */
    synchronized SandboxOperation late(Duration behind) {
        Instant newest = log.newest().orElseGet(clock::instant).truncatedTo(ChronoUnit.MILLIS);
        return log.append(traffic.newcomer(newest.minus(behind)));
    }

    /** @return why the operation is refused; empty when it is committed */
    synchronized Optional<String> submit(String did, JsonNode operation) {
        Submissions.Verdict verdict =
                submissions.judge(did, operation, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        verdict.draft().ifPresent(log::append);
        return verdict.draft().isPresent() ? Optional.empty() : Optional.of(verdict.complaint());
    }
}
