package dev.atmirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Arguments as users type them, up to the command that gets them. */
class AtMirrorTest {
    @TempDir
    Path folder;

    private final List<String> asked = new ArrayList<>();

    /** A program that notes what is asked of it, and can do nothing. */
    private Program program() {
        return (Program) Proxy.newProxyInstance(
                AtMirrorTest.class.getClassLoader(), new Class<?>[] {Program.class}, (proxy, method, arguments) -> {
                    asked.add(method.getName());
                    throw new IllegalStateException("nothing is here");
                });
    }

    private CommandLine line(StringWriter err) {
        return AtMirror.line(program()).setErr(new PrintWriter(err)).setOut(new PrintWriter(err));
    }

    private record Outcome(int code, String err) {}

    private Outcome execute(String... arguments) {
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            int code = AtMirror.execute(program(), arguments);
            return new Outcome(code, said.toString(StandardCharsets.UTF_8).strip());
        } finally {
            System.setErr(err);
        }
    }

    /** Issue 12, C19. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "lokup x                                  | no such command: lokup; did you mean lookup?",
        "backfil plc-logs                         | no such command: backfil; did you mean backfill?",
        "backfill describe-repos                  | no such command: describe-repos; did you mean describe-repo or",
        "db clea                                  | no such command: clea; did you mean clear?",
        "status --hots                            | no such option: --hots; did you mean --hosts",
        "lookup a.test b.test                     | one argument too many: b.test",
        "status --limit 5                         | --limit goes with --hosts",
        "sandbox --pds 0 --rate-limit 5           | --rate-limit does nothing with a directory alone (--pds 0)",
        "sandbox --slow-millis 5                  | --slow-millis does nothing with no slow hosts (--slow-percent)",
        "sandbox --rate-limit 0 --rate-window 5   | --rate-window does nothing with no limit (--rate-limit 0)",
        "backfill pds-accounts --older-than -5s   | no duration of the past: -5s",
        "backfill recent-records --collection x,y | --collection: no NSID",
    })
    void arguments_thatAreWrong_areAUsageErrorWithTheRepair(String typed, String expected) {
        Outcome outcome = execute(typed.strip().split(" +"));
        assertThat(outcome.code).isEqualTo(2);
        assertThat(outcome.err).contains("at-mirror: ").contains(expected).hasLineCount(1);
        assertThat(asked).isEmpty();
    }

    private String argumentFile(String content) throws Exception {
        return "@" + Files.writeString(folder.resolve("bsky.app"), content);
    }

    /** Issue 12, E34. */
    @Test
    void lookup_ofAHandleThatNamesAFile_looksThatHandleUp() throws Exception {
        String argument = argumentFile("--help");
        CommandLine.ParseResult parsed = line(new StringWriter()).parseArgs("lookup", argument);
        CommandLine.ParseResult lookup = parsed.subcommand();
        assertThat(lookup.isUsageHelpRequested()).isFalse();
        assertThat(lookup.matchedPositionals().stream().map(p -> (Object) p.getValue())).containsExactly(argument);
    }

    /** Issue 12, E34. */
    @Test
    void reset_withAFileThatAgrees_resetsNothing() throws Exception {
        StringWriter said = new StringWriter();
        int code = line(said).execute("db", "reset", argumentFile("--yes"));
        assertThat(code).isEqualTo(2);
        assertThat(asked).isEmpty();
        assertThat(said.toString()).contains("Unmatched argument").contains("bsky.app");
    }

    /** Issue 12, C16: a library that does not load is no exception, and no stack either. */
    @Test
    void execute_whereAPartOfTheProgramDoesNotLoad_saysSoInOneLine() {
        Program broken = (Program) Proxy.newProxyInstance(
                AtMirrorTest.class.getClassLoader(), new Class<?>[] {Program.class}, (proxy, method, arguments) -> {
                    throw new UnsatisfiedLinkError("no zstd-jni in java.library.path");
                });
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThat(AtMirror.execute(broken, "db", "status")).isEqualTo(1);
        } finally {
            System.setErr(err);
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("no zstd-jni in java.library.path")
                .startsWith("at-mirror: ")
                .hasLineCount(1);
    }
}
