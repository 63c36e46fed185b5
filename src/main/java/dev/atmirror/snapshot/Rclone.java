package dev.atmirror.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** The program rclone, one call at a time. It retries by itself, and checks what it has sent by size and digest. */
final class Rclone {
    private static final Set<Integer> NOT_FOUND = Set.of(3, 4); // a folder, a file
    private static final int LAST_LINES = 3;
    private static final int LONGEST_LINE = 300;
    private static final int SECONDS_TO_TIDY_UP = 5;

    private final Path program;
    private volatile boolean cancelled;
    private volatile Optional<Process> running = Optional.empty();

    private Rclone(Path program) {
        this.program = program;
    }

    /** @throws SnapshotFailure that says how to get it */
    static Rclone find(UploadSettings settings) {
        List<Path> candidates = settings.rclone().map(List::of).orElseGet(() -> settings.folders().stream()
                .flatMap(folder -> List.of(folder.resolve("rclone"), folder.resolve("rclone.exe")).stream())
                .toList());
        return candidates.stream()
                .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
                .findFirst()
                .map(Rclone::new)
                .orElseThrow(() -> new SnapshotFailure("there is no rclone "
                        + settings.rclone().map(file -> "at " + file + ", which atmirror.snapshot.rclone names").orElse("on the PATH")
                        + "; install it (Debian, Ubuntu: apt install rclone; Fedora: dnf install rclone; macOS: brew install"
                        + " rclone), or name it by ATMIRROR_SNAPSHOT_RCLONE"));
    }

    /** A small file at a remote; empty where there is none. @param most bytes that it may have */
    Optional<String> read(String remoteFile, int most) {
        Ended ended = run(List.of("cat", "--", remoteFile), most, sent -> {});
        if (NOT_FOUND.contains(ended.code())) {
            return Optional.empty();
        }
        ended.check();
        return Optional.of(ended.said());
    }

    /** @param sent is told about every second how many bytes have gone */
    void copy(Path file, String remoteFile, LongConsumer sent) {
        run(List.of("copyto", "--stats=1s", "--stats-log-level=NOTICE", "--", file.toString(), remoteFile), 0, sent).check();
    }

    private record Ended(int code, String said, String complaint) {
        void check() {
            if (code != 0) {
                throw new SnapshotFailure("rclone ended with " + code + ": " + complaint);
            }
        }
    }

    private Ended run(List<String> arguments, int most, LongConsumer sent) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--use-json-log", "--ask-password=false"));
        command.addAll(arguments);
        Process process = start(command);
        running = Optional.of(process);
        try {
            if (cancelled) {
                throw new SnapshotFailure("stopped");
            }
            process.getOutputStream().close();
            CompletableFuture<String> complaint = CompletableFuture.supplyAsync(() -> lastWords(process.getErrorStream(), sent));
            String said = new String(process.getInputStream().readNBytes(most), StandardCharsets.UTF_8);
            process.getInputStream().transferTo(OutputStream.nullOutputStream());
            int code = process.waitFor();
            if (cancelled) {
                throw new SnapshotFailure("stopped");
            }
            return new Ended(code, said, complaint.join());
        } catch (IOException e) {
            throw new SnapshotFailure(cancelled ? "stopped" : "rclone stopped speaking: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SnapshotFailure("stopped", e);
        } finally {
            process.destroyForcibly();
            running = Optional.empty();
        }
    }

    private Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new SnapshotFailure(program + " does not start: " + e.getMessage(), e);
        }
    }

    /** Its last complaints, in one line; numbers of bytes go to their taker. Read to the end, or the process would wait. */
    private static String lastWords(InputStream errors, LongConsumer sent) {
        Deque<String> last = new ArrayDeque<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(errors, StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> complaint(line, sent).ifPresent(words -> {
                last.remove(words); // it says the same after each of its tries
                last.add(words);
                if (last.size() > LAST_LINES) {
                    last.remove();
                }
            }));
        } catch (IOException | UncheckedIOException e) {
            last.add("…"); // it was ended
        }
        return String.join("; ", last);
    }

    private static Optional<String> complaint(String line, LongConsumer sent) {
        try {
            JsonNode entry = Json.parse(line);
            if (entry.path("stats").has("bytes")) {
                sent.accept(entry.path("stats").path("bytes").asLong());
            }
            String level = entry.path("level").asText();
            return level.equals("error") || level.equals("critical") ? Optional.of(shortened(entry.path("msg").asText())) : Optional.empty();
        } catch (JsonProcessingException e) {
            // Its very last words are plain, behind date and time.
            return Optional.of(shortened(line.replaceFirst("^[0-9/]{10} [0-9:]{8} ", "")));
        }
    }

    private static String shortened(String words) {
        String one = String.join(" ", Arrays.stream(words.split("\\R")).map(String::strip).toList());
        return one.length() > LONGEST_LINE ? one.substring(0, LONGEST_LINE - 1) + "…" : one;
    }

    /** Ends what runs, and lets nothing begin any more; from another thread. It gets some seconds to take back what it began. */
    void cancel() {
        cancelled = true;
        running.ifPresent(process -> {
            process.destroy();
            try {
                if (!process.waitFor(SECONDS_TO_TIDY_UP, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        });
    }
}
