package dev.atmirror.snapshot;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends dumps to where others find them. What is sent was checked, and never changes what is there: its manifest goes first and
 * claims the name, and nothing is sent under a name whose manifest is another's. The dump goes last, so that, as in the folder,
 * no dump is seen without what tells whether it is whole; there are remotes that show a file while it is written.
 */
public final class SnapshotUpload implements AutoCloseable {
    private static final Duration LINE_EVERY = Duration.ofSeconds(10);
    private static final double MEGABYTE = 1e6;
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotUpload.class);

    private final UploadSettings settings;
    private final Rclone rclone;
    private final InstantSource clock;

    private SnapshotUpload(UploadSettings settings, Rclone rclone, InstantSource clock) {
        this.settings = settings;
        this.rclone = rclone;
        this.clock = clock;
    }

    /** @throws SnapshotFailure with the remedy, where there is no rclone or nowhere to send to */
    public static SnapshotUpload open(UploadSettings settings, InstantSource clock) {
        settings.to("");
        return new SnapshotUpload(settings, Rclone.find(settings), clock);
    }

    /**
     * Checks a dump and sends it with its manifest. Again does no harm.
     *
     * @return where it is then
     * @throws SnapshotFailure where it is not what its manifest says, or cannot be sent; what has arrived by then is nothing, or
     *     a manifest without its dump
     */
    public String upload(Path file) {
        String name = file.getFileName().toString();
        String to = settings.to(name);
        String manifestTo = settings.to(SnapshotFolder.manifestOf(name));
        LOG.info("checking {} before it is sent", name);
        Manifest manifest = SnapshotCheck.verify(file);
        Optional<String> there = rclone.read(manifestTo, SnapshotFolder.LARGEST_MANIFEST);
        if (there.isPresent() && !isOf(there.get(), manifest)) {
            throw new SnapshotFailure("there is another file at " + to + " already, by its manifest, and what others may be reading"
                    + " is not changed; remove both there, or set atmirror.snapshot.upload-remote to another place");
        }
        if (there.isEmpty()) {
            rclone.copy(SnapshotFolder.manifestOf(file), manifestTo, sent -> {});
        }
        rclone.copy(file, to, new Lines(name, manifest.content().bytes())::sent);
        return to;
    }

    private static boolean isOf(String json, Manifest manifest) {
        try {
            return ManifestJson.read(json).content().sha256().equals(manifest.content().sha256());
        } catch (SnapshotFailure e) {
            return false;
        }
    }

    /** A line every few seconds. */
    private final class Lines {
        private final String name;
        private final long bytes;
        private Instant last = clock.instant();
        private long lastSent;

        Lines(String name, long bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        void sent(long sent) {
            Duration since = Duration.between(last, clock.instant());
            if (since.compareTo(LINE_EVERY) < 0) {
                return;
            }
            LOG.info(String.format(
                    Locale.ROOT,
                    "%s: %s of %s sent, %.1f MB/s, %.0f %%",
                    name,
                    SnapshotRun.bytes(sent),
                    SnapshotRun.bytes(bytes),
                    (sent - lastSent) / MEGABYTE / (since.toMillis() / 1e3),
                    100.0 * sent / bytes));
            last = last.plus(since);
            lastSent = sent;
        }
    }

    /** Gives up what is under way; from another thread. */
    @Override
    public void close() {
        rclone.cancel();
    }
}
