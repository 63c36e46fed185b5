package dev.atmirror.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.store.Changes;
import dev.atmirror.store.Changes.CheckChange;
import dev.atmirror.store.Changes.LogChange;
import dev.atmirror.store.Changes.Stretch;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes behind a cursor. Of the log and of the checks each is read in its own order, which is that of commits, so that
 * going on behind the cursor of any line misses nothing and doubles nothing. Between the two the earlier time goes first, but
 * no check before the operation whose handle it checked.
 */
final class ChangeFeed {
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
        // Checks first: so the operations that they belong to are committed when operations are read.
        Stretch<CheckChange> checks = filter.wantsChecks()
                ? changes.checks(filter.scope(), cursor.checks(), limit)
                : new Stretch<>(List.of(), cursor.checks(), false);
        Stretch<LogChange> operations = filter.wantsOperations()
                ? changes.operations(filter.logKinds(), filter.scope(), cursor.operations(), limit)
                : new Stretch<>(List.of(), cursor.operations(), false);
        return new Merge(filter, cursor, operations, checks).upTo(limit);
    }

    /** Two lists into one, until enough is found or one of them may go on with something earlier. */
    private static final class Merge {
        private final ChangeFilter filter;
        private final Stretch<LogChange> operations;
        private final Stretch<CheckChange> checks;
        private final List<ObjectNode> found = new ArrayList<>();
        private ChangeCursor cursor;
        private int operation;
        private int check;

        Merge(ChangeFilter filter, ChangeCursor from, Stretch<LogChange> operations, Stretch<CheckChange> checks) {
            this.filter = filter;
            this.cursor = from;
            this.operations = operations;
            this.checks = checks;
        }

        Page upTo(int limit) {
            while (found.size() < limit) {
                boolean noOperation = operation == operations.changes().size();
                boolean noCheck = check == checks.changes().size();
                if (noOperation) {
                    cursor = new ChangeCursor(Math.max(cursor.operations(), operations.end()), cursor.checks());
                }
                if (noCheck) {
                    cursor = new ChangeCursor(cursor.operations(), Math.max(cursor.checks(), checks.end()));
                }
                if (noOperation && (noCheck || operations.more()) || noCheck && checks.more()) {
                    return new Page(found, cursor, operations.more() || checks.more());
                }
                takeNext(noOperation, noCheck);
            }
            return new Page(found, cursor, true);
        }

        private void takeNext(boolean noOperation, boolean noCheck) {
            boolean takeOperation = noCheck || !noOperation && isFirst(
                    operations.changes().get(operation), checks.changes().get(check));
            if (takeOperation) {
                LogChange change = operations.changes().get(operation++);
                cursor = new ChangeCursor(change.seq(), cursor.checks());
                ChangeJson.of(change, filter, cursor).ifPresent(found::add);
            } else {
                CheckChange change = checks.changes().get(check++);
                cursor = new ChangeCursor(cursor.operations(), change.seq());
                found.add(ChangeJson.of(change, cursor));
            }
        }

        /** The clocks of the directory and of this mirror may differ. */
        private static boolean isFirst(LogChange change, CheckChange check) {
            return change.seq() <= check.operation() || !change.at().isAfter(check.at());
        }
    }
}
