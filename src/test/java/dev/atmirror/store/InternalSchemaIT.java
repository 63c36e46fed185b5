package dev.atmirror.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atmirror.testkit.CrawledAccounts;
import dev.atmirror.testkit.ManyAccounts;
import dev.atmirror.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** {@code \d} shows what users query, with what it means; all else is in a schema of its own. Issue 12, B12. */
class InternalSchemaIT {
    private static final String HISTORY = "flyway_schema_history"; // it has its place before any migration of ours
    private static final String RELATIONS = "select relname from pg_class where relnamespace = 'public'::regnamespace"
            + " and relkind in ('r', 'v', 'm', 'p', 'f') order by relname collate \"C\"";

    private final TestDatabase database = TestDatabase.create();
    private String readme;

    @BeforeEach
    void read() throws IOException {
        readme = Files.readString(Path.of("README.md"));
        readme = readme.substring(readme.indexOf("\n## SQL"), readme.indexOf("\n## Settings"));
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (connection;
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }

    /** As psql connects, which knows nothing of our schema. */
    private Connection psql() throws SQLException {
        return DriverManager.getConnection(database.url());
    }

    private void migrateTo(String version) {
        Flyway.configure().dataSource(database.source()).target(version).load().migrate();
    }

    @Test
    void relations_thatUsersSee_areThoseOfTheReadme() throws Exception {
        database.migrate();
        List<String> named = Pattern.compile("(?m)^\\| `(\\w+)`").matcher(readme).results().map(found -> found.group(1)).toList();
        List<String> expected = new ArrayList<>(named);
        expected.add(HISTORY);
        assertThat(rows(psql(), RELATIONS)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(rows(psql(), "select proname from pg_proc p where pronamespace = 'public'::regnamespace and not exists"
                        + " (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')"))
                .isEmpty();
    }

    @Test
    void everyColumn_thatUsersSee_saysWhatItHolds() throws Exception {
        database.migrate();
        assertThat(rows(psql(), "select relname from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')"
                        + " and obj_description(oid, 'pg_class') is null"))
                .isEmpty();
        assertThat(rows(psql(), "select attrelid::regclass || '.' || attname from pg_attribute a join pg_class c on c.oid = a.attrelid"
                        + " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and c.relname <> '" + HISTORY + "'"
                        + " and attnum > 0 and not attisdropped and coalesce(col_description(attrelid, attnum), '') = ''"))
                .isEmpty();
        // Each with a meaning of its own; the same words twice are allowed where the column is the same.
        assertThat(database.number("select count(*) from pg_description where objoid = 'pds_hosts'::regclass"))
                .isEqualTo(database.number("select count(distinct description) from pg_description where objoid = 'pds_hosts'::regclass"));
    }

    @Test
    void statementsOfTheReadme_withoutASearchPath_work() throws Exception {
        ManyAccounts.fill(database);
        List<String> statements = Pattern.compile("(?m)^(select .*?); *(?:--.*)?$").matcher(readme).results().map(found -> found.group(1)).toList();
        assertThat(statements).hasSizeGreaterThan(2);
        for (String sql : statements) {
            assertThat(rows(psql(), sql)).as(sql).isNotEmpty();
        }
        assertThat(rows(psql(), statements.get(0))).as("about as many as there are").containsExactly("250000");
    }

    @Test
    void views_withoutASearchPath_answer() throws Exception {
        database.migrate();
        CrawledAccounts.fill(database);
        for (String view : List.of("plc_log_entries", "account_infos", "pds_repos", "recent_records")) {
            assertThat(rows(psql(), "select to_jsonb(x) from " + view + " x")).as(view).isNotEmpty();
        }
        // The triggers of internal tables find theirs, too.
        rows(psql(), "with x as (insert into atmirror_internal.handle_check (account, operation, parent) values (1, 1, 0) returning 1) select 1");
        rows(psql(), "with x as (update atmirror_internal.handle_check set result = 'v', checked_at = now() returning 1) select 1");
        assertThat(rows(psql(), "select result from handle_checks")).containsExactly("valid");
    }

    @Test
    void databaseOfAnEarlierVersion_keepsItsRowsAndWhatUsersMade() throws Exception {
        migrateTo("013");
        CrawledAccounts.fill(database);
        String before = database.accounts();
        database.run("create table private_notes (note text); create view mine as select count(*) as n from plc_operation");
        new Schema(database.source()).migrate();
        assertThat(database.accounts()).isEqualTo(before);
        assertThat(rows(psql(), "select n from mine")).containsExactly("12");
        assertThat(rows(psql(), RELATIONS)).contains("private_notes", "mine").doesNotContain("plc_operation", "pds_repo");
        assertThat(new Schema(database.source()).migrate()).isZero();
    }

    @Test
    void reset_dropsBothSchemas() {
        Schema schema = new Schema(database.source());
        schema.migrate();
        CrawledAccounts.fill(database);
        schema.reset();
        assertThat(database.number("select count(*) from plc_operation")).isZero();
        assertThat(database.number("select count(*) from account_infos")).isZero();
    }

    /** Whoever chose another schema by the address keeps it. */
    @Test
    void schemaOfTheAddress_holdsWhatUsersQuery() throws Exception {
        database.run("create schema mirror; create schema elsewhere; create extension pg_trgm");
        PGSimpleDataSource source = SearchPath.plain();
        source.setUrl(database.url() + "&currentSchema=mirror,public");
        Schema schema = new Schema(source);
        schema.migrate();
        assertThat(rows(psql(), "select count(*) from mirror.account_infos")).containsExactly("0");
        assertThat(rows(psql(), RELATIONS)).isEmpty();
        schema.reset();
        assertThat(rows(source.getConnection(), "select count(*) from account_infos a join atmirror_internal.plc_account b using (did)"))
                .containsExactly("0");
    }

    @Test
    void userWhoMayCreateNoSchema_readsTheRemedy() throws Exception {
        String user = database.ask("select current_database()") + "_user";
        database.run("create role " + user + " login; grant all on schema public to " + user + "; create extension pg_trgm");
        try {
            PGSimpleDataSource source = SearchPath.plain();
            source.setUrl(database.url().replace("user=postgres", "user=" + user));
            Schema schema = new Schema(source);
            assertThatThrownBy(schema::migrate)
                    .hasStackTraceContaining("user " + user + " may not create the schema atmirror_internal")
                    .hasStackTraceContaining("create schema atmirror_internal authorization " + user);
            database.run("create schema atmirror_internal authorization " + user);
            schema.migrate();
            assertThat(rows(source.getConnection(), "select count(*) from account_infos")).containsExactly("0");
            schema.reset();
            assertThat(rows(source.getConnection(), "select count(*) from plc_account")).containsExactly("0");
        } finally {
            database.run("drop owned by " + user + " cascade; drop role " + user);
        }
    }
}
