package dev.atmirror.snapshot;

import dev.atmirror.store.SnapshotView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One pg_dump at a time. By the JDK and not by Commons Exec, whose pump swallows the failure to write, so that a full disk
 * would end as a process that waits for ever.
 */
final class PgDump {
    private static final int BUFFER = 1 << 18;
    private static final int MOST_COMPLAINT = 4000;

    private final ClientTools.Tool tool;
    private final ServerAddress server;
    private volatile boolean cancelled;
    private volatile Optional<Process> running = Optional.empty();

    PgDump(ClientTools.Tool tool, ServerAddress server) {
        this.tool = tool;
        this.server = server;
    }

    String version() {
        return tool.version();
    }

    /**
     * Writes the rows of tables as plain SQL.
     *
     * @param snapshot that another transaction has exported
     * @param tables with their schemas
     * @throws IOException as {@code to} throws it
     * @throws SnapshotFailure where pg_dump fails, with what it says
     */
    void rows(String snapshot, List<SnapshotView.Table> tables, OutputStream to) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                tool.program().toString(), "--data-only", "--no-password", "--encoding=UTF8", "--snapshot=" + snapshot));
        tables.forEach(table -> command.add("--table=" + quoted(table.schema()) + "." + quoted(table.name())));
        ProcessBuilder builder = new ProcessBuilder(command);
        server.into(builder.environment());
        Process process = start(builder);
        running = Optional.of(process);
        try {
            if (cancelled) {
                throw new SnapshotFailure("stopped");
            }
            process.getOutputStream().close();
            CompletableFuture<String> complaint = CompletableFuture.supplyAsync(() -> complaint(process.getErrorStream()));
            copy(process.getInputStream(), to);
            int code = process.waitFor();
            if (cancelled) {
                throw new SnapshotFailure("stopped");
            }
            if (code != 0) {
                throw new SnapshotFailure("pg_dump ended with " + code + ": " + complaint.join());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SnapshotFailure("stopped", e);
        } finally {
            process.destroyForcibly();
            running = Optional.empty();
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new SnapshotFailure(tool.program() + " does not start: " + e.getMessage(), e);
        }
    }

    private void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = read(from, buffer); count >= 0; count = read(from, buffer)) {
            to.write(buffer, 0, count);
        }
    }

    /** Told apart from a failure to write: a process that was ended closes its stream under our feet. */
    private int read(InputStream from, byte[] buffer) {
        try {
            return from.read(buffer);
        } catch (IOException e) {
            throw new SnapshotFailure(cancelled ? "stopped" : "pg_dump stopped speaking: " + e.getMessage(), e);
        }
    }

    /** The last line, which is the cause; read to its end, or the process would wait. */
    private static String complaint(InputStream errors) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] buffer = new byte[MOST_COMPLAINT];
        try {
            for (int count = errors.read(buffer); count >= 0; count = errors.read(buffer)) {
                if (kept.size() + count > MOST_COMPLAINT) {
                    kept.reset();
                }
                kept.write(buffer, 0, count);
            }
        } catch (IOException e) {
            return kept.toString(StandardCharsets.UTF_8).strip() + " …";
        }
        return String.join(" ", kept.toString(StandardCharsets.UTF_8).strip().split("\\R"));
    }

    /** Ends what runs, and lets nothing begin any more; from another thread. */
    void cancel() {
        cancelled = true;
        running.ifPresent(Process::destroyForcibly);
    }

    boolean isCancelled() {
        return cancelled;
    }
}
