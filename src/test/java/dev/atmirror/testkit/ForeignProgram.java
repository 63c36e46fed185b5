package dev.atmirror.testkit;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A client in another language, made from a folder of {@code src/test/resources}. Where its tools are not there a test is
 * skipped and says why; with {@code ATMIRROR_TEST_CLIENTS=required} it fails.
 */
public final class ForeignProgram {
    private static final long MAKE_MINUTES = 5;
    private static final long RUN_SECONDS = 120;

    private final Path folder;
    private final File log;

    private ForeignProgram(String name) {
        folder = Path.of("target", name);
        log = new File("target", name + ".log");
    }

    /** @param tools on the PATH that make and run it @param made what the last step of making leaves */
    public static ForeignProgram make(String name, List<String> tools, String made, String... command) {
        ForeignProgram program = new ForeignProgram(name);
        if (!tools.stream().allMatch(ForeignProgram::isThere)) {
            cannot(String.join(" and ", tools) + ", which run the client, are not on the PATH");
        }
        try {
            if (program.copy(Path.of("src", "test", "resources", name)) || !Files.exists(program.folder.resolve(made))) {
                Files.deleteIfExists(program.folder.resolve(made));
                program.make(command);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return program;
    }

    private static void cannot(String why) {
        if ("required".equals(System.getenv("ATMIRROR_TEST_CLIENTS"))) {
            fail(why);
        }
        abort("skipped: " + why);
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** @return whether anything is other than before */
    private boolean copy(Path source) throws IOException {
        Files.createDirectories(folder);
        boolean changed = false;
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                Path copy = folder.resolve(file.getFileName());
                changed |= !Files.exists(copy) || Files.mismatch(file, copy) >= 0;
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return changed;
    }

    private void make(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        if (!ended(process, TimeUnit.MINUTES.toSeconds(MAKE_MINUTES)) || process.exitValue() != 0) {
            process.destroy();
            cannot(String.join(" ", command) + " failed; see " + log);
        }
    }

    /** What it prints; its other output goes to a file of its name in {@code target}. */
    public String run(String... command) {
        try {
            Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectError(log).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!ended(process, RUN_SECONDS) || process.exitValue() != 0) {
                process.destroy();
                fail(String.join(" ", command) + " failed; see " + log);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean ended(Process process, long seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
