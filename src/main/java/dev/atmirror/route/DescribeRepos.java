package dev.atmirror.route;

import dev.atmirror.pds.HostAnswer;
import dev.atmirror.pds.RepoVerdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/** Bean {@code describeRepos}: what a host says of its accounts, a batch at a time. */
public final class DescribeRepos {
    private static final String VERDICTS = "verdicts";
    private static final String ACCOUNT = "account";
    private static final int MOST_BYTES = 1 << 18; // of one lane's answers; hosts that invent collections reach them
    private static final int BATCH = 50; // at 10 requests/s some seconds of work, which is what a crash repeats

    /** What one lane was told and has not stored yet. */
    private static final class Verdicts {
        private final Map<String, RepoVerdict> byDid = new HashMap<>();
        private long bytes;
        private boolean full;

        /** Keeps the verdict in any case; without room, no other is added to it. */
        void add(AccountBatch.Account account, RepoVerdict verdict, Lane lane) {
            byDid.put(account.did(), verdict);
            if (verdict instanceof RepoVerdict.Described found) {
                long size = found.described().length() + found.collections().length();
                bytes += size;
                full = !lane.tryKeep(size) || bytes >= MOST_BYTES;
            }
        }
    }

    private final Crawl crawl;
    private final CrawlMetrics metrics;

    public DescribeRepos(Crawl crawl, CrawlMetrics metrics) {
        this.crawl = crawl;
        this.metrics = metrics;
    }

    /** Lays out the parameters of {@code sql/repo/claim-to-describe.sql}. */
    public void askForAccounts(Exchange exchange) {
        exchange.getMessage().setBody(claim(exchange, crawl, BATCH));
    }

    static Map<String, Object> claim(Exchange exchange, Crawl crawl, int batch) {
        HostVisit visit = Crawl.visit(exchange);
        Lane.of(exchange).goOn();
        return Map.of(
                "host", visit.host().id(),
                "due", crawl.now().toString(),
                "batch", batch,
                "lease", visit.rounds().pace().claim().toSeconds());
    }

    /** Replaces the claimed rows by the accounts to ask for. */
    public void open(Exchange exchange) {
        AccountBatch.open(exchange);
        exchange.setProperty(VERDICTS, new Verdicts());
    }

    /** Whether the next account should be asked for before what was said of others is stored. */
    public boolean isWanted(Exchange exchange) {
        return crawl.isUp(exchange) && !verdicts(exchange).full;
    }

    /** Lays out the request for the account in the body. */
    public void ask(Exchange exchange) {
        AccountBatch.Account account = exchange.getMessage().getBody(AccountBatch.Account.class);
        exchange.setProperty(ACCOUNT, account);
        PdsRequests.ask(exchange, "xrpc/com.atproto.repo.describeRepo", "repo", account.did());
    }

    /** Keeps what the answer says. */
    public void judge(Exchange exchange) {
        AccountBatch.Account account = exchange.getProperty(ACCOUNT, AccountBatch.Account.class);
        HostAnswer answer = PdsRequests.answer(exchange);
        RepoVerdict verdict = RepoVerdict.of(answer, account.did());
        HostVisit visit = Crawl.visit(exchange);
        if (verdict instanceof RepoVerdict.HostFailed failed && answer.failure().isEmpty()) {
            visit.failedOn(account.did(), "describeRepo: " + (answer.isOk() ? failed.kind() : answer.refusal()));
        }
        verdicts(exchange).add(account, verdict, Lane.of(exchange));
        AccountBatch batch = AccountBatch.of(exchange);
        Duration again = visit.rounds().pace().again();
        if (verdict instanceof RepoVerdict.Described || verdict instanceof RepoVerdict.Inactive) {
            visit.succeeded();
            batch.hostAnswers();
            batch.answered(account, crawl.now().plus(again));
        } else if (verdict instanceof RepoVerdict.HostFailed) {
            batch.failed(account, "describeRepo: " + answer.refusal(), crawl.now(), again);
        }
        metrics.items(visit.rounds().pace().stage(), outcome(verdict), 1);
    }

    /** A host that refuses all accounts alike has rather lost its database, or its way to the directory. */
    private static void distrustRefusalsOfAll(Exchange exchange, AccountBatch batch) {
        Map<String, RepoVerdict> verdicts = verdicts(exchange).byDid;
        Map<String, String> refusals = new HashMap<>();
        verdicts.forEach((did, verdict) -> {
            if (verdict instanceof RepoVerdict.Inactive refused) {
                refusals.put(did, refused.status());
            } else if (verdict instanceof RepoVerdict.Described) {
                refusals.put(did, "");
            }
        });
        HostVisit visit = Crawl.visit(exchange);
        batch.refusedAlike(refusals).ifPresent(status ->
                visit.distrust(status, "describeRepo: every account is said to be " + status + ", which is not believed"));
        visit.distrusted().ifPresent(status -> {
            for (AccountBatch.Account account : batch.accounts()) {
                if (status.equals(refusals.get(account.did()))) {
                    verdicts.remove(account.did());
                    batch.takeBack(account);
                }
            }
        });
    }

    private static String outcome(RepoVerdict verdict) {
        if (verdict instanceof RepoVerdict.Described) {
            return "described";
        }
        if (verdict instanceof RepoVerdict.Inactive inactive) {
            return inactive.status();
        }
        return verdict instanceof RepoVerdict.Throttled ? "throttled" : "failed";
    }

    private static Verdicts verdicts(Exchange exchange) {
        return exchange.getProperty(VERDICTS, Verdicts.class);
    }

    /** Lays out the parameters of {@code sql/repo/save-described.sql}. */
    public void layOut(Exchange exchange) {
        AccountBatch batch = AccountBatch.of(exchange);
        distrustRefusalsOfAll(exchange, batch);
        if (Crawl.visit(exchange).hasFailed()) {
            batch.blameTheHost();
        }
        batch.giveBackTheRest(crawl.now());
        Lane.of(exchange).storing(0);
        List<AccountBatch.Account> accounts = batch.accounts();
        int n = accounts.size();
        String[] dids = new String[n];
        int[] numbers = new int[n];
        Boolean[] actives = new Boolean[n];
        String[] statuses = new String[n];
        String[] described = new String[n];
        String[] collections = new String[n];
        String[] again = new String[n];
        String[] errors = new String[n];
        for (int i = 0; i < n; i++) {
            AccountBatch.Account account = accounts.get(i);
            dids[i] = account.did();
            numbers[i] = account.number();
            statuses[i] = "";
            again[i] = batch.again(account).toString();
            errors[i] = batch.error(account);
            RepoVerdict verdict = verdicts(exchange).byDid.get(account.did());
            if (verdict instanceof RepoVerdict.Described found) {
                actives[i] = true;
                described[i] = found.described();
                collections[i] = found.collections();
            } else if (verdict instanceof RepoVerdict.Inactive found) {
                actives[i] = false;
                statuses[i] = found.status();
            }
        }
        Map<String, Object> rows = new HashMap<>();
        rows.put("host", Crawl.visit(exchange).host().id());
        rows.put("dids", dids);
        rows.put("accounts", numbers);
        rows.put("actives", actives);
        rows.put("statuses", statuses);
        rows.put("described", described);
        rows.put("collections", collections);
        rows.put("again", again);
        rows.put("errors", errors);
        exchange.getMessage().setBody(rows);
    }
}
