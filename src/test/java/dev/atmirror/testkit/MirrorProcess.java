package dev.atmirror.testkit;

import static org.awaitility.Awaitility.await;

import dev.atmirror.app.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program as users run it: a process of its own, set by its environment. */
public final class MirrorProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern ANSWERING = Pattern.compile("answering on port (\\d+)");

    private final Process process;
    private final Path log;

    private MirrorProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts {@code run}. @param settings by key @param overrides names and values in turn */
    public static MirrorProcess run(Map<String, String> settings, String... overrides) {
        return start(List.of("run"), settings, overrides);
    }

    /** @param command with its arguments */
    public static MirrorProcess start(List<String> command, Map<String, String> settings, String... overrides) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> line = new ArrayList<>(List.of(
                java.toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1", // such a short life is not worth the second compiler
                "-Djava.util.logging.config.file=config/logging.properties"));
        if (Runtime.version().feature() >= 24) { // as the launcher does, so that what is printed is the program's own
            line.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        line.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line);
        settings.forEach((key, value) -> builder.environment().put(environmentName(key), value));
        for (int i = 0; i < overrides.length; i += 2) {
            builder.environment().put(environmentName(overrides[i]), overrides[i + 1]);
        }
        try {
            Path log = Files.createTempFile(Path.of("target"), "mirror-process", ".log");
            return new MirrorProcess(
                    builder.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String environmentName(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has written so far. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it answers. @return where */
    public URI awaitAddress() {
        Matcher found = await("the process answers")
                .atMost(PATIENCE)
                .until(() -> ANSWERING.matcher(output()), Matcher::find);
        return URI.create("http://127.0.0.1:" + found.group(1));
    }

    /** Without a warning, as by {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Asks it to stop, as Ctrl-C and a supervisor do, and waits until it has. @return its exit code */
    public int stop() {
        process.destroy();
        awaitEnd();
        return process.exitValue();
    }

    private void awaitEnd() {
        await("the process ends").atMost(PATIENCE).until(() -> !process.isAlive());
    }

    /** Stops it as Ctrl-C does. */
    @Override
    public void close() {
        process.destroy();
        try {
            awaitEnd();
        } finally {
            process.destroyForcibly();
        }
    }
}
