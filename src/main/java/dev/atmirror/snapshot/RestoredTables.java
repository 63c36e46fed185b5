package dev.atmirror.snapshot;

import dev.atmirror.store.TableLoad;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the rows of known tables through to the database, and passes over all others. This is all that is ever taken from a
 * file: no statement of it is run.
 */
final class RestoredTables implements CopyBlocks.Rows {
    private static final Logger LOG = LoggerFactory.getLogger(RestoredTables.class);

    private final String file;
    private final UnaryOperator<String> into;
    private final TableLoad load;
    private Optional<String> open = Optional.empty();

    /** @param into the table that takes the rows of the one named; empty for none */
    RestoredTables(String file, UnaryOperator<String> into, TableLoad load) {
        this.file = file;
        this.into = into;
        this.load = load;
    }

    @Override
    public void begin(String table, List<String> columns) {
        String taking = into.apply(table);
        if (taking.isEmpty()) {
            LOG.warn("{} holds rows of {}, which have no place here; they are passed over", file, table);
            return;
        }
        Set<String> known = load.columns(taking).keySet();
        columns.stream().filter(column -> !known.contains(column)).findFirst().ifPresent(unknown -> {
            throw new SnapshotFailure(file + " has a column " + unknown + " of " + table
                    + " that this version does not know; a newer at-mirror made it, perhaps: update this one first");
        });
        if (columns.isEmpty()) {
            throw new SnapshotFailure(file + " does not say which columns its rows of " + table + " have");
        }
        load.beginRows(taking, columns);
        open = Optional.of(table);
    }

    @Override
    public void rows(byte[] bytes, int from, int count) {
        if (open.isPresent()) {
            load.rows(bytes, from, count);
        }
    }

    @Override
    public void end(long rows) {
        if (open.isPresent()) {
            String table = open.get();
            open = Optional.empty();
            long taken = load.endRows();
            if (taken != rows) {
                throw new SnapshotFailure(file + " has " + rows + " rows of " + table + ", and the database took " + taken);
            }
        }
    }
}
