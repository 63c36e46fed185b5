package dev.atmirror.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SnapshotFormatTest {
    private static SnapshotFormat of(String text) throws IOException {
        BufferedInputStream in = new BufferedInputStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 16);
        SnapshotFormat format = SnapshotFormat.of("file", in);
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).as("left at its beginning").isEqualTo(text);
        return format;
    }

    private static String dump(String table) {
        return "--\n-- PostgreSQL database dump\n--\n\\restrict abc\nSET x = 1;\nCREATE TABLE x (a text);\nCOPY public." + table
                + " (id, did) FROM stdin;\n1\t2\n\\.\n";
    }

    @Test
    void format_ofADump_isToldByItsFirstTable() throws IOException {
        assertThat(of(dump("plc_log_entries"))).isEqualTo(SnapshotFormat.SEED_LOG);
        assertThat(of(dump("pds_repos"))).isEqualTo(SnapshotFormat.SEED_REPOS);
        assertThat(of(dump("account_infos"))).isEqualTo(SnapshotFormat.SEED_ACCOUNTS);
        assertThat(of(dump("plc_account"))).isEqualTo(SnapshotFormat.OWN);
        assertThat(of("COPY \"account_infos\" (id) FROM stdin;\n")).isEqualTo(SnapshotFormat.SEED_ACCOUNTS);
    }

    @Test
    void format_ofLines_isToldByTheBrace() throws IOException {
        assertThat(of("\n {\"did\":1}\n")).isEqualTo(SnapshotFormat.JSON_LINES);
    }

    @Test
    void format_ofAnythingElse_isRefusedWithTheRepair() {
        assertThatThrownBy(() -> of("")).hasMessage("file is empty");
        assertThatThrownBy(() -> of("PGDMP\u0001")).hasMessageContaining("pg_restore -f FILE makes plain SQL of it");
        assertThatThrownBy(() -> of("<html>")).hasMessageContaining("neither COPY blocks as pg_dump writes them nor JSON lines");
    }
}
