package dev.atmirror.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * PostgreSQL's {@code postmaster.pid} in a data folder: what a server wrote at its start. Whoever reads it knows nothing
 * yet: the server may be gone, and its process number and its port may belong to others by now.
 *
 * @param pid empty where the file does not say it
 * @param started when the server's process began; empty where the file was cut
 * @param port empty where the file was cut
 */
record PidFile(Path path, Optional<Long> pid, Optional<Instant> started, Optional<Integer> port) {
    private static final String NAME = "postmaster.pid";
    private static final int PID_LINE = 0; // the order is that of PostgreSQL's pidfile.h
    private static final int STARTED_LINE = 2;
    private static final int PORT_LINE = 3;
    private static final int LARGEST_PORT = 65_535;

    /** Reads the file of a data folder; empty where there is none. */
    static Optional<PidFile> read(Path data) throws IOException {
        Path path = data.resolve(NAME);
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        // Any byte is a character of ISO 8859-1: a damaged file is read as far as it goes.
        List<String> lines = Files.readAllLines(path, java.nio.charset.StandardCharsets.ISO_8859_1);
        return Optional.of(new PidFile(
                path,
                number(lines, PID_LINE).map(Math::abs).filter(pid -> pid > 0), // negative for a server without clients
                number(lines, STARTED_LINE).map(Instant::ofEpochSecond),
                number(lines, PORT_LINE).filter(port -> port > 0 && port <= LARGEST_PORT).map(Long::intValue)));
    }

    private static Optional<Long> number(List<String> lines, int line) {
        return Optional.of(line)
                .filter(index -> index < lines.size())
                .map(index -> lines.get(index).strip())
                .filter(text -> text.matches("-?\\d{1,11}"))
                .map(Long::valueOf);
    }

    /** Whether it says all that is needed to find the server. */
    boolean isWhole() {
        return pid.isPresent() && started.isPresent() && port.isPresent();
    }

    /** The process that has the number now, be it the server or not. */
    Optional<ProcessHandle> process() {
        return pid.flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
    }
}
