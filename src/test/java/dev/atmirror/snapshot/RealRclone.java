package dev.atmirror.snapshot;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** rclone as it is installed here; tests are skipped where it is not. */
public final class RealRclone {
    static final List<Path> FOLDERS =
            Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(Path::of).toList();

    private RealRclone() {}

    /** Where it is. */
    public static Path program() {
        Path program = FOLDERS.stream()
                .map(folder -> folder.resolve("rclone"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(program != null, "needs rclone on the PATH (apt install rclone)");
        return program;
    }

    /** The same, with something done before, or with options of its own. @param script ends with {@code "$@"} */
    static Path through(Path folder, String script) {
        try {
            Path wrapper = Files.writeString(folder.resolve("rclone"), "#!/bin/sh\n" + script.replace("rclone", program().toString()) + "\n");
            if (!wrapper.toFile().setExecutable(true)) {
                throw new IllegalStateException("cannot be made executable: " + wrapper);
            }
            return wrapper;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
