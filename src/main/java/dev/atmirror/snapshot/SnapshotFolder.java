package dev.atmirror.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of the dumps. A name without a dot before it is a whole dump: what is being written has a hidden name, gets
 * its final one after its manifest, and never changes again. One process at a time writes, by a lock on a file, which ends
 * with its process; what a killed one left is removed by the next.
 */
public final class SnapshotFolder {
    private static final String SUFFIX = ".sql.zst";
    private static final String MANIFEST = ".json";
    private static final String UNFINISHED = ".unfinished";
    private static final Pattern NAME = Pattern.compile("([a-z_]+(?:-raw|-filtered)?)-(\\d{8})(?:-(\\d{1,4}))?\\.sql\\.zst");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    static final int LARGEST_MANIFEST = 1 << 20; // strangers may have written it

    private final Path folder;

    public SnapshotFolder(Path folder) {
        this.folder = folder;
    }

    /** A dump. @param manifest empty where there is none to read: not made here */
    public record Dump(Path path, String name, LocalDate date, int number, Optional<Manifest> manifest) {
        /** Of the file as it is. */
        public long bytes() {
            return size(path);
        }
    }

    /**
     * What may be handed out.
     *
     * @param bytes of the file
     * @param created when the dump was
     * @param tag of this very file, for ETag; by the digest, so that it is the same at every mirror that hands it out
     * @param type of its content
     */
    public record Published(Path path, long bytes, Instant created, String tag, String type) {}

    /** The right to write here; ends with its process. */
    static final class Lock implements AutoCloseable {
        private final FileChannel channel;

        private Lock(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Takes the folder, makes it where it is missing, and removes what killed runs left. */
    Lock lock() {
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isTaken(channel)) {
                channel.close();
                throw new SnapshotFailure("another process is dumping into " + folder + "; wait until it is done");
            }
            removeLeftovers();
            return new Lock(channel);
        } catch (IOException e) {
            throw new SnapshotFailure("cannot write into " + folder + ": " + e + "; see atmirror.dumps.dir", e);
        }
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true; // by another thread of this process
        }
    }

    private void removeLeftovers() throws IOException {
        for (Path file : files()) {
            String name = file.getFileName().toString();
            boolean unfinished = name.startsWith(".") && name.endsWith(UNFINISHED);
            // Killed between the two renames of publish.
            boolean orphan = name.endsWith(SUFFIX + MANIFEST)
                    && isName(name.substring(0, name.length() - MANIFEST.length()))
                    && !Files.exists(folder.resolve(name.substring(0, name.length() - MANIFEST.length())));
            if (unfinished || orphan) {
                Files.delete(file);
            }
        }
    }

    private static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** A name that was never used: the second dump of a day gets a number, since somebody may be loading the first. */
    Path free(String name, LocalDate date) {
        int number = 1 + dumps().stream()
                .filter(dump -> dump.name().equals(name) && dump.date().equals(date))
                .mapToInt(Dump::number)
                .max()
                .orElse(0);
        return folder.resolve(
                name + "-" + DateTimeFormatter.BASIC_ISO_DATE.format(date) + (number == 1 ? "" : "-" + number) + SUFFIX);
    }

    static Path hidden(Path file) {
        return file.resolveSibling("." + file.getFileName() + UNFINISHED);
    }

    static Path manifestOf(Path file) {
        return file.resolveSibling(manifestOf(file.getFileName().toString()));
    }

    static String manifestOf(String name) {
        return name + MANIFEST;
    }

    /** Gives a dump that is whole under its hidden name its final one. The manifest comes first. */
    void publish(Path file, Manifest manifest) throws IOException {
        Path hidden = hidden(manifestOf(file));
        try {
            String json = ManifestJson.write(manifest).toPrettyString() + "\n";
            try (FileChannel channel = FileChannel.open(hidden, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                channel.write(StandardCharsets.UTF_8.encode(json));
                channel.force(true);
            }
            Files.move(hidden, manifestOf(file), StandardCopyOption.ATOMIC_MOVE);
            Files.move(hidden(file), file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(hidden);
            Files.deleteIfExists(manifestOf(file));
            throw e;
        }
        forceFolder();
    }

    /** Gives up a dump that was not published. */
    void discard(Path file) {
        try {
            Files.deleteIfExists(hidden(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void forceFolder() {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows opens no folders; there the rename is on the disk when the system sees fit.
        }
    }

    public Path path() {
        return folder;
    }

    /** All dumps by name, the newest of each first. */
    public List<Dump> dumps() {
        List<Dump> dumps = new ArrayList<>();
        for (Path file : files()) {
            Matcher name = NAME.matcher(file.getFileName().toString());
            if (name.matches()) {
                dumps.add(new Dump(
                        file,
                        name.group(1),
                        LocalDate.parse(name.group(2), DateTimeFormatter.BASIC_ISO_DATE),
                        name.group(3) == null ? 1 : Integer.parseInt(name.group(3)),
                        readable(file)));
            }
        }
        dumps.sort(Comparator.comparing(Dump::name)
                .thenComparing(Comparator.comparing(Dump::date).thenComparing(Dump::number).reversed()));
        return dumps;
    }

    private static Optional<Manifest> readable(Path file) {
        try {
            return Optional.of(manifest(file));
        } catch (SnapshotFailure | UncheckedIOException e) { // the latter: pruned this moment
            return Optional.empty();
        }
    }

    /** Those of {@link #dumps} that have a manifest and its size. */
    public List<Dump> published() {
        return dumps().stream()
                .filter(dump -> dump.manifest().filter(manifest -> isWhole(dump.path(), manifest)).isPresent())
                .toList();
    }

    /** As far as a look at it says. */
    private static boolean isWhole(Path file, Manifest manifest) {
        try {
            return Files.size(file) == manifest.content().bytes() && DIGEST.matcher(manifest.content().sha256()).matches();
        } catch (IOException e) {
            return false; // pruned this moment
        }
    }

    /** A dump or its manifest by the name of the file; empty for everything else that may be here, and for what is not. */
    public Optional<Published> published(String name) {
        if (!isDumpOrManifest(name)) {
            return Optional.empty();
        }
        boolean ofManifest = name.endsWith(MANIFEST);
        Path file = folder.resolve(ofManifest ? name.substring(0, name.length() - MANIFEST.length()) : name);
        return readable(file).filter(manifest -> isWhole(file, manifest)).map(manifest -> {
            Manifest.Content content = manifest.content();
            Instant created = manifest.origin().created();
            Path beside = manifestOf(file);
            return ofManifest
                    ? new Published(beside, size(beside), created, '"' + content.sha256() + MANIFEST + '"', "application/json")
                    : new Published(file, content.bytes(), created, '"' + content.sha256() + '"', "application/zstd");
        });
    }

    /** Whether a file of that name could be one. No name of a folder is. */
    public static boolean isDumpOrManifest(String name) {
        return isName(name.endsWith(MANIFEST) ? name.substring(0, name.length() - MANIFEST.length()) : name);
    }

    /** @param here the caller's folder; what is not in it is looked for among the dumps @return perhaps of no file */
    public Path find(Path here, String file) {
        Path dump = folder.resolve(file);
        return !Files.exists(here.resolve(file)) && Files.exists(dump) ? dump : here.resolve(file);
    }

    /** Empty where none stands beside it. @throws SnapshotFailure where it is not readable */
    static Optional<Manifest> findManifest(Path file) {
        return Files.exists(manifestOf(file)) ? Optional.of(manifest(file)) : Optional.empty();
    }

    /** @param file a dump @throws SnapshotFailure where no readable manifest stands beside it */
    static Manifest manifest(Path file) {
        Path beside = manifestOf(file);
        if (!Files.isRegularFile(beside)) {
            throw new SnapshotFailure(file.getFileName() + " has no manifest beside it (" + beside.getFileName() + ")");
        }
        if (size(beside) > LARGEST_MANIFEST) {
            throw new SnapshotFailure(beside.getFileName() + " is too large for a manifest");
        }
        try {
            return ManifestJson.read(Files.readString(beside));
        } catch (IOException e) {
            throw new SnapshotFailure("cannot read " + beside + ": " + e, e);
        } catch (SnapshotFailure e) {
            throw new SnapshotFailure(beside.getFileName() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Removes the oldest of a name. What has no manifest was not made here, and stays.
     *
     * @param keep so many stay
     * @return what went
     */
    List<Path> prune(String name, int keep) throws IOException {
        List<Path> old = dumps().stream()
                .filter(dump -> dump.name().equals(name) && dump.manifest().isPresent())
                .skip(keep)
                .map(Dump::path)
                .toList();
        for (Path file : old) {
            Files.delete(file); // first: a manifest alone is a leftover, a dump alone would stay for ever
            Files.delete(manifestOf(file));
        }
        return old;
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes that can still be written. */
    long room() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
