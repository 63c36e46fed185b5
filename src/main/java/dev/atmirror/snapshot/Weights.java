package dev.atmirror.snapshot;

import dev.atmirror.store.SnapshotView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How much of the work each table is: by its size on disk, and within it by its rows, both as the database guesses them. */
final class Weights {
    private final Map<String, SnapshotView.Table> tables = new HashMap<>();
    private final double total;
    private double done;

    Weights(SnapshotView view, List<DumpKind> kinds) {
        List<String> names = kinds.stream().flatMap(kind -> kind.tables().stream()).distinct().toList();
        view.tables(names).forEach(table -> tables.put(table.name(), table));
        total = kinds.stream().mapToDouble(this::of).sum();
    }

    private double of(DumpKind kind) {
        return kind.tables().stream().mapToDouble(this::of).sum();
    }

    private double of(String table) {
        return tables.containsKey(table) ? 1 + tables.get(table).bytes() : 1;
    }

    void finished(DumpKind kind) {
        done += of(kind);
    }

    /** @return 0 to 1 @param blocks of the dump under way */
    double share(CopyBlocks blocks) {
        double whole = blocks.rows().keySet().stream().mapToDouble(this::of).sum();
        double part = blocks.open().map(table -> of(table) * share(table, blocks.rowsOfOpen())).orElse(0.0);
        return Math.min(1, (done + whole + part) / total);
    }

    private double share(String table, long rows) {
        long all = tables.containsKey(table) ? tables.get(table).rows() : 0;
        return all == 0 ? 0 : Math.min(1, (double) rows / all);
    }
}
