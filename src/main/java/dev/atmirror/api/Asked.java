package dev.atmirror.api;

import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;

/** What a request asks for, and who asks. */
final class Asked {
    private Asked() {}

    /**
     * A parameter of the path. Camel puts headers, the query and the path into one map, in this order, and makes a list
     * of what has the same name: only the last of it is the path's.
     */
    static String inPath(Exchange exchange, String name) {
        Object value = exchange.getMessage().getHeader(name, "");
        return String.valueOf(value instanceof List<?> all ? all.get(all.size() - 1) : value);
    }

    /**
     * A header of the request, which the query cannot stand in for: Camel keeps both in one map. The server has made one line
     * of what came as several.
     */
    static Optional<String> header(Exchange exchange, String name) {
        String value = exchange.getMessage() instanceof HttpMessage http
                ? http.getRequest().getHeader(name)
                : exchange.getMessage().getHeader(name, String.class);
        return Optional.ofNullable(value).filter(text -> !text.isEmpty());
    }

    /** Empty where there is none. The server bounds its size. */
    static byte[] body(Exchange exchange) {
        byte[] body = exchange.getMessage().getBody(byte[].class);
        return body == null ? new byte[0] : body;
    }

    /** The address that the request came from, as far as limits tell clients apart; a proxy before the mirror is one client. */
    static String client(Exchange exchange) {
        Object address = exchange.getMessage().getHeader(VertxPlatformHttpConstants.REMOTE_ADDRESS);
        return address instanceof SocketAddress socket ? ClientNetwork.of(socket.hostAddress()) : "unknown";
    }
}
