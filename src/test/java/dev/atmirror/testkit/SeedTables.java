package dev.atmirror.testkit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** The seed project's tables as its object mapper creates them, filled with operations of ours. */
public final class SeedTables {
    private final TestDatabase database;

    /** @param operation the type of the column {@code operation}: jsonb as released, json for what jsonb cannot hold */
    public SeedTables(TestDatabase database, String operation) {
        this.database = database;
        database.run("create table plc_log_entries (id bigserial primary key, created_at timestamptz, did text, cid text,"
                + " plc_timestamp text, nullified boolean default false, operation " + operation + ", notes text,"
                + " filtered bigint default 0)");
        database.run("create index idx_plc_log_entries_did on plc_log_entries (did)");
        database.run("create table pds_repos (id bigserial primary key, created_at timestamptz, updated_at timestamptz,"
                + " deleted_at timestamptz, pds text, did text, head text, rev text, active boolean default true, status text)");
        database.run("create table account_infos (id bigserial primary key, created_at timestamptz, updated_at timestamptz,"
                + " deleted_at timestamptz, did text, plc_timestamp text, pds text, handle text, handle_match boolean,"
                + " handle_match_last_checked timestamptz, describe jsonb, extra jsonb)");
    }

    /** Adds a row to {@code plc_log_entries}. */
    public void add(LogLine line, String notes, int filtered) {
        add(line.did(), line.cid(), dev.atmirror.plc.Times.format(line.createdAt()), line.operation().toString(), notes, filtered);
    }

    public void add(List<LogLine> lines) {
        lines.forEach(line -> add(line, null, 0));
    }

    /** Adds a row of anything. */
    public void add(String did, String cid, String time, String operation, String notes, int filtered) {
        insert(
                "insert into plc_log_entries (created_at, did, cid, plc_timestamp, operation, notes, filtered)"
                        + " values (now(), ?, ?, ?, cast(? as json), ?, ?)",
                did, cid, time, operation, Optional.ofNullable(notes), filtered);
    }

    public void addRepo(String pds, String did, String rev, Boolean active, String status, OffsetDateTime updated) {
        insert(
                "insert into pds_repos (created_at, updated_at, deleted_at, pds, did, head, rev, active, status)"
                        + " values (now(), ?, '0001-01-01', ?, ?, 'bafyhead', ?, ?, ?)",
                updated, pds, did, rev, active, status);
    }

    public void addAccount(String did, Boolean match, String describe, String extra, OffsetDateTime updated) {
        insert(
                "insert into account_infos (created_at, updated_at, deleted_at, did, plc_timestamp, pds, handle, handle_match,"
                        + " handle_match_last_checked, describe, extra)"
                        + " values (now(), ?, '0001-01-01', ?, '', 'https://pds.test', 'a.test', ?, ?, cast(? as jsonb), cast(? as jsonb))",
                updated, did, match, updated, Optional.ofNullable(describe), Optional.ofNullable(extra));
    }

    private void insert(String sql, Object... values) {
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                insert.setObject(i + 1, values[i] instanceof Optional<?> optional ? optional.orElse(null) : values[i]);
            }
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
