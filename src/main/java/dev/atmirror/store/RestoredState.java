package dev.atmirror.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What stands beside restored rows: how far the log is read, and what only the process that was dumped may have held. */
public final class RestoredState {
    /** @param kind seq or time */
    public record Cursor(String host, String kind, long seq, Instant time, long operations) {
        /** For a person. */
        public String sentence() {
            return "reading " + host + " goes on behind " + (kind.equals("seq") ? seq : time);
        }
    }

    private final TableLoad load;

    public RestoredState(TableLoad load) {
        this.load = load;
    }

    /** The log begins anew. */
    public void forgetCursors() {
        load.update("restore/forget-cursors.sql");
    }

    public void setCursor(Cursor cursor) {
        load.update(
                "restore/set-cursor.sql",
                cursor.host(),
                cursor.kind(),
                cursor.seq(),
                cursor.time().toString(),
                cursor.operations());
    }

    /** By the newest operation, where nobody says how far the upstream was read. */
    public void setCursorByTime(String host) {
        load.update("restore/set-cursor-by-time.sql", host);
    }

    /** Makes the log's cursors what they were. */
    public void putBack(List<Cursor> cursors) {
        load.update("restore/remove-cursors.sql", (Object) cursors.stream().map(Cursor::host).toArray(String[]::new));
        cursors.forEach(cursor -> load.update(
                "restore/put-cursor-back.sql", cursor.host(), cursor.kind(), cursor.seq(), cursor.time().toString()));
    }

    /** Moves the cursor of one upstream over what a log is known to hold. */
    public void moveForward(Cursor cursor) {
        load.update("restore/move-cursor.sql", cursor.host(), cursor.kind(), cursor.seq(), cursor.time().toString());
    }

    /** Takes cursors back to what is there. */
    public void capCursors() {
        load.update("restore/cap-cursors.sql");
    }

    /** Takes cursors back before an operation that failed verification, so that the upstream is asked for it again. */
    public void stopBefore(LogVerification.Failed first) {
        load.update("restore/stop-before.sql", first.id(), first.createdAt().toString());
    }

    /** Counts what was kept out of the log when this file was read. */
    public long rejectedOf(String file) {
        return load.work("counting rejected operations", with -> {
            try (PreparedStatement select = with.prepareStatement(Sql.file("restore/rejected-of.sql"))) {
                select.setString(1, file);
                try (ResultSet rows = select.executeQuery()) {
                    rows.next();
                    return rows.getLong(1);
                }
            }
        });
    }

    /** Those of the log, without how many operations each has brought. */
    public List<Cursor> cursors() {
        return load.work("reading the cursors", with -> {
            try (Statement select = with.createStatement();
                    ResultSet rows = select.executeQuery(Sql.file("restore/cursors.sql"))) {
                List<Cursor> cursors = new ArrayList<>();
                while (rows.next()) {
                    cursors.add(new Cursor(
                            rows.getString("host"),
                            rows.getString("kind"),
                            rows.getLong("seq"),
                            PlcLog.instant(rows, "time"),
                            0));
                }
                return cursors;
            }
        });
    }

    /** Where hosts and rejections were loaded: numbers go on behind theirs, and nobody asks the hosts yet. */
    public void takeOver() {
        load.update("restore/free-operators.sql");
        load.execute("setting sequences", Sql.file("restore/next-numbers.sql"));
    }

    /** Has the triggers rest that settle whose a handle is, until {@link #settleOwners} does so for all rows at once. */
    public void restOwners() {
        load.execute("switching off triggers", Sql.file("restore/rest-owners.sql"));
    }

    /** Leaves a handle one verified owner, before the index is built that holds it; the triggers work again from here on. */
    public void settleOwners() {
        load.execute("finding whose handles are", Sql.file("restore/owners.sql"));
    }

    /** Rows of operations that are not there, whole ones and notes; and owners of handles that no operation declares. */
    public void dropLooseEnds() {
        load.update("restore/without-operation.sql");
        load.update("restore/disown.sql");
    }
}
