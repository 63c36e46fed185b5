package dev.atmirror.snapshot;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads a dump of ours from its beginning to its end, and hands its rows on. */
final class TableStream {
    private static final int BUFFER = 1 << 18;

    private final OpenedSnapshot snapshot;
    private volatile RestoreProgress progress = new RestoreProgress("loading", 0, RestoreProgress.BYTES, 0);

    TableStream(OpenedSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    RestoreProgress progress() {
        return progress;
    }

    /** @return rows by table @throws SnapshotFailure for a file that ends early, or has not what its manifest says */
    Map<String, Long> read(CopyBlocks.Rows to) {
        CopyBlocks blocks = new CopyBlocks(to);
        byte[] buffer = new byte[BUFFER];
        SnapshotInput input = snapshot.input();
        for (int count = read(buffer); count >= 0; count = read(buffer)) {
            blocks.take(buffer, 0, count);
            progress = RestoreProgress.ofFile("loading", input);
        }
        blocks.open().ifPresent(table -> {
            throw new SnapshotFailure(snapshot.name() + " is not whole: it ends among the rows of " + table);
        });
        check(blocks.rows());
        if (blocks.rows().values().stream().mapToLong(Long::longValue).sum() == 0) {
            throw new SnapshotFailure(snapshot.name() + " holds no row; nothing was restored");
        }
        return blocks.rows();
    }

    private int read(byte[] buffer) {
        try {
            return snapshot.plain().read(buffer);
        } catch (IOException e) {
            throw new SnapshotFailure("cannot read " + snapshot.name() + ": " + e.getMessage(), e);
        }
    }

    private void check(Map<String, Long> rows) {
        Set<String> missing = new TreeSet<>(snapshot.kind().orElseThrow().tables());
        missing.removeAll(rows.keySet());
        if (!missing.isEmpty()) {
            throw new SnapshotFailure(snapshot.name() + " holds nothing of " + String.join(", ", missing));
        }
        snapshot.input().manifest().map(manifest -> manifest.content().rows()).filter(said -> !said.equals(rows)).ifPresent(said -> {
            throw new SnapshotFailure(
                    snapshot.name() + " has other rows than its manifest says: " + rows + " instead of " + said);
        });
    }
}
