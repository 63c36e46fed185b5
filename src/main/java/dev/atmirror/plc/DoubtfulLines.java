package dev.atmirror.plc;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of an answer with lines that cannot be read: it is asked for again a few times, as a cut is likelier
 * than bad data; then the lines are handed on to be kept as rejected, so that one bad line never stops reading. An answer
 * that is none of a log at all is asked for again without end: there is nothing in it to get past.
 */
final class DoubtfulLines {
    private static final int RETRIES = 3;
    private static final int REMEMBERED = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(LogCursor.class);

    private final int pageSize;
    private int attempts;
    /** Lines already kept as rejected: the next question may bring them again. */
    private final Set<String> kept = new LinkedHashSet<>();

    DoubtfulLines(int pageSize) {
        this.pageSize = pageSize;
    }

    /**
     * Refuses an answer as long as the same question may bring a better one.
     *
     * @param asked behind which the answer follows
     * @return the lines that are to be kept for the first time
     * @throws UpstreamFailure where the same question is to be asked again
     */
    List<UnreadableLine> check(Position asked, ExportLines lines) {
        List<UnreadableLine> unreadable = located(asked, lines);
        Optional<UnreadableLine> broken = lines.brokenLine().map(line -> located(asked, line));
        // Behind readable lines, a cut one is simply what the next question asks for.
        List<UnreadableLine> all = unreadable.isEmpty() && lines.isUnreadable() ? broken.stream().toList() : unreadable;
        List<UnreadableLine> bad = all.stream().filter(line -> !kept.contains(line.key())).toList();
        boolean without = lines.lastSeq() <= asked.seq()
                && (asked.kind() != Position.Kind.TIME || lines.lastTime().equals(Instant.EPOCH));
        boolean stuck = lines.isUnreadable() && lines.lines() >= pageSize && without; // no cursor leads past it
        if (lines.isGarbage() && !bad.isEmpty() || stuck || !bad.isEmpty() && attempts++ < RETRIES) {
            throw new UpstreamFailure("unparsable", "a line that is no operation");
        }
        attempts = 0;
        if (!bad.isEmpty()) {
            LOG.warn("{} lines behind {} cannot be read, even asked for again; they are kept in rejected_operations as"
                    + " UNPARSABLE and asked for later (see `status`)", bad.size(), where(bad.get(0)));
            bad.forEach(line -> kept.add(line.key()));
            while (kept.size() > REMEMBERED) {
                kept.remove(kept.iterator().next());
            }
        }
        return bad;
    }

    /** Pages under way are dropped, and what they would have kept must be kept by those that come in their place. */
    void forget() {
        kept.clear();
        attempts = 0;
    }

    /** The unreadable lines of an answer, each with where it stands in the log. */
    static List<UnreadableLine> located(Position asked, ExportLines lines) {
        return lines.unparsable().stream().map(line -> located(asked, line)).toList();
    }

    private static UnreadableLine located(Position asked, UnreadableLine line) {
        return line.behind(asked.kind(), asked.seq(), asked.time());
    }

    private static Object where(UnreadableLine line) {
        return line.seq() > 0 || line.time().equals(Instant.EPOCH) ? line.seq() : line.time();
    }
}
