package dev.atmirror.route;

import dev.atmirror.snapshot.Manifest;
import dev.atmirror.snapshot.SnapshotRun;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of {@code routes/snapshot.camel.yaml}: one run at a time. Every run that begins ends by {@link #end} or
 * {@link #failed}, or the folder would stay taken and vacuum would keep what dies.
 */
public final class SnapshotDumps implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotDumps.class);

    private final Supplier<SnapshotRun> runs;
    private final Consumer<String> published;
    private volatile Optional<SnapshotRun> run = Optional.empty();
    private volatile boolean halted;

    /** @param runs begins one @param published is told the name of each file */
    public SnapshotDumps(Supplier<SnapshotRun> runs, Consumer<String> published) {
        this.runs = runs;
        this.published = published;
    }

    public void begin() {
        run = Optional.of(runs.get());
    }

    public boolean hasNext() {
        return !halted && run.filter(SnapshotRun::hasNext).isPresent();
    }

    public void dump() {
        present().dump();
    }

    public void publish() {
        Manifest manifest = present().publish();
        LOG.info(
                "dumped {}: {} rows, {}",
                manifest.content().file(),
                manifest.totalRows(),
                SnapshotRun.bytes(manifest.content().bytes()));
        published.accept(manifest.content().file());
    }

    public void prune() {
        for (Path old : present().prune()) {
            LOG.info("removed {}", old.getFileName());
        }
    }

    private SnapshotRun present() {
        return run.orElseThrow(() -> new IllegalStateException("no snapshot was taken"));
    }

    public void end() {
        run.ifPresent(SnapshotRun::close);
        run = Optional.empty();
    }

    /** Leaves what is published, and nothing else. */
    public void failed(Exchange exchange) {
        Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (halted) {
            LOG.info("the dump was stopped; nothing unfinished is left");
        } else {
            LOG.warn("no dump: {}; the next try comes by its schedule", cause == null ? "unknown" : cause.getMessage());
        }
        end();
    }

    /** Gives up what is under way, or lets the schedule begin anew. */
    public void halt(boolean on) {
        halted = on;
        if (on) {
            run.ifPresent(SnapshotRun::cancel);
        }
    }

    @Override
    public void close() {
        halt(true);
        end();
    }
}
