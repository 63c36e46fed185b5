package dev.atmirror.net;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.entity.GZIPInputStreamFactory;
import org.apache.hc.client5.http.entity.InputStreamFactory;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.client5.http.impl.IdleConnectionEvictor;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * HTTP to hosts that strangers choose. What holds for each request, whatever the other side does: only addresses that
 * {@link AddressGuard} lets pass are dialled, only URLs that {@link PdsUrl} takes are fetched, also behind redirects,
 * of which it follows three; time, size, headers and connections are bounded; nothing is repeated, no cookie kept.
 *
 * <p>A caller reads each body to its end, or closes it, which costs the connection; what it forgets is cut at the time
 * limit. {@link FetchFailure} says what went wrong. All of it is fit for virtual threads: the client holds no monitor
 * while it waits, and the pool's lock no longer than to look for a connection.
 */
public final class GuardedHttp implements AutoCloseable {
    private static final String COMPRESS = ChainElement.COMPRESS.name();
    private static final int MOST_REDIRECTS = 3;
    private static final int MOST_HEADERS = 200; // of an answer; PDSes behind proxies send 20 to 40
    private static final int LONGEST_LINE = 16 << 10; // a content-security-policy takes a few KB
    // Unused for so long, a connection is looked at first: nothing repeats a request that was sent in vain.
    private static final TimeValue CHECK_AFTER = TimeValue.ofSeconds(1);

    private final FetchLimits limits;
    private final boolean allowPrivate;
    private final PoolingHttpClientConnectionManager connections;
    private final IdleConnectionEvictor evictor;
    private final ScheduledThreadPoolExecutor timer;
    private final TimeValue idle;

    /** @param allowPrivate true fetches from any address and port, by plain http too: for tests and the sandbox */
    public GuardedHttp(FetchLimits limits, PoolLimits pool, boolean allowPrivate) {
        this(limits, pool, allowPrivate, new AddressGuard(allowPrivate, half(limits.total())));
    }

    GuardedHttp(FetchLimits limits, PoolLimits pool, boolean allowPrivate, DnsResolver guard) {
        this.limits = limits;
        this.allowPrivate = allowPrivate;
        this.idle = TimeValue.of(pool.idle());
        this.connections = connections(limits, pool, guard);
        this.evictor = new IdleConnectionEvictor(connections, idle, idle);
        this.evictor.start();
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "time-limit");
            thread.setDaemon(true);
            return thread;
        });
        this.timer.setRemoveOnCancelPolicy(true); // or each answer would stay in memory until its time is up
    }

    /** Sets everything but the User-Agent. Several clients may be built so; they share the connections. */
    public void configure(HttpClientBuilder client) {
        LinkedHashMap<String, InputStreamFactory> gzip = new LinkedHashMap<>();
        gzip.put("gzip", GZIPInputStreamFactory.getInstance());
        gzip.put("x-gzip", GZIPInputStreamFactory.getInstance());
        client.setConnectionManager(connections)
                .setConnectionManagerShared(true)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(half(limits.total())))
                        .setResponseTimeout(Timeout.of(limits.silence()))
                        .setMaxRedirects(MOST_REDIRECTS)
                        .setConnectionKeepAlive(idle)
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setRedirectStrategy(DefaultRedirectStrategy.INSTANCE)
                .setContentDecoderRegistry(gzip)
                .setKeepAliveStrategy((response, context) -> DefaultConnectionKeepAliveStrategy.INSTANCE
                        .getKeepAliveDuration(response, context)
                        .min(idle)) // hosts offer hours
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableConnectionState() // all requests are alike; TLS client certificates there are none
                .addExecInterceptorFirst("time-limit", new TimeLimit(limits.total(), timer))
                .addExecInterceptorBefore(COMPRESS, "hop-guard", new HopGuard(limits.body(), allowPrivate))
                .addExecInterceptorAfter(COMPRESS, "refuse-layers", HopGuard::refuseLayers);
    }

    /** Cuts all connections. */
    @Override
    public void close() {
        evictor.shutdown();
        timer.shutdownNow();
        connections.close();
    }

    /** A full pool and silent name servers are said as such, before the host is blamed for the time they take. */
    private static Duration half(Duration total) {
        return total.dividedBy(2);
    }

    private static PoolingHttpClientConnectionManager connections(
            FetchLimits limits, PoolLimits pool, DnsResolver guard) {
        Http1Config heads = Http1Config.custom()
                .setMaxHeaderCount(MOST_HEADERS)
                .setMaxLineLength(LONGEST_LINE)
                .build();
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(guard)
                .setConnectionFactory(
                        ManagedHttpClientConnectionFactory.builder().http1Config(heads).build())
                .setMaxConnTotal(pool.total())
                .setMaxConnPerRoute(pool.perHost())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setHandshakeTimeout(Timeout.of(limits.connect()))
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(limits.connect()))
                        .setSocketTimeout(Timeout.of(limits.silence()))
                        .setValidateAfterInactivity(CHECK_AFTER)
                        .build())
                .build();
    }
}
