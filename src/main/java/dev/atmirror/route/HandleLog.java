package dev.atmirror.route;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/** Bean {@code handleLog}: finds in the log which accounts declare another handle than the one that was checked. */
public final class HandleLog {
    /** A handle declared longer ago waits for its turn; what is newer comes first. */
    private static final Duration LATELY = Duration.ofDays(1);

    /** Its record is mostly made just before the operation, and takes a while to be seen everywhere. */
    private static final Duration SOON = Duration.ofMinutes(1);

    private final String[] patterns;
    private final InstantSource clock;
    private long from;
    private long end;
    private boolean finished;

    /** @param operators such as {@code *.brid.gy}: each is one parent, whatever stands before it */
    public HandleLog(List<String> operators, InstantSource clock) {
        this.patterns = operators.stream().map(each -> "%." + each.replaceFirst("^\\*?\\.", "")).toArray(String[]::new);
        this.clock = clock;
    }

    /** The same as SQL's {@code like} takes them. */
    String[] patterns() {
        return patterns.clone();
    }

    /** Takes the row of {@code sql/handle/log-end.sql}. */
    public void read(Exchange exchange) {
        Map<?, ?> row = (Map<?, ?>) exchange.getMessage().getBody(List.class).get(0);
        from = ((Number) row.get("from")).longValue();
        end = ((Number) row.get("end")).longValue();
        finished = from >= end;
    }

    /** Whether operations are left that were not followed. */
    public boolean isBehind() {
        return from < end;
    }

    /** Lays out the parameters of {@code sql/handle/follow-log.sql}. */
    public void askForHandles(Exchange exchange) {
        Map<String, Object> part = new HashMap<>();
        part.put("from", from);
        part.put("end", end);
        part.put("patterns", patterns);
        part.put("recent", clock.instant().minus(LATELY).toString());
        part.put("soon", clock.instant().plus(SOON).toString());
        exchange.getMessage().setBody(part);
    }

    public void followed(Exchange exchange) {
        Map<?, ?> row = (Map<?, ?>) exchange.getMessage().getBody(List.class).get(0);
        from = ((Number) row.get("from")).longValue();
        finished = from >= end;
    }

    /** Whether the log was once followed to its end. */
    public boolean hasFinished() {
        return finished;
    }
}
