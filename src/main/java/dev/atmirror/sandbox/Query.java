package dev.atmirror.sandbox;

import io.vertx.ext.web.RoutingContext;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Query parameters, read as the reference server reads them. */
final class Query {
    private static final Pattern LEADING = Pattern.compile("\\s*([+-]?\\d+).*", Pattern.DOTALL);
    private static final BigInteger GREATEST = BigInteger.valueOf(Long.MAX_VALUE);

    private Query() {}

    /** @return empty when the parameter is missing, empty or given more than once */
    static Optional<String> single(RoutingContext context, String name) {
        List<String> values = context.queryParam(name);
        return values.size() == 1 && !values.get(0).isEmpty() ? Optional.of(values.get(0)) : Optional.empty();
    }

    /** The number that the text begins with, as {@code parseInt} finds it, at most {@link Long#MAX_VALUE}. */
    static OptionalLong leadingInteger(String text) {
        Matcher leading = LEADING.matcher(text);
        return leading.matches()
                ? OptionalLong.of(new BigInteger(leading.group(1)).min(GREATEST).longValue())
                : OptionalLong.empty();
    }
}
