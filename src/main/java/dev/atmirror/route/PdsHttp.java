package dev.atmirror.route;

import dev.atmirror.net.FetchLimits;
import dev.atmirror.net.GuardedHttp;
import dev.atmirror.net.PoolLimits;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * Bean {@code pdsHttp}: makes an {@code http} endpoint fit for hosts that strangers choose, all endpoints over the same
 * connections. The step names it and says what only a step can:
 *
 * <pre>
 * httpClientConfigurer: "#pdsHttp"
 * followRedirects: true          # else Camel takes redirects out before this bean is asked; it bounds and checks them
 * disableStreamCache: true       # and streamCache: false on the route, or Camel copies the body before it is bounded
 * throwExceptionOnFailure: false
 * </pre>
 *
 * Timeouts given to the step have no effect. The answer's body is read in the same exchange: its connection is cut when
 * the exchange is done. The answer's headers become the message's, over those that were there, but for {@code Camel*}: what
 * a route must not have changed by a stranger, it keeps in properties of the exchange.
 */
public final class PdsHttp implements HttpClientConfigurer, AutoCloseable {
    private final GuardedHttp http;

    /** @param allowPrivate {@code atmirror.net.allow-private} */
    public PdsHttp(FetchLimits limits, PoolLimits pool, boolean allowPrivate) {
        this.http = new GuardedHttp(limits, pool, allowPrivate);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        http.configure(client);
    }

    @Override
    public void close() {
        http.close();
    }
}
