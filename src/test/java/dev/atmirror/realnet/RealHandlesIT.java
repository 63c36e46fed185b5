package dev.atmirror.realnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.app.RunningMirror;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Handles of the reference PDSes are found to be what these say of them, before and after a change. */
class RealHandlesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private RunningMirror mirror;
    private Realnet.Ports ports;

    @BeforeEach
    void install() throws IOException, InterruptedException {
        Realnet.install();
    }

    @Test
    void handles_ofRealHosts_areCheckedAsTheySay() throws Exception {
        ports = Realnet.Ports.free();
        Map<String, String> settings = Map.of(
                "atmirror.routes.handles.enabled", "true",
                "atmirror.routes.handles.schedule", "* * * * * ?",
                "atmirror.handles.local", "pds2.test=127.0.0.1:" + pds(2) + ",test=127.0.0.1:" + pds(1));
        try (RunningMirror running = RunningMirror.of(ports.directoryAddress(), Path.of("target", "it", "handles"), settings);
                Realnet realnet = Realnet.start(ports, List.of())) {
            mirror = running;
            mirror.start();
            mirror.awaitReady();
            awaitAsHostsSay();
            String regular = realnet.dids("regular").get(0);
            assertThat(result(regular)).isEqualTo("valid");
            assertThat(result(realnet.dids("claims-anothers-handle").get(0))).isEqualTo("points_elsewhere");
            assertThat(result(realnet.dids("takendown").get(0))).isEqualTo("no_record");

            realnet.change("/handle?did=" + regular + "&name=renamed");
            realnet.change("/takedown?did=" + realnet.dids("regular").get(1));
            await("the new handle").atMost(PATIENCE).until(() -> first("select handle from account_infos where did = '" + regular + "'")
                    .startsWith("renamed."));
            awaitAsHostsSay();
            assertThat(result(regular)).isEqualTo("valid");
            assertThat(result(realnet.dids("regular").get(1))).isEqualTo("no_record");
            assertThat(first("select string_agg(was || '>' || result, ' ' order by seq) from handle_changes where did = '"
                            + realnet.dids("regular").get(1) + "'"))
                    .endsWith("valid>no_record");
        }
    }

    private int pds(int number) {
        return ports.firstPds() + number - 1;
    }

    private String result(String did) {
        return first("select handle_result from account_infos where did = '" + did + "'");
    }

    private void awaitAsHostsSay() {
        mirror.run("update handle_check set due = now() where due < 'infinity'");
        mirror.run("update handle_parent set next_due = '-infinity', free_at = '-infinity'");
        await("all handles").atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> assertThat(differences()).isEmpty());
    }

    private List<String> differences() throws IOException {
        List<String> differences = new ArrayList<>();
        for (String row : mirror.ask("select did || ' ' || handle || ' ' || handle_result from account_infos where handle is not null")) {
            String[] parts = row.split(" ");
            String expected = expected(parts[0], parts[1]);
            if (!parts[2].equals(expected)) {
                differences.add(row + " instead of " + expected);
            }
        }
        return differences;
    }

    /** Asks the host itself. */
    private String expected(String did, String handle) throws IOException {
        if (handle.endsWith(".example")) {
            return "reserved";
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), pds(handle.endsWith(".pds2.test") ? 2 : 1))) {
            String request = "GET /.well-known/atproto-did HTTP/1.1\r\nHost: " + handle + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (!answer.startsWith("HTTP/1.1 200")) {
                return "no_record";
            }
            return answer.contains(did) ? "valid" : "points_elsewhere";
        }
    }

    private String first(String sql) {
        return mirror.ask(sql).stream().findFirst().orElse("");
    }
}
