package dev.atmirror.route;

import dev.atmirror.plc.LogCursor;
import dev.atmirror.plc.Position;
import dev.atmirror.plc.RequestPace;
import dev.atmirror.store.SyncStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * Bean {@code standing}: where reading the log stands, noted by the process that writes it and learned by those that only
 * serve it.
 */
public final class StandingRow {
    private static final String STAGE = "plc-logs";

    private final LogCursor cursor;
    private final RequestPace pace;
    private final SyncStatus status;
    private volatile Optional<SyncStatus.Cursor> learned = Optional.empty();
    private volatile boolean caughtUpOnce;

    public StandingRow(LogCursor cursor, RequestPace pace, SyncStatus status) {
        this.cursor = cursor;
        this.pace = pace;
        this.status = status;
    }

    /** The parameters of {@code sql/sync/note-standing.sql}. */
    public void layOut(Exchange exchange) {
        learned = Optional.empty();
        LogCursor.Standing now = cursor.standing();
        Map<String, Object> row = new HashMap<>();
        row.put("stage", STAGE);
        row.put("host", now.host());
        row.put("atHead", now.lastAtHead().map(Object::toString).orElse(null));
        row.put("polledAt", now.lastPoll().map(Object::toString).orElse(null));
        row.put("lastError", pace.lastFailure().map(RequestPace.Failure::what).orElse(null));
        row.put("lastErrorAt", pace.lastFailure().map(failure -> failure.at().toString()).orElse(null));
        row.put("nextTryAt", pace.nextTry().map(Object::toString).orElse(null));
        exchange.getMessage().setBody(row);
    }

    /** Reads what the process that writes has noted. */
    public void learn() {
        List<SyncStatus.Cursor> cursors = status.cursors().stream()
                .filter(row -> row.stage().equals(STAGE))
                .toList();
        caughtUpOnce |= cursors.stream().anyMatch(row -> row.caughtUpAt().isPresent());
        learned = cursors.stream().findFirst(); // the one that moved last
    }

    private static LogCursor.Standing standing(SyncStatus.Cursor row) {
        Position.Kind kind = Position.Kind.valueOf(row.kind().toUpperCase(Locale.ROOT));
        Position position = new Position(kind, row.seq(), row.time());
        return new LogCursor.Standing(row.host(), position, false, false, Optional.of(row.polledAt()), row.caughtUpAt());
    }

    /** What another process has noted last; empty as long as we write. */
    public Optional<LogCursor.Standing> learned() {
        return learned.map(StandingRow::standing);
    }

    /** Its last failure and when it asks again; empty as long as we write. */
    public Optional<SyncStatus.Cursor> learnedRow() {
        return learned;
    }

    /** Whether another process has ever stored everything that an upstream had, as far as is learned. */
    public boolean hasCaughtUp() {
        return caughtUpOnce;
    }
}
