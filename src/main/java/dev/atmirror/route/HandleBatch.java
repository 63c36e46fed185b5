package dev.atmirror.route;

import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;

/** Handles that were claimed together and are saved together. */
final class HandleBatch {
    private static final String BATCH = "handleBatch";

    private final List<HandleTask> tasks;
    private volatile Optional<Exception> failure = Optional.empty();

    HandleBatch(List<HandleTask> tasks) {
        this.tasks = List.copyOf(tasks);
    }

    void enter(Exchange exchange) {
        exchange.setProperty(BATCH, this);
    }

    /** Empty in an exchange that has not come so far. */
    static Optional<HandleBatch> of(Exchange exchange) {
        return Optional.ofNullable(exchange.getProperty(BATCH, HandleBatch.class));
    }

    List<HandleTask> tasks() {
        return tasks;
    }

    /** Our side failed: nothing of it is stored. */
    void broken(Exception cause) {
        failure = Optional.of(cause);
    }

    Optional<Exception> failure() {
        return failure;
    }
}
