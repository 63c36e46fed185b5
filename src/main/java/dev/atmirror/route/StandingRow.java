package dev.atmirror.route;

import dev.atmirror.plc.LogCursor;
import dev.atmirror.plc.RequestPace;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;

/** Bean {@code standing}: the parameters of {@code sql/sync/note-standing.sql}. */
public final class StandingRow {
    private final LogCursor cursor;
    private final RequestPace pace;

    public StandingRow(LogCursor cursor, RequestPace pace) {
        this.cursor = cursor;
        this.pace = pace;
    }

    public void layOut(Exchange exchange) {
        LogCursor.Standing now = cursor.standing();
        Map<String, Object> row = new HashMap<>();
        row.put("host", now.host());
        row.put("polledAt", now.lastPoll().map(Object::toString).orElse(null));
        row.put("lastError", pace.lastFailure().map(RequestPace.Failure::what).orElse(null));
        row.put("lastErrorAt", pace.lastFailure().map(failure -> failure.at().toString()).orElse(null));
        exchange.getMessage().setBody(row);
    }
}
