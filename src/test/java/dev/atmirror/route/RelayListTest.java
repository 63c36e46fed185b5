package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.net.HostBudgets;
import dev.atmirror.pds.MalformedAnswer;
import dev.atmirror.testkit.LoggedLines;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** Relays, some of whose lists do not end (issue 12, A5). */
class RelayListTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    private RelayList relay(boolean allowPrivate) {
        HostFinder.Sources sources =
                new HostFinder.Sources(allowPrivate, List.of("*.big.example"), Optional.empty(), List.of());
        RelayList relay = new RelayList(
                Optional.of("https://relay.example"), sources, new HostBudgets(10, () -> now, new Random(1)), () -> now);
        relay.begin();
        return relay;
    }

    private String[] column(String name) {
        return (String[]) ((Map<?, ?>) exchange.getMessage().getBody()).get(name);
    }

    private void answer(RelayList relay, String page) throws MalformedAnswer {
        exchange.getMessage().setBody(page.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        relay.read(exchange);
    }

    /** Answers as long as the relay is asked. @return how many pages that took */
    private int answerAll(RelayList relay, IntFunction<String> page) throws MalformedAnswer {
        int pages = 0;
        while (relay.wantsMore()) {
            answer(relay, page.apply(++pages));
        }
        return pages;
    }

    @Test
    void relay_askedLately_isAskedAgainAfterAnHour() throws Exception {
        RelayList relay = relay(false);
        assertThat(relay.wantsMore()).isTrue();
        answer(relay, "{'hosts':[{'hostname':'pds.example'}],'cursor':'a b'}");
        assertThat(relay.wantsMore()).isTrue();
        assertThat(relay.query()).isEqualTo("limit=1000&cursor=a+b");
        answer(relay, "{'hosts':[{'hostname':'m.big.example'}]}");
        assertThat(relay.wantsMore()).isFalse();
        now = now.plus(Duration.ofMinutes(59));
        relay.begin();
        assertThat(relay.wantsMore()).isFalse();
        now = now.plus(Duration.ofMinutes(2));
        relay.begin();
        assertThat(relay.wantsMore()).isTrue();
        assertThat(relay.query()).isEqualTo("limit=1000");
    }

    @Test
    void relay_thatGivesTheCursorItWasAskedFor_isAtItsEnd() throws Exception {
        RelayList relay = relay(false);
        assertThat(answerAll(relay, page -> "{'hosts':[{'hostname':'pds.example'}],'cursor':'1'}")).isEqualTo(2);
    }

    @Test
    void relay_whoseCursorsGoRound_endsAndSaysWhy() throws Exception {
        try (LoggedLines log = new LoggedLines(RelayList.class.getName())) {
            RelayList relay = relay(false);
            assertThat(answerAll(relay, page -> "{'hosts':[{'hostname':'h" + page % 3 + ".example'}],'cursor':'" + page % 3 + "'}"))
                    .isEqualTo(4);
            assertThat(log.messages()).singleElement().asString()
                    .contains("https://relay.example").contains("circle").contains("3 hosts of it are taken");
            assertThat(relay.isUnderWay()).isFalse();
        }
    }

    @Test
    void relay_withEverNewCursorsAndNothingNew_endsAndSaysWhy() throws Exception {
        try (LoggedLines log = new LoggedLines(RelayList.class.getName())) {
            int pages = answerAll(relay(false), page -> "{'hosts':[{'hostname':'pds.example'}],'cursor':'" + page + "'}");
            assertThat(pages).isEqualTo(21);
            assertThat(log.messages()).singleElement().asString().contains("nothing new");
        }
    }

    @Test
    void relay_withEverNewHosts_endsAtTheBound() throws Exception {
        RelayList relay = relay(false);
        StringBuilder hosts = new StringBuilder();
        int pages = 0;
        while (relay.wantsMore() && pages < 1_000) {
            pages++;
            hosts.setLength(0);
            for (int host = 0; host < 1_000; host++) {
                hosts.append(host == 0 ? "" : ",").append("{'hostname':'h").append(pages * 1_000 + host).append(".example'}");
            }
            answer(relay, "{'hosts':[" + hosts + "],'cursor':'" + pages + "'}");
        }
        assertThat(pages).isEqualTo(101);
    }

    @Test
    void page_emptyWithACursor_doesNotEndTheList() throws Exception {
        RelayList relay = relay(false);
        answer(relay, "{'hosts':[],'cursor':'1'}");
        assertThat(relay.wantsMore()).isTrue();
        answer(relay, "{'hosts':[{'hostname':'pds.example'}]}");
        assertThat(column("pdses")).containsExactly("https://pds.example");
    }

    @Test
    void relay_thatIsSlow_letsTheNextStepGoOnAndIsContinuedInTheNextRound() throws Exception {
        RelayList relay = relay(false);
        answer(relay, "{'hosts':[{'hostname':'pds.example'}],'cursor':'1'}");
        now = now.plus(Duration.ofSeconds(61));
        assertThat(relay.wantsMore()).isFalse();
        assertThat(relay.isUnderWay()).isTrue();
        relay.begin();
        assertThat(relay.wantsMore()).isTrue();
        assertThat(relay.query()).isEqualTo("limit=1000&cursor=1");
    }

    @Test
    void relay_isPacedLikeAnyHost() throws Exception {
        RelayList relay = relay(false);
        relay.pace();
        assertThat(relay.pace()).isEqualTo(100);
        exchange.getMessage().setHeader("RateLimit-Remaining", "0");
        exchange.getMessage().setHeader("RateLimit-Reset", String.valueOf(now.plusSeconds(600).getEpochSecond()));
        answer(relay, "{'hosts':[{'hostname':'pds.example'}],'cursor':'1'}");
        assertThat(relay.wantsMore()).as("nobody waits ten minutes for it").isFalse();
        now = now.plusSeconds(601);
        relay.begin();
        assertThat(relay.wantsMore()).isTrue();
        assertThat(relay.query()).isEqualTo("limit=1000&cursor=1");
    }

    @Test
    void hosts_ofARelay_areNormalisedOrPassedOver() throws Exception {
        answer(relay(false), "{'hosts':[{'hostname':'PDS.example'},{'hostname':'m.big.example'},{'hostname':'127.0.0.1'},"
                + "{'hostname':'localhost:2583'},{'hostname':'a.example/path'},{'hostname':'user@a.example'}]}");
        assertThat(column("pdses")).containsExactly("https://pds.example", "https://m.big.example", null, null, null, null);
        assertThat(column("operators")).containsExactly("pds.example", "big.example", null, null, null, null);
        answer(relay(true), "{'hosts':[{'hostname':'localhost:2583'}]}");
        assertThat(column("pdses")).containsExactly("http://localhost:2583");
    }

    /** Issue 12, D22. */
    @Test
    void hosts_namedWithAScheme_areTaken() throws Exception {
        answer(relay(false), "{'hosts':[{'hostname':'https://a.example'},{'hostname':'HTTPS://B.example/'},{'hostname':' c.example '}]}");
        assertThat(column("pdses")).containsExactly("https://a.example", "https://b.example", "https://c.example");
    }

    @Test
    void hosts_thatCannotBeAsked_areCountedInOneLine() throws Exception {
        try (LoggedLines log = new LoggedLines(RelayList.class.getName())) {
            answer(relay(false), "{'hosts':[{'hostname':'http://localhost:2583'},{'hostname':'no host'},{'hostname':'a.example'}]}");
            assertThat(log.messages()).singleElement().asString()
                    .contains("2 of its hosts are skipped").contains("http://localhost:2583").contains("atmirror.net.allow-private");
        }
    }
}
