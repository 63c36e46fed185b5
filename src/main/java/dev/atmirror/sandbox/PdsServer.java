package dev.atmirror.sandbox;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicBoolean;

/** One host over HTTP: counts, keeps the limit, takes its time, and then answers or lies. On the event loop. */
final class PdsServer implements Handler<HttpServerRequest> {
    private static final String XRPC = "/xrpc/";

    private final PdsHost host;
    private final HostCounts counts;
    private final WindowLimit limit;
    private final PdsMethods methods;
    private final Lies lies;
    private final long delayMillis;
    private final Vertx vertx;

    /** What a host is made of. */
    record Parts(PdsHost host, HostCounts counts, WindowLimit limit, PdsMethods methods, Lies lies) {}

    /** @param delayMillis before each answer; 0 for none */
    PdsServer(Parts parts, long delayMillis, Vertx vertx) {
        this.host = parts.host();
        this.counts = parts.counts();
        this.limit = parts.limit();
        this.methods = parts.methods();
        this.lies = parts.lies();
        this.delayMillis = delayMillis;
        this.vertx = vertx;
    }

    @Override
    public void handle(HttpServerRequest request) {
        request.response().putHeader("Access-Control-Allow-Origin", "*");
        String path = request.path();
        if (path.startsWith(XRPC)) {
            xrpc(request, path.substring(XRPC.length()));
        } else if (path.equals("/.well-known/atproto-did")) {
            methods.answerWellKnown(request);
        } else if (path.equals("/")) {
            XrpcAnswers.body(request.response(), 200, "text/plain; charset=utf-8", """
                    A PDS in a sandbox: its accounts are invented and everything in it is gone when it stops.
                    Most API routes are under /xrpc/
                    """);
        } else {
            XrpcAnswers.body(request.response(), 404, "text/html; charset=utf-8", "<pre>Cannot GET</pre>\n");
        }
    }

    private void xrpc(HttpServerRequest request, String method) {
        counts.begin(method);
        countEnd(request);
        if (!method.equals("_health") && !limit.admit(request.response())) {
            return;
        }
        if (delayMillis > 0) {
            vertx.setTimer(delayMillis, timer -> answer(request, method));
        } else {
            answer(request, method);
        }
    }

    /** A response that is sent closes, too, if its connection does before the next request. */
    private void countEnd(HttpServerRequest request) {
        AtomicBoolean ended = new AtomicBoolean();
        Runnable end = () -> {
            if (ended.compareAndSet(false, true)) {
                counts.end();
            }
        };
        request.response().closeHandler(closed -> end.run());
        request.response().exceptionHandler(failed -> end.run());
        request.response().bodyEndHandler(sent -> end.run());
    }

    private void answer(HttpServerRequest request, String method) {
        if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
            XrpcAnswers.invalid(request.response(), "Incorrect HTTP method (" + request.method() + ") expected GET");
        } else if (!lies.tell(request, method)) {
            methods.answer(request, method);
        }
    }

    PdsHost host() {
        return host;
    }
}
