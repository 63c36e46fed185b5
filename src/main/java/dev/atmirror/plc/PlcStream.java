package dev.atmirror.plc;

import dev.atmirror.net.LineSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live stream ({@code /export/stream}), read from where the pages ended. Whatever ends it, the pages take over at
 * the same position; nothing depends on its having been complete.
 */
public final class PlcStream {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration BATCH_WAIT = Duration.ofSeconds(1);
    private static final int BATCH = 1000;
    /** An upstream without a stream, or one that ends it at once, is asked again only so often. */
    private static final Duration PAUSE = Duration.ofSeconds(30);
    /** A lagging copy of the upstream may trail our cursor for a while; a log that began anew does so for ever. */
    private static final Duration FUTURE_CURSOR_PATIENCE = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(PlcStream.class);

    private final PlcSettings settings;
    private final LogCursor cursor;
    private final PlcMetrics metrics;
    private final InstantSource clock;
    private volatile Optional<LineSocket> socket = Optional.empty(); // its route's runs are on any thread of a pool
    private volatile Instant notBefore = Instant.EPOCH;
    private Optional<Instant> futureCursorSince = Optional.empty();
    private int epoch;
    private boolean quietly;

    public PlcStream(PlcSettings settings, LogCursor cursor, PlcMetrics metrics, InstantSource clock) {
        this.settings = settings;
        this.cursor = cursor;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Opens the stream when the pages have caught up; does nothing otherwise. */
    public void followFromThePages() {
        if (clock.instant().isBefore(notBefore)) {
            return;
        }
        Optional<LogCursor.StreamStart> start = cursor.openStream();
        if (start.isEmpty()) {
            return;
        }
        epoch = start.get().epoch();
        String scheme = settings.upstream().getScheme().equals("https") ? "wss" : "ws";
        URI uri = URI.create(scheme + settings.upstream().toString().substring(settings.upstream().getScheme().length())
                + "/export/stream?cursor=" + start.get().seq());
        try {
            socket = Optional.of(LineSocket.open(uri, settings.userAgent(), CONNECT_TIMEOUT));
            LOG.info("following {} live from {}", settings.address().key(), start.get().seq());
        } catch (LineSocket.Refused e) {
            metrics.streamClosed("refused");
            if (!quietly) {
                LOG.info("{} offers no stream ({}); pages go on by schedule", settings.address().key(), e.getMessage());
            }
            quietly = true;
            pause();
        }
    }

    public boolean isOpen() {
        return socket.isPresent();
    }

    /** The messages of the next moment. Closes and hands over to the pages when the stream has ended. */
    public StreamBatch nextBatch() {
        LineSocket open = socket.orElseThrow();
        List<String> messages = open.take(BATCH, BATCH_WAIT);
        if (!cursor.isStreaming(epoch)) {
            // Stopped, or storing failed: what was taken just now comes again by the pages.
            end(open, "stopped");
            return new StreamBatch(epoch, List.of());
        }
        if (open.isAlive()) {
            cursor.polled();
        }
        if (!messages.isEmpty()) {
            futureCursorSince = Optional.empty();
            quietly = false;
        } else {
            open.closeReason().ifPresent(reason -> closed(open, reason));
        }
        return new StreamBatch(epoch, messages);
    }

    private void closed(LineSocket open, String reason) {
        end(open, reason.matches("OutdatedCursor|FutureCursor|ConsumerTooSlow") ? reason : "closed");
        if (reason.equals("FutureCursor")) {
            Instant since = futureCursorSince.orElse(clock.instant());
            futureCursorSince = Optional.of(since);
            if (Duration.between(since, clock.instant()).compareTo(FUTURE_CURSOR_PATIENCE) >= 0) {
                cursor.readAllAgain();
                futureCursorSince = Optional.empty();
            }
        }
    }

    private void end(LineSocket open, String reason) {
        metrics.streamClosed(reason);
        LOG.info("the stream of {} ended ({}); back to pages", settings.address().key(), reason);
        open.close();
        socket = Optional.empty();
        pause();
    }

    private void pause() {
        notBefore = clock.instant().plus(PAUSE);
        cursor.closeStream();
    }

    /** Ends the stream, for a stage that is switched off; from any thread, even while the stream is being opened. */
    public void stop() {
        pause();
    }
}
