package dev.atmirror.route;

import dev.atmirror.net.FetchFailure;
import dev.atmirror.pds.HostAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bean {@code pdsRequests}: one request to a host, from what is asked to what came of it. The body becomes a {@link HostAnswer}. */
public final class PdsRequests {
    /**
     * @param path such as {@code xrpc/com.atproto.sync.listRepos}
     * @param query encoded
     * @param repo that is asked for; empty for none
     */
    private record Request(String path, String query, String repo) {}

    private static final String REQUEST = "pdsRequest";
    private static final String OTHER_HOST = "pdsRequestOtherHost";

    /** Then it would fail all requests alike. */
    private static final Set<FetchFailure.Kind> HOST_IS_GONE = EnumSet.of(
            FetchFailure.Kind.REFUSED, FetchFailure.Kind.UNKNOWN_HOST, FetchFailure.Kind.UNREACHABLE, FetchFailure.Kind.TLS);

    private static final Logger LOG = LoggerFactory.getLogger(PdsRequests.class);

    private static final int FREE = 8 << 10; // most descriptions; thousands of them are a few megabytes
    private static final int FIRST_STEP = 64 << 10;
    private static final int GROWTH = 4; // to 256 KB, which holds 1,000 repos, to 1 MB, and to the most
    private static final int MOST = 4 << 20; // pdsHttp gives no more

    private final Crawl crawl;
    private final CrawlMetrics metrics;

    public PdsRequests(Crawl crawl, CrawlMetrics metrics) {
        this.crawl = crawl;
        this.metrics = metrics;
    }

    /** Asks another host than the visit's, at that one's pace; how it answers is not held against the visit's. */
    static void askOther(Exchange exchange, HostVisit.Host host, String path, String... query) {
        ask(exchange, path, query);
        exchange.setProperty(OTHER_HOST, host);
    }

    private static HostVisit.Host asked(Exchange exchange) {
        HostVisit.Host other = exchange.getProperty(OTHER_HOST, HostVisit.Host.class);
        return other == null ? Crawl.visit(exchange).host() : other;
    }

    /** @param query names and values in turn */
    static void ask(Exchange exchange, String path, String... query) {
        StringBuilder encoded = new StringBuilder();
        String repo = query.length > 1 && query[0].equals("repo") ? query[1] : "";
        for (int i = 0; i < query.length; i += 2) {
            encoded.append(i == 0 ? "" : "&").append(query[i]).append('=').append(URLEncoder.encode(query[i + 1], StandardCharsets.UTF_8));
        }
        exchange.setProperty(REQUEST, new Request(path, encoded.toString(), repo));
        exchange.removeProperty(OTHER_HOST);
    }

    /** Takes a request from the budget of the host's operator. @return milliseconds to wait first */
    public long pace(Exchange exchange) {
        Lane.of(exchange).goOn();
        return crawl.budget().take(asked(exchange)).toMillis();
    }

    /** Says where to. */
    public void address(Exchange exchange) {
        Request request = exchange.getProperty(REQUEST, Request.class);
        exchange.getMessage().setBody(null);
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "GET");
        exchange.getMessage().setHeader(Exchange.HTTP_URI, asked(exchange).pds() + "/" + request.path());
        exchange.getMessage().setHeader(Exchange.HTTP_QUERY, request.query());
    }

    /** Replaces the HTTP answer by what it is. */
    public void read(Exchange exchange) throws IOException {
        if (answer(exchange) != null) {
            return; // The request failed, which is an answer, too.
        }
        int status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        byte[] body;
        try (InputStream in = exchange.getMessage().getBody(InputStream.class)) {
            body = in == null ? new byte[0] : whole(in, Lane.of(exchange));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while reading");
        }
        Map<String, String> headers = PdsHttp.headers(exchange.getMessage());
        crawl.budget().answered(asked(exchange), status, headers);
        headers.keySet().removeIf(name -> !name.startsWith("ratelimit-")); // of the rest nothing is used, and there may be megabytes
        answered(exchange, HostAnswer.of(status, body, headers));
    }

    /** Bounded by pdsHttp. Thousands of hosts that answer at once, each as much as it may, must not fill the memory. */
    private static byte[] whole(InputStream in, Lane lane) throws IOException, InterruptedException {
        byte[] begin = in.readNBytes(FREE);
        if (begin.length < FREE) {
            return begin;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream(FIRST_STEP);
        all.write(begin);
        byte[] part = new byte[FREE];
        for (int room = 0, n = 0; n >= 0; n = in.read(part)) {
            all.write(part, 0, n);
            if (all.size() + FREE > room && room < MOST) {
                room = Math.max(FIRST_STEP, room * GROWTH);
                lane.takeRoom(room);
            }
        }
        lane.needsRoom(all.size());
        return all.toByteArray();
    }

    /** There was no answer, or none that one would read to its end. */
    public void failed(Exchange exchange) {
        Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        FetchFailure thrown = FetchFailure.of(cause);
        if (thrown.kind() == FetchFailure.Kind.BUSY || Lane.of(exchange).hasWaitedForRoom()) {
            answered(exchange, HostAnswer.later());
            return;
        }
        boolean wholeHost = HOST_IS_GONE.contains(thrown.kind());
        HostAnswer.Failure failure = new HostAnswer.Failure(
                thrown.kind().name().toLowerCase(Locale.ROOT), thrown.message(), wholeHost);
        LOG.debug("{}: {}", asked(exchange).pds(), failure.what());
        answered(exchange, HostAnswer.none(failure));
    }

    private void answered(Exchange exchange, HostAnswer answer) {
        HostVisit visit = Crawl.visit(exchange);
        Request request = exchange.getProperty(REQUEST, Request.class);
        if (exchange.getProperty(OTHER_HOST) == null) {
            visit.note(answer, request == null ? "" : request.repo());
        }
        metrics.request(visit.rounds().pace().stage(), answer);
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(answer);
    }

    static HostAnswer answer(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof HostAnswer answer ? answer : null;
    }
}
