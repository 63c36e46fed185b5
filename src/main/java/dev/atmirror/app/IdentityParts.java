package dev.atmirror.app;

import dev.atmirror.api.AccountAnswers;
import dev.atmirror.api.AccountLookup;
import dev.atmirror.api.AutocompleteAnswers;
import dev.atmirror.api.ChangeAnswers;
import dev.atmirror.api.ChangeStream;
import dev.atmirror.api.DirectoryAnswers;
import dev.atmirror.api.ChecksOnDemand;
import dev.atmirror.api.IdentityAnswers;
import dev.atmirror.api.ReverseAnswers;
import dev.atmirror.handle.HandleCheck;
import dev.atmirror.net.PdsUrl;
import dev.atmirror.route.ApiServer;
import dev.atmirror.route.HandleNames;
import dev.atmirror.store.Accounts;
import dev.atmirror.store.Changes;
import dev.atmirror.store.HandleSearch;
import dev.atmirror.store.PdsHosts;
import dev.atmirror.store.PlcLog;
import dev.atmirror.store.ReverseLookups;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.spi.Registry;

/** The parts that answer what identities are, put together. */
final class IdentityParts implements AutoCloseable {
    private final DataSource readers;
    private final AccountLookup accounts;
    private final ChecksOnDemand refresh;
    private final Changes changes;
    private final HandleNames names;
    private Optional<ChangeStream> stream = Optional.empty();

    /**
     * @param check what checks a handle at once
     * @param lastTime createdAt of the newest operation that the mirror has read
     * @param hasCaughtUp whether the log has been read to its end once
     */
    IdentityParts(
            Settings settings, DataSource readers, HandleCheck check, Supplier<Instant> lastTime, BooleanSupplier hasCaughtUp) {
        this.readers = readers;
        accounts = new AccountLookup(new Accounts(readers), lastTime);
        refresh = new ChecksOnDemand(
                check,
                settings.number("atmirror.refresh.per-client"),
                settings.number("atmirror.refresh.together"),
                InstantSource.system());
        changes = new Changes(readers);
        names = new HandleNames(hasCaughtUp);
    }

    /** Under the names that the routes call them by. */
    void bindInto(Registry registry, DirectoryAnswers directory) {
        registry.bind("accounts", new AccountAnswers(accounts, refresh));
        registry.bind("autocomplete", new AutocompleteAnswers(new HandleSearch(readers)));
        registry.bind("reverse", new ReverseAnswers(new ReverseLookups(readers), new PdsHosts(readers), PdsUrl::meant));
        registry.bind("changes", new ChangeAnswers(changes, accounts, PdsUrl::meant));
        registry.bind("identity", new IdentityAnswers(new PlcLog(readers), accounts, refresh, directory));
        registry.bind("handleNames", names);
    }

    /** Takes WebSockets before the routes see them. */
    void serve(ApiServer server, MeterRegistry metrics) {
        ChangeStream all = new ChangeStream(server.vertx(), changes, PdsUrl::meant, metrics);
        server.serveFirst(ChangeStream.PATH, all);
        stream = Optional.of(all);
    }

    /** Something was committed that may be a change of an identity. */
    void news() {
        stream.ifPresent(ChangeStream::look);
    }

    /** Ends following the log behind its present part, or lets it go on. */
    void halt(boolean on) {
        names.halt(on);
    }

    @Override
    public void close() {
        names.halt(true);
        stream.ifPresent(ChangeStream::close);
    }
}
