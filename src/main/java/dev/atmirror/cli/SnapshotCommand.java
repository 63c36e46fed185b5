package dev.atmirror.cli;

import dev.atmirror.identity.Json;
import dev.atmirror.snapshot.DumpKind;
import dev.atmirror.snapshot.Manifest;
import dev.atmirror.snapshot.SnapshotCheck;
import dev.atmirror.snapshot.SnapshotFolder;
import dev.atmirror.snapshot.SnapshotListing;
import dev.atmirror.snapshot.SnapshotRun;
import dev.atmirror.snapshot.SnapshotUpload;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code snapshot dump|restore|list|verify|upload}: files from which another mirror starts. */
@Command(
        name = "snapshot",
        description = "Files from which another mirror starts: dump, restore, list, verify, upload.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class SnapshotCommand implements Runnable {
    private final Program program;

    @Spec
    private CommandSpec spec;

    SnapshotCommand(Program program) {
        this.program = program;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: dump, restore, list, verify or upload");
    }

    @Command(
            description = "Dump tables by pg_dump, all as of one moment, each with a manifest beside it. Needs PostgreSQL's"
                    + " client tools.",
            mixinStandardHelpOptions = true)
    int dump(
            @Option(
                            names = "--table",
                            paramLabel = "TABLE",
                            description = "plc_log_entries, pds_repos, account_infos, recent_records, or all in one file."
                                    + " Repeat it for more; without it, what atmirror.snapshot.tables names.")
                    List<String> tables,
            @Option(
                            names = "--filtered",
                            description = "The log without the accounts of which an operation is marked as filtered.")
                    boolean filtered)
            throws InterruptedException {
        List<String> chosen = Optional.ofNullable(tables).orElseGet(ArrayList::new);
        check(chosen, filtered);
        Program.Dumping dumping = program.dump(chosen, filtered);
        Stop.onSignal(dumping::close);
        try (dumping;
                DumpProgressLog progress = DumpProgressLog.of(program.clock(), dumping.run()::progress)) {
            SnapshotRun run = dumping.run();
            while (run.hasNext()) {
                run.dump();
                Manifest made = run.publish();
                progress.pause();
                out().printf(
                        Locale.ROOT,
                        "%s  %,d rows, %s%n",
                        made.content().file(),
                        made.totalRows(),
                        SnapshotRun.bytes(made.content().bytes()));
                run.prune().forEach(old -> out().println("removed " + old.getFileName()));
                out().flush();
            }
        }
        return 0;
    }

    private void check(List<String> chosen, boolean filtered) {
        try {
            List<DumpKind> kinds = chosen.stream().map(DumpKind::of).toList();
            if (filtered && !kinds.isEmpty()) {
                DumpKind.filtered(kinds);
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.subcommands().get("dump"), e.getMessage(), e);
        }
    }

    @Command(
            description = "Restore a dump or an export of the log, be it a file or an address, and set the cursor behind which"
                    + " reading goes on. Every operation is verified; what fails is kept in rejected_operations. Ends with 1 where"
                    + " a line or row could not be read and was skipped.",
            mixinStandardHelpOptions = true)
    int restore(
            @Parameters(
                            paramLabel = "FILE|URL",
                            description = "A file, the name of one in the folder of dumps, or an address to fetch it from.")
                    String file,
            @Option(
                            names = "--trust",
                            description = "Take the operations of a dump of ours for good unverified, where the log is empty.")
                    boolean trusting) {
        Program.Restoring restoring = program.restore(file, trusting);
        Stop.onSignal(restoring::close);
        try (restoring;
                RestoreProgressLog progress = RestoreProgressLog.of(program.clock(), restoring::progress)) {
            List<String> said = restoring.run();
            progress.pause();
            said.forEach(out()::println);
            return restoring.skipped() > 0 ? 1 : 0;
        }
    }

    @Command(description = "List the dumps that are there, the newest of each name first.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--json", description = "JSON, for programs.") boolean json) {
        List<SnapshotFolder.Dump> dumps = program.snapshots().dumps();
        if (json) {
            out().println(Json.write(SnapshotListing.json(dumps)));
            return 0;
        }
        if (dumps.isEmpty()) {
            out().println("no dumps in " + program.snapshots());
        }
        for (SnapshotFolder.Dump dump : dumps) {
            out().printf(
                    Locale.ROOT,
                    "%-46s %s %12s  %s%n",
                    dump.path().getFileName(),
                    dump.date(),
                    SnapshotRun.bytes(dump.bytes()),
                    dump.manifest().map(SnapshotCommand::described).orElse("no manifest"));
        }
        return 0;
    }

    private static String described(Manifest manifest) {
        return String.format(
                Locale.ROOT,
                "%,d rows%s%s",
                manifest.totalRows(),
                manifest.log().map(log -> " to seq " + log.lastSeq()).orElse(""),
                manifest.verified() ? ", verified" : manifest.holdsTheLog() ? ", not verified" : "");
    }

    @Command(
            description = "Check a dump against its manifest: size, digest, that it decompresses to its end, and its rows.",
            mixinStandardHelpOptions = true)
    int verify(@Parameters(paramLabel = "FILE", description = "A file, or the name of one in the folder of dumps.") String file) {
        Manifest manifest = SnapshotCheck.verify(found(file));
        out().printf(
                Locale.ROOT, "%s is whole: %,d rows in %d tables%n", manifest.content().file(), manifest.totalRows(), manifest.content().rows().size());
        return 0;
    }

    @Command(
            description = "Check a dump, and send it with its manifest to atmirror.snapshot.upload-remote by rclone.",
            mixinStandardHelpOptions = true)
    int upload(@Parameters(paramLabel = "FILE", description = "A file, or the name of one in the folder of dumps.") String file) {
        try (SnapshotUpload upload = program.snapshotUpload()) {
            Stop.onSignal(upload::close);
            out().println("sent " + upload.upload(found(file)));
        }
        return 0;
    }

    /** In the caller's folder, which the launcher has left, or among the dumps. */
    private Path found(String file) {
        return program.snapshots().find(Path.of(Optional.ofNullable(System.getenv("ATMIRROR_CALLER_DIR")).orElse("")), file);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
