package dev.atmirror.route;

import dev.atmirror.pds.HostAnswer;
import dev.atmirror.pds.MalformedAnswer;
import dev.atmirror.pds.NsidPatterns;
import dev.atmirror.pds.PagedReading;
import dev.atmirror.pds.RecordPage;
import dev.atmirror.pds.RepoRefusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;

/** Bean {@code recentRecords}: the newest records of each collection of accounts, a few accounts at a time. */
public final class RecentRecords {
    private static final String BATCH = "recordBatch";
    private static final String READING = "collectionRead";
    private static final int PAGE = 100; // most that listRecords gives
    private static final int BARREN_PAGES = 3; // in a row; records are deleted one by one, so honest pages are seldom empty
    private static final int SPARE_PAGES = 20; // as pages may be shorter than asked for
    private static final int KEY = 100; // bytes that a key takes beside its characters
    private static final int ACCOUNTS = 10;
    private static final int MOST_BYTES = 1 << 19; // of what was read; then it is stored, and the batch goes on
    private static final int RECORD = 300; // bytes that the objects of a record take beside its texts
    private static final int COVERED = 500; // bytes that a collection takes that was read, even without records
    private static final int CHARACTER = 2; // bytes, as soon as one of a text is beyond Latin-1
    private static final int COLLECTION = 100; // bytes that the parts of a batch take beside the name
    private static final int MOST_FAILURES = 3; // in a row; then an account, or a host, is asked again later

    /** One request: a collection of an account. */
    private record Part(AccountBatch.Account account, String collection) {}

    /** One collection while it is read, page by page. */
    private static final class Reading {
        private final Part part;
        private final PagedReading pages;
        private final Set<String> keys = new HashSet<>();
        private long keyBytes; // that are not counted yet
        private long heldBytes; // of the batch's: keys that are counted
        private boolean storedInParts;
        private boolean over;

        Reading(Part part, int limit) {
            this.part = part;
            this.pages = PagedReading.fromTheBeginning(new PagedReading.Bounds(SPARE_PAGES + limit / (PAGE / 2), BARREN_PAGES));
        }

        /**
         * Whether a page is known to be all that is wanted, though it has a cursor: many hosts give the last record's key as
         * the cursor of every page that is not empty, and one request more for each collection would double their number.
         *
         * @param known records that were read before it
         */
        boolean endsWith(RecordPage page, int known, int limit) {
            if (limit <= PAGE && !keys.isEmpty()) {
                return true; // all that is wanted fits one page
            }
            List<RecordPage.Entry> records = page.records();
            return !records.isEmpty()
                    && records.size() + page.malformed() < asksFor(known, limit)
                    && page.cursor().equals(Optional.of(records.get(records.size() - 1).rkey()));
        }

        /** Records of a page that is asked for when so many are known. */
        static int asksFor(int known, int limit) {
            return Math.min(PAGE, limit - known);
        }
    }

    private record Kept(int account, String collection, RecordPage.Entry entry) {}

    /** What one lane has fetched and not stored yet. */
    private static final class Batch {
        private final List<Kept> records = new ArrayList<>();
        /** Collections of which all that is wanted was read. */
        private final List<Reading> covered = new ArrayList<>();
        private final Map<String, Integer> open = new HashMap<>();
        /** Why the host failed on accounts, by DID. */
        private final Map<String, String> errors = new HashMap<>();
        /** Collections in a row on which the host failed, by DID. */
        private final Map<String, Integer> failures = new HashMap<>();
        /** Why accounts were refused, by DID; "" where one was served. */
        private final Map<String, String> refusals = new HashMap<>();
        private long bytes;
        private boolean full;
        private long heldBytes; // until the batch is done: names of collections, keys of records
        private boolean postponed;

        /** Its content is laid out. */
        void clear() {
            covered.forEach(this::letGoOfKeys);
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

        void fetched(Reading reading, RecordPage page, int limit, Lane lane) {
            long before = bytes;
            Part part = reading.part;
            int known = reading.keys.size();
            for (RecordPage.Entry entry : page.records()) {
                if (reading.keys.size() < limit && reading.keys.add(entry.rkey())) {
                    records.add(new Kept(part.account().number(), part.collection(), entry));
                    reading.keyBytes += KEY + entry.rkey().length();
                    bytes += size(entry);
                }
            }
            reading.pages.turn(page.cursor(), reading.keys.size() - known);
            reading.over = reading.keys.size() >= limit || reading.pages.end().isPresent() || reading.endsWith(page, known, limit);
            bytes += reading.over ? COVERED : 0;
            full = !lane.tryKeep(bytes - before) || bytes >= MOST_BYTES;
            failures.remove(part.account().did());
            refusals.put(part.account().did(), "");
        }

        private static long size(RecordPage.Entry entry) {
            int characters = entry.value().length() + entry.raw().map(String::length).orElse(0) + entry.cid().length();
            return RECORD + entry.rkey().length() + (long) CHARACTER * characters; // keys are ASCII
        }

        /** Keys are kept until the last page is stored. @return whether there is room for them */
        boolean tryKeepKeys(Reading reading, Lane lane) {
            boolean room = lane.tryKeep(reading.keyBytes);
            reading.heldBytes += room ? reading.keyBytes : 0;
            heldBytes += room ? reading.keyBytes : 0;
            reading.keyBytes = 0;
            return room;
        }

        /** Nobody needs the keys any more: the lane gives their bytes back when what was fetched so far is stored. */
        void letGoOfKeys(Reading reading) {
            heldBytes -= reading.heldBytes;
            reading.heldBytes = 0;
        }

        /** Whatever ended it: the keys of what is not covered are of no use. */
        void ended(Reading reading) {
            if (covered.isEmpty() || covered.get(covered.size() - 1) != reading) {
                letGoOfKeys(reading);
            }
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

    /** @param limit records of a collection; more than a page has are read page by page */
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
        batch.heldBytes = accounts.stream().flatMap(a -> a.collections().stream()).mapToLong(nsid -> COLLECTION + nsid.length()).sum();
        if (!Lane.of(exchange).tryKeep(batch.heldBytes)) {
            batch.postponed = true; // other hosts hold what memory there is: the accounts go back
            batch.heldBytes = 0;
            postpone(exchange);
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

    /** The lane takes no more work, and the host is left alone for a while: at once there would be no more room than now. */
    private static void postpone(Exchange exchange) {
        Crawl.visit(exchange).postpone();
        Lane.of(exchange).done();
    }

    /** Whether what was fetched should be stored before more is. */
    public boolean isFull(Exchange exchange) {
        return batch(exchange).full;
    }

    /** Begins to read the collection in the body. */
    public void begin(Exchange exchange) {
        exchange.setProperty(READING, new Reading(exchange.getMessage().getBody(Part.class), limit));
    }

    private static Reading reading(Exchange exchange) {
        return exchange.getProperty(READING, Reading.class);
    }

    /** Whether a page of the collection should be asked for. */
    public boolean isWanted(Exchange exchange) {
        Reading reading = reading(exchange);
        return !reading.over && crawl.isUp(exchange) && !batch(exchange).isGivenUp(reading.part.account());
    }

    /** Lays out the request for the next page. */
    public void ask(Exchange exchange) {
        Reading reading = reading(exchange);
        List<String> query = new ArrayList<>(List.of(
                "repo", reading.part.account().did(),
                "collection", reading.part.collection(),
                "limit", String.valueOf(Reading.asksFor(reading.keys.size(), limit))));
        reading.pages.cursor().ifPresent(cursor -> query.addAll(List.of("cursor", cursor)));
        PdsRequests.ask(exchange, "xrpc/com.atproto.repo.listRecords", query.toArray(String[]::new));
    }

    /** Keeps the records of the answer. */
    public void keep(Exchange exchange) {
        Reading reading = reading(exchange);
        HostAnswer answer = PdsRequests.answer(exchange);
        if (answer.isThrottled()) {
            metrics.items(stage(exchange), "throttled", 1);
            reading.over = true; // asked again with the rest of its account
            batch(exchange).ended(reading);
            return;
        }
        String outcome = answer.isOk() && readPage(exchange, reading, answer) ? "fetched" : failed(exchange, reading.part, answer);
        if (!outcome.equals("fetched")) {
            reading.over = true;
            batch(exchange).open.merge(reading.part.account().did(), -1, Integer::sum);
        } else if (reading.over) {
            end(exchange, reading);
        } else if (!batch(exchange).tryKeepKeys(reading, Lane.of(exchange))) {
            reading.over = true; // without its keys nobody could say which records are gone: its account goes back
            postpone(exchange);
        }
        if (reading.over) {
            metrics.items(stage(exchange), outcome, 1);
            batch(exchange).ended(reading);
        }
    }

    private boolean readPage(Exchange exchange, Reading reading, HostAnswer answer) {
        Part part = reading.part;
        try {
            batch(exchange).fetched(reading, RecordPage.of(answer, part.account().did(), part.collection()), limit, Lane.of(exchange));
            Crawl.visit(exchange).succeeded();
            return true;
        } catch (MalformedAnswer e) {
            Crawl.visit(exchange).failedOn(part.account().did(), "listRecords: " + e.getMessage());
            return false;
        }
    }

    /** All pages are read. Of a list that does not end, nothing is said to be gone. */
    private static void end(Exchange exchange, Reading reading) {
        Batch batch = batch(exchange);
        Part part = reading.part;
        batch.open.merge(part.account().did(), -1, Integer::sum);
        Optional<String> complaint = reading.pages.complaint();
        if (complaint.isPresent()) {
            batch.errors.put(part.account().did(), "listRecords of " + part.collection() + " does not end: " + complaint.get());
        } else {
            batch.covered.add(reading);
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
        reading(exchange).storedInParts = true;
        Lane.of(exchange).storing(batch(exchange).heldBytes);
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
        rows.put("coveredAccounts", batch.covered.stream().mapToInt(reading -> reading.part.account().number()).toArray());
        rows.put("coveredCollections", batch.covered.stream().map(reading -> reading.part.collection()).toArray(String[]::new));
        putEarlier(rows, batch.covered.stream().filter(reading -> reading.storedInParts).toList());
        rows.put("askedAccounts", done.stream().mapToInt(AccountBatch.Account::number).toArray());
        rows.put("askedCollections", done.stream().map(account -> String.join(" ", account.collections())).toArray(String[]::new));
        rows.put("dids", all.stream().map(AccountBatch.Account::did).toArray(String[]::new));
        rows.put("again", all.stream().map(a -> AccountBatch.of(exchange).again(a).toString()).toArray(String[]::new));
        rows.put("errors", all.stream().map(AccountBatch.of(exchange)::error).toArray(String[]::new));
        metrics.records(batch.records.size());
        batch.clear();
        return rows;
    }

    /** Keys of records that earlier statements stored: they are not gone. */
    private static void putEarlier(Map<String, Object> rows, List<Reading> readings) {
        List<Integer> accounts = new ArrayList<>();
        List<String> collections = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (Reading reading : readings) {
            keys.addAll(reading.keys);
            accounts.addAll(Collections.nCopies(reading.keys.size(), reading.part.account().number()));
            collections.addAll(Collections.nCopies(reading.keys.size(), reading.part.collection()));
        }
        rows.put("earlierAccounts", accounts.stream().mapToInt(Integer::intValue).toArray());
        rows.put("earlierCollections", collections.toArray(String[]::new));
        rows.put("earlierKeys", keys.toArray(String[]::new));
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
