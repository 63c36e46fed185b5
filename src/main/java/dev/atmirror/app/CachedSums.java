package dev.atmirror.app;

import dev.atmirror.store.CrawlSums;
import dev.atmirror.store.PdsHosts;
import dev.atmirror.store.StorageException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the stages that ask hosts are, asked of the database at most twice a minute, for {@code /ready} and for gauges.
 * Neither may hang when the database does: after half a second they get what was known before.
 */
final class CachedSums {
    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(CachedSums.class);

    private final DataSource database;
    private final InstantSource clock;
    private volatile Optional<CrawlSums> known = Optional.empty();
    private Instant asked = Instant.EPOCH;
    private boolean asking;

    CachedSums(DataSource database, InstantSource clock, MeterRegistry metrics) {
        this.database = database;
        this.clock = clock;
        for (String state : PdsHosts.STATES) {
            Gauge.builder("atmirror.pds.hosts", this, sums -> sums.value(known -> known.hosts().get(state)))
                    .description("Hosts of accounts, by state")
                    .tag("state", state)
                    .register(metrics);
        }
        Gauge.builder("atmirror.pds.skipped", this, sums -> sums.value(CrawlSums::skipped))
                .description("Endpoints of documents that name no host which may be asked")
                .register(metrics);
        left(metrics, "pds-accounts", CrawlSums::listsLeft);
        left(metrics, "describe-repo", CrawlSums::describeLeft);
        left(metrics, "recent-records", CrawlSums::recordsLeft);
        left(metrics, "handles", sums -> sums.handles().countedAt().isEmpty() ? Double.NaN : sums.handles().left());
    }

    private void left(MeterRegistry metrics, String stage, ToDoubleFunction<CrawlSums> count) {
        Gauge.builder("atmirror.crawl.left", this, sums -> sums.value(count))
                .description("What is due: hosts for pds-accounts, accounts for the other stages; handles as last counted")
                .tag("stage", stage)
                .register(metrics);
    }

    /** NaN while nobody knows, which is left out of what Prometheus reads. */
    private double value(ToDoubleFunction<CrawlSums> count) {
        return now().map(count::applyAsDouble).orElse(Double.NaN);
    }

    Optional<CrawlSums> now() {
        FutureTask<Void> asks = new FutureTask<>(this::ask, null);
        if (begins()) {
            Thread thread = new Thread(asks, "crawl-sums");
            thread.setDaemon(true);
            thread.start();
            try {
                asks.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                LOG.debug("going on with what was known", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return known;
    }

    private synchronized boolean begins() {
        boolean due = !asking && asked.plus(FRESH).isBefore(clock.instant());
        asking |= due;
        return due;
    }

    private void ask() {
        try {
            known = Optional.of(CrawlSums.read(database));
        } catch (StorageException e) {
            LOG.debug("the state of the hosts is not known", e);
        } finally {
            synchronized (this) {
                asked = clock.instant();
                asking = false;
            }
        }
    }
}
