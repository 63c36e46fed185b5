package dev.atmirror.api;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/** The parameters of a request's query. Read from its text, as Camel would also take request headers for parameters. */
record AskedQuery(Map<String, List<String>> parameters) {
    private static final int MOST_PARAMETERS = 1_100; // 1,000 DIDs, each by itself

    /** @throws BadQuery when it does not read */
    static AskedQuery of(Exchange exchange) {
        return of(exchange.getMessage().getHeader(Exchange.HTTP_RAW_QUERY, "", String.class));
    }

    /** @param raw as it stands behind the question mark @throws BadQuery when it does not read */
    static AskedQuery of(String raw) {
        if (raw.chars().filter(c -> c == '&').count() >= MOST_PARAMETERS) { // the decoder would leave the rest out
            throw new BadQuery("more than " + MOST_PARAMETERS + " parameters");
        }
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

    /** All of that name, each split at its commas; empty for none. */
    Set<String> texts(String name) {
        return parameters.getOrDefault(name, List.of()).stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** {@code true} or {@code false}, which is what goes without saying. @throws BadQuery for anything else */
    boolean flag(String name) {
        return switch (text(name).orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadQuery(name + " must be true or false");
        };
    }

    /** @throws BadQuery for what is no whole number from 1 to {@code most} */
    int number(String name, int usual, int most) {
        int number = text(name).map(text -> parsed(name, text)).orElse(usual);
        if (number < 1 || number > most) {
            throw new BadQuery(name + " must be between 1 and " + most);
        }
        return number;
    }

    /** As {@link #cursor}, where there are more than two thousand million. */
    long longCursor() {
        String text = text("cursor").orElse("0");
        if (!text.matches("[0-9]{1,18}")) {
            throw new BadQuery("cursor is none of ours");
        }
        return Long.parseLong(text);
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
