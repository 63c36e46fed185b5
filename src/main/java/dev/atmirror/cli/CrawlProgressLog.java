package dev.atmirror.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a stage that asks hosts is: a bar on a terminal, a line every few seconds elsewhere. */
final class CrawlProgressLog implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LINE_EVERY = Duration.ofSeconds(10);
    private static final Duration RATE_OVER = Duration.ofMinutes(1);
    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(CrawlProgressLog.class);

    private final InstantSource clock;
    private final Program.Crawling crawling;
    private final String stage;
    private final Instant start;
    private final TerminalBar bar = new TerminalBar();
    private boolean interrupted;
    private volatile boolean ended;
    private Instant lastLine;
    private long lastDone;
    private final Deque<Look> looks = new ArrayDeque<>();

    private record Look(Instant at, long done) {}

    CrawlProgressLog(InstantSource clock, Program.Crawling crawling, String stage) {
        this.clock = clock;
        this.crawling = crawling;
        this.stage = stage;
        this.start = clock.instant();
        this.lastLine = start;
    }

    /** Shows progress until nothing is left that this run can do. */
    void untilDone() throws InterruptedException {
        Program.CrawlProgress now = crawling.progress();
        while (!now.finished()) {
            Thread.sleep(LOOK.toMillis());
            now = crawling.progress();
            if (!now.finished()) {
                show(now);
            }
        }
        if (isInterrupted()) {
            return; // said already, and to say that nothing is due would be wrong
        }
        bar.finish();
        ended = true;
        LOG.info("{}: nothing is due any more; {} gone through in {}", stage, ProgressLog.number(now.done()),
                ProgressLog.shown(Duration.between(start, clock.instant())));
    }

    /** Stops asking, and says how far it came. */
    void interrupt() {
        quiet();
        crawling.close();
        if (ended) {
            return; // there is nothing to say: the command is over
        }
        LOG.info(
                "{}: interrupted; {} gone through in {}; the next start goes on with what is still due",
                stage,
                ProgressLog.number(crawling.progress().done()),
                ProgressLog.shown(Duration.between(start, clock.instant())));
    }

    private synchronized void quiet() {
        interrupted = true;
        bar.close();
    }

    synchronized boolean isInterrupted() {
        return interrupted;
    }

    private synchronized void show(Program.CrawlProgress now) {
        if (interrupted) {
            return;
        }
        if (TerminalBar.onTerminal()) {
            bar.show(drawn(now));
        } else if (Duration.between(lastLine, clock.instant()).compareTo(LINE_EVERY) >= 0) {
            line(now);
        }
    }

    ProgressLine drawn(Program.CrawlProgress now) {
        List<String> facts = new ArrayList<>(List.of(ProgressLog.number(now.done()) + " gone through"));
        eta(now).ifPresent(left -> facts.add(ProgressLog.shown(left) + " left"));
        rate().ifPresent(rate -> facts.add(ProgressLog.number(rate) + "/s"));
        facts.add(hosts(now));
        return new ProgressLine(stage, ProgressLine.unfinished(now.done(), now.left().orElse(0)), facts);
    }

    private void line(Program.CrawlProgress now) {
        Instant instant = clock.instant();
        double seconds = Math.max(1e-3, Duration.between(lastLine, instant).toMillis() / 1e3);
        long rate = Math.round((now.done() - lastDone) / seconds);
        lastLine = instant;
        lastDone = now.done();
        LOG.info(
                "{}: {} gone through, {}/s, {}{}{}",
                stage,
                ProgressLog.number(now.done()),
                ProgressLog.number(rate),
                left(now.left()),
                hosts(now),
                eta(now).map(left -> ", " + ProgressLog.shown(left) + " left").orElse(""));
    }

    private static String left(OptionalLong left) {
        return left.isPresent() ? ProgressLog.number(left.getAsLong()) + " left, " : "";
    }

    private String hosts(Program.CrawlProgress now) {
        if (stage.equals("handles")) {
            return now.visiting() + " being checked";
        }
        return now.visiting() + " hosts being asked, " + now.hosts() + " to go";
    }

    private void look(Program.CrawlProgress now) {
        Instant instant = clock.instant();
        looks.addLast(new Look(instant, now.done()));
        while (looks.size() > 1 && looks.getFirst().at().isBefore(instant.minus(RATE_OVER))) {
            looks.removeFirst();
        }
    }

    /** A second's, by the last minute. */
    private Optional<Long> rate() {
        double seconds = Duration.between(looks.getFirst().at(), looks.getLast().at()).toMillis() / 1e3;
        return seconds < SHORTEST.toSeconds()
                ? Optional.empty()
                : Optional.of(Math.round((looks.getLast().done() - looks.getFirst().done()) / seconds));
    }

    /** Estimates from the last minute, not from the whole run: in the end only slow hosts are left. */
    private Optional<Duration> eta(Program.CrawlProgress now) {
        look(now);
        Duration spent = Duration.between(looks.getFirst().at(), looks.getLast().at());
        long done = now.done() - looks.getFirst().done();
        if (now.left().orElse(0) == 0 || done == 0 || spent.compareTo(SHORTEST) < 0) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Math.round(spent.toMillis() / 1e3 * now.left().getAsLong() / done)));
    }

    @Override
    public void close() {
        bar.close();
    }
}
