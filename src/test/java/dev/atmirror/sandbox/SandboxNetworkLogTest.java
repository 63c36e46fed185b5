package dev.atmirror.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atmirror.plc.ExportLines;
import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.OperationVerifier;
import dev.atmirror.plc.PlcPage;
import dev.atmirror.plc.Position;
import dev.atmirror.plc.VerifiedPage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The log of a sandbox with hosts: their first accounts stand in it like all others. */
class SandboxNetworkLogTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final int HOSTS = 9; // the eighth has keys of the other curve
    private static final int ACCOUNTS = 200;

    private static Sandbox sandbox;
    private static SandboxClient client;

    @BeforeAll
    static void start() {
        NetworkSettings network = NetworkSettings.builder().pds(HOSTS).accounts(ACCOUNTS).build();
        sandbox = Sandbox.start(
                SandboxSettings.builder().operations(900).rate(0).requestLimit(0).network(network).build(), () -> NOW);
        client = new SandboxClient(sandbox);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    void log_withHosts_isVerifiedToItsEnd() {
        List<SandboxOperation> operations = sandbox.operations();
        assertThat(operations).hasSize(sandbox.size()).hasSizeGreaterThan(HOSTS * ACCOUNTS + 900);
        String lines = operations.stream().map(SandboxOperation::sequencedLine).collect(Collectors.joining("\n"));
        ExportLines read = ExportLines.read(lines.getBytes(StandardCharsets.UTF_8));
        VerifiedPage verified = new OperationVerifier(new SandboxLog(0), 2, false)
                .verify(new PlcPage(0, 1, read.operations(), List.of(), true, Position.START));
        long invalid = operations.stream().filter(operation -> !operation.valid()).count();
        assertThat(verified.rejected()).hasSize((int) invalid);
        assertThat(verified.accepted()).hasSize(operations.size() - (int) invalid);
    }

    @Test
    void export_inPages_givesEachOperationOnceInOrder() throws Exception {
        List<String> expected = sandbox.operations().stream().map(SandboxOperation::cid).toList();
        assertThat(pages("after=0", false)).isEqualTo(expected);
        assertThat(new HashSet<>(pages("", true))).isEqualTo(Set.copyOf(expected));
    }

    private static List<String> pages(String first, boolean byTime) throws Exception {
        List<String> cids = new ArrayList<>();
        String query = first;
        while (true) {
            String body = client.get("/export?count=700&" + query).body();
            List<ExportedOperation> page = ExportLines.read(body.getBytes(StandardCharsets.UTF_8)).operations();
            if (page.isEmpty()) {
                return cids;
            }
            page.forEach(operation -> cids.add(operation.cid()));
            ExportedOperation last = page.get(page.size() - 1);
            query = "after=" + (byTime ? last.createdAt() : last.seq());
        }
    }

    @Test
    void lookups_ofAHostsFirstAccount_areAsOfAnyOther() throws Exception {
        SandboxOperation first = sandbox.operations().get(0);
        assertThat(client.json("/" + first.did()).path("service").get(0).path("serviceEndpoint").asText())
                .isEqualTo(sandbox.hosts().get(0).toString());
        assertThat(client.json("/" + first.did() + "/log/audit").get(0).path("cid").asText()).isEqualTo(first.cid());
        assertThat(first.seq()).isEqualTo(1);
        assertThat(sandbox.operations().get(HOSTS * ACCOUNTS).seq()).isGreaterThan(HOSTS * ACCOUNTS);
    }

    @Test
    void start_onATakenPort_saysWhich() {
        int taken = sandbox.hosts().get(0).getPort();
        SandboxSettings settings = SandboxSettings.builder()
                .operations(0)
                .network(NetworkSettings.builder().pds(1).accounts(0).pdsPort(taken).build())
                .build();
        assertThatThrownBy(() -> Sandbox.start(settings, () -> NOW))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("127.0.0.1:" + taken);
    }

    @Test
    void settings_beyondTheirBounds_areRefused() {
        assertThatThrownBy(() -> NetworkSettings.builder().pds(2_000).accounts(1_000).build())
                .hasMessageContaining("1000000");
        assertThatThrownBy(() -> NetworkSettings.builder().pds(1).deadPercent(1).build())
                .hasMessageContaining("no host that is well");
    }
}
