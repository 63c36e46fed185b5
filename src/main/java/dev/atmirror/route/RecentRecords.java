package dev.atmirror.route;

import dev.atmirror.pds.HostAnswer;
import dev.atmirror.pds.MalformedAnswer;
import dev.atmirror.pds.NsidPatterns;
import dev.atmirror.pds.RecordPage;
import dev.atmirror.pds.RepoRefusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/** Bean {@code recentRecords}: the newest records of each collection of accounts, a few accounts at a time. */
public final class RecentRecords {
    private static final String BATCH = "recordBatch";
    private static final String PART = "collectionAsked";
    private static final int ACCOUNTS = 10;
    private static final int MOST_BYTES = 1 << 19; // of values; then they are stored, and the batch goes on
    private static final int CHARACTER = 2; // bytes, as soon as one of a text is beyond Latin-1
    private static final int COLLECTION = 100; // bytes that the parts of a batch take beside the name
    private static final int MOST_FAILURES = 3; // in a row; then an account, or a host, is asked again later

    /** One request: a collection of an account. */
    private record Part(AccountBatch.Account account, String collection) {}

    private record Kept(int account, String collection, RecordPage.Entry entry) {}

    /** What one lane has fetched and not stored yet. */
    private static final class Batch {
        private final List<Kept> records = new ArrayList<>();
        private final List<Part> covered = new ArrayList<>();
        private final Map<String, Integer> open = new HashMap<>();
        /** Why the host failed on accounts, by DID. */
        private final Map<String, String> errors = new HashMap<>();
        /** Collections in a row on which the host failed, by DID. */
        private final Map<String, Integer> failures = new HashMap<>();
        /** Why accounts were refused, by DID; "" where one was served. */
        private final Map<String, String> refusals = new HashMap<>();
        private long bytes;
        private boolean full;
        private long collectionBytes;
        private boolean postponed;

        /** Its content is laid out. */
        void clear() {
            records.clear();
            covered.clear();
            bytes = 0;
            full = false;
        }

        /** Only an account that was asked for to the end was asked for. */
        boolean isDone(AccountBatch.Account account) {
            return !postponed && (open.getOrDefault(account.did(), 0) == 0 || isGivenUp(account));
        }

        boolean isGivenUp(AccountBatch.Account account) {
            return failures.getOrDefault(account.did(), 0) >= MOST_FAILURES;
        }

        void fetched(Part part, RecordPage page, int limit, Lane lane) {
            long before = bytes;
            page.records().stream().limit(limit).forEach(entry -> {
                records.add(new Kept(part.account().number(), part.collection(), entry));
                bytes += CHARACTER * (entry.value().length() + entry.raw().map(String::length).orElse(0));
            });
            full = !lane.tryKeep(bytes - before) || bytes >= MOST_BYTES;
            covered.add(part);
            failures.remove(part.account().did());
            refusals.put(part.account().did(), "");
        }

        void failed(Part part, String error) {
            errors.put(part.account().did(), error);
            failures.merge(part.account().did(), 1, Integer::sum);
        }

        /** The host has none of the account, so its other collections need not be asked for. */
        void refused(Part part, String status, String error) {
            errors.put(part.account().did(), error);
            failures.put(part.account().did(), MOST_FAILURES);
            refusals.putIfAbsent(part.account().did(), status);
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
        List<AccountBatch.Account> accounts = AccountBatch.open(exchange).accounts();
        batch.collectionBytes = accounts.stream().flatMap(a -> a.collections().stream()).mapToLong(nsid -> COLLECTION + nsid.length()).sum();
        if (!Lane.of(exchange).tryKeep(batch.collectionBytes)) {
            batch.postponed = true; // other hosts hold what memory there is: the accounts go back
            batch.collectionBytes = 0;
            Lane.of(exchange).done();
        }
        for (AccountBatch.Account account : batch.postponed ? List.<AccountBatch.Account>of() : accounts) {
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
        return batch(exchange).full;
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

    /** Whether the collection in the body should be asked for, now that others of its account were. */
    public boolean isWanted(Exchange exchange) {
        Part part = exchange.getMessage().getBody(Part.class);
        return crawl.isUp(exchange) && !batch(exchange).isGivenUp(part.account());
    }

    /** Keeps the records of the answer. */
    public void keep(Exchange exchange) {
        Part part = exchange.getProperty(PART, Part.class);
        HostAnswer answer = PdsRequests.answer(exchange);
        if (answer.isThrottled()) {
            metrics.items(stage(exchange), "throttled", 1);
            return; // asked again with the rest of its account
        }
        batch(exchange).open.merge(part.account().did(), -1, Integer::sum);
        metrics.items(stage(exchange), answer.isOk() && readPage(exchange, part, answer) ? "fetched" : failed(exchange, part, answer), 1);
    }

    private boolean readPage(Exchange exchange, Part part, HostAnswer answer) {
        try {
            batch(exchange).fetched(part, RecordPage.of(answer, part.account().did(), part.collection()), limit, Lane.of(exchange));
            Crawl.visit(exchange).succeeded();
            return true;
        } catch (MalformedAnswer e) {
            Crawl.visit(exchange).failedOn(part.account().did(), "listRecords: " + e.getMessage());
            return false;
        }
    }

    private String failed(Exchange exchange, Part part, HostAnswer answer) {
        String error = "listRecords of " + part.collection() + ": " + answer.refusal();
        Optional<String> refused = RepoRefusal.status(answer);
        if (refused.isPresent()) {
            batch(exchange).refused(part, refused.get(), error);
            return refused.get();
        }
        if (answer.failure().isEmpty() && !answer.isOk()) {
            Crawl.visit(exchange).failedOn(part.account().did(), error);
        }
        batch(exchange).failed(part, error);
        return "failed";
    }

    private static String stage(Exchange exchange) {
        return Crawl.visit(exchange).rounds().pace().stage();
    }

    /** Lays out the parameters of {@code sql/record/save-records.sql} for what was fetched so far. */
    public void layOutPart(Exchange exchange) {
        exchange.getMessage().setBody(rows(exchange, List.of(), List.of()));
        Lane.of(exchange).storing(batch(exchange).collectionBytes);
    }

    /** The same for the rest of the batch, with the dates of its accounts. */
    public void layOut(Exchange exchange) {
        Batch batch = batch(exchange);
        AccountBatch accounts = AccountBatch.of(exchange);
        distrustRefusalsOfAll(exchange, batch);
        List<AccountBatch.Account> done = new ArrayList<>();
        HostVisit visit = Crawl.visit(exchange);
        for (AccountBatch.Account account : accounts.accounts()) {
            String error = batch.errors.get(account.did());
            if (batch.isDone(account) && !(error != null && visit.hasFailed())) {
                done.add(account);
                if (error == null) {
                    accounts.answered(account, crawl.now().plus(visit.rounds().pace().again()));
                } else {
                    accounts.failed(account, error, crawl.now(), visit.rounds().pace().again());
                }
            }
        }
        accounts.giveBackTheRest(crawl.now());
        exchange.getMessage().setBody(rows(exchange, done, accounts.accounts()));
        Lane.of(exchange).storing(0);
    }

    private static void distrustRefusalsOfAll(Exchange exchange, Batch batch) {
        HostVisit visit = Crawl.visit(exchange);
        AccountBatch.of(exchange).refusedAlike(batch.refusals).ifPresent(status ->
                visit.distrust(status, "listRecords: every account is said to be " + status + ", which is not believed"));
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
        rows.put("errors", all.stream().map(AccountBatch.of(exchange)::error).toArray(String[]::new));
        metrics.records(batch.records.size());
        batch.clear();
        return rows;
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
