package dev.atmirror.route;

import static dev.atmirror.net.StrangeHost.gzip;
import static dev.atmirror.net.StrangeHost.ok;
import static dev.atmirror.net.StrangeHost.redirect;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.net.FetchFailure;
import dev.atmirror.net.FetchFailure.Kind;
import dev.atmirror.net.FetchLimits;
import dev.atmirror.net.PoolLimits;
import dev.atmirror.net.StrangeHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Camel's http component makes of the bean. */
@Timeout(60)
class PdsHttpIT {
    private static final int MOST_BYTES = 100_000;

    private final PdsHttp patient = pdsHttp(Duration.ofSeconds(30));
    private final PdsHttp hasty = pdsHttp(Duration.ofSeconds(1));
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final List<StrangeHost> hosts = new ArrayList<>();
    private Processor reader = PdsHttpIT::readAll;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        camel.getRegistry().bind("patient", patient);
        camel.getRegistry().bind("hasty", hasty);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String bean : List.of("patient", "hasty")) {
                    from("direct:" + bean)
                            .errorHandler(noErrorHandler())
                            .streamCache("false")
                            .to("http://pds.invalid?httpClientConfigurer=#" + bean + "&followRedirects=true"
                                    + "&disableStreamCache=true&throwExceptionOnFailure=false")
                            .process(exchange -> reader.process(exchange));
                }
            }
        });
        camel.start();
        template = camel.createProducerTemplate();
    }

    @AfterEach
    void stop() throws IOException {
        camel.stop();
        patient.close();
        hasty.close();
        for (StrangeHost host : hosts) {
            host.close();
        }
    }

    @Test
    void step_hostByHeader_asksEachOnItsOwn() {
        StrangeHost one = host(StrangeHost.saying(ok("one")));
        StrangeHost other = host(StrangeHost.saying(ok("other")));
        assertThat(fetch(one.url() + "/xrpc/a").getMessage().getBody()).isEqualTo("one");
        assertThat(fetch(other.url() + "/xrpc/b").getMessage().getBody()).isEqualTo("other");
        assertThat(one.requests.get(0).lines().get(0)).isEqualTo("GET /xrpc/a?limit=5 HTTP/1.1");
        assertThat(one.requests.get(0).lines()).contains("User-Agent: at-mirror/test");
    }

    @Test
    void step_notFound_isAnAnswer() {
        StrangeHost host = host(StrangeHost.saying(
                "HTTP/1.1 404 Gone\r\nRateLimit-Policy: 3000;w=300\r\nX: 1\r\nx: 2\r\nContent-Length: 2\r\n\r\n{}"));
        Exchange answer = fetch(host.url());
        assertThat(answer.getException()).isNull();
        assertThat(answer.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(404);
        assertThat(PdsHttp.headers(answer.getMessage())).containsEntry("ratelimit-policy", "3000;w=300").containsEntry("x", "2");
    }

    @Test
    void step_headersOfCamelInAnswer_areDropped() {
        StrangeHost host = host(StrangeHost.saying(
                "HTTP/1.1 200 OK\r\nCamelHttpUri: http://evil\r\ncamelhttpquery: x\r\nContent-Length: 0\r\n\r\n"));
        Map<String, Object> headers = fetch(host.url()).getMessage().getHeaders();
        assertThat(headers).containsEntry("CamelHttpUri", host.url()).containsEntry("CamelHttpQuery", "limit=5"); // ours
    }

    @Test
    void step_javaObjectInAnswer_isNotMadeOne() {
        StrangeHost host = host(StrangeHost.saying("HTTP/1.1 200 OK\r\nContent-Type: application/x-java-serialized-object\r\n"
                + "Content-Length: 4\r\n\r\nABCD"));
        assertThat(fetch(host.url()).getMessage().getBody()).isEqualTo("");
    }

    @Test
    void step_bodyUnderWay_isHandedOnUnread() {
        CountDownLatch begun = new CountDownLatch(1);
        StrangeHost host = host(new StrangeHost((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            await(begun); // nobody in Camel may have waited for the rest
            out.write("half".getBytes(StandardCharsets.US_ASCII));
        }));
        reader = exchange -> {
            begun.countDown();
            readAll(exchange);
        };
        assertThat(fetch(host.url()).getMessage().getBody()).isEqualTo("halfhalf");
    }

    @Test
    void step_bodyNotRead_isCutWithTheExchange() {
        CountDownLatch cut = new CountDownLatch(1);
        StrangeHost host = host(endless(cut));
        reader = exchange -> exchange.getMessage().setBody("ignored");
        assertThat(fetch(host.url()).getException()).isNull();
        await(cut);
    }

    @Test
    void step_endlessBody_failsAndIsCut() {
        CountDownLatch cut = new CountDownLatch(1);
        StrangeHost host = host(endless(cut));
        assertThat(FetchFailure.of(fetch(host.url()).getException()).kind()).isEqualTo(Kind.TOO_LARGE);
        await(cut);
    }

    @Test
    void step_gzip_isUnpackedOnceAndBounded() {
        StrangeHost small = host(gzipped(gzip("hello".getBytes(StandardCharsets.US_ASCII))));
        StrangeHost bomb = host(gzipped(gzip(new byte[10 << 20])));
        assertThat(fetch(small.url()).getMessage().getBody()).isEqualTo("hello");
        assertThat(FetchFailure.of(fetch(bomb.url()).getException()).kind()).isEqualTo(Kind.TOO_LARGE);
    }

    @Test
    void step_trickle_isTooSlow() {
        StrangeHost host = host(new StrangeHost((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write('x');
                out.flush();
                request.pause();
            }
        }));
        assertThat(FetchFailure.of(fetch("direct:hasty", host.url()).getException()).message())
                .isEqualTo("too slow: not answered in full within 1000 ms");
    }

    @Test
    void step_redirects_areBounded() {
        StrangeHost host = host(new StrangeHost(
                (request, out) -> out.write(redirect("http://localhost:1/x").getBytes(StandardCharsets.US_ASCII))));
        StrangeHost loop = host(new StrangeHost((request, out) ->
                out.write(redirect(request.path().replace("?limit=5", "") + "x").getBytes(StandardCharsets.US_ASCII))));
        assertThat(FetchFailure.of(fetch(loop.url() + "/").getException()).kind()).isEqualTo(Kind.REDIRECTS);
        assertThat(FetchFailure.of(fetch(host.url()).getException()).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void step_manyHostsAtOnce_areAskedAtOnce() throws Exception {
        int many = Runtime.version().feature() >= 21 ? 500 : 100;
        CountDownLatch all = new CountDownLatch(many); // no request is answered before all are there
        StrangeHost host = host(new StrangeHost((request, out) -> {
            all.countDown();
            await(all);
            out.write(ok("hello").getBytes(StandardCharsets.US_ASCII));
        }));
        ExecutorService threads = CrawlThreads.named("crawl");
        List<Future<Exchange>> answers = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            answers.add(threads.submit(() -> fetch(host.url())));
        }
        for (Future<Exchange> answer : answers) {
            assertThat(answer.get(30, TimeUnit.SECONDS).getException()).isNull();
            assertThat(answer.get().getMessage().getBody()).isEqualTo("hello");
        }
        threads.shutdown();
    }

    private static PdsHttp pdsHttp(Duration patience) {
        FetchLimits limits = new FetchLimits(patience, patience, patience, MOST_BYTES);
        return new PdsHttp(limits, new PoolLimits(1_000, 1_000, Duration.ofSeconds(30)), true);
    }

    private Exchange fetch(String url) {
        return fetch("direct:patient", url);
    }

    private Exchange fetch(String route, String url) {
        return template.send(route, exchange -> {
            exchange.getMessage().setHeader(Exchange.HTTP_URI, url);
            exchange.getMessage().setHeader(Exchange.HTTP_QUERY, "limit=5");
            exchange.getMessage().setHeader("User-Agent", "at-mirror/test");
        });
    }

    private static void readAll(Exchange exchange) throws IOException {
        try (InputStream body = exchange.getMessage().getBody(InputStream.class)) {
            exchange.getMessage().setBody(body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private StrangeHost host(StrangeHost host) {
        hosts.add(host);
        return host;
    }

    private static StrangeHost endless(CountDownLatch cut) {
        return new StrangeHost((request, out) -> {
            try {
                out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                while (true) {
                    out.write(("400\r\n" + "x".repeat(1024) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                }
            } finally {
                cut.countDown();
            }
        });
    }

    private static StrangeHost gzipped(byte[] body) {
        return new StrangeHost((request, out) -> {
            out.write(("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
