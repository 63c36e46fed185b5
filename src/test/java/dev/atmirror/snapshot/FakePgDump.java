package dev.atmirror.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A script in the place of pg_dump. */
public final class FakePgDump {
    private FakePgDump() {}

    /** @param folder created where it is missing @param script what it does when it dumps @return the folder */
    public static Path in(Path folder, String version, String script) {
        try {
            Files.createDirectories(folder);
            Path program = Files.writeString(
                    folder.resolve("pg_dump"),
                    "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'pg_dump (PostgreSQL) " + version + "'; exit; fi\n"
                            + script + "\n");
            if (!program.toFile().setExecutable(true)) {
                throw new IllegalStateException("cannot be made executable: " + program);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
