package dev.atmirror.app;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's own programs, unpacked from the library that brings them. The library can start a server, too, but keeps
 * what initdb and the server say to itself, and waits for a server that has long ended.
 */
final class PostgresPrograms {
    private static final String COMPLETE = ".exists"; // the mark that the library itself leaves
    private static final int EXECUTABLE = 0111;
    private static final long LONGEST_OUTPUT = 64 << 10;

    private final Path folder;

    private PostgresPrograms(Path folder) {
        this.folder = folder;
    }

    /** Unpacks the programs where they are missing. @param parent created where it is missing */
    static PostgresPrograms in(Path parent) throws IOException {
        String digest;
        try (InputStream archive = archive()) {
            digest = DigestUtils.md5Hex(archive);
        }
        Path folder = parent.resolve("PG-" + digest);
        if (!Files.exists(folder.resolve(COMPLETE))) {
            Path unfinished = parent.resolve("unfinished");
            delete(unfinished);
            delete(folder);
            Files.createDirectories(unfinished);
            unpack(unfinished);
            Files.createFile(unfinished.resolve(COMPLETE));
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        }
        return new PostgresPrograms(folder);
    }

    private static InputStream archive() throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "Darwin" : "Linux";
        return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, System.getProperty("os.arch"));
    }

    private static void unpack(Path folder) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(archive()))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = folder.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(path.getParent());
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(path.getParent());
                    Files.copy(tar, path);
                    path.toFile().setExecutable((entry.getMode() & EXECUTABLE) != 0, false);
                }
            }
        }
    }

    /** Deletes a folder with all that is in it; nothing where it is missing. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** What a program said. @param code it ended with */
    record Outcome(int code, String output) {}

    /**
     * Runs one program to its end.
     *
     * @param eachSecond is called while it runs; what it throws ends the waiting, and not the program
     */
    Outcome run(Runnable eachSecond, String program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) { // we are root, as whom PostgreSQL does not run
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(folder.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG")); // meant for a server of the user's
        builder.environment().put("LC_ALL", "C"); // always there, and its messages are read below
        builder.environment().put("TZ", "UTC"); // initdb writes it into postgresql.conf for good
        Process process = builder.start();
        process.getOutputStream().close();
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process), work -> {
            Thread thread = new Thread(work, program);
            thread.setDaemon(true);
            thread.start();
        });
        try {
            while (!process.waitFor(1, TimeUnit.SECONDS)) {
                eachSecond.run();
            }
            return new Outcome(process.exitValue(), output.join());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + program + " runs", e);
        }
    }

    private static String read(Process process) {
        StringBuilder text = new StringBuilder();
        try (InputStream said = process.getInputStream()) {
            byte[] part = new byte[8 << 10];
            for (int n = said.read(part); n >= 0; n = said.read(part)) {
                if (text.length() < LONGEST_OUTPUT) {
                    text.append(new String(part, 0, n, StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            text.append("\nits output broke off: ").append(e.getMessage());
        }
        return text.toString();
    }
}
