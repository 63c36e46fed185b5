package dev.atmirror.app;

import dev.atmirror.net.PdsUrl;
import dev.atmirror.route.SeedRowsRestore;
import dev.atmirror.snapshot.SeedRows;
import dev.atmirror.snapshot.SnapshotFormat;
import dev.atmirror.snapshot.SnapshotInput;
import dev.atmirror.store.WriterLease;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.spi.Registry;

/** The parts that take over one file of the seed project's rows about accounts and hosts. The file is the caller's to close. */
final class SeedRowsParts implements AutoCloseable {
    /** The routes that take part; {@code direct:snapshot-restore-seed} starts them. */
    static final Set<String> ROUTES = Set.of("snapshot-restore-seed");

    private final Databases databases;
    private final WriterLease lease;
    private final SeedRowsRestore restore;

    /** @param text decompressed, at its beginning */
    record Opened(SnapshotInput input, InputStream text, SnapshotFormat format) {}

    SeedRowsParts(Settings settings, Databases databases, Supplier<Opened> files) {
        this.databases = databases;
        lease = new WriterLease(databases.writer());
        boolean allowPrivate = settings.flag("atmirror.net.allow-private");
        List<String> operators = new CrawlSettings(settings, Optional.empty()).operators();
        SeedRows.Hosts hosts = new SeedRows.Hosts(claimed -> PdsUrl.of(claimed, allowPrivate), operators);
        int pageSize = settings.number("atmirror.plc.page-size");
        restore = new SeedRowsRestore(() -> source(files.get(), hosts, pageSize), lease);
    }

    private static SeedRowsRestore.Source source(Opened file, SeedRows.Hosts hosts, int pageSize) {
        SeedRows rows = new SeedRows(file.input.name(), file.text, file.format, hosts, pageSize);
        return new SeedRowsRestore.Source(file.input, file.format, rows);
    }

    void bindInto(Registry registry) {
        registry.bind("writerDatabase", databases.writer());
        registry.bind("seedRows", restore);
    }

    /** For the outcome, and to stop it. */
    SeedRowsRestore restore() {
        return restore;
    }

    /** After the routes have stopped. */
    @Override
    public void close() {
        lease.close();
    }
}
