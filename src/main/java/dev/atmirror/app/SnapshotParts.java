package dev.atmirror.app;

import dev.atmirror.snapshot.ClientTools;
import dev.atmirror.snapshot.DumpKind;
import dev.atmirror.snapshot.ServerAddress;
import dev.atmirror.snapshot.SnapshotFolder;
import dev.atmirror.snapshot.SnapshotInputs;
import dev.atmirror.snapshot.SnapshotRun;
import dev.atmirror.snapshot.SnapshotSettings;
import dev.atmirror.snapshot.SnapshotSource;
import dev.atmirror.snapshot.SnapshotUpload;
import dev.atmirror.snapshot.UploadSettings;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The parts that make dumps, put together from the settings. */
final class SnapshotParts {
    /** Where packages put PostgreSQL's programs off the PATH; a star stands for a version. */
    private static final List<String> USUAL_FOLDERS = List.of(
            "/usr/lib/postgresql/*/bin",
            "/usr/pgsql-*/bin",
            "/usr/libexec/postgresql*",
            "/opt/homebrew/opt/libpq/bin",
            "/usr/local/opt/libpq/bin",
            "/opt/homebrew/opt/postgresql@*/bin",
            "/Applications/Postgres.app/Contents/Versions/*/bin");

    private final Settings settings;
    private final Databases databases;
    private final InstantSource clock;
    private final SnapshotSettings snapshotSettings;
    private final List<DumpKind> kinds;

    SnapshotParts(Settings settings, Databases databases, InstantSource clock) {
        this.settings = settings;
        this.databases = databases;
        this.clock = clock;
        int threads = settings.number("atmirror.snapshot.threads");
        snapshotSettings = new SnapshotSettings(
                settings.number("atmirror.snapshot.level"),
                threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                settings.number("atmirror.snapshot.keep"),
                settings.flag("atmirror.plc.verify"),
                "at-mirror " + Mirror.VERSION);
        kinds = Arrays.stream(settings.text("atmirror.snapshot.tables").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(DumpKind::of)
                .toList();
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("atmirror.snapshot.tables names nothing to dump");
        }
        if (uploads().isPresent() && settings.text("atmirror.snapshot.upload-remote").isEmpty()) {
            throw new IllegalArgumentException("atmirror.snapshot.upload is on, and atmirror.snapshot.upload-remote says not where to");
        }
    }

    static SnapshotFolder folder(Settings settings) {
        return new SnapshotFolder(settings.path("atmirror.dumps.dir"));
    }

    static SnapshotInputs inputs(Settings settings) {
        return new SnapshotInputs(
                settings.text("atmirror.user-agent"),
                Path.of(Optional.ofNullable(System.getenv("ATMIRROR_CALLER_DIR")).orElse("")), // the launcher has left it
                folder(settings),
                settings.duration("atmirror.snapshot.download-patience"),
                settings.number("atmirror.snapshot.window-megabytes"));
    }

    /** Of what the schedule dumps; empty where it stays here. */
    Optional<Supplier<SnapshotUpload>> uploads() {
        return settings.flag("atmirror.snapshot.upload") ? Optional.of(() -> upload(settings, clock)) : Optional.empty();
    }

    static SnapshotUpload upload(Settings settings, InstantSource clock) {
        return SnapshotUpload.open(
                new UploadSettings(
                        settings.text("atmirror.snapshot.upload-remote"),
                        settings.optional("atmirror.snapshot.rclone").map(Path::of),
                        path()),
                clock);
    }

    /** What the settings name. */
    List<DumpKind> kinds() {
        return kinds;
    }

    SnapshotRun begin(List<DumpKind> wanted) {
        Databases.Address address = databases.address();
        SnapshotSource source = new SnapshotSource(
                databases.schema(),
                new ServerAddress(address.jdbcUrl(), address.user(), address.password()),
                new ClientTools(
                        settings.optional("atmirror.snapshot.pg-bin").map(Path::of), folders()));
        return SnapshotRun.begin(snapshotSettings, folder(settings), source, wanted, clock);
    }

    private static List<Path> folders() {
        List<Path> folders = new ArrayList<>(path());
        USUAL_FOLDERS.forEach(pattern -> folders.addAll(matching(Path.of(pattern))));
        return folders;
    }

    private static List<Path> path() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator)).filter(name -> !name.isEmpty()).map(Path::of).toList();
    }

    /** The folders that a pattern with one star stands for, the greatest first. */
    private static List<Path> matching(Path pattern) {
        int star = 0;
        while (star < pattern.getNameCount() && !pattern.getName(star).toString().contains("*")) {
            star++;
        }
        if (star == pattern.getNameCount()) {
            return List.of(pattern);
        }
        Path parent = pattern.getRoot().resolve(pattern.subpath(0, star));
        Path rest = star + 1 < pattern.getNameCount() ? pattern.subpath(star + 1, pattern.getNameCount()) : Path.of("");
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, pattern.getName(star).toString())) {
            List<Path> all = new ArrayList<>();
            found.forEach(folder -> all.add(folder.resolve(rest)));
            all.sort(Comparator.reverseOrder());
            return all;
        } catch (IOException e) {
            return List.of(); // not ours to read
        }
    }
}
