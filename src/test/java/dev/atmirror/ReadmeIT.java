package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The README's quick start with the sandbox, line by line as it stands there, but for the ports, which may be in use. In
 * the launcher's place stands one that runs what is compiled already: {@link LauncherTest} tests the other.
 */
@DisabledOnOs(OS.WINDOWS)
class ReadmeIT {
    private static final Duration FULL_MINUTES = Duration.ofMinutes(3); // hosts are looked for at each full one
    private static final Duration A_MINUTE = Duration.ofMinutes(1); // what the README promises
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    /** A line of the table of hosts that has listed accounts. */
    private static final Pattern LIVE_HOST = Pattern.compile("^live +[1-9].* http://localhost:\\d+$", Pattern.MULTILINE);

    private final Path folder = Path.of("target", "it", "readme").toAbsolutePath();
    private final List<Process> running = new ArrayList<>();

    @BeforeEach
    void layOut() throws IOException {
        remove();
        Files.createDirectories(folder);
        for (String shared : List.of("routes", "config")) {
            Files.createSymbolicLink(folder.resolve(shared), Path.of(shared).toAbsolutePath());
        }
        Path launcher = Files.writeString(
                folder.resolve("at-mirror"),
                "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                        + "' -Xmx256m -XX:TieredStopAtLevel=1 -cp '" + System.getProperty("java.class.path")
                        + "' dev.atmirror.app.Main \"$@\"\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
    }

    @AfterEach
    void stop() throws IOException {
        running.forEach(Process::destroy);
        running.forEach(process -> await().atMost(A_MINUTE).until(() -> !process.isAlive()));
        remove();
    }

    private void remove() throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static List<String> quickStart() throws IOException {
        Matcher blocks = BLOCK.matcher(Files.readString(Path.of("README.md")));
        while (blocks.find()) {
            if (blocks.group(1).contains("./at-mirror sandbox")) {
                return blocks.group(1).lines().filter(line -> !line.isBlank()).toList();
            }
        }
        throw new IllegalStateException("README.md shows no sandbox");
    }

    private Process start(String command, int directory, int api) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "exec " + command) // so that a signal reaches it
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("output").toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("ATMIRROR_"));
        builder.environment().put("ATMIRROR_HTTP_PORT", String.valueOf(api));
        Process process = builder.start();
        running.add(process);
        return process;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void quickStart_lineByLine_endsUpToDateWithinAMinuteEach() throws Exception {
        int directory = freePort();
        int api = freePort();
        List<String> lines = quickStart();
        assertThat(lines).hasSizeGreaterThan(3);
        for (String line : lines) {
            String command = line.replaceFirst("\\s*#.*$", "")
                    .replace(":2582", ":" + directory)
                    .replace("./at-mirror sandbox", "./at-mirror sandbox --pds-port 0 --relay-port 0 --port " + directory)
                    .replace("localhost:11004", "localhost:" + api)
                    .replaceFirst("^(ATMIRROR_\\w+=)", "env $1")
                    .replaceFirst("^curl ", "curl -fsS ");
            if (command.endsWith("&")) {
                start(command.substring(0, command.length() - 1), directory, api);
            } else if (command.endsWith("status --hosts")) {
                // Issue 12, C13: it stayed empty.
                await(line).atMost(FULL_MINUTES).pollInterval(Duration.ofSeconds(2)).until(() ->
                        start(command, directory, api).waitFor() == 0 && LIVE_HOST.matcher(Files.readString(folder.resolve("output"))).find());
            } else {
                // A person types it again until it is so.
                await(line).atMost(A_MINUTE).pollInterval(Duration.ofMillis(200)).until(() -> start(command, directory, api).waitFor() == 0);
            }
        }
        assertThat(Files.readString(folder.resolve("output")))
                .contains("\"caughtUp\":true", "state       up to date", "plc-logs from localhost:" + directory, "caught up");
    }
}
