package dev.atmirror.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.DidDocument;
import dev.atmirror.identity.Json;
import dev.atmirror.identity.PlcOperation;
import dev.atmirror.plc.Times;
import dev.atmirror.store.PlcLog;
import java.util.List;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bean {@code directory}: the paths of the reference directory, answered as it does, status, body and media type
 * (did-method-plc, packages/server/src/routes.ts). Until the log has been read to its end once, 503 says how far it is.
 */
public final class DirectoryAnswers {
    private static final String DID_DOCUMENT = "application/did+ld+json; charset=utf-8";
    private static final String RETRY_AFTER_SECONDS = "60";
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryAnswers.class);

    private final PlcLog log;
    private final Readiness.Source readiness;
    private final boolean serveWhileBehind;
    private final String upstream;

    public DirectoryAnswers(PlcLog log, Readiness.Source readiness, boolean serveWhileBehind, String upstream) {
        this.log = log;
        this.readiness = readiness;
        this.serveWhileBehind = serveWhileBehind;
        this.upstream = upstream;
    }

    /** {@code GET /{did}} */
    public void document(Exchange exchange) {
        head(exchange, DirectoryAnswers::document);
    }

    static Answer document(PlcLog.Entry entry) {
        return tombstoned(entry)
                ? unavailable(entry.did())
                : Answer.ok(DID_DOCUMENT, DidDocument.of(entry.did(), entry.operation()), entry.createdAt());
    }

    /** Whether lookups are answered yet. */
    boolean isServing() {
        Readiness now = readiness.now();
        // Nobody catches up by waiting for a database that takes no writes: what is there is what there is to answer.
        return serveWhileBehind || now.caughtUpOnce() || now.trouble().readOnly();
    }

    /** {@code GET /{did}/data} */
    public void data(Exchange exchange) {
        head(exchange, entry -> tombstoned(entry)
                ? unavailable(entry.did())
                : Answer.ok(Answer.JSON, entry.operation().data(entry.did()), entry.createdAt()));
    }

    /** {@code GET /{did}/log/last} */
    public void last(Exchange exchange) {
        head(exchange, entry -> Answer.ok(Answer.JSON, entry.operation().json(), entry.createdAt()));
    }

    /** {@code GET /{did}/log}: without the nullified operations */
    public void log(Exchange exchange) {
        whole(exchange, entries -> {
            ArrayNode operations = Json.MAPPER.createArrayNode();
            entries.stream().filter(entry -> !entry.nullified()).forEach(entry -> operations.add(entry.operation().json()));
            return operations;
        });
    }

    /** {@code GET /{did}/log/audit}: all, with times and CIDs */
    public void audit(Exchange exchange) {
        whole(exchange, entries -> {
            ArrayNode operations = Json.MAPPER.createArrayNode();
            for (PlcLog.Entry entry : entries) {
                ObjectNode line = operations.addObject().put("did", entry.did());
                line.set("operation", entry.operation().json());
                line.put("cid", entry.cid())
                        .put("nullified", entry.nullified())
                        .put("createdAt", Times.format(entry.createdAt()));
            }
            return operations;
        });
    }

    /** {@code POST /{did}}: a mirror has no say in what an identity is. */
    public void refuseWrite(Exchange exchange) {
        Answer.message(405, "this is a read-only mirror; send operations to " + upstream)
                .with("Allow", "GET, HEAD, OPTIONS")
                .to(exchange);
    }

    private static boolean tombstoned(PlcLog.Entry entry) {
        return entry.operation().kind() == PlcOperation.Kind.TOMBSTONE;
    }

    private static Answer unavailable(String did) {
        return Answer.message(404, "DID not available: " + did);
    }

    private void head(Exchange exchange, Function<PlcLog.Entry, Answer> answer) {
        answer(exchange, did -> log.head(did).map(answer).orElseGet(() -> unregistered(did)));
    }

    private void whole(Exchange exchange, Function<List<PlcLog.Entry>, ArrayNode> render) {
        answer(exchange, did -> {
            List<PlcLog.Entry> entries = log.log(did);
            return entries.isEmpty()
                    ? unregistered(did)
                    : Answer.ok(
                            Answer.JSON,
                            render.apply(entries),
                            entries.get(entries.size() - 1).createdAt());
        });
    }

    private static Answer unregistered(String did) {
        return Answer.message(404, AccountLookup.absent(did, "DID not registered: "));
    }

    private void answer(Exchange exchange, Function<String, Answer> lookup) {
        Readiness now = readiness.now();
        Answer answer;
        if (!isServing()) {
            answer = Answer.message(503, "still reading the log of " + now.host() + ": " + now.behindText() + " behind")
                    .with("Retry-After", RETRY_AFTER_SECONDS);
        } else {
            answer = lookup.apply(Asked.inPath(exchange, "did"));
        }
        answer.to(exchange);
    }

    /** For failure policies: what a client sees when the database is away. */
    public void failed(Exchange exchange) {
        Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        LOG.warn("a lookup failed: {}", cause == null ? "unknown" : cause.getMessage());
        String message = "the mirror's database does not answer";
        boolean xrpc = exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class).startsWith("/xrpc/");
        Answer answer = xrpc ? XrpcFailure.answer(503, "ServiceUnavailable", message) : Answer.message(503, message);
        answer.with("Retry-After", "10").to(exchange);
    }
}
