package dev.atmirror.plc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Every metric of the log's stages, with its help text. */
public final class PlcMetrics {
    private final MeterRegistry registry;

    public PlcMetrics(MeterRegistry registry) {
        this.registry = registry;
        stored(0);
        duplicates(0);
        for (Rejection reason : Rejection.values()) {
            rejected(reason, 0);
        }
        for (String kind : new String[] {"blank", "unknown_type", "unparsable", "cut"}) {
            lines(kind, 0);
        }
        for (String kind : new String[] {
            "status_429", "status_5xx", "status_other", "connection", "html", "too_large", "too_slow", "unparsable"
        }) {
            upstreamFailure(kind, 0);
        }
        storageFailure(0);
    }

    public void stored(int operations) {
        counter("atmirror.plc.operations.stored", "Operations verified and stored").increment(operations);
    }

    public void duplicates(int operations) {
        counter("atmirror.plc.operations.duplicate", "Operations read again and already stored").increment(operations);
    }

    public void rejected(Rejection reason, int operations) {
        counter("atmirror.plc.operations.rejected", "Operations that failed verification, by reason", "reason",
                        reason.name())
                .increment(operations);
    }

    /** Counts the lines of an answer that hold no operation. @param unparsable those of them that are kept as rejected */
    void lines(ExportLines answer, int unparsable) {
        lines("blank", answer.blank());
        lines("unknown_type", answer.unknownTypes());
        lines("unparsable", unparsable);
        lines("cut", answer.lastLineBroken() ? 1 : 0);
    }

    void lines(String kind, int count) {
        counter("atmirror.plc.lines.skipped", "Lines of an export that hold no operation, by kind", "kind", kind)
                .increment(count);
    }

    public void upstreamFailure(String kind, int count) {
        counter("atmirror.plc.upstream.failures", "Requests the upstream did not answer as it should, by kind", "kind",
                        kind)
                .increment(count);
    }

    public void streamClosed(String reason) {
        counter("atmirror.plc.stream.closed", "Ends of the live stream, by reason", "reason", reason).increment();
    }

    public void storageFailure(int count) {
        counter("atmirror.plc.storage.failures", "Pages that could not be stored and were read again").increment(count);
    }

    private Counter counter(String name, String help, String... tags) {
        return Counter.builder(name).description(help).tags(tags).register(registry);
    }
}
