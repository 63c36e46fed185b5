package dev.atmirror.app;

import dev.atmirror.cli.AtMirror;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Commands as users type them, in this process. One at a time: what they print is taken from the process. */
final class Commands {
    /** @param code the process would end with */
    record Outcome(int code, String out, String err) {}

    private Commands() {}

    static synchronized Outcome run(Map<String, String> settings, String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
        try {
            int code = AtMirror.execute(new Wiring(settings), arguments);
            return new Outcome(code, said.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
