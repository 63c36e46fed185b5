package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.pds.MalformedAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFinderTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    private HostFinder finder(boolean allowPrivate, Optional<Path> file) {
        return new HostFinder(
                new HostFinder.Sources(allowPrivate, List.of("*.big.example"), file, List.of("given.example"), true), () -> now);
    }

    private String[] column(String name) {
        return (String[]) ((Map<?, ?>) exchange.getMessage().getBody()).get(name);
    }

    private void relay(HostFinder finder, String page) throws IOException, MalformedAnswer {
        exchange.getMessage().setBody(page.getBytes(StandardCharsets.UTF_8));
        finder.readRelay(exchange);
    }

    @Test
    void relay_askedLately_isAskedAgainAfterAnHour() throws Exception {
        HostFinder finder = finder(false, Optional.empty());
        finder.askRelay();
        assertThat(finder.wantsRelay()).isTrue();
        relay(finder, "{\"hosts\":[{\"hostname\":\"pds.example\"}],\"cursor\":\"a b\"}");
        assertThat(finder.wantsRelay()).isTrue();
        assertThat(finder.relayQuery()).isEqualTo("limit=1000&cursor=a+b");
        relay(finder, "{\"hosts\":[{\"hostname\":\"m.big.example\"}]}");
        assertThat(finder.wantsRelay()).isFalse();
        now = now.plus(Duration.ofMinutes(59));
        finder.askRelay();
        assertThat(finder.wantsRelay()).isFalse();
        now = now.plus(Duration.ofMinutes(2));
        finder.askRelay();
        assertThat(finder.wantsRelay()).isTrue();
        assertThat(finder.relayQuery()).isEqualTo("limit=1000");
    }

    @Test
    void relay_thatRepeatsItsCursor_isNotAskedForEver() throws Exception {
        HostFinder finder = finder(false, Optional.empty());
        finder.askRelay();
        relay(finder, "{\"hosts\":[{\"hostname\":\"pds.example\"}],\"cursor\":\"1\"}");
        relay(finder, "{\"hosts\":[{\"hostname\":\"pds.example\"}],\"cursor\":\"1\"}");
        assertThat(finder.wantsRelay()).isFalse();
    }

    @Test
    void hosts_ofARelay_areNormalisedOrPassedOver() throws Exception {
        HostFinder finder = finder(false, Optional.empty());
        finder.askRelay();
        relay(finder, "{\"hosts\":[{\"hostname\":\"PDS.example\"},{\"hostname\":\"m.big.example\"},{\"hostname\":\"127.0.0.1\"},"
                + "{\"hostname\":\"localhost:2583\"},{\"hostname\":\"a.example/path\"},{\"hostname\":\"user@a.example\"}]}");
        assertThat(column("pdses")).containsExactly("https://pds.example", "https://m.big.example", null, null, null, null);
        assertThat(column("operators")).containsExactly("pds.example", "big.example", null, null, null, null);
        HostFinder local = finder(true, Optional.empty());
        local.askRelay();
        relay(local, "{\"hosts\":[{\"hostname\":\"localhost:2583\"}]}");
        assertThat(column("pdses")).containsExactly("http://localhost:2583");
    }

    @Test
    void hosts_ofAFile_areReadWithoutCommentsAndBlanks(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("hosts"), "# mine\n\n  a.example  \nhttps://B.example/\nhttp://c.example\n");
        finder(false, Optional.of(file)).readFile(exchange);
        assertThat(column("pdses")).containsExactly("https://given.example", "https://a.example", "https://b.example", null);
    }

    @Test
    void file_thatDoesNotRead_isPassedOver(@TempDir Path folder) {
        finder(false, Optional.of(folder.resolve("missing"))).readFile(exchange);
        assertThat(column("pdses")).containsExactly("https://given.example");
    }
}
