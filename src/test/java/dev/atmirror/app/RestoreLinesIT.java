package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.atmirror.plc.Times;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LogLine;
import dev.atmirror.testkit.LoggedLines;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports as JSON lines, restored by pages, and what the sync makes of it afterwards. */
class RestoreLinesIT {
    private static final SignedLog LOG = SignedLog.of(41, 600, 40);
    private static final List<LogLine> LINES = LOG.lines();
    private static final LogLine LAST = LINES.get(LINES.size() - 1);
    private static final String CURSOR =
            "select concat_ws(' ', stage, kind, seq, time at time zone 'utc') from sync_cursors order by stage";
    private static FakeUpstream upstream;
    private static TestDatabase mirrored;

    @TempDir
    private Path folder;

    private final TestDatabase database = TestDatabase.create();

    @BeforeAll
    static void mirror() {
        upstream = new FakeUpstream(LINES);
        mirrored = TestDatabase.create();
        try (MirrorRun run = MirrorRun.start(mirrored, upstream)) {
            run.awaitCaughtUp().awaitStored(LOG.valid().size());
        }
    }

    @AfterAll
    static void close() {
        upstream.close();
    }

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream raw = Files.newOutputStream(file);
                OutputStream out = name.endsWith(".gz")
                        ? new GZIPOutputStream(raw)
                        : name.endsWith(".zst") ? new ZstdOutputStreamNoFinalizer(raw) : raw) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private static String text(List<LogLine> lines, Function<LogLine, String> format) {
        return lines.stream().map(format).map(line -> line + "\n").collect(Collectors.joining());
    }

    private String restore(Path file, String... overrides) {
        return restore(upstream.url(), file, overrides);
    }

    private String restore(String from, Path file, String... overrides) {
        Map<String, String> settings = new HashMap<>();
        settings.put("atmirror.postgres.url", database.url());
        settings.put("atmirror.plc.upstream", from);
        settings.put("atmirror.plc.page-size", "50");
        for (int i = 0; i < overrides.length; i += 2) {
            settings.put(overrides[i], overrides[i + 1]);
        }
        return PagesRestoring.restore(settings, file);
    }

    private void assertSameLog() {
        assertThat(database.content()).isEqualTo(mirrored.content());
        assertThat(database.accounts()).isEqualTo(mirrored.accounts());
        String rejected = "select string_agg(reason || did || cid, ',' order by did, cid, reason) from rejected_operations";
        assertThat(database.ask(rejected)).isEqualTo(mirrored.ask(rejected));
    }

    @Test
    void sequencedLines_gzipped_giveTheSameLogAndTheUpstreamsNumber() throws IOException {
        restore(file("log.jsonl.gz", text(LINES, LogLine::sequenced)));
        assertSameLog();
        assertThat(database.ask("select string_agg(id || cid, ',' order by id) from plc_operation"))
                .isEqualTo(mirrored.ask("select string_agg(id || cid, ',' order by id) from plc_operation"));
        assertThat(database.ask("select count(*) from sync_cursors")).as("the file's own rows are gone").isEqualTo("1");
        assertThat(database.ask(CURSOR)).startsWith("plc-logs seq " + LAST.seq() + " ");
        assertThat(database.number("select operations from sync_cursors")).isEqualTo(LOG.valid().size());
        assertThat(database.ask("select caught_up_at is null and polled_at = 'epoch' from sync_cursors")).isEqualTo("t");
    }

    @Test
    void legacyLines_zstd_giveTheSameLogAndAreReadOnByTime() throws IOException {
        restore(file("log.jsonl.zst", text(LINES, LogLine::legacy)));
        assertSameLog();
        assertThat(database.ask("select kind || to_char(time at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
                        + " from sync_cursors"))
                .isEqualTo("time" + Times.format(LAST.createdAt()));
    }

    @Test
    void sync_afterARestore_goesOnBehindIt() throws IOException {
        SignedLog growing = SignedLog.of(43, 300);
        List<LogLine> old = growing.lines();
        try (FakeUpstream other = new FakeUpstream(old)) {
            restore(other.url(), file("old.jsonl", text(old, LogLine::sequenced)));
            other.append(growing.grow(120, 0));
            int asked = other.queries().size();
            try (MirrorRun run = MirrorRun.start(database, other)) {
                run.awaitStored(growing.valid().size()).awaitCaughtUp();
                assertThat(run.metric("atmirror_plc_operations_duplicate_total", "")).as("fetched twice").isZero();
            }
            assertThat(other.queries().get(asked)).endsWith("after=" + old.get(old.size() - 1).seq());
            assertThat(database.number("select count(*) from rejected_operations")).isZero();
            assertThat(database.number("select sum(operations) from sync_cursors")).isEqualTo(growing.valid().size());
        }
    }

    @Test
    void restore_again_changesNothing() throws IOException {
        Path file = file("log.jsonl", text(LINES, LogLine::sequenced));
        restore(file);
        String ids = database.ask("select md5(string_agg(id || cid, ',' order by id)) from plc_operation");
        assertThat(restore(file)).isEqualTo("the cursor is already at " + LAST.seq() + ", behind the file");
        assertThat(database.content()).isEqualTo(mirrored.content());
        assertThat(database.ask("select md5(string_agg(id || cid, ',' order by id)) from plc_operation")).isEqualTo(ids);
        assertThat(database.ask("select count(*) || ' ' || min(seq) from sync_cursors")).isEqualTo("1 " + LAST.seq());
    }

    @Test
    void partOfTheLog_joinedToTheCursor_movesIt() throws IOException {
        restore(file("a.jsonl", text(LINES.subList(0, 250), LogLine::sequenced)));
        assertThat(database.ask(CURSOR)).startsWith("plc-logs seq " + LINES.get(249).seq() + " ");
        restore(file("b.jsonl", text(LINES.subList(250, LINES.size()), LogLine::sequenced)));
        assertThat(database.ask(CURSOR)).startsWith("plc-logs seq " + LAST.seq() + " ");
        assertSameLog();
    }

    @Test
    void partOfTheLog_behindAGap_isRefused() throws IOException {
        restore(file("a.jsonl", text(LINES.subList(0, 250), LogLine::sequenced)));
        long before = database.operations();
        Path behind = file("b.jsonl", text(LINES.subList(300, LINES.size()), LogLine::sequenced));
        assertThatThrownBy(() -> restore(behind))
                .hasMessageContaining("b.jsonl begins at 2024-03-")
                .hasMessageContaining("seq " + LINES.get(300).seq() + ", and it is not known that the database holds all");
        assertThat(database.operations()).isEqualTo(before);
        assertThat(database.number("select count(*) from sync_cursors where stage = 'restore'")).isZero();
        restore(file("c.jsonl", text(LINES.subList(20, LINES.size()), LogLine::legacy)));
        assertThat(database.ask(CURSOR)).startsWith("plc-logs time " + LINES.get(249).seq() + " ");
        assertThat(database.content()).isEqualTo(mirrored.content());
    }

    @Test
    void partOfTheLog_intoAnEmptyDatabase_setsNoCursor() throws IOException {
        restore(file("b.jsonl", text(LINES.subList(300, LINES.size()), LogLine::legacy)));
        assertThat(database.number("select count(*) from sync_cursors")).isZero();
    }

    @Test
    void lines_withoutAnUpstreamThatConfirmsThem_setNoCursor() throws IOException {
        assertThat(restore("http://127.0.0.1:1", file("log.jsonl", text(LINES, LogLine::sequenced))))
                .startsWith("it is not known that nothing is missing before the file, so 127.0.0.1:1 is read from the beginning");
        assertSameLog();
    }

    @Test
    void sequencedLines_withOtherNumbers_areReadOnByTime() throws IOException {
        List<LogLine> renumbered = LINES.stream().map(line -> line.numbered(line.seq() + 7)).toList();
        restore(file("log.jsonl", text(renumbered, LogLine::sequenced)));
        assertThat(database.ask(CURSOR)).startsWith("plc-logs time 0 ");
    }

    @Test
    void damagedLines_amongGoodOnes_areKeptAndStopNothing() throws IOException {
        List<String> lines = new ArrayList<>(LINES.stream().map(LogLine::sequenced).toList());
        lines.add(10, "no JSON at all");
        lines.add(100, "<html>");
        lines.add(200, "");
        lines.add(300, "{\"did\": 1}");
        lines.add(400, "{\"long\":\"" + "x".repeat(3 << 20) + "\"}");
        lines.add(500, "{\"type\":\"something_new\",\"seq\":" + LINES.get(490).seq() + "}");
        restore(file("log.jsonl", String.join("\n", lines) + "\n"));
        assertThat(database.content()).isEqualTo(mirrored.content());
        assertThat(database.number("select count(*) from rejected_operations where reason = 'UNPARSABLE'")).isEqualTo(4);
        assertThat(database.number("select max(length(operation::text)) from rejected_operations")).isLessThan(10_000);
    }

    @Test
    void restore_lineCutInTheMiddle_losesNoAccount() throws IOException {
        List<LogLine> ten = LINES.stream().filter(line -> LOG.valid().contains(line)).limit(10).toList();
        List<String> lines = new ArrayList<>(ten.stream().map(LogLine::sequenced).toList());
        lines.set(5, lines.get(5).substring(0, 200));
        Path export = file("ten.jsonl", String.join("\n", lines) + "\n");
        try (FakeUpstream other = new FakeUpstream(ten)) {
            Map<String, String> settings = MirrorRun.settings(database, other);
            Commands.Outcome restored = Commands.run(settings, "snapshot", "restore", export.toString());
            assertThat(restored.code()).as(restored.err()).isEqualTo(1);
            assertThat(restored.out())
                    .containsPattern("ten.jsonl  [89] operations stored")
                    .contains("1 line could not be read and was skipped: line 6")
                    .contains("reading goes on behind " + ten.get(4).seq());
            Commands.Outcome read = Commands.run(settings, "backfill", "plc-logs");
            assertThat(read.code()).as(read.err()).isZero();
        }
        assertThat(database.operations()).isEqualTo(10);
        assertThat(database.number("select count(*) from rejected_operations where reason <> 'UNPARSABLE'")).isZero();
        assertThat(database.number("select seq from sync_cursors where stage = 'plc-logs'")).isEqualTo(ten.get(9).seq());
    }

    private Commands.Outcome command(Path file) {
        return Commands.run(MirrorRun.settings(database, upstream), "snapshot", "restore", file.toString());
    }

    private Path bytes(String name, byte[]... parts) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (byte[] part : parts) {
                out.write(part);
            }
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"crlf", "marks", "utf-16", "utf-16le", "utf-16be"})
    void restore_textOfOtherSystems_isReadWhole(String kind) throws IOException {
        String text = text(LINES, LogLine::sequenced);
        String half = text(LINES.subList(0, 300), LogLine::sequenced);
        byte[] mark = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
        Path file = switch (kind) {
            case "crlf" -> bytes("log.jsonl", text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
            case "marks" -> bytes(
                    "log.jsonl",
                    mark, half.getBytes(StandardCharsets.UTF_8),
                    mark, text.substring(half.length()).getBytes(StandardCharsets.UTF_8));
            case "utf-16" -> bytes("log.jsonl", text.getBytes(StandardCharsets.UTF_16)); // with a mark
            default -> bytes("log.jsonl", text.getBytes(Charset.forName(kind)));
        };
        Commands.Outcome restored = command(file);
        assertThat(restored.code()).as(restored.out() + restored.err()).isZero();
        assertSameLog();
        assertThat(database.ask(CURSOR)).startsWith("plc-logs seq " + LAST.seq() + " ");
    }

    @Test
    void restore_rubbish_isRefusedByNameAndFillsNothing() throws IOException {
        Map<String, String> rubbish = new HashMap<>();
        rubbish.put("cr.jsonl", text(LINES, LogLine::sequenced).replace('\n', '\r'));
        rubbish.put("braces.jsonl", "{nothing}\n".repeat(2_000));
        rubbish.put("other.jsonl", "{\"some\": \"json\"}\n".repeat(2_000));
        rubbish.put("types.jsonl", "{\"type\": \"something_new\"}\n");
        rubbish.put("blank.jsonl", "\n\n\n");
        rubbish.put("seed.sql", "COPY public.plc_log_entries (did, cid) FROM stdin;\n\\.\n");
        rubbish.put("rows.sql", "COPY public.plc_log_entries (did, cid) FROM stdin;\na\tb\nc\n\\.\n");
        rubbish.put("repos.sql", "COPY public.pds_repos (did, pds) FROM stdin;\n\\.\n");
        rubbish.put("infos.sql", "COPY public.account_infos (did, pds) FROM stdin;\nx\n\\.\n");
        for (Map.Entry<String, String> each : rubbish.entrySet()) {
            Commands.Outcome refused = command(file(each.getKey(), each.getValue()));
            assertThat(refused.code()).as(each.getKey() + refused.out()).isEqualTo(1);
            assertThat(refused.err()).startsWith("at-mirror: " + each.getKey() + " ");
        }
        assertThat(database.number("select count(*) from rejected_operations")).isZero();
        assertThat(database.operations()).isZero();
        assertThat(database.number("select count(*) from sync_cursors where stage = 'plc-logs'")).isZero();
    }

    @Test
    void lastLine_cutOff_isToldAndLeftOut() throws IOException {
        String text = text(LINES, LogLine::sequenced);
        Path file = file("log.jsonl", text.substring(0, text.length() - 30));
        try (LoggedLines said = new LoggedLines("dev.atmirror.snapshot.SkippedLines")) {
            restore(file);
            assertThat(said.messages())
                    .containsExactly("log.jsonl ends in the middle of line " + LINES.size() + ", which is left out");
        }
        assertThat(database.number("select max(id) from plc_operation")).isLessThan(LAST.seq());
        assertThat(database.ask(CURSOR)).startsWith("plc-logs seq " + LINES.get(LINES.size() - 2).seq() + " ");
        assertThat(database.number("select count(*) from rejected_operations where reason = 'UNPARSABLE'")).isZero();
    }

    @Test
    void compressedFile_cutOff_failsKeepsWhatIsStoredAndGoesOnWithAWholeOne() throws IOException {
        Path whole = file("whole.jsonl.gz", text(LINES, LogLine::sequenced));
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve("cut.jsonl.gz");
        Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> restore(cut)).hasMessageContaining("cut.jsonl.gz");
        assertThat(database.operations()).isLessThan(LOG.valid().size());
        assertThat(database.number("select count(*) from sync_cursors where stage = 'plc-logs'")).isZero();
        restore(whole);
        assertSameLog();
    }

    /** The first 64 kB and the size are the same, but something in between was lost on the way (issue 12, E28). */
    @Test
    void compressedFile_spoiltThenWhole_isReadFromItsBeginning() throws IOException {
        String text = text(LINES, LogLine::sequenced);
        String spoilt = text.substring(0, 100_000) + "x".repeat(20_000) + text.substring(120_000);
        Path first = file("log.jsonl", spoilt);
        // The mark is that of a restore that was killed behind row 300.
        restore(first);
        database.run("delete from sync_cursors");
        markAt(300, spoilt);
        Files.write(first, text.getBytes(StandardCharsets.UTF_8));
        assertThat(spoilt).hasSameSizeAs(text);
        assertThatThrownBy(() -> restore(first))
                .hasMessageContaining("log.jsonl is not the file of which 300 rows were restored before")
                .hasMessageContaining("the same command begins with its first row now");
        restore(first);
        assertThat(database.content()).isEqualTo(mirrored.content());
    }

    private void markAt(int rows, String text) throws IOException {
        int end = 0;
        for (int i = 0; i < rows; i++) {
            end = text.indexOf('\n', end) + 1;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String beginning = DigestUtils.sha256Hex(java.util.Arrays.copyOf(bytes, 1 << 16)).substring(0, 16);
        String file = "'log.jsonl " + bytes.length + " " + beginning + "'";
        database.run("insert into sync_cursors (stage, host, kind, seq, time, content) values ('restore', " + file + ", 'seq', " + rows
                + ", now(), '" + DigestUtils.sha256Hex(java.util.Arrays.copyOf(bytes, end)) + "'), ('restore-from', " + file
                + ", 'seq', 0, 'epoch', null)");
    }

    @Test
    void trust_ofSignatures_takesForgedOnesOnly() throws IOException {
        restore(file("log.jsonl", text(LINES, LogLine::sequenced)), "atmirror.plc.verify", "false");
        assertThat(database.operations()).isGreaterThanOrEqualTo(LOG.valid().size());
        assertThat(database.number("select count(*) from rejected_operations where reason = 'CID_MISMATCH'")).isPositive();
        assertThat(database.number("select count(*) from rejected_operations where reason = 'INVALID_SIGNATURE'")).isZero();
    }

    @Test
    void restore_whileAMirrorWrites_isRefused() throws IOException {
        Path file = file("log.jsonl", text(LINES, LogLine::sequenced));
        try (MirrorRun run = MirrorRun.start(database, upstream)) {
            run.awaitCaughtUp();
            assertThatThrownBy(() -> restore(file)).hasMessage("a mirror is running on this database; stop it first");
        }
    }
}
