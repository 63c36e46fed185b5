package dev.atmirror.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.atmirror.identity.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.CorsHandler;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** The paths of the directory over HTTP, on one event loop, which also gives the beat of live traffic. */
final class SandboxServer {
    private static final int MAX_BODY = 100 * 1024; // as the reference server
    /** Bytes. Left to itself the kernel buffers megabytes, and a slow consumer of the stream would show only then. */
    private static final int SEND_BUFFER = 128 * 1024;

    private static final int WAIT_SECONDS = 10;

    private final Directory directory;
    private final FaultBox faults;
    private final Streams streams;
    private final Router router;
    private final Vertx vertx;
    private final HttpServer server;
    private final AtomicLong pages = new AtomicLong();

    /** What all servers of a sandbox run on: one event loop, and one thread for what takes long. */
    static Vertx vertx() {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setFileSystemOptions(new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    }

    /** @param vertx closed with this */
    SandboxServer(Vertx vertx, SandboxSettings settings, InstantSource clock, Directory directory, FaultBox faults) {
        this.directory = directory;
        this.faults = faults;
        this.streams = new Streams(directory.log(), clock, settings.streamWindow());
        this.vertx = vertx;
        this.router = Router.router(vertx);
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setCompressionSupported(true)
                        .setSendBufferSize(SEND_BUFFER)
                        .setHttp2ClearTextEnabled(false)) // A cut connection must cut one request only.
                .requestHandler(router);
        router.route().handler(CorsHandler.create()
                .addOrigin("*")
                .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST))
                .allowedHeader("Content-Type"));
        // The response to HEAD is GET's without the body, which Vert.x leaves out by itself.
        router.head().handler(context -> context.reroute(HttpMethod.GET, context.request().uri()));
        router.post().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY));
        errors();
    }

    /** Adds what any directory has; paths added before are free of limit and faults. */
    void serveDirectory(SandboxSettings settings, InstantSource clock) {
        router.get("/_health").handler(context -> Answers.json(context, 200, "{\"version\":\"sandbox\"}"));
        router.get("/").handler(context -> Answers.body(context, 200, "text/plain; charset=utf-8", """
                A PLC directory in a sandbox: its accounts are invented and everything in it is gone when it stops.
                Try /export?count=3 and /_sandbox
                """));
        router.route().handler(faults);
        router.route().handler(new RequestLimit(settings.requestLimit(), settings.requestWindow(), clock));
        router.get("/export").handler(context -> {
            pages.incrementAndGet();
            context.next();
        });
        router.get("/export").handler(new ExportPages(directory.log(), faults, settings));
        if (settings.sequences()) {
            router.get("/export/stream").handler(streams::upgrade);
        }
        new Lookups(directory.log()).addTo(router);
        router.post("/:did").handler(this::submit);
    }

    Router router() {
        return router;
    }

    Streams streams() {
        return streams;
    }

    long pages() {
        return pages.get();
    }

    private void errors() {
        router.errorHandler(400, context -> Answers.message(context, 400, "Bad Request"));
        router.errorHandler(404, context -> Answers.message(context, 404, "Cannot " + context.request().method() + " "
                + context.request().path()));
        router.errorHandler(405, context -> Answers.message(context, 404, "Cannot " + context.request().method() + " "
                + context.request().path()));
        router.errorHandler(413, context -> Answers.message(context, 413, "request entity too large"));
        router.errorHandler(500, context -> Answers.message(context, 500, "Internal Server Error"));
    }

    private void submit(RoutingContext context) {
        String body = Optional.ofNullable(context.body().asString()).filter(text -> !text.isBlank()).orElse("{}");
        if (directory.log().isFull()) {
            Answers.message(context, 503, "the sandbox's log is full");
            return;
        }
        try {
            Optional<String> refusal = directory.submit(context.pathParam("did"), Json.parse(body));
            if (refusal.isPresent()) {
                Answers.message(context, 400, refusal.get());
            } else {
                Answers.body(context, 200, "text/plain; charset=utf-8", "OK");
                streams.advance();
            }
        } catch (JsonProcessingException e) {
            Answers.message(context, 400, e.getOriginalMessage());
        }
    }

    /** Runs on the event loop, soon. */
    void soon(Runnable action) {
        vertx.runOnContext(ignored -> action.run());
    }

    void every(long milliseconds, Runnable action) {
        vertx.setPeriodic(milliseconds, timer -> action.run());
    }

    /** @return the port */
    int listen(String host, int port) {
        return await(server.listen(port, host), "cannot listen on " + host + ":" + port).actualPort();
    }

    /** Ends all that runs on the same event loop. */
    void close() {
        close(vertx);
    }

    static void close(Vertx vertx) {
        await(vertx.close(), "the sandbox does not stop");
    }

    /** Waits, but not for ever. @throws IllegalStateException beginning with {@code failure} */
    static <T> T await(Future<T> future, String failure) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(failure + ": " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(failure, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(failure, e);
        }
    }
}
