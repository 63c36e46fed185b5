package dev.atmirror.cli;

import dev.atmirror.plc.ExportFormat;
import dev.atmirror.plc.ExportFormat.Printed;
import dev.atmirror.store.LogExport;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plc export|dismiss}: the operation log. */
@Command(
        name = "plc",
        description = "The operation log: export, dismiss.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {PlcCommand.Export.class, PlcCommand.Dismiss.class})
final class PlcCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: export or dismiss");
    }

    /** {@code plc export} */
    @Command(
            name = "export",
            description = "Print the log as JSON lines, as /export serves it, from a cursor to its end. Interrupted, it goes"
                    + " on with the last line's seq, or createdAt, as --after.",
            mixinStandardHelpOptions = true)
    static final class Export implements Callable<Integer> {
        private final Program program;

        @Option(
                names = "--after",
                paramLabel = "CURSOR",
                description = "Begin behind this sequence number (--format seq) or ISO 8601 time (--format legacy).")
        private Optional<String> after = Optional.empty();

        @Option(
                names = "--format",
                paramLabel = "FORMAT",
                description = "${COMPLETION-CANDIDATES}: by number, or by time with the nullified flag. Without it, as --after"
                        + " says, and else seq.")
        private Optional<ExportFormat> format = Optional.empty();

        @Option(names = "--count", paramLabel = "N", description = "Operations at most; all without this.")
        private long count = Long.MAX_VALUE;

        @Spec
        private CommandSpec spec;

        Export(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() throws Exception {
            boolean numbered = after.map(cursor -> cursor.matches("\\d{1,18}")).orElse(format.orElse(ExportFormat.SEQ) == ExportFormat.SEQ);
            ExportFormat chosen = format.orElse(numbered ? ExportFormat.SEQ : ExportFormat.LEGACY);
            if (numbered != (chosen == ExportFormat.SEQ)) {
                throw new ParameterException(spec.commandLine(), "--format seq goes with a sequence number, legacy with a time");
            }
            if (count < 1) {
                throw new ParameterException(spec.commandLine(), "--count begins at 1");
            }
            long seq = numbered ? after.map(Long::parseLong).orElse(0L) : 0;
            Instant time = numbered ? Instant.EPOCH : after.map(this::time).orElse(Instant.EPOCH);
            try (Program.Database database = program.database();
                    OutputStream out = new FileOutputStream(FileDescriptor.out);
                    Lines lines = new Lines(out, chosen, count, new ExportProgressLog(program.clock()))) {
                database.schema().checkThere();
                Stop.onSignal(lines::stop);
                if (numbered) {
                    database.logExport().bySeq(seq, lines);
                } else {
                    database.logExport().byTime(time, lines);
                }
                lines.end();
                return 0;
            } catch (IOException e) {
                if (isNobodyReading(e)) {
                    return 0; // as head does, once it has what it wants
                }
                throw e;
            }
        }

        private Instant time(String cursor) {
            try {
                return OffsetDateTime.parse(cursor).toInstant();
            } catch (DateTimeParseException e) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--after is neither a sequence number nor a time such as 2024-05-06T07:08:09Z: " + cursor,
                        e);
            }
        }

        private static boolean isNobodyReading(IOException failure) {
            return String.valueOf(failure.getMessage()).contains("Broken pipe");
        }
    }

    /** {@code plc dismiss} */
    @Command(
            name = "dismiss",
            description = "Ask the upstream no more for lines that cannot be read, as `status` lists them. They stay in"
                    + " rejected_operations.",
            mixinStandardHelpOptions = true)
    static final class Dismiss implements Callable<Integer> {
        private final Program program;

        @Parameters(arity = "0..*", paramLabel = "ID", description = "Numbers of lines, as `status` shows them.")
        private List<Long> ids = List.of();

        @Option(names = "--all", description = "All lines that cannot be read.")
        private boolean all;

        @Spec
        private CommandSpec spec;

        Dismiss(Program program) {
            this.program = program;
        }

        @Override
        public Integer call() {
            if (all == !ids.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "name the lines by their IDs, as `status` shows them, or --all");
            }
            try (Program.Database database = program.database()) {
                database.schema().checkThere();
                List<Long> dismissed = database.status().dismiss(all, ids);
                List<Long> unknown = ids.stream().filter(id -> !dismissed.contains(id)).toList();
                spec.commandLine().getOut().println(dismissed.size() + (dismissed.size() == 1 ? " line" : " lines") + " dismissed");
                if (!unknown.isEmpty()) {
                    spec.commandLine().getErr().println("at-mirror: no unreadable line has the ID "
                            + unknown.stream().map(String::valueOf).collect(Collectors.joining(", "))
                            + "; `status` lists those that there are");
                }
                return unknown.isEmpty() ? 0 : 1;
            }
        }
    }

    /** Hands on whole lines only, so that whoever stops the export can go on behind the last one. */
    private static final class Lines implements LogExport.Sink, AutoCloseable {
        private static final int BUFFER = 1 << 16;
        private static final long PATIENCE = 10; // seconds, for a reader that does not read
        private static final Logger LOG = LoggerFactory.getLogger(PlcCommand.class);

        private final ByteArrayOutputStream whole = new ByteArrayOutputStream(BUFFER);
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile boolean stopped;
        private final OutputStream out;
        private final ExportFormat format;
        private final ExportProgressLog progress;
        private long left;

        Lines(OutputStream out, ExportFormat format, long count, ExportProgressLog progress) {
            this.out = out;
            this.format = format;
            this.left = count;
            this.progress = progress;
        }

        @Override
        public boolean take(Printed operation) throws IOException {
            whole.writeBytes(format.line(operation).getBytes(StandardCharsets.UTF_8));
            whole.write('\n');
            if (whole.size() >= BUFFER) {
                flush();
            }
            progress.wrote(operation);
            return --left > 0 && !stopped;
        }

        private void flush() throws IOException {
            whole.writeTo(out);
            whole.reset();
        }

        void end() throws IOException {
            flush();
            progress.end();
        }

        /** On a signal: waits for the line that is being written. */
        void stop() {
            stopped = true;
            try {
                if (!ended.await(PATIENCE, TimeUnit.SECONDS)) {
                    LOG.warn("whoever reads the export has stopped reading; it is cut off");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            ended.countDown();
        }
    }
}
