package dev.atmirror.app;

import dev.atmirror.cli.AtMirror;
import java.util.Map;

/** The program's entry. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        OutOfMemory.watch();
        System.exit(AtMirror.execute(new Wiring(Map.of()), arguments));
    }
}
