package dev.atmirror.plc;

import dev.atmirror.net.Http;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sequence numbers that no directory tells: where about its log ends, and which stood at a time. Asking for one
 * operation behind ever greater numbers finds them in some twenty to forty small requests.
 */
public final class LogSearch {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long FIRST_STEP = 1_000; // a page: nearer than this is not worth a request
    private static final int PRECISION = 200; // half a per cent, for what is only shown
    private static final int MOST_QUESTIONS = 60;
    private static final Logger LOG = LoggerFactory.getLogger(LogSearch.class);

    private final PlcSettings settings;
    private final Http http;
    private int questions;

    public LogSearch(PlcSettings settings) {
        this.settings = settings;
        this.http = new Http(settings.userAgent(), TIMEOUT);
    }

    /**
     * About the last sequence number, never less, for progress and ETA.
     *
     * @param from a sequence number at or before the end
     * @return empty where the upstream has no numbers or does not answer
     */
    public OptionalLong estimateEnd(long from) {
        questions = 0;
        try {
            return OptionalLong.of(search(from, Instant.MAX, PRECISION).high);
        } catch (IOException | UpstreamFailure e) {
            return notFound(e);
        }
    }

    /**
     * A sequence number up to which everything was created before a time, but for late commits.
     *
     * @return 0 for the beginning of the log; empty where the upstream has no numbers or does not answer
     */
    public OptionalLong findBefore(Instant time) {
        questions = 0;
        try {
            boolean hasNumbers = goesOnBehind(0, Instant.MAX); // silence alone would not show it
            return hasNumbers ? OptionalLong.of(search(0, time, Long.MAX_VALUE).low) : OptionalLong.empty();
        } catch (IOException | UpstreamFailure e) {
            return notFound(e);
        }
    }

    /**
     * The first operation behind a sequence number, as far as the upstream knows numbers; else its first of all.
     *
     * @return empty where there is none, or the upstream does not answer
     */
    public Optional<ExportedOperation> firstBehind(long seq) {
        try {
            ExportLines lines = ask("&after=" + seq);
            if (lines.operations().isEmpty() && seq == 0) {
                lines = ask("");
            }
            return lines.operations().stream().findFirst();
        } catch (IOException | UpstreamFailure e) {
            LOG.debug("{} does not say what follows {}: {}", settings.address().key(), seq, e.getMessage());
            return Optional.empty();
        }
    }

    private ExportLines ask(String after) throws IOException {
        Http.Text answer = http.get(URI.create(settings.upstream() + "/export?count=1" + after));
        // A status of 400 is how an upstream without numbers takes one.
        return ExportLines.read(answer.status() == 200 ? answer.body().getBytes(StandardCharsets.UTF_8) : new byte[0]);
    }

    private OptionalLong notFound(Exception e) {
        LOG.debug("no number found in the log of {}: {}", settings.address().key(), e.getMessage());
        return OptionalLong.empty();
    }

    /** @param low behind it the log goes on before the time @param high behind it, not any more */
    private record Range(long low, long high) {}

    private Range search(long from, Instant before, long precision) throws IOException {
        long low = from;
        long step = FIRST_STEP;
        while (goesOnBehind(low + step, before)) {
            low += step;
            step *= 4;
        }
        long high = low + step;
        while (high - low > Math.max(FIRST_STEP, (high - from) / precision)) {
            long middle = low + (high - low) / 2;
            if (goesOnBehind(middle, before)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return new Range(low, high);
    }

    private boolean goesOnBehind(long seq, Instant before) throws IOException {
        if (++questions > MOST_QUESTIONS) {
            throw new IOException("no end in sight");
        }
        Http.Text answer = http.get(URI.create(settings.upstream() + "/export?count=1&after=" + seq));
        if (answer.status() != 200) {
            throw new IOException("status " + answer.status());
        }
        if (answer.body().isBlank()) {
            return false;
        }
        ExportLines lines = ExportLines.read(answer.body().getBytes(StandardCharsets.UTF_8));
        if (lines.lastSeq() <= seq) {
            throw new IOException("not by sequence numbers");
        }
        return lines.lastTime().isBefore(before);
    }
}
