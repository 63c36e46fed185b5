package dev.atmirror.api;

import dev.atmirror.identity.Json;
import dev.atmirror.plc.Times;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.commons.codec.digest.XXHash32;

/** One HTTP answer: status, media type and body, with what caches need. */
record Answer(int status, String type, byte[] body, Optional<Instant> lastModified, Map<String, String> headers) {
    static final String JSON = "application/json; charset=utf-8";
    static final String LINES = "application/jsonlines; charset=utf-8";
    private static final int NOT_MODIFIED = 304;

    static Answer ok(String type, Object json, Instant lastModified) {
        return new Answer(200, type, bytes(json), Optional.of(lastModified), Map.of());
    }

    static Answer ok(String type, String text) {
        return new Answer(200, type, text.getBytes(StandardCharsets.UTF_8), Optional.empty(), Map.of());
    }

    static Answer json(int status, Object json) {
        return new Answer(status, JSON, bytes(json), Optional.empty(), Map.of());
    }

    /** An error as the reference directory words it. */
    static Answer message(int status, String message) {
        return json(status, Map.of("message", message));
    }

    Answer with(String header, String value) {
        return new Answer(status, type, body, lastModified, Map.of(header, value));
    }

    /** One JSON value a line, as {@code application/jsonlines}, the last line ended like the others. */
    static Answer lines(Collection<?> values) {
        StringBuilder text = new StringBuilder();
        values.forEach(value -> text.append(Json.write(value)).append('\n'));
        return ok(LINES, text.toString());
    }

    private static byte[] bytes(Object json) {
        return Json.write(json).getBytes(StandardCharsets.UTF_8);
    }

    /** What goes out. @param body empty with 304 */
    record Reply(int status, Map<String, String> headers, Optional<byte[]> body) {}

    /** The answer, or 304 where the client has it already (RFC 9110, section 13.1). */
    Reply reply(Optional<String> noneMatch, Optional<String> ifModifiedSince) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Type", type);
        if (status == 200) {
            String tag = tag();
            all.put("ETag", tag);
            lastModified.ifPresent(time -> all.put("Last-Modified", Times.http(time)));
            boolean fresh = noneMatch.map(tags -> matches(tags, tag)).orElseGet(() -> unmodifiedSince(ifModifiedSince));
            if (fresh) {
                return new Reply(NOT_MODIFIED, all, Optional.empty());
            }
        }
        return new Reply(status, all, Optional.of(body));
    }

    void to(Exchange exchange) {
        Message message = exchange.getMessage();
        Reply reply = reply(Asked.header(exchange, "If-None-Match"), Asked.header(exchange, "If-Modified-Since"));
        // Query parameters and request headers would come back as response headers otherwise.
        message.removeHeaders("*");
        reply.headers.forEach(message::setHeader);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, reply.status);
        // Not the array: Camel would stream that, a second hop for a few hundred bytes. No body at all with 304, whose
        // Content-Length would claim that the answer is empty.
        message.setBody(reply.body.map(ByteBuffer::wrap).orElse(null));
    }

    void to(RoutingContext context) {
        HttpServerRequest request = context.request();
        Reply reply = reply(
                Optional.ofNullable(request.getHeader("If-None-Match")),
                Optional.ofNullable(request.getHeader("If-Modified-Since")));
        HttpServerResponse response = context.response().setStatusCode(reply.status);
        reply.headers.forEach(response::putHeader);
        if (reply.body.isEmpty()) {
            response.end();
            return;
        }
        // Said here, since for HEAD the server leaves out the body and with it the length.
        response.putHeader("Content-Length", String.valueOf(reply.body.get().length));
        response.end(Buffer.buffer(reply.body.get()));
    }

    /** Weak, since compression changes the bytes and not what they say. */
    private String tag() {
        XXHash32 hash = new XXHash32();
        hash.update(body, 0, body.length);
        return "W/\"" + Integer.toHexString(body.length) + "-" + Long.toHexString(hash.getValue()) + "\"";
    }

    private static boolean matches(String noneMatch, String tag) {
        for (String candidate : noneMatch.split(",")) {
            String trimmed = candidate.strip();
            if (trimmed.equals("*") || trimmed.equals(tag) || ("W/" + trimmed).equals(tag)) {
                return true;
            }
        }
        return false;
    }

    private boolean unmodifiedSince(Optional<String> date) {
        if (date.isEmpty() || lastModified.isEmpty()) {
            return false;
        }
        try {
            Instant since = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.get()));
            return lastModified.get().getEpochSecond() <= since.getEpochSecond();
        } catch (java.time.DateTimeException e) {
            return false; // An unreadable condition is no condition.
        }
    }
}
