package dev.atmirror.api;

import dev.atmirror.store.PipelinedLog;
import dev.atmirror.store.PlcLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Answers {@code GET /{did}} on the event loop where it can, before the request reaches the REST route of that path
 * (src/RATIONALE.md#the-short-path-of-lookups). Whatever is not the plain case, misses and failures included, goes on to
 * the route, so there is one place that says what they mean.
 */
public final class DocumentShortPath implements Handler<RoutingContext> {
    public static final String PATH = "/:did";

    private final PipelinedLog log;
    private final DirectoryAnswers directory;
    private final Counter answered;

    public DocumentShortPath(PipelinedLog log, DirectoryAnswers directory, MeterRegistry metrics) {
        this.log = log;
        this.directory = directory;
        this.answered = Counter.builder("atmirror.api.short.path")
                .description("Lookups answered before they reached their route; the routes count the others")
                .register(metrics);
    }

    @Override
    public void handle(RoutingContext context) {
        String did = context.pathParam("did");
        if (!did.startsWith("did:") || !directory.isServing()) {
            context.next();
            return;
        }
        log.head(did).onComplete(found -> answer(context, found));
    }

    private void answer(RoutingContext context, AsyncResult<Optional<PlcLog.Entry>> found) {
        Optional<PlcLog.Entry> entry = found.succeeded() ? found.result() : Optional.empty();
        if (entry.isPresent()) {
            answered.increment();
            DirectoryAnswers.document(entry.get()).to(context);
        } else {
            context.next();
        }
    }
}
