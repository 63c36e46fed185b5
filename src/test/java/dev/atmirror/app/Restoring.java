package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.atmirror.testkit.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Dumps of one database by the real pg_dump, and restores into another, by the commands that users type. */
final class Restoring {
    private static final List<String> LOG_TABLES =
            List.of("plc_account", "plc_key_set", "plc_note", "plc_odd_operation", "plc_operation", "plc_pds");

    private final Path folder;

    Restoring(Path folder) {
        this.folder = folder;
    }

    static void needsPgDump() {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(bin -> Files.exists(Path.of(bin, "pg_dump"))),
                "needs a real pg_dump");
    }

    static TestDatabase empty() {
        TestDatabase database = TestDatabase.create();
        database.migrate();
        return database;
    }

    Map<String, String> settings(TestDatabase database) {
        Map<String, String> settings = new HashMap<>();
        settings.put("atmirror.postgres.url", database.url());
        settings.put("atmirror.dumps.dir", folder.resolve("dumps").toString());
        settings.put("atmirror.plc.upstream", "https://plc.example.test");
        return settings;
    }

    /** @return the file */
    Path dump(TestDatabase database, String table) {
        Commands.Outcome outcome = Commands.run(settings(database), "snapshot", "dump", "--table", table);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return folder.resolve("dumps").resolve(outcome.out().substring(0, outcome.out().indexOf(' ')));
    }

    Commands.Outcome restore(TestDatabase database, Path file, String... options) {
        String[] all = Stream.concat(Stream.of("snapshot", "restore", file.toString()), Stream.of(options)).toArray(String[]::new);
        return Commands.run(settings(database), all);
    }

    /** The same dump with other SQL in it, and without a manifest, which would tell. */
    Path changed(Path dump, String name, UnaryOperator<String> change) {
        try (InputStream plain = new ZstdInputStreamNoFinalizer(Files.newInputStream(dump))) {
            String sql = new String(plain.readAllBytes(), StandardCharsets.UTF_8);
            String other = change.apply(sql);
            assertThat(other).as("something is changed").isNotEqualTo(sql);
            Path file = folder.resolve(name + "-20260101.sql.zst");
            Files.write(file, Zstd.compress(other.getBytes(StandardCharsets.UTF_8)));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All rows of the log's tables, as text. */
    static String logRows(TestDatabase database) {
        StringBuilder all = new StringBuilder();
        LOG_TABLES.forEach(table -> all.append(table).append(' ').append(rows(database, table)).append('\n'));
        return all.toString();
    }

    /** Number and digest of a table's rows. */
    static String rows(TestDatabase database, String table) {
        return database.ask("select count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '') from " + table + " t");
    }

    /** Indexes and constraints, which a restore makes anew. */
    static String indexes(TestDatabase database) {
        return database.ask("select string_agg(indexdef, ',' order by indexdef) from pg_indexes where schemaname in ('public', 'atmirror_internal')") + " "
                + database.ask("select string_agg(conname || pg_get_constraintdef(oid), ',' order by conname) from pg_constraint"
                        + " where connamespace in ('public'::regnamespace, 'atmirror_internal'::regnamespace)");
    }
}
