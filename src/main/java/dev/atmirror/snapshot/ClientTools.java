package dev.atmirror.snapshot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a pg_dump that is not older than the server, which would refuse.
 *
 * @param named the one folder to look into; empty for all others
 * @param folders in the order in which they are looked through
 */
public record ClientTools(Optional<Path> named, List<Path> folders) {
    private static final Logger LOG = LoggerFactory.getLogger(ClientTools.class);
    private static final Pattern VERSION = Pattern.compile("pg_dump \\(PostgreSQL\\) ((\\d+)\\S*)");
    private static final int LONGEST_ANSWER = 1000;

    /** @param version as 15.18 */
    record Tool(Path program, String version, int major) {}

    /**
     * Prefers the server's own version, since an older psql may not read what a newer pg_dump writes.
     *
     * @throws SnapshotFailure that names the package to install
     */
    Tool find(int serverMajor) {
        List<Tool> found = new ArrayList<>();
        for (Path folder : named.map(List::of).orElse(folders)) {
            Optional<Tool> tool = tool(folder);
            if (tool.filter(t -> t.major() == serverMajor).isPresent()) {
                return tool.get();
            }
            tool.ifPresent(found::add);
        }
        Optional<Tool> newer = found.stream()
                .filter(tool -> tool.major() > serverMajor)
                .min(Comparator.comparingInt(Tool::major)); // of equal ones the first
        if (newer.isPresent()) {
            LOG.warn("dumping by {} of version {}, newer than the server's {}: `snapshot restore` reads its files, but psql {} may"
                    + " not; postgresql-client-{} avoids that",
                    newer.get().program(), newer.get().version(), serverMajor, serverMajor, serverMajor);
            return newer.get();
        }
        String remedy = "; install PostgreSQL's client tools, version " + serverMajor + " or newer (Debian, Ubuntu: apt install"
                + " postgresql-client-" + serverMajor + ", or postgresql-client; Fedora: dnf install postgresql; macOS:"
                + " brew install libpq), or name their folder by ATMIRROR_SNAPSHOT_PG_BIN";
        throw found.stream()
                .max(Comparator.comparingInt(Tool::major))
                .map(old -> new SnapshotFailure(old.program() + " is of version " + old.version()
                        + ", older than the server's " + serverMajor + ", which it cannot dump" + remedy))
                .orElseGet(() -> new SnapshotFailure("there is no pg_dump "
                        + named.map(folder -> "in " + folder + ", which atmirror.snapshot.pg-bin names")
                                .orElse("on the PATH or in the usual folders") + remedy));
    }

    private static Optional<Tool> tool(Path folder) {
        for (String name : List.of("pg_dump", "pg_dump.exe")) {
            Path program = folder.resolve(name);
            if (Files.isExecutable(program) && !Files.isDirectory(program)) {
                return version(program);
            }
        }
        return Optional.empty();
    }

    /** Empty for what does not answer as pg_dump does, such as a wrapper that has nothing to call. */
    private static Optional<Tool> version(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
            process.getInputStream().close();
            Matcher version = VERSION.matcher(said);
            return version.find()
                    ? Optional.of(new Tool(program, version.group(1), Integer.parseInt(version.group(2))))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
