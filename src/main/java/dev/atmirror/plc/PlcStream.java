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
    private Optional<LineSocket> socket = Optional.empty();
    private Instant notBefore = Instant.EPOCH;
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
        Optional<Position> start = cursor.openStream();
        if (start.isEmpty()) {
            return;
        }
        epoch = cursor.epoch();
        String scheme = settings.upstream().getScheme().equals("https") ? "wss" : "ws";
        URI uri = URI.create(scheme + settings.upstream().toString().substring(settings.upstream().getScheme().length())
                + "/export/stream?cursor=" + start.get().seq());
        try {
            socket = Optional.of(LineSocket.open(uri, settings.userAgent(), CONNECT_TIMEOUT));
            LOG.info("following {} live from {}", settings.host(), start.get().seq());
        } catch (LineSocket.Refused e) {
            metrics.streamClosed("refused");
            if (!quietly) {
                LOG.info("{} offers no stream ({}); pages go on by schedule", settings.host(), e.getMessage());
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
        if (epoch != cursor.epoch()) {
            end("rewind"); // Storing failed: the pages start again from what is stored.
            return new StreamBatch(epoch, List.of());
        }
        List<String> messages = open.take(BATCH, BATCH_WAIT);
        if (open.isAlive()) {
            cursor.polled();
        }
        if (!messages.isEmpty()) {
            futureCursorSince = Optional.empty();
            quietly = false;
        } else {
            open.closeReason().ifPresent(this::closed);
        }
        return new StreamBatch(epoch, messages);
    }

    private void closed(String reason) {
        end(reason.matches("OutdatedCursor|FutureCursor|ConsumerTooSlow") ? reason : "closed");
        if (reason.equals("FutureCursor")) {
            Instant since = futureCursorSince.orElse(clock.instant());
            futureCursorSince = Optional.of(since);
            if (Duration.between(since, clock.instant()).compareTo(FUTURE_CURSOR_PATIENCE) >= 0) {
                cursor.readAllAgain();
                futureCursorSince = Optional.empty();
            }
        }
    }

    private void end(String reason) {
        metrics.streamClosed(reason);
        LOG.info("the stream of {} ended ({}); back to pages", settings.host(), reason);
        stop();
    }

    private void pause() {
        notBefore = clock.instant().plus(PAUSE);
        cursor.closeStream();
    }

    /** Closes the stream, for a stage that is switched off. */
    public void stop() {
        socket.ifPresent(LineSocket::close);
        socket = Optional.empty();
        pause();
    }
}
