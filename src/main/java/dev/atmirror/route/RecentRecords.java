package dev.atmirror.route;

import dev.atmirror.pds.HostAnswer;
import dev.atmirror.pds.MalformedAnswer;
import dev.atmirror.pds.NsidPatterns;
import dev.atmirror.pds.RecordPage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/** Bean {@code recentRecords}: the newest records of each collection of accounts, a few accounts at a time. */
public final class RecentRecords {
    private static final String BATCH = "recordBatch";
    private static final String PART = "collectionAsked";
    private static final int ACCOUNTS = 10;
    private static final int MOST_BYTES = 1 << 18; // of values; then they are stored, and the batch goes on
    private static final Duration AFTER_FAILURE = Duration.ofHours(6);

    /** One request: a collection of an account. */
    private record Part(AccountBatch.Account account, String collection) {}

    private record Kept(int account, String collection, RecordPage.Entry entry) {}

    /** What one lane has fetched and not stored yet. */
    private static final class Batch {
        private final List<Kept> records = new ArrayList<>();
        private final List<Part> covered = new ArrayList<>();
        private final Map<String, Integer> open = new HashMap<>();
        private final Map<String, Boolean> failed = new HashMap<>();
        private long bytes;

        /** Its content is laid out. */
        void clear() {
            records.clear();
            covered.clear();
            bytes = 0;
        }

        /** Only an account that was asked for to the end was asked for. */
        boolean isDone(AccountBatch.Account account) {
            return open.getOrDefault(account.did(), 0) == 0;
        }
    }

    private final Crawl crawl;
    private final CrawlMetrics metrics;
    private final NsidPatterns wanted;
    private final int limit;

    /** @param limit records of a collection, 1 to 100, which is the most that one page has */
    public RecentRecords(Crawl crawl, CrawlMetrics metrics, NsidPatterns wanted, int limit) {
        this.crawl = crawl;
        this.metrics = metrics;
        this.wanted = wanted;
        this.limit = limit;
    }

    private static Batch batch(Exchange exchange) {
        return exchange.getProperty(BATCH, Batch.class);
    }

    /** Lays out the parameters of {@code sql/record/claim-accounts.sql}. */
    public void askForAccounts(Exchange exchange) {
        exchange.getMessage().setBody(DescribeRepos.claim(exchange, crawl, ACCOUNTS));
    }

    /** Replaces the claimed rows by the collections to ask for. */
    public void open(Exchange exchange) {
        Batch batch = new Batch();
        List<Part> parts = new ArrayList<>();
        for (AccountBatch.Account account : AccountBatch.open(exchange).accounts()) {
            account.collections().stream().filter(wanted::matches).forEach(nsid -> {
                parts.add(new Part(account, nsid));
                batch.open.merge(account.did(), 1, Integer::sum);
            });
        }
        exchange.setProperty(BATCH, batch);
        exchange.getMessage().setBody(parts);
    }

    /** Whether what was fetched should be stored before more is. */
    public boolean isFull(Exchange exchange) {
        return batch(exchange).bytes >= MOST_BYTES;
    }

    /** Lays out the request for the collection in the body. */
    public void ask(Exchange exchange) {
        Part part = exchange.getMessage().getBody(Part.class);
        exchange.setProperty(PART, part);
        PdsRequests.ask(
                exchange,
                "xrpc/com.atproto.repo.listRecords",
                "repo", part.account().did(),
                "collection", part.collection(),
                "limit", String.valueOf(limit));
    }

    /** Keeps the records of the answer. */
    public void keep(Exchange exchange) {
        Part part = exchange.getProperty(PART, Part.class);
        HostAnswer answer = PdsRequests.answer(exchange);
        Batch batch = batch(exchange);
        String outcome = "failed";
        if (answer.isThrottled()) {
            metrics.items(stage(exchange), "throttled", 1);
            return; // asked again with the rest of its account
        }
        if (answer.isOk()) {
            try {
                RecordPage page = RecordPage.of(answer, part.account().did(), part.collection());
                page.records().stream().limit(limit).forEach(entry -> {
                    batch.records.add(new Kept(part.account().number(), part.collection(), entry));
                    batch.bytes += entry.value().length() + entry.raw().map(String::length).orElse(0);
                });
                batch.covered.add(part);
                Crawl.visit(exchange).succeeded();
                outcome = "fetched";
            } catch (MalformedAnswer e) {
                Crawl.visit(exchange).failed("listRecords: " + e.getMessage(), false);
            }
        }
        metrics.items(stage(exchange), outcome, 1);
        if (outcome.equals("failed")) {
            if (Crawl.visit(exchange).isDown()) {
                return; // the host's failure, not the account's, which is due as before
            }
            batch.failed.put(part.account().did(), true);
        }
        batch.open.merge(part.account().did(), -1, Integer::sum);
    }

    private static String stage(Exchange exchange) {
        return Crawl.visit(exchange).rounds().pace().stage();
    }

    /** Lays out the parameters of {@code sql/record/save-records.sql} for what was fetched so far. */
    public void layOutPart(Exchange exchange) {
        exchange.getMessage().setBody(rows(exchange, List.of(), List.of()));
    }

    /** The same for the rest of the batch, with the dates of its accounts. */
    public void layOut(Exchange exchange) {
        HostVisit visit = Crawl.visit(exchange);
        Batch batch = batch(exchange);
        List<AccountBatch.Account> done = new ArrayList<>();
        for (AccountBatch.Account account : AccountBatch.of(exchange).accounts()) {
            if (batch.isDone(account)) {
                done.add(account);
                AccountBatch.of(exchange).dueAgain(account, again(visit, batch.failed.containsKey(account.did())));
            }
        }
        AccountBatch.of(exchange).giveBackTheRest(crawl.now());
        exchange.getMessage().setBody(rows(exchange, done, AccountBatch.of(exchange).accounts()));
    }

    /** @param done accounts that were asked for to the end @param all that get a new date */
    private Map<String, Object> rows(Exchange exchange, List<AccountBatch.Account> done, List<AccountBatch.Account> all) {
        Batch batch = batch(exchange);
        Map<String, Object> rows = new HashMap<>();
        rows.put("host", Crawl.visit(exchange).host().id());
        putRecords(rows, batch.records);
        rows.put("coveredAccounts", batch.covered.stream().mapToInt(part -> part.account().number()).toArray());
        rows.put("coveredCollections", batch.covered.stream().map(Part::collection).toArray(String[]::new));
        rows.put("askedAccounts", done.stream().mapToInt(AccountBatch.Account::number).toArray());
        rows.put("askedCollections", done.stream().map(account -> String.join(" ", account.collections())).toArray(String[]::new));
        rows.put("dids", all.stream().map(AccountBatch.Account::did).toArray(String[]::new));
        rows.put("again", all.stream().map(a -> AccountBatch.of(exchange).again(a).toString()).toArray(String[]::new));
        metrics.records(batch.records.size());
        batch.clear();
        return rows;
    }

    private Instant again(HostVisit visit, boolean failed) {
        Duration regular = visit.rounds().pace().again();
        if (!failed) {
            return crawl.now().plus(regular);
        }
        Duration pause = regular.compareTo(AFTER_FAILURE) < 0 ? regular : AFTER_FAILURE;
        return crawl.now().plus(pause);
    }

    private static void putRecords(Map<String, Object> rows, List<Kept> records) {
        rows.put("accounts", records.stream().mapToInt(Kept::account).toArray());
        rows.put("collections", records.stream().map(Kept::collection).toArray(String[]::new));
        rows.put("rkeys", records.stream().map(kept -> kept.entry().rkey()).toArray(String[]::new));
        rows.put("cids", records.stream().map(kept -> kept.entry().cid()).toArray(String[]::new));
        rows.put("values", records.stream().map(kept -> kept.entry().value()).toArray(String[]::new));
        rows.put("raws", records.stream().map(kept -> kept.entry().raw().orElse(null)).toArray(String[]::new));
    }
}
