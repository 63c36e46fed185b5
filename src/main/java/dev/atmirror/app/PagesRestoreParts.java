package dev.atmirror.app;

import dev.atmirror.plc.FileReading;
import dev.atmirror.plc.Handover;
import dev.atmirror.plc.LogSearch;
import dev.atmirror.plc.OperationVerifier;
import dev.atmirror.plc.PlcMetrics;
import dev.atmirror.plc.PlcSettings;
import dev.atmirror.route.PagesRestore;
import dev.atmirror.route.SecondReading;
import dev.atmirror.route.StoredPages;
import dev.atmirror.snapshot.RestoreSource;
import dev.atmirror.store.DisorderedLogs;
import dev.atmirror.store.FormerRejections;
import dev.atmirror.store.PageRows;
import dev.atmirror.store.PlcLog;
import dev.atmirror.store.RestoreMarks;
import dev.atmirror.store.WriterLease;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.spi.Registry;

/**
 * The parts that restore one file by pages, put together from the settings: {@code atmirror.plc.verify} says whether
 * signatures are checked, {@code atmirror.plc.upstream} whose cursor is set in the end. The file is the caller's to close.
 */
final class PagesRestoreParts implements AutoCloseable {
    /** The routes that take part; {@code direct:snapshot-restore-pages} starts them. */
    static final Set<String> ROUTES =
            Set.of("snapshot-restore-pages", "snapshot-restore-again", "plc-verify", "plc-store");

    private final Databases databases;
    private final WriterLease lease;
    private final OperationVerifier verifier;
    private final StoredPages stored;
    private final PagesRestore restore;
    private final SecondReading second;

    PagesRestoreParts(Settings settings, Databases databases, Supplier<RestoreSource> sources, MeterRegistry metrics) {
        PlcSettings plc = settings.plc();
        this.databases = databases;
        lease = new WriterLease(databases.writer());
        PlcLog log = new PlcLog(databases.writer());
        FileReading reading = new FileReading();
        verifier = new OperationVerifier(log, plc.verifyThreads(), !plc.verify());
        stored = new StoredPages(
                reading,
                verifier,
                new PageRows(databases.writer()),
                new FormerRejections(databases.writer()),
                new PlcMetrics(metrics));
        LogSearch search = new LogSearch(plc);
        restore = new PagesRestore(
                sources,
                plc.pageSize(),
                reading,
                new PagesRestore.Stores(log, new RestoreMarks(databases.writer()), lease),
                new PagesRestore.Upstream(
                        plc.address().key(), new Handover(plc.address().key(), search::firstBehind)));
        second = new SecondReading(
                file -> new DisorderedLogs(databases.schema(), log, file),
                reading,
                stored,
                new SecondReading.Settings(plc.pageSize(), plc.verifyThreads(), !plc.verify()));
    }

    void bindInto(Registry registry) {
        registry.bind("writerDatabase", databases.writer());
        registry.bind("operationVerifier", verifier);
        registry.bind("storedPages", stored);
        registry.bind("pagesRestore", restore);
        registry.bind("secondReading", second);
    }

    /** For progress, for the outcome, and to stop it. */
    PagesRestore restore() {
        return restore;
    }

    /** For the number of operations stored. */
    StoredPages stored() {
        return stored;
    }

    /** After the routes have stopped. */
    @Override
    public void close() {
        second.close();
        lease.close();
    }
}
