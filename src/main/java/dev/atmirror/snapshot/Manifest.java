package dev.atmirror.snapshot;

import dev.atmirror.store.SnapshotView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands beside a dump.
 *
 * @param content what the file must be
 * @param origin who made it, and from what
 * @param log first and last operation; empty without a log, or with an empty one
 * @param upstreams how far each was read, the one that was read last first
 * @param leftOut by the filter; empty where nothing was filtered
 * @param verified whether it holds a log whose signatures the mirror verifies: what the setting says while dumping
 */
public record Manifest(
        Content content,
        Origin origin,
        Optional<SnapshotView.LogEnds> log,
        List<Upstream> upstreams,
        Optional<SnapshotView.LeftOut> leftOut,
        boolean verified) {
    /**
     * @param name as plc_log_entries-raw
     * @param file its name, without a folder
     * @param sha256 of the file, in hex
     * @param bytes of the file
     * @param plainBytes decompressed
     * @param rows by table
     */
    public record Content(
            String name, String file, String sha256, long bytes, long plainBytes, Map<String, Long> rows) {}

    /** @param created when the snapshot was taken @param schema the last migration, as 002 */
    public record Origin(Instant created, String tool, String schema, String pgDump, String server) {}

    /**
     * @param kind seq, time or unknown
     * @param time greatest createdAt that was read
     * @param operations stored under this cursor
     */
    public record Upstream(String host, String kind, long seq, Instant time, long operations) {}

    public boolean holdsTheLog() {
        return content.rows().containsKey("plc_operation");
    }

    /** Of all tables together. */
    public long totalRows() {
        return content.rows().values().stream().mapToLong(Long::longValue).sum();
    }
}
