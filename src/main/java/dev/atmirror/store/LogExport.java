package dev.atmirror.store;

import dev.atmirror.identity.Cid;
import dev.atmirror.identity.Json;
import dev.atmirror.plc.ExportFormat.Printed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Reads the log from a cursor to its end, batch after batch, each by an index. No transaction lasts longer than a batch. */
public final class LogExport {
    /** Whatever the tables' statistics say: a batch must never read a table through. */
    private static final String PLANS =
            "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off";

    private static final int BATCH = 5_000;
    private static final Duration FIRST_STRETCH = Duration.ofHours(1);
    private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

    private final DataSource database;
    private final InstantSource clock;

    /** @param database whose connections wait as long as it takes */
    public LogExport(DataSource database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Takes operations one after the other. */
    public interface Sink {
        /** @return false to end the export @throws Exception which ends it, too */
        boolean take(Printed operation) throws Exception;
    }

    /** In the order of sequence numbers. @param after behind which it begins; 0 for the whole log */
    public void bySeq(long after, Sink sink) throws Exception {
        try (Connection connection = open();
                PreparedStatement select = connection.prepareStatement(Sql.file("plc/export-by-seq.sql"))) {
            long last = after;
            List<Printed> batch;
            do {
                select.setLong(1, last);
                select.setInt(2, BATCH);
                batch = read(select);
                if (!pass(batch, sink)) {
                    return;
                }
                last = batch.isEmpty() ? last : batch.get(batch.size() - 1).seq();
            } while (batch.size() == BATCH);
        } catch (SQLException e) {
            throw new StorageException("exporting the log", e);
        }
    }

    /**
     * In the order of time, and of sequence numbers within an instant; stretch by stretch, as the index on times knows no
     * order (src/RATIONALE.md#stretches-of-time).
     *
     * @param after behind which it begins; the epoch for the whole log
     */
    public void byTime(Instant after, Sink sink) throws Exception {
        try (Connection connection = open();
                PreparedStatement select = connection.prepareStatement(Sql.file("plc/export-by-time.sql"))) {
            Instant from = after;
            long id = Long.MAX_VALUE; // all of that instant were had
            Duration stretch = FIRST_STRETCH;
            while (from.isBefore(END)) {
                Instant now = clock.instant();
                Instant to = from.plus(stretch).isBefore(now) ? from.plus(stretch) : END;
                List<Printed> batch = stretch(select, from, id, to);
                if (!pass(batch, sink)) {
                    return;
                }
                boolean full = batch.size() == BATCH;
                from = full ? batch.get(BATCH - 1).createdAt() : to;
                id = full ? batch.get(BATCH - 1).seq() : Long.MAX_VALUE;
                if (full && stretch.compareTo(FIRST_STRETCH) > 0) {
                    stretch = stretch.dividedBy(2);
                } else if (batch.size() < BATCH / 2) {
                    stretch = stretch.multipliedBy(2);
                }
            }
        } catch (SQLException e) {
            throw new StorageException("exporting the log", e);
        }
    }

    private static List<Printed> stretch(PreparedStatement select, Instant from, long id, Instant to) throws SQLException {
        select.setObject(1, from.atOffset(ZoneOffset.UTC));
        select.setObject(2, to.atOffset(ZoneOffset.UTC));
        select.setObject(3, from.atOffset(ZoneOffset.UTC));
        select.setLong(4, id);
        select.setInt(5, BATCH);
        return read(select);
    }

    private Connection open() throws SQLException {
        Connection connection = database.getConnection();
        try (Statement set = connection.createStatement()) {
            set.execute(PLANS);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static boolean pass(List<Printed> batch, Sink sink) throws Exception {
        for (Printed operation : batch) {
            if (!sink.take(operation)) {
                return false;
            }
        }
        return true;
    }

    private static List<Printed> read(PreparedStatement select) throws SQLException {
        List<Printed> batch = new ArrayList<>(BATCH);
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                LeanOperation lean = LeanOperation.from(rows);
                batch.add(new Printed(
                        rows.getLong("id"),
                        rows.getString("did"),
                        Cid.PREFIX + rows.getString("cid"),
                        PlcLog.instant(rows, "created_at"),
                        rows.getBoolean("nullified"),
                        Json.write(lean.json(rows.getString("prev")))));
            }
        }
        return batch;
    }
}
