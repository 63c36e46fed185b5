package dev.atmirror.snapshot;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What can be dumped under one name. Users name views; the tables behind them are what pg_dump takes. Rows bear the numbers
 * that this mirror gave to accounts, so whatever names accounts brings {@code plc_account} along, which gives their DIDs.
 *
 * @param name as users say it
 * @param file how its files begin
 * @param tables in the order of the file at best: pg_dump sorts by name
 * @param filtered without the accounts of which an operation is marked
 */
public record DumpKind(String name, String file, List<String> tables, boolean filtered) {
    private static final String LOG = "plc_log_entries";

    private static final Pattern DATE = Pattern.compile("-\\d{8}(-\\d+)?\\..*$");
    private static final String FILTERED = LOG + "-filtered";
    private static final List<String> LOG_TABLES =
            List.of("plc_account", "plc_key_set", "plc_note", "plc_odd_operation", "plc_operation", "plc_pds");
    private static final List<String> HOST_TABLES = List.of("pds_hosts", "pds_operator", "pds_repo", "pds_stage_failure");

    private static final List<String> HANDLE_TABLES = List.of("handle_change", "handle_check", "handle_parent", "handle_tally");

    private static final Map<String, DumpKind> KINDS = Stream.of(
                    new DumpKind(LOG, LOG + "-raw", LOG_TABLES, false),
                    new DumpKind(FILTERED, FILTERED, LOG_TABLES, true),
                    plain("pds_repos", HOST_TABLES),
                    plain("account_infos", List.of("account_extra", "plc_account")),
                    plain("recent_records", List.of("plc_account", "recent_record")),
                    plain("all", everything()))
            .collect(Collectors.toUnmodifiableMap(DumpKind::name, kind -> kind));

    private static DumpKind plain(String name, List<String> tables) {
        return new DumpKind(name, name, tables, false);
    }

    /** Named one by one: whoever keeps tables of their own beside ours does not want them published. */
    private static List<String> everything() {
        return Stream.of(
                        LOG_TABLES,
                        HOST_TABLES,
                        HANDLE_TABLES,
                        List.of("account_extra", "pds_endpoint", "recent_record", "rejected_operations", "sync_cursors"))
                .flatMap(List::stream)
                .sorted()
                .toList();
    }

    /** @throws IllegalArgumentException for an unknown name */
    public static DumpKind of(String name) {
        DumpKind kind = KINDS.get(name);
        if (kind == null) {
            throw new IllegalArgumentException(
                    "no such dump: " + name + "; there are " + String.join(", ", names()));
        }
        return kind;
    }

    /** By the name of its files. @param name with or without a date and what follows @return empty for any other name */
    static Optional<DumpKind> ofFile(String name) {
        String begin = DATE.matcher(name).replaceFirst("");
        return KINDS.values().stream().filter(kind -> kind.file.equals(begin)).findFirst();
    }

    /** The same dumps, but the log without what is marked. @throws IllegalArgumentException where the log is not among them */
    public static List<DumpKind> filtered(List<DumpKind> kinds) {
        if (kinds.stream().noneMatch(kind -> kind.name().startsWith(LOG))) {
            throw new IllegalArgumentException("only " + LOG + " can be filtered, and it is not among the dumps");
        }
        return kinds.stream()
                .map(kind -> kind.name().equals(LOG) ? KINDS.get(FILTERED) : kind)
                .distinct()
                .toList();
    }

    /** All names that {@link #of} takes. */
    public static List<String> names() {
        return KINDS.keySet().stream().sorted().toList();
    }

    public boolean holdsTheLog() {
        return tables.contains("plc_operation");
    }
}
