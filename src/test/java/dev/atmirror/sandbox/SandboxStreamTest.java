package dev.atmirror.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxStreamTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));
    private static final String UPGRADE = """
            GET /export/stream HTTP/1.1\r
            Host: localhost\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """;
    private Sandbox sandbox;
    private SandboxClient client;

    @BeforeEach
    void start() {
        start(SandboxSettings.builder().operations(700).rate(0));
    }

    private void start(SandboxSettings.Builder settings) {
        sandbox = Sandbox.start(settings.build(), CLOCK);
        client = new SandboxClient(sandbox);
    }

    private void restart(SandboxSettings.Builder settings) {
        sandbox.close();
        start(settings);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private List<Long> seqs(int from) {
        List<SandboxOperation> operations = sandbox.operations();
        return operations.subList(from, operations.size()).stream().map(SandboxOperation::seq).toList();
    }

    @Test
    void stream_afterACursor_isTheRestAndThenWhatHappens() throws Exception {
        restart(SandboxSettings.builder().operations(700).rate(0).streamWindow(Duration.ofDays(365)));
        SandboxClient.Messages messages = client.stream("?cursor=" + sandbox.operations().get(99).seq());
        await().until(() -> messages.texts.size() == 600);
        sandbox.grow(30);
        await().until(() -> messages.texts.size() == 630);
        assertThat(messages.seqs()).isEqualTo(seqs(100));
        assertThat(messages.texts.get(0)).contains("\"type\":\"sequenced_op\"").doesNotContain("nullified");
    }

    @Test
    void stream_withoutCursor_beginsNow() throws Exception {
        SandboxClient.Messages messages = client.stream("");
        await().until(() -> sandbox.streams() == 1);
        sandbox.grow(3);
        await().until(() -> messages.texts.size() == 3);
        assertThat(messages.seqs()).isEqualTo(seqs(700));
    }

    @Test
    void stream_cursorBeyondTheHead_isClosedAsFuture() throws Exception {
        SandboxClient.Messages messages = client.stream("?cursor=" + (sandbox.head() + 1));
        await().until(() -> messages.closed.equals("1000 FutureCursor"));
    }

    @Test
    void stream_cursorOlderThanTheWindow_isClosedAsOutdated() throws Exception {
        SandboxClient.Messages messages = client.stream("?cursor=1");
        await().until(() -> messages.closed.equals("1000 OutdatedCursor"));
        assertThat(messages.texts).isEmpty();
    }

    @Test
    void stream_clientThatDoesNotRead_isClosedAsTooSlow() throws Exception {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(16 * 1024); // small, so that the network between is soon full
            socket.connect(new InetSocketAddress("127.0.0.1", sandbox.port()));
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(UPGRADE.getBytes(StandardCharsets.US_ASCII));
            await().until(() -> sandbox.streams() == 1);
            await().until(() -> {
                sandbox.grow(500);
                return sandbox.streams() == 0;
            });
            StringBuilder received = new StringBuilder();
            byte[] buffer = new byte[64 * 1024];
            while (received.indexOf("ConsumerTooSlow") < 0) {
                int length = socket.getInputStream().read(buffer);
                assertThat(length).isPositive();
                received.append(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void stream_withoutUpgradeOrWithABadCursor_isRefused() throws Exception {
        assertThat(client.get("/export/stream").statusCode()).isEqualTo(426);
        assertThat(client.get("/export/stream").body()).isEqualTo("{\"message\":\"upgrade required\"}");
    }

    @Test
    void traffic_atARate_reachesTheStream() throws Exception {
        restart(SandboxSettings.builder().operations(10).rate(200));
        SandboxClient.Messages messages = client.stream("?cursor=" + sandbox.head());
        await().until(() -> messages.texts.size() > 20);
        assertThat(messages.seqs()).isSorted().doesNotHaveDuplicates();
    }
}
