package dev.atmirror.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxStreamTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));
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
        SandboxClient.Messages messages = client.stream("");
        messages.reading = false;
        await().until(() -> sandbox.streams() == 1);
        // Until the buffers of the network between are full.
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            sandbox.grow(2_000);
            return sandbox.streams() == 0;
        });
        messages.socket.request(Long.MAX_VALUE);
        await().until(() -> messages.closed.equals("1000 ConsumerTooSlow"));
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
