package dev.atmirror.api;

import dev.atmirror.identity.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.commons.codec.digest.XXHash32;

/** One HTTP answer: status, media type and body, with what caches need. */
record Answer(int status, String type, byte[] body, Optional<Instant> lastModified, Map<String, String> headers) {
    static final String JSON = "application/json; charset=utf-8";
    private static final int NOT_MODIFIED = 304;
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

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

    private static byte[] bytes(Object json) {
        return Json.write(json).getBytes(StandardCharsets.UTF_8);
    }

    /** Writes the answer, or 304 where the client has it already (RFC 9110, section 13.1). */
    void to(Exchange exchange) {
        Message message = exchange.getMessage();
        String noneMatch = message.getHeader("If-None-Match", "", String.class);
        String ifModifiedSince = message.getHeader("If-Modified-Since", String.class);
        // Query parameters and request headers would come back as response headers otherwise.
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, type);
        headers.forEach(message::setHeader);
        boolean fresh = false;
        if (status == 200) {
            String tag = tag();
            message.setHeader("ETag", tag);
            lastModified.ifPresent(time -> message.setHeader("Last-Modified", HTTP_DATE.format(time)));
            fresh = noneMatch.isEmpty() ? unmodifiedSince(ifModifiedSince) : matches(noneMatch, tag);
        }
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, fresh ? NOT_MODIFIED : status);
        // Not the array: Camel would stream that, a second hop for a few hundred bytes. No body at all with 304, whose
        // Content-Length would claim that the answer is empty.
        message.setBody(fresh ? null : ByteBuffer.wrap(body));
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

    private boolean unmodifiedSince(String date) {
        if (date == null || lastModified.isEmpty()) {
            return false;
        }
        try {
            Instant since = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
            return lastModified.get().getEpochSecond() <= since.getEpochSecond();
        } catch (java.time.DateTimeException e) {
            return false; // An unreadable condition is no condition.
        }
    }
}
