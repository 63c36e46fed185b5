package dev.atmirror.route;

import dev.atmirror.net.FetchFailure;
import dev.atmirror.plc.LogCursor;
import dev.atmirror.plc.PlcPage;
import dev.atmirror.plc.RequestPace;
import dev.atmirror.plc.UpstreamAddress;
import dev.atmirror.plc.UpstreamFailure;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;

/** Bean {@code upstreamAnswers}: from HTTP answers to pages, and from failed ones to waiting. */
public final class UpstreamAnswers {
    private static final int TOO_MANY_REQUESTS = 429;

    private final LogCursor cursor;
    private final RequestPace pace;
    private final String name;

    /** @param upstream for messages */
    public UpstreamAnswers(LogCursor cursor, RequestPace pace, UpstreamAddress upstream) {
        this.cursor = cursor;
        this.pace = pace;
        this.name = "upstream " + upstream.url();
    }

    /** Replaces the body of the answer by the page that it is. */
    public void page(Exchange exchange) throws IOException {
        String type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class);
        if (type.startsWith("text/html")) {
            throw new UpstreamFailure("html", "HTML in place of JSON lines");
        }
        byte[] body;
        try (InputStream in = exchange.getMessage().getBody(InputStream.class)) {
            body = in == null ? new byte[0] : in.readAllBytes();
        }
        Map<String, Object> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(exchange.getMessage().getHeaders());
        PlcPage page = cursor.readPage(body);
        pace.answered(name -> Optional.ofNullable(headers.get(name)).map(String::valueOf));
        exchange.getMessage().setBody(page);
        exchange.getMessage().removeHeaders("*");
    }

    /** Schedules the retry by Retry-After or by backoff, and says what happened. */
    public void failed(Exchange exchange) {
        Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (cause instanceof HttpOperationFailedException answer) {
            int status = answer.getStatusCode();
            if (status == 400) {
                cursor.refused();
            }
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            if (answer.getResponseHeaders() != null) {
                headers.putAll(answer.getResponseHeaders());
            }
            String kind = status == TOO_MANY_REQUESTS ? "status_429" : status >= 500 ? "status_5xx" : "status_other";
            pace.failed(status, kind, name + answered(answer), header -> Optional.ofNullable(headers.get(header)));
            return;
        }
        Function<String, Optional<String>> none = header -> Optional.empty();
        if (cause instanceof UpstreamFailure failure) {
            pace.failed(0, failure.kind(), name + " sent " + failure.getMessage(), none);
        } else {
            pace.failed(0, "connection", name + " " + FetchFailure.of(cause).predicate(), none);
        }
    }

    private static String answered(HttpOperationFailedException answer) {
        String elsewhere = answer.isRedirectError() && answer.getRedirectLocation() != null
                ? ", a redirect to " + answer.getRedirectLocation() + " that is not followed; atmirror.plc.upstream takes the new address"
                : "";
        return " answered " + answer.getStatusCode() + elsewhere;
    }
}
