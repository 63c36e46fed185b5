package dev.atmirror.route;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Metrics of checks of handles: by source and outcome, never by handle, as strangers choose those. */
public final class HandleMetrics {
    private final MeterRegistry registry;
    private final CrawlMetrics stages;

    /** @param stages counts what each stage has gone through */
    public HandleMetrics(MeterRegistry registry, CrawlMetrics stages) {
        this.registry = registry;
        this.stages = stages;
    }

    /** @param source dns or well-known */
    void lookup(String source, String outcome) {
        Counter.builder("atmirror.handles.lookups")
                .description("Questions to DNS and to hosts of handles, by what came of them")
                .tags("source", source, "outcome", outcome)
                .register(registry)
                .increment();
    }

    /** @param outcome the result, or later */
    void checked(String outcome) {
        stages.items(HandleRounds.STAGE, outcome, 1);
    }

    /** Handles checked since the start of the program. */
    public long done() {
        return stages.done(HandleRounds.STAGE);
    }
}
