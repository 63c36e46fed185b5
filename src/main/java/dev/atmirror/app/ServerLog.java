package dev.atmirror.app;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What PostgreSQL's programs say, brought into one line for a person. */
final class ServerLog {
    private static final int LINES = 6;
    private static final int LONGEST_LINE = 300;
    private static final long LONGEST_PART = 16 << 10;
    private static final long LITTLE_SPACE = 64L << 20; // one segment of the write-ahead log takes 16 MB
    /** What is said beside the reason. */
    private static final List<String> NOISE = List.of(
            "waiting for server to ",
            "stopped waiting",
            "Examine the log output",
            "pg_ctl: could not start server",
            "pg_ctl: another server might be running",
            "LOG: starting PostgreSQL",
            "LOG: listening on",
            "LOG: database system ");
    private static final String PREFIX = "^\\d{4}-\\d\\d-\\d\\d [\\d:.]+ \\S+ \\[\\d+] ";

    private final Path path;
    private long mark;

    ServerLog(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** What is written from now on is asked for later. */
    void mark() throws IOException {
        mark = Files.exists(path) ? Files.size(path) : 0;
    }

    /** The last lines since the mark. @param beside what else was said, which comes first */
    String sinceMark(String beside) {
        String lines = last(beside + "\n" + tail());
        return (lines.isEmpty() ? "it gave no reason" : lines) + " (log: " + path + ")";
    }

    /** Whether a line since the mark holds this, be it a reason or not. */
    boolean says(String text) {
        return tail().contains(text);
    }

    /** The newest line, of whatever kind. */
    String newestLine() {
        return tail().lines().reduce((former, line) -> line).map(line -> line.replaceFirst(PREFIX, "")).orElse("nothing");
    }

    private String tail() {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(Math.max(mark, file.length() - LONGEST_PART));
            byte[] part = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(part);
            return new String(part, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** The last lines in one, without times and what is no reason. */
    static String last(String text) {
        List<String> lines = text.lines()
                .map(line -> line.replaceFirst(PREFIX, "").strip().replaceAll(" {2,}", " "))
                .filter(line -> !line.isEmpty() && NOISE.stream().noneMatch(line::startsWith))
                .map(line -> line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line)
                .toList();
        return lines.stream().skip(Math.max(0, lines.size() - LINES)).collect(Collectors.joining(" | "));
    }

    /** That the disk is full, where it is: then not even the log could say so. */
    String spaceLeft() {
        try {
            long left = Files.getFileStore(path.getParent()).getUsableSpace();
            return left < LITTLE_SPACE
                    ? "; the disk of " + path.getParent() + " has only " + left / 1024 + " kB left, so make room on it"
                    : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** What went wrong, for a person: a file's exception says nothing but its name. */
    static String reason(Throwable failure) {
        if (failure instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (failure instanceof FileAlreadyExistsException there) {
            return there.getFile() + " is a file and no folder";
        }
        if (failure instanceof NoSuchFileException missing) {
            return missing.getFile() + " is missing";
        }
        if (failure instanceof FileSystemException files) {
            return Stream.of(files.getFile(), files.getReason()).filter(part -> part != null).collect(Collectors.joining(": "));
        }
        return Optional.ofNullable(failure.getMessage()).orElse(failure.getClass().getSimpleName());
    }
}
