package dev.atmirror.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.plc.Times;
import dev.atmirror.store.CrawlSums;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/** Bean {@code service}: how the mirror itself is. */
public final class ServiceAnswers {
    private static final String PLAIN = "text/plain; charset=utf-8";

    private final String version;
    private final Readiness.Source readiness;
    private final Crawling crawling;
    private final PrometheusMeterRegistry metrics;
    private final String openapi;
    private final String paths;

    /** Of the stages that ask hosts. */
    public interface Crawling {
        /** Not older than half a minute; empty while the database has not said. Must not wait for it. */
        Optional<CrawlSums> sums();

        /** Whether the stage runs in this process. */
        boolean isOn(String stage);
    }

    public ServiceAnswers(
            String version, Readiness.Source readiness, Crawling crawling, PrometheusMeterRegistry metrics) {
        this.version = version;
        this.readiness = readiness;
        this.crawling = crawling;
        this.metrics = metrics;
        this.openapi = resource("/openapi.json").replace("${version}", version);
        this.paths = paths(openapi);
    }

    /** The paths of the description, one a line, so that what a person reads is what is there. */
    private static String paths(String openapi) {
        JsonNode described;
        try {
            described = Json.parse(openapi).get("paths");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("openapi.json is no JSON", e);
        }
        List<String> lines = new ArrayList<>();
        described.properties().forEach(path -> path.getValue().properties().forEach(verb -> lines.add(String.format(
                Locale.ROOT,
                "%-5s%-52s%s",
                verb.getKey().toUpperCase(Locale.ROOT),
                path.getKey(),
                verb.getValue().path("summary").asText().split("[;:.] ?", 2)[0]))));
        return String.join("\n", lines);
    }

    /** {@code GET /_health}: the program runs. */
    public void health(Exchange exchange) {
        Answer.json(200, Json.MAPPER.createObjectNode().put("version", version)).to(exchange);
    }

    /** {@code GET /ready}: 200 when answers are up to date, else 503; the body says how far each stage is. */
    public void ready(Exchange exchange) {
        Readiness now = readiness.now();
        ObjectNode json = Json.MAPPER.createObjectNode().put("ready", now.ready());
        now.trouble().database().ifPresent(why -> json.put("database", why));
        if (now.trouble().readOnly()) {
            json.put("readOnly", true);
        }
        ObjectNode stages = json.putObject("stages");
        ObjectNode log = stages.putObject("plc-logs");
        log.put("upstream", now.host())
                .put("cursor", now.kind())
                .put("seq", now.seq())
                .put("caughtUp", now.caughtUpOnce() && now.behind().isEmpty())
                .put("streaming", now.streaming());
        if (now.time().isAfter(Instant.EPOCH)) {
            log.put("time", Times.format(now.time()));
        }
        now.lastPoll().ifPresent(poll -> log.put("lastPoll", Times.format(poll)));
        now.behind().ifPresent(behind -> log.put("behindSeconds", behind.toSeconds()));
        now.trouble().upstream().ifPresent(error -> log.put("lastError", error));
        now.trouble().upstreamAt().ifPresent(at -> log.put("lastErrorAt", Times.format(at)));
        now.trouble().nextTry().ifPresent(at -> log.put("nextTryAt", Times.format(at)));
        // Their numbers only: hosts that are far behind, or never answer, make no lookup wrong.
        crawling.sums().map(CrawlStanding::json).ifPresent(all -> all.forEach((stage, standing) ->
                stages.set(stage, Json.MAPPER.createObjectNode().put("on", crawling.isOn(stage)).setAll(standing))));
        Answer answer = Answer.json(now.ready() ? 200 : 503, json);
        (now.ready() ? answer : answer.with("Retry-After", "60")).to(exchange);
    }

    /** {@code GET /metrics}, for Prometheus. */
    public void metrics(Exchange exchange) {
        // What nobody knows yet is no sample: dashboards and alerts would take NaN, or a 0 in its place, for a measurement.
        String known = metrics.scrape().lines().filter(line -> !line.endsWith(" NaN")).collect(Collectors.joining("\n", "", "\n"));
        Answer.ok("text/plain; version=0.0.4; charset=utf-8", known).to(exchange);
    }

    /** {@code GET /openapi.json}: written by hand, as generated descriptions say nothing of errors; a test holds it to the routes. */
    public void openapi(Exchange exchange) {
        Answer.ok(Answer.JSON, openapi).to(exchange);
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(ServiceAnswers.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String state(Readiness now) {
        if (now.trouble().database().isPresent()) {
            return "the database does not answer (" + now.trouble().database().get() + ")";
        }
        String state = now.ready() ? "up to date" : now.caughtUpOnce() ? "catching up" : "reading the log for the first time";
        return state + (now.streaming() ? ", following live" : "") + (now.trouble().readOnly() ? ", read-only database" : "");
    }

    private static String lastError(Readiness.Trouble trouble) {
        return "last error  " + trouble.upstream()
                .map(error -> error + trouble.upstreamAt().map(at -> ", " + Times.format(at)).orElse(""))
                .orElse("none")
                + trouble.nextTry().map(at -> "\nnext try    " + Times.format(at)).orElse("");
    }

    /** {@code GET /}, for a person. */
    public void home(Exchange exchange) {
        Readiness now = readiness.now();
        Answer.ok(
                        PLAIN,
                        String.join(
                                "\n",
                                "AT Mirror " + version,
                                "a verified mirror of " + now.host(),
                                "",
                                "state       " + state(now),
                                "position    " + (now.seq() > 0 ? "seq " + now.seq() + ", " : "")
                                        + (now.time().isAfter(Instant.EPOCH) ? Times.format(now.time()) : "at the beginning"),
                                "last poll   " + now.lastPoll().map(Times::format).orElse("none yet"),
                                lastError(now.trouble()),
                                "",
                                paths,
                                ""))
                .to(exchange);
    }
}
