package dev.atmirror.plc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bean {@code numbersLookout}: an upstream that was read by time and has sequence numbers by now is read by those from
 * then on. Only numbers lose nothing whatever the upstream's clock does, and only they open the stream.
 *
 * <p>Reading goes on at a number behind which all is read already, but for late commits; what comes again is known by its
 * CID.
 */
public final class NumbersLookout {
    private static final Duration EVERY = Duration.ofHours(1); // one small request
    /** Operations commit minutes late at worst: this far back no number is still to come between those that are read. */
    private static final Duration SAFE = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(NumbersLookout.class);

    private final LogCursor cursor;
    private final LogSearch search;
    private final PlcSettings settings;
    private final InstantSource clock;
    private Instant next = Instant.EPOCH;

    public NumbersLookout(LogCursor cursor, LogSearch search, PlcSettings settings, InstantSource clock) {
        this.cursor = cursor;
        this.search = search;
        this.settings = settings;
        this.clock = clock;
    }

    /** Asks for numbers once an hour, as long as the upstream is read by time. */
    public void look() {
        int epoch = cursor.epoch();
        Position position = cursor.standing().position();
        Instant now = clock.instant();
        if (position.kind() != Position.Kind.TIME || now.isBefore(next)) {
            return;
        }
        next = now.plus(EVERY);
        search.findBefore(position.time().minus(settings.overlap()).minus(SAFE)).ifPresent(seq -> {
            if (cursor.readByNumber(epoch, seq)) {
                LOG.info("{} has sequence numbers by now; reading on by them from {}", settings.address().key(), seq);
            }
        });
    }
}
