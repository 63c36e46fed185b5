package dev.atmirror.route;

import dev.atmirror.plc.Times;
import dev.atmirror.snapshot.SnapshotFolder;
import dev.atmirror.snapshot.SnapshotFolder.Published;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Sends the bytes of dumps and manifests, by parts where that is asked, before the request reaches the REST route of that path:
 * the server sends a file as fast as its client takes it, on no thread (src/RATIONALE.md#snapshots). What is no whole dump goes
 * on to the route, which says so.
 *
 * <p>A file that is pruned while it is sent is sent to its end, where the system keeps what is open (all but Windows).
 */
public final class SnapshotFiles implements Handler<RoutingContext> {
    public static final String PATH = "/snapshots/:file";
    private static final String MATCHES_ALL = "*";

    private final SnapshotFolder folder;

    public SnapshotFiles(SnapshotFolder folder) {
        this.folder = folder;
    }

    @Override
    public void handle(RoutingContext context) {
        String name = context.pathParam("file");
        if (!SnapshotFolder.isDumpOrManifest(name)) {
            context.next();
            return;
        }
        // Its manifest is read and parsed for it: not on the event loop.
        context.vertx().executeBlocking(() -> folder.published(name), false).onComplete(found -> {
            if (found.succeeded() && found.result().isPresent()) {
                answer(context, found.result().get());
            } else {
                context.next();
            }
        });
    }

    private static void answer(RoutingContext context, Published file) {
        HttpServerRequest request = context.request();
        String modified = Times.http(file.created());
        HttpServerResponse response = context.response()
                .putHeader("ETag", file.tag())
                .putHeader("Last-Modified", modified)
                .putHeader("Accept-Ranges", "bytes")
                // The strong tag names these very bytes, so they are not compressed once more on their way.
                .putHeader("Content-Encoding", "identity");
        response.headers().remove("Vary");
        if (hasAlready(request, file.tag(), modified)) {
            response.setStatusCode(304).end();
            return;
        }
        boolean headOnly = ApiServer.isHead(context);
        Optional<String> range = header(request, "Range").filter(asked -> !headOnly && isOf(request, file.tag(), modified));
        send(context, file, range.map(asked -> ByteRange.of(asked, file.bytes())).orElseGet(() -> ByteRange.whole(file.bytes())));
    }

    private static void send(RoutingContext context, Published file, ByteRange range) {
        HttpServerResponse response = context.response();
        if (range.kind() != ByteRange.Kind.WHOLE) {
            response.putHeader("Content-Range", range.of(file.bytes()));
        }
        if (range.kind() == ByteRange.Kind.NONE) {
            response.setStatusCode(416).end();
            return;
        }
        response.setStatusCode(range.kind() == ByteRange.Kind.PART ? 206 : 200)
                .putHeader("Content-Type", file.type())
                .putHeader("Content-Length", String.valueOf(range.count()));
        if (ApiServer.isHead(context)) {
            response.end();
            return;
        }
        // Cut, where it cannot be sent, be it pruned this moment: whoever asks again is told.
        response.sendFile(file.path().toString(), range.first(), range.count())
                .onFailure(e -> context.request().connection().close());
    }

    private static boolean hasAlready(HttpServerRequest request, String tag, String modified) {
        Optional<String> tags = header(request, "If-None-Match");
        if (tags.isPresent()) {
            return Stream.of(tags.get().split(","))
                    .map(String::strip)
                    .map(one -> one.startsWith("W/") ? one.substring(2) : one)
                    .anyMatch(one -> one.equals(tag) || one.equals(MATCHES_ALL));
        }
        // Equal, not later: these files never change, and other dates are those of other files.
        return header(request, "If-Modified-Since").filter(modified::equals).isPresent();
    }

    /** Whether a part is wanted of this version only. */
    private static boolean isOf(HttpServerRequest request, String tag, String modified) {
        return header(request, "If-Range")
                .map(condition -> condition.equals(tag) || condition.equals(modified))
                .orElse(true);
    }

    private static Optional<String> header(HttpServerRequest request, String name) {
        return Optional.ofNullable(request.getHeader(name)).map(String::strip);
    }
}
