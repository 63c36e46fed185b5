package dev.atmirror.route;

import dev.atmirror.snapshot.SnapshotFailure;
import dev.atmirror.snapshot.SnapshotUpload;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last steps of {@code routes/snapshot.camel.yaml}: what was dumped is sent away, where that is switched on. */
public final class SnapshotUploads {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotUploads.class);

    private final Optional<Supplier<SnapshotUpload>> uploads;
    private final Queue<Path> waiting = new ConcurrentLinkedQueue<>();
    private volatile Optional<SnapshotUpload> upload = Optional.empty();
    private volatile boolean halted;

    /** @param uploads opens one; empty where dumps stay here */
    public SnapshotUploads(Optional<Supplier<SnapshotUpload>> uploads) {
        this.uploads = uploads;
    }

    /** @param file published in this run */
    public void add(Path file) {
        if (uploads.isPresent()) {
            waiting.add(file);
        }
    }

    public boolean hasNext() {
        return !halted && !waiting.isEmpty();
    }

    /** One that fails leaves the others their turn: the dumps are made, and each can be sent by hand. */
    public void sendNext() {
        Path file = waiting.remove();
        try (SnapshotUpload opened = uploads.orElseThrow().get()) {
            upload = Optional.of(opened);
            if (!halted) {
                LOG.info("sent {}", opened.upload(file));
            }
        } catch (SnapshotFailure e) {
            LOG.warn("{} was not sent: {}; `snapshot upload {}` tries again", file.getFileName(), e.getMessage(), file.getFileName());
        } finally {
            upload = Optional.empty();
        }
    }

    /** Gives up what is under way, or lets the next run begin anew. */
    public void halt(boolean on) {
        halted = on;
        if (on) {
            upload.ifPresent(SnapshotUpload::close);
            waiting.clear();
        }
    }
}
