package dev.atmirror.api;

import dev.atmirror.snapshot.DumpKind;
import dev.atmirror.snapshot.SnapshotFolder;
import dev.atmirror.snapshot.SnapshotFolder.Dump;
import dev.atmirror.snapshot.SnapshotListing;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;

/** Bean {@code snapshots}: which dumps there are. Their bytes are sent before a request gets here. */
public final class SnapshotAnswers {
    private static final List<String> BEST = List.of("all", "plc_log_entries-raw");

    private final Optional<SnapshotFolder> folder;

    /** @param folder of what is handed out; empty where nothing is */
    public SnapshotAnswers(Optional<SnapshotFolder> folder) {
        this.folder = folder;
    }

    /** {@code GET /snapshots/}: a page for browsers, JSON for everyone else. */
    public void index(Exchange exchange) {
        boolean browser = Asked.header(exchange, "Accept").orElse("").contains("text/html");
        // Of the address, not of the file: both /snapshots and /snapshots/ lead here, behind a proxy perhaps under another.
        String prefix = exchange.getMessage().getHeader(Exchange.HTTP_URI, "", String.class).endsWith("/") ? "" : "snapshots/";
        folder.map(SnapshotFolder::published)
                .map(dumps -> browser ? Answer.ok("text/html; charset=utf-8", SnapshotPage.html(dumps, prefix)) : json(dumps))
                .map(answer -> answer.with("Vary", "Accept, Accept-Encoding"))
                .orElseGet(SnapshotAnswers::off)
                .to(exchange);
    }

    /** {@code GET /snapshots/index.json} */
    public void list(Exchange exchange) {
        folder.map(SnapshotFolder::published).map(SnapshotAnswers::json).orElseGet(SnapshotAnswers::off).to(exchange);
    }

    private static Answer json(List<Dump> dumps) {
        return Answer.json(200, SnapshotListing.json(dumps));
    }

    /** {@code GET /snapshots/latest}: the newest that a mirror can start from, with everything if there is one. */
    public void latest(Exchange exchange) {
        redirect(exchange, BEST.stream(), "");
    }

    /** {@code GET /snapshots/latest/{name}} */
    public void latestOf(Exchange exchange) {
        String asked = Asked.inPath(exchange, "name");
        Stream<String> file = DumpKind.names().contains(asked) ? Stream.of(DumpKind.of(asked).file()) : Stream.of(asked);
        redirect(exchange, file, "../");
    }

    private void redirect(Exchange exchange, Stream<String> names, String up) {
        if (folder.isEmpty()) {
            off().to(exchange);
            return;
        }
        List<Dump> dumps = folder.get().published();
        names.flatMap(name -> dumps.stream().filter(dump -> dump.name().equals(name)).limit(1))
                .findFirst()
                .map(dump -> dump.path().getFileName().toString())
                .map(file -> Answer.message(302, file).with("Location", up + file))
                .orElseGet(() -> Answer.message(404, "there is no such snapshot yet"))
                .to(exchange);
    }

    /** {@code GET /snapshots/{file}} for what is none, or not whole. */
    public void missing(Exchange exchange) {
        if (folder.isEmpty()) {
            off().to(exchange);
            return;
        }
        Answer.message(404, "no such snapshot: " + Asked.inPath(exchange, "file") + "; /snapshots/ lists all").to(exchange);
    }

    private static Answer off() {
        return Answer.message(404, "this mirror hands out no snapshots");
    }
}
