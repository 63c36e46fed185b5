package dev.atmirror.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.store.Changes;
import dev.atmirror.store.Changes.CheckChange;
import dev.atmirror.store.Changes.LogChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes behind a cursor. Of the log and of the checks each is read in its own order, which is that of commits, so that
 * going on behind the cursor of any line misses nothing; between the two, the earlier time goes first.
 */
final class ChangeFeed {
    private static final int READ_AT_ONCE = 10_000; // operations looked through for a rare change: some 50 ms

    private final Changes changes;

    ChangeFeed(Changes changes) {
        this.changes = changes;
    }

    /** @param next behind all that was looked at @param more whether there was more to look at */
    record Page(List<ObjectNode> changes, ChangeCursor next, boolean more) {}

    ChangeCursor end() {
        return ChangeCursor.of(changes.ends());
    }

    Page after(ChangeCursor cursor, ChangeFilter filter, int limit) {
        int atOnce = filter.wantsAllOfTheLog() ? limit : READ_AT_ONCE;
        List<LogChange> operations = filter.wantsOperations() ? operations(filter, cursor, atOnce) : List.of();
        List<CheckChange> checks = filter.wantsChecks() ? checks(filter, cursor, atOnce) : List.of();
        Merge merge = new Merge(filter, cursor, operations.size() == atOnce, checks.size() == atOnce);
        return merge.of(operations, checks, limit);
    }

    private List<LogChange> operations(ChangeFilter filter, ChangeCursor cursor, int limit) {
        return filter.dids().isEmpty()
                ? changes.operations(cursor.operations(), limit)
                : changes.operations(filter.dids(), cursor.operations(), limit);
    }

    private List<CheckChange> checks(ChangeFilter filter, ChangeCursor cursor, int limit) {
        return filter.dids().isEmpty()
                ? changes.checks(cursor.checks(), limit)
                : changes.checks(filter.dids(), cursor.checks(), limit);
    }

    /** Two lists into one, until enough is found or one of them may go on with something earlier. */
    private static final class Merge {
        private final ChangeFilter filter;
        private final boolean moreOperations;
        private final boolean moreChecks;
        private final List<ObjectNode> found = new ArrayList<>();
        private ChangeCursor cursor;

        Merge(ChangeFilter filter, ChangeCursor from, boolean moreOperations, boolean moreChecks) {
            this.filter = filter;
            this.cursor = from;
            this.moreOperations = moreOperations;
            this.moreChecks = moreChecks;
        }

        Page of(List<LogChange> operations, List<CheckChange> checks, int limit) {
            int operation = 0;
            int check = 0;
            while (found.size() < limit) {
                boolean noOperation = operation == operations.size();
                boolean noCheck = check == checks.size();
                if (noOperation && (noCheck || moreOperations) || noCheck && moreChecks) {
                    return new Page(found, cursor, moreOperations && noOperation || moreChecks && noCheck);
                }
                boolean takeOperation = noCheck
                        || !noOperation && !operations.get(operation).at().isAfter(checks.get(check).at());
                if (takeOperation) {
                    take(operations.get(operation++));
                } else {
                    take(checks.get(check++));
                }
            }
            return new Page(found, cursor, true);
        }

        private void take(LogChange change) {
            cursor = new ChangeCursor(change.seq(), cursor.checks());
            add(ChangeJson.of(change, filter, cursor));
        }

        private void take(CheckChange change) {
            cursor = new ChangeCursor(cursor.operations(), change.seq());
            add(ChangeJson.of(change, filter, cursor));
        }

        private void add(Optional<ObjectNode> line) {
            line.ifPresent(found::add);
        }
    }
}
