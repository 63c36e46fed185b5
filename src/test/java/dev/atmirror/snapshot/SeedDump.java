package dev.atmirror.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.atmirror.testkit.TestDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Dumps of one table as the seed project makes them: a plain {@code pg_dump -t}. */
public final class SeedDump {
    private SeedDump() {}

    /** Skips the test where there is no pg_dump that is new enough. */
    public static void needed() {
        Dumping.realPgDump();
    }

    /** @param name of the file; zstd where it says so */
    public static Path of(TestDatabase database, String table, Path folder, String name, String... options)
            throws IOException, InterruptedException {
        Path plain = folder.resolve(name + ".plain");
        String[] command = new String[5 + options.length];
        command[0] = Dumping.realPgDump().toString();
        command[1] = "-t";
        command[2] = table;
        command[3] = "-f";
        command[4] = plain.toString();
        System.arraycopy(options, 0, command, 5, options.length);
        ProcessBuilder builder = new ProcessBuilder(command);
        new ServerAddress(database.url(), "", "").into(builder.environment());
        assertThat(builder.inheritIO().start().waitFor()).isZero();
        Path file = folder.resolve(name);
        try (OutputStream raw = Files.newOutputStream(file);
                OutputStream out = name.endsWith(".zst") ? new ZstdOutputStreamNoFinalizer(raw) : raw) {
            Files.copy(plain, out);
        }
        Files.delete(plain);
        return file;
    }
}
