package dev.atmirror.plc;

import dev.atmirror.net.Http;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where about the upstream's log ends, for progress and ETA. No directory says it; asking for one operation behind ever
 * greater numbers finds it to half a per cent in some twenty small requests.
 */
public final class LogHead {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long FIRST_STEP = 1_000;
    private static final int PRECISION = 200; // half a per cent
    private static final int MOST_QUESTIONS = 60;
    private static final Logger LOG = LoggerFactory.getLogger(LogHead.class);

    private final PlcSettings settings;
    private final Http http;
    private int questions;

    public LogHead(PlcSettings settings) {
        this.settings = settings;
        this.http = new Http(settings.userAgent(), TIMEOUT);
    }

    /** @param from a sequence number at or before the end @return empty where the upstream has no numbers or does not answer */
    public OptionalLong estimate(long from) {
        questions = 0;
        try {
            long low = from;
            long step = FIRST_STEP;
            while (goesOnBehind(low + step)) {
                low += step;
                step *= 4;
            }
            long high = low + step;
            while (high - low > Math.max(FIRST_STEP, (high - from) / PRECISION)) {
                long middle = low + (high - low) / 2;
                if (goesOnBehind(middle)) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            return OptionalLong.of(high);
        } catch (IOException e) {
            LOG.debug("no estimate of the log's end: {}", e.getMessage());
            return OptionalLong.empty();
        }
    }

    private boolean goesOnBehind(long seq) throws IOException {
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
        var operations = ExportLines.read(answer.body().getBytes(java.nio.charset.StandardCharsets.UTF_8)).operations();
        if (operations.isEmpty() || operations.get(0).seq() <= seq) {
            throw new IOException("not by sequence numbers");
        }
        return true;
    }
}
