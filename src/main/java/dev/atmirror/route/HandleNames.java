package dev.atmirror.route;

import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;

/** Bean {@code handleNames}: whether there is more of the log to take handles from. */
public final class HandleNames {
    private static final int PART = 20_000; // operations that sql/search/follow-log.sql reads at once

    private final BooleanSupplier mayBegin;
    private volatile boolean behind;
    private volatile boolean halted;

    /** @param mayBegin whether the log has been read to its end once */
    public HandleNames(BooleanSupplier mayBegin) {
        this.mayBegin = mayBegin;
    }

    public void begin() {
        behind = mayBegin.getAsBoolean();
    }

    public boolean isBehind() {
        return behind && !halted;
    }

    /** Takes the row of the statement: a part that is not full was the last. */
    public void followed(Exchange exchange) {
        Map<?, ?> row = (Map<?, ?>) exchange.getMessage().getBody(List.class).get(0);
        behind = ((Number) row.get("read")).intValue() >= PART;
    }

    /** Ends behind the present part, or goes on. */
    public void halt(boolean on) {
        halted = on;
    }
}
