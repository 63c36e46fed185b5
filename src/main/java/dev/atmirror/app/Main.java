package dev.atmirror.app;

import dev.atmirror.cli.AtMirror;
import dev.atmirror.cli.Stop;
import java.util.Map;

/** The program's entry. */
public final class Main {
    private static final String LOG_MANAGER = "java.util.logging.manager";

    private Main() {}

    public static void main(String[] arguments) {
        if (System.getProperty(LOG_MANAGER) == null) {
            System.setProperty(LOG_MANAGER, LastingLogs.class.getName()); // here, since any of its methods makes the JDK's first
        }
        LastingLogs.keep();
        Stop.whenStopped(LastingLogs::end);
        OutOfMemory.watch();
        System.exit(AtMirror.execute(new Wiring(Map.of()), arguments));
    }
}
