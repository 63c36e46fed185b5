package dev.atmirror.snapshot;

import dev.atmirror.store.RestoredRows;
import dev.atmirror.store.TableLoad;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A dump of what hosts say of accounts, on its way into tables that may hold some: {@link #load}, {@link #finish}, in one
 * transaction. What is newer wins; no cursor of the log is touched.
 */
public final class RowsRestore {
    private static final String ACCOUNTS = "plc_account";

    private final OpenedSnapshot snapshot;
    private final DumpKind kind;
    private final TableLoad load;
    private final TableStream stream;
    private final RestoredRows beside;
    private Map<String, Long> rows = Map.of();
    private volatile boolean loaded;

    /** @param load the caller's to close */
    public RowsRestore(OpenedSnapshot snapshot, TableLoad load) {
        this.snapshot = snapshot;
        this.kind = snapshot.kind().orElseThrow();
        this.load = load;
        this.stream = new TableStream(snapshot);
        this.beside = new RestoredRows(load);
    }

    /** Lets the rows into tables of the transaction. */
    public void load() {
        beside.make(kind.tables());
        rows = stream.read(new RestoredTables(
                snapshot.name(), name -> kind.tables().contains(name) ? RestoredRows.beside(name) : "", load));
        loaded = true;
        beside.addKeys(kind.tables());
    }

    /** Takes over what is newer and commits, if the file was whole. @return what became of it, for a person */
    public List<String> finish() {
        List<String> said = new ArrayList<>();
        if (kind.tables().contains(ACCOUNTS)) {
            RestoredRows.Accounts accounts = beside.findAccounts();
            if (accounts.unknown() > 0) {
                said.add(String.format(
                        Locale.ROOT,
                        "%,d of %,d accounts are not known here and were passed over%s",
                        accounts.unknown(),
                        accounts.all(),
                        accounts.logIsEmpty() ? ": the log is empty, so restore or read plc_log_entries first" : ""));
            }
        }
        long taken = switch (kind.name()) {
            case "account_infos" -> beside.takeDescriptions();
            case "recent_records" -> beside.takeRecords();
            default -> beside.takeRepos();
        };
        snapshot.input().checkWhole();
        load.commit();
        long all = rows.entrySet().stream()
                .filter(table -> !table.getKey().equals(ACCOUNTS))
                .mapToLong(Map.Entry::getValue)
                .sum();
        said.add(0, String.format(
                Locale.ROOT, "%s  %,d rows read, %,d of %s taken over", snapshot.name(), all, taken, kind.name()));
        return said;
    }

    public RestoreProgress progress() {
        return loaded ? new RestoreProgress("taking over what is newer", 0, "", -1) : stream.progress();
    }
}
