package dev.atmirror.route;

import dev.atmirror.net.FetchLimits;
import dev.atmirror.net.GuardedHttp;
import dev.atmirror.net.PoolLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Message;
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
 * the exchange is done. The answer's headers become the message's, over those that were there, but for {@code Camel*}:
 * what a route must not have changed by a stranger, it keeps in properties of the exchange.
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

    /** The answer's headers as {@link dev.atmirror.net.HostBudget#answered} takes them; of a repeated one, the last. */
    public static Map<String, String> headers(Message answer) {
        Map<String, String> headers = new HashMap<>();
        answer.getHeaders().forEach((name, value) -> {
            Object last = value instanceof List<?> all && !all.isEmpty() ? all.get(all.size() - 1) : value;
            headers.put(name.toLowerCase(Locale.ROOT), String.valueOf(last));
        });
        return headers;
    }

    @Override
    public void close() {
        http.close();
    }
}
