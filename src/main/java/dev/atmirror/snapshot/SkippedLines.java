package dev.atmirror.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the lines of a file that could not be read, and names the first of them. */
public final class SkippedLines {
    private static final int NAMED = 20;
    private static final Logger LOG = LoggerFactory.getLogger(SkippedLines.class);

    private final List<Long> first = new ArrayList<>(0);
    private long count;

    /** @param line its number in the file, from 1 */
    public synchronized void add(String file, long line) {
        if (noted(line)) {
            LOG.warn("line {} of {} cannot be read and is skipped", line, file);
        }
    }

    /** Counts the last line of a file, in the middle of which the file ends. */
    public synchronized void addCut(String file, long line) {
        noted(line);
        LOG.warn("{} ends in the middle of line {}, which is left out", file, line);
    }

    private boolean noted(long line) {
        count++;
        boolean isNamed = first.size() < NAMED;
        if (isNamed) {
            first.add(line);
        }
        return isNamed;
    }

    public synchronized long count() {
        return count;
    }

    /** For a person; empty where everything could be read. */
    public synchronized Optional<String> sentence() {
        if (count == 0) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%,d %s could not be read and %s skipped: %s %s%s",
                count,
                count == 1 ? "line" : "lines",
                count == 1 ? "was" : "were",
                count == 1 ? "line" : "lines",
                first.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                count > first.size() ? " and more" : ""));
    }
}
