package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountBatchTest {
    private static final Instant NOW = CrawlUnderTest.NOW;
    private static final Duration REGULAR = Duration.ofDays(30);

    private static AccountBatch batch(int... failures) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        List<Map<String, Object>> rows = new java.util.ArrayList<>();
        for (int i = 0; i < failures.length; i++) {
            rows.add(Map.of("did", "did:plc:" + i, "account", i + 1, "failures", failures[i]));
        }
        exchange.getMessage().setBody(rows);
        return AccountBatch.open(exchange);
    }

    @ParameterizedTest
    @CsvSource({"0,6", "1,24", "2,72", "3,168", "4,336", "5,720", "50,720"})
    void failed_asOftenBefore_pausesSoManyHours(int before, long hours) {
        AccountBatch batch = batch(before);
        AccountBatch.Account account = batch.accounts().get(0);
        batch.failed(account, "answered 500", NOW, REGULAR);
        assertThat(batch.again(account)).isEqualTo(NOW.plus(Duration.ofHours(hours)));
        assertThat(batch.error(account)).isEqualTo("answered 500");
    }

    /** Only what failed since the host last answered is the host's; an account before that keeps the blame. */
    @Test
    void blameTheHost_whenItFailsInTheEnd_givesBackWhatFailedSinceItsLastAnswer() {
        AccountBatch batch = batch(0, 0, 0);
        AccountBatch.Account bad = batch.accounts().get(0);
        AccountBatch.Account good = batch.accounts().get(1);
        AccountBatch.Account last = batch.accounts().get(2);
        batch.failed(bad, "answered 500", NOW, REGULAR);
        batch.answered(good, NOW.plus(REGULAR));
        batch.hostAnswers();
        batch.failed(last, "silent", NOW, REGULAR);
        batch.blameTheHost();
        batch.giveBackTheRest(NOW);
        assertThat(batch.error(bad)).isEqualTo("answered 500");
        assertThat(batch.error(good)).isEmpty();
        assertThat(batch.error(last)).isNull();
        assertThat(batch.again(last)).isEqualTo(NOW);
    }
}
