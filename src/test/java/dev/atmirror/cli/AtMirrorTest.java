package dev.atmirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
}
