package dev.atmirror.testkit;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/** One way to answer a request for a page badly. */
@FunctionalInterface
public interface Fault {
    /** @param lines what the right answer would hold */
    void answer(HttpServerResponse response, List<String> lines);

    /** No fault: the right answer. */
    static Fault none() {
        return lines(lines -> lines);
    }

    static Fault status(int status, String... header) {
        return (response, lines) -> {
            for (int i = 0; i < header.length; i += 2) {
                response.putHeader(header[i], header[i + 1]);
            }
            response.setStatusCode(status).end("{\"message\":\"no\"}");
        };
    }

    /** Announces the whole body and closes the connection in the middle. */
    static Fault cutInTheMiddle() {
        return (response, lines) -> {
            Buffer body = Buffer.buffer(String.join("\n", lines));
            response.putHeader("Content-Length", String.valueOf(body.length()));
            response.write(body.getBuffer(0, body.length() / 2)).onComplete(done -> response.reset());
        };
    }

    /** A body that ends in the middle of its last line, and ends well as far as HTTP can tell. */
    static Fault truncatedLastLine() {
        return (response, lines) -> {
            String body = String.join("\n", lines);
            response.end(body.substring(0, Math.max(0, body.length() - 40)));
        };
    }

    static Fault html(String contentType) {
        return (response, lines) -> response.putHeader("Content-Type", contentType)
                .end("\n <!DOCTYPE html><html><body>We are back soon</body></html>");
    }

    static Fault json(String text) {
        return (response, lines) -> response.putHeader("Content-Type", "application/json").end(text);
    }

    /** The right lines, changed. */
    static Fault lines(UnaryOperator<List<String>> change) {
        return (response, lines) -> response.end(String.join("\n", change.apply(new ArrayList<>(lines))));
    }

    static Fault blankLines() {
        return lines(lines -> {
            List<String> more = new ArrayList<>(List.of("", "  "));
            lines.forEach(line -> Collections.addAll(more, line, "", "\r"));
            return more;
        });
    }

    static Fault duplicateLines() {
        return lines(lines -> {
            List<String> more = new ArrayList<>();
            lines.forEach(line -> Collections.addAll(more, line, line));
            more.addAll(lines);
            return more;
        });
    }

    static Fault lineInTheMiddle(String line) {
        return lines(lines -> {
            lines.add(lines.size() / 2, line);
            return lines;
        });
    }

    /** Sends for ever. */
    static Fault endless() {
        return (response, lines) -> {
            response.setChunked(true);
            Buffer chunk = Buffer.buffer(("{\"type\":\"nothing\"}" + " ".repeat(1000) + "\n").repeat(1000));
            more(response, chunk);
        };
    }

    private static void more(HttpServerResponse response, Buffer chunk) {
        response.write(chunk).onSuccess(written -> more(response, chunk));
    }

    /** Sends the head and the first line, then nothing. */
    static Fault stall() {
        return (response, lines) -> response.setChunked(true).write(lines.isEmpty() ? "\n" : lines.get(0) + "\n");
    }
}
