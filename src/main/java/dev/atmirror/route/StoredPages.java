package dev.atmirror.route;

import dev.atmirror.plc.OperationVerifier;
import dev.atmirror.plc.PlcMetrics;
import dev.atmirror.plc.PlcPage;
import dev.atmirror.plc.Reading;
import dev.atmirror.plc.Rejection;
import dev.atmirror.plc.VerifiedPage;
import dev.atmirror.store.FormerRejections;
import dev.atmirror.store.PageRows;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bean {@code storedPages}: the last stretch of a page.
 *
 * <p>Invariant: pages of an epoch are stored as 1, 2, 3… without a gap; whatever breaks that sequence ends the epoch,
 * and verifier, numbering and reading begin again from what is stored. The verifier forgets first and the reading moves
 * last, so that no page of the new epoch meets a memory of the old one.
 */
public final class StoredPages {
    private static final String PAGE = "verifiedPage";
    private static final Logger LOG = LoggerFactory.getLogger(StoredPages.class);

    private final Reading reading;
    private final OperationVerifier verifier;
    private final PageRows rows;
    private final FormerRejections former;
    private final PlcMetrics metrics;
    private long lastStored;
    private long count;
    private boolean caughtUp;
    private volatile Runnable news = () -> {};
    private volatile Consumer<List<VerifiedPage.Rejected>> rejections = rejected -> {};

    public StoredPages(
            Reading reading, OperationVerifier verifier, PageRows rows, FormerRejections former, PlcMetrics metrics) {
        this.reading = reading;
        this.verifier = verifier;
        this.rows = rows;
        this.former = former;
        this.metrics = metrics;
    }

    /** Replaces the verified page by the parameters of the statement that stores it. */
    public void layOut(Exchange exchange) {
        VerifiedPage page = exchange.getMessage().getBody(VerifiedPage.class);
        exchange.setProperty(PAGE, page);
        Map<String, Object> parameters = rows.of(page, reading);
        if (!parameters.isEmpty()) { // of the present epoch
            former.putInto(parameters, page);
        }
        exchange.getMessage().setBody(parameters);
    }

    /** Whether the page may be stored: it is of the present epoch. */
    public synchronized boolean isNext(Exchange exchange) {
        PlcPage page = page(exchange).page();
        if (!reading.isCurrent(page)) {
            return false;
        }
        if (page.number() != lastStored + 1) {
            throw new IllegalStateException("page " + page.number() + " after page " + lastStored);
        }
        return true;
    }

    /** Tells somebody of each page that is committed, who must not keep the stage waiting. */
    public void tell(Runnable whom) {
        news = whom;
    }

    /** Tells somebody of what was rejected, page after page, once it is committed. */
    public void tellOfRejections(Consumer<List<VerifiedPage.Rejected>> whom) {
        rejections = whom;
    }

    /** Counts what the statement has stored. */
    public synchronized void stored(Exchange exchange) {
        VerifiedPage page = page(exchange);
        news.run();
        if (reading.isCurrent(page.page())) {
            lastStored = page.page().number();
            reading.stored(page);
        }
        caughtUp |= page.page().caughtUp();
        count += page.accepted().size();
        metrics.stored(page.accepted().size());
        metrics.duplicates(page.duplicates());
        rejections.accept(page.rejected());
        Map<Rejection, Long> reasons = page.rejected().stream()
                .collect(Collectors.groupingBy(VerifiedPage.Rejected::reason, Collectors.counting()));
        reasons.forEach((reason, times) -> metrics.rejected(reason, times.intValue()));
        if (!page.page().unparsable().isEmpty()) {
            metrics.rejected(Rejection.UNPARSABLE, page.page().unparsable().size());
        }
    }

    /** Operations stored since the start of the program. */
    public synchronized long count() {
        return count;
    }

    /** Whether everything that the upstream had was stored once since the start of the program. */
    public synchronized boolean hasCaughtUp() {
        return caughtUp;
    }

    /** Ends the epoch: what is under way is dropped, and reading begins again from what is stored. */
    public synchronized void startAgain(Exchange exchange) {
        Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (isOutdated(exchange)) {
            LOG.debug("a page that an earlier failure outdated failed too: {}", root(cause));
            return;
        }
        metrics.storageFailure(1);
        int epoch = reading.epoch() + 1;
        forget(epoch);
        reading.startAgain(epoch, root(cause));
    }

    /** What is stored was changed otherwise than by pages: from now on only pages of this epoch count. */
    synchronized void forget(int epoch) {
        verifier.forget(epoch);
        rows.forget(epoch);
        former.forget();
        lastStored = 0;
    }

    /** One outage fails every page in the queues; only the first ends the epoch. */
    private boolean isOutdated(Exchange exchange) {
        VerifiedPage verified = page(exchange);
        PlcPage page = verified == null ? exchange.getMessage().getBody(PlcPage.class) : verified.page();
        return page != null && !reading.isCurrent(page);
    }

    private static VerifiedPage page(Exchange exchange) {
        return exchange.getProperty(PAGE, VerifiedPage.class);
    }

    private static String root(Throwable cause) {
        Throwable root = cause;
        while (root != null && root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root == null ? "unknown" : root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}
