package dev.atmirror.app;

import dev.atmirror.api.Readiness;
import dev.atmirror.plc.LogCursor;
import dev.atmirror.plc.PlcSettings;
import dev.atmirror.plc.RequestPace;
import dev.atmirror.route.StandingRow;
import dev.atmirror.route.StoredPages;
import dev.atmirror.store.SyncStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether answers may be relied on, put together from what each part knows; asks nobody. */
final class MirrorState implements Readiness.Source {
    private final PlcSettings plc;
    private final Sources sources;
    private final DatabaseWatch watch;
    private final InstantSource clock;
    private volatile boolean caughtUpBefore;
    private volatile Optional<Instant> atHeadBefore = Optional.empty();

    /** Who knows what. */
    record Sources(LogCursor cursor, StoredPages pages, RequestPace pace, StandingRow standing) {}

    MirrorState(
            PlcSettings plc, Sources sources, DatabaseWatch watch, InstantSource clock) {
        this.plc = plc;
        this.sources = sources;
        this.watch = watch;
        this.clock = clock;
    }

    /** Reads what was stored when the program last ran. */
    void begin(SyncStatus status) {
        List<SyncStatus.Cursor> cursors = status.cursors();
        caughtUpBefore = cursors.stream().anyMatch(cursor -> cursor.caughtUpAt().isPresent());
        atHeadBefore = cursors.stream()
                .filter(cursor -> cursor.host().equals(plc.address().key()))
                .findFirst()
                .flatMap(SyncStatus.Cursor::caughtUpAt);
    }

    @Override
    public Readiness now() {
        Instant now = clock.instant();
        LogCursor.Standing log = sources.standing().learned().orElseGet(sources.cursor()::standing);
        boolean caughtUpOnce = caughtUpBefore || sources.pages().hasCaughtUp() || sources.standing().hasCaughtUp();
        boolean atHead = log.lastAtHead().filter(now.minus(plc.readyWithin())::isBefore).isPresent();
        Readiness.Trouble trouble = trouble();
        return new Readiness(
                caughtUpOnce,
                caughtUpOnce && atHead && trouble.database().isEmpty(),
                log.host(),
                log.position().kind().name().toLowerCase(Locale.ROOT),
                log.position().seq(),
                log.position().time(),
                log.streaming(),
                atHead && caughtUpOnce ? Optional.empty() : behind(log, now),
                log.lastPoll(),
                trouble);
    }

    /** A quiet log is no older than the moment at which nothing was left to read, whatever its newest operation says. */
    private Optional<Duration> behind(LogCursor.Standing log, Instant now) {
        Optional<Instant> known = Stream.of(Optional.of(log.position().time()), log.lastAtHead(), atHeadBefore)
                .flatMap(Optional::stream)
                .filter(Instant.EPOCH::isBefore)
                .max(Instant::compareTo);
        return known.map(then -> Duration.between(then, now));
    }

    private Readiness.Trouble trouble() {
        Optional<SyncStatus.Cursor> writer = sources.standing().learnedRow();
        if (writer.isPresent()) {
            return new Readiness.Trouble(watch.trouble(), writer.get().lastError(), writer.get().lastErrorAt(),
                    writer.get().nextTryAt(), watch.isReadOnly());
        }
        Optional<RequestPace.Failure> last = sources.pace().lastFailure();
        return new Readiness.Trouble(watch.trouble(), last.map(RequestPace.Failure::what),
                last.map(RequestPace.Failure::at), sources.pace().nextTry(), watch.isReadOnly());
    }
}
