package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.LoggedLines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFinderTest {
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    private HostFinder finder(boolean allowPrivate, Optional<Path> file) {
        return new HostFinder(new HostFinder.Sources(allowPrivate, List.of("*.big.example"), file, List.of("given.example")));
    }

    private String[] column(String name) {
        return (String[]) ((Map<?, ?>) exchange.getMessage().getBody()).get(name);
    }

    @Test
    void hosts_ofAFile_areReadWithoutCommentsAndBlanks(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("hosts"), "# mine\n\n  a.example  \nhttps://B.example/\nhttp://c.example\n");
        finder(false, Optional.of(file)).readFile(exchange);
        assertThat(column("pdses")).containsExactly("https://given.example", "https://a.example", "https://b.example");
    }

    @Test
    void file_thatDoesNotRead_isPassedOver(@TempDir Path folder) {
        try (LoggedLines log = new LoggedLines(HostsFile.class.getName())) {
            finder(false, Optional.of(folder.resolve("missing"))).readFile(exchange);
            assertThat(column("pdses")).containsExactly("https://given.example");
            assertThat(log.messages()).containsExactly("hosts file " + folder.resolve("missing") + ": does not exist; going on without it");
        }
    }

    @Test
    void file_withABadByte_losesThatLineAloneAndNamesIt(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("hosts"), "a.example\nb\u00e4d.example\nb.example\n".getBytes(StandardCharsets.ISO_8859_1));
        try (LoggedLines log = new LoggedLines(HostsFile.class.getName())) {
            HostFinder finder = finder(false, Optional.of(file));
            finder.readFile(exchange);
            assertThat(column("pdses")).containsExactly("https://given.example", "https://a.example", "https://b.example");
            assertThat(log.messages()).singleElement().asString().contains("line 2").contains(file.toString()).contains("UTF-8");
            finder.readFile(exchange);
            assertThat(log.messages()).as("said once").hasSize(1);
        }
    }

    @Test
    void file_withLinesThatNameNoHost_namesEachByItsNumber(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("hosts"), "\ufeff# mine\r\nhttps://a.example\r\nno host\nhttp://localhost:2583\n"
                + "x".repeat(1_000_000) + "\nb.example");
        try (LoggedLines log = new LoggedLines(HostsFile.class.getName())) {
            finder(false, Optional.of(file)).readFile(exchange);
            assertThat(column("pdses")).containsExactly("https://given.example", "https://a.example", "https://b.example");
            assertThat(log.messages()).hasSize(3);
            assertThat(log.messages().get(0)).contains("line 3").contains("no URL of a host");
            assertThat(log.messages().get(1)).contains("line 4").contains("atmirror.net.allow-private");
            assertThat(log.messages().get(2)).contains("line 5").hasSizeLessThan(500);
        }
    }

    @Test
    void file_withManyBadLines_isNoFlood(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("hosts"), "no host\n".repeat(1_000) + "a.example\n");
        try (LoggedLines log = new LoggedLines(HostsFile.class.getName())) {
            finder(false, Optional.of(file)).readFile(exchange);
            assertThat(column("pdses")).containsExactly("https://given.example", "https://a.example");
            assertThat(log.messages()).hasSize(21).last().asString().contains("980 more");
        }
    }

    @Test
    void endpoints_thatMayNotBeAsked_areALineEachUpToABound() {
        List<Map<String, Object>> rows = new ArrayList<>();
        rows.add(Map.of("id", 1, "endpoint", "http://localhost:2583"));
        rows.add(Map.of("id", 2, "endpoint", "no\nhost"));
        rows.add(Map.of("id", 3, "endpoint", "https://a.example"));
        try (LoggedLines log = new LoggedLines(SkippedHosts.class.getName())) {
            HostFinder finder = finder(false, Optional.empty());
            exchange.getMessage().setBody(rows);
            finder.readEndpoints(exchange);
            assertThat(column("pdses")).containsExactly(null, null, "https://a.example");
            assertThat(log.messages()).hasSize(2);
            assertThat(log.messages().get(0)).contains("http://localhost:2583").contains("atmirror.net.allow-private=true");
            assertThat(log.messages().get(1)).contains("no URL of a host").doesNotContain("\n");
            exchange.getMessage().setBody(Collections.nCopies(1_000, Map.of("id", 4, "endpoint", "http://localhost:2584")));
            finder.readEndpoints(exchange);
            assertThat(log.messages()).hasSize(21).last().asString().contains("982 more");
        }
    }
}
