package dev.atmirror.api;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/** The parameters of a request's query. Read from its text, as Camel would also take request headers for parameters. */
record AskedQuery(Map<String, List<String>> parameters) {
    private static final int MOST_PARAMETERS = 32;

    /** @throws BadQuery when it does not read */
    static AskedQuery of(Exchange exchange) {
        String raw = exchange.getMessage().getHeader(Exchange.HTTP_RAW_QUERY, "", String.class);
        try {
            return new AskedQuery(new QueryStringDecoder(raw, java.nio.charset.StandardCharsets.UTF_8, false, MOST_PARAMETERS)
                    .parameters());
        } catch (IllegalArgumentException e) {
            throw new BadQuery("the query does not read: " + e.getMessage());
        }
    }

    /** The first of that name; an empty one is none. */
    Optional<String> text(String name) {
        return parameters.getOrDefault(name, List.of()).stream().findFirst().filter(text -> !text.isEmpty());
    }

    /** @throws BadQuery for what is no whole number from 1 to {@code most} */
    int number(String name, int usual, int most) {
        int number = text(name).map(text -> parsed(name, text)).orElse(usual);
        if (number < 1 || number > most) {
            throw new BadQuery(name + " must be between 1 and " + most);
        }
        return number;
    }

    /** The number behind which a list goes on; 0 for its beginning. @throws BadQuery for one that we did not hand out */
    int cursor() {
        int cursor = text("cursor").map(text -> parsed("cursor", text)).orElse(0);
        if (cursor < 0) {
            throw new BadQuery("cursor is none of ours");
        }
        return cursor;
    }

    private static int parsed(String name, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new BadQuery(name + " must be a whole number");
        }
    }
}
