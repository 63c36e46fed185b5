package dev.atmirror.route;

import dev.atmirror.plc.Times;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** The present moment as HTTP writes it, formatted once a second; for any thread. */
final class HttpDate {
    private final InstantSource clock;
    private volatile Formatted last = new Formatted(Instant.MIN, "");

    private record Formatted(Instant second, String text) {}

    HttpDate(InstantSource clock) {
        this.clock = clock;
    }

    String now() {
        Instant second = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Formatted formatted = last;
        if (!formatted.second.equals(second)) {
            formatted = new Formatted(second, Times.http(second));
            last = formatted;
        }
        return formatted.text;
    }
}
