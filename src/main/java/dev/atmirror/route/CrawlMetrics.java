package dev.atmirror.route;

import dev.atmirror.pds.HostAnswer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Metrics of the stages that ask hosts: by stage and outcome, never by host, as strangers choose the names of hosts. */
public final class CrawlMetrics {
    private final MeterRegistry registry;
    private final Map<String, LongAdder> done = new ConcurrentHashMap<>();

    public CrawlMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void request(String stage, HostAnswer answer) {
        String outcome = answer.failure()
                .map(HostAnswer.Failure::kind)
                .orElseGet(() -> answer.isOk() ? "ok" : answer.isThrottled() ? "status_429" : "status_4xx");
        counter("atmirror.crawl.requests", "Requests to hosts, by what came of them", stage, outcome).increment();
    }

    /** @param items hosts, repos or accounts, whatever the stage goes through */
    void items(String stage, String outcome, int items) {
        counter("atmirror.crawl.items", "Hosts, repos or accounts gone through, by outcome", stage, outcome).increment(items);
        done.computeIfAbsent(stage, s -> new LongAdder()).add(items);
    }

    void records(int records) {
        Counter.builder("atmirror.crawl.records")
                .description("Records stored or seen unchanged")
                .register(registry)
                .increment(records);
    }

    /** Items of a stage since the start of the program. */
    public long done(String stage) {
        LongAdder items = done.get(stage);
        return items == null ? 0 : items.sum();
    }

    private Counter counter(String name, String help, String stage, String outcome) {
        return Counter.builder(name)
                .description(help)
                .tags("stage", stage, "outcome", outcome)
                .register(registry);
    }
}
