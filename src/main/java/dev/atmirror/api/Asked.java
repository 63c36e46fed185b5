package dev.atmirror.api;

import java.util.List;
import org.apache.camel.Exchange;

/** What a request asks for. */
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
}
