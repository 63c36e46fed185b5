package dev.atmirror.cli;

import dev.atmirror.api.AccountLookup;
import dev.atmirror.snapshot.DumpKind;
import dev.atmirror.snapshot.RestoreProgress;
import dev.atmirror.snapshot.SnapshotFolder;
import dev.atmirror.snapshot.SnapshotInputs;
import dev.atmirror.snapshot.SnapshotRun;
import dev.atmirror.snapshot.SnapshotUpload;
import dev.atmirror.store.CrawlSums;
import dev.atmirror.store.LogExport;
import dev.atmirror.store.PdsHosts;
import dev.atmirror.store.Schema;
import dev.atmirror.store.SyncStatus;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What commands ask of the program that {@code app} puts together. Opening may start an embedded PostgreSQL; whoever opens
 * closes.
 */
public interface Program {
    String version();

    InstantSource clock();

    URI upstream();

    /** Migrates the database, and starts all stages that are switched on and the API. */
    Mirroring run();

    /**
     * Migrates the database and reads the operation log, whether or not its stage is switched on.
     *
     * @param from where to begin instead of the stored cursor: a sequence number or an ISO 8601 time
     */
    Mirroring backfillLog(Optional<String> from);

    /** Migrates the database, finds hosts, and runs one stage that asks them, whether or not it is switched on. */
    Crawling backfill(Crawl crawl);

    /**
     * One run of a stage that asks hosts.
     *
     * @param olderThan what was asked longer ago is due; empty as the settings say
     * @param pds only these hosts; none means all
     * @param start only hosts from here on
     * @param parallel hosts at the same time
     * @param limit records of a collection
     * @param collections patterns of NSIDs; none means as the settings say
     */
    record Crawl(
            String stage,
            Optional<Duration> olderThan,
            List<String> pds,
            String start,
            OptionalInt parallel,
            OptionalInt limit,
            List<String> collections) {}

    /** A stage at work. Closing stops it cleanly: what was committed stays. */
    interface Crawling extends AutoCloseable {
        CrawlProgress progress();

        /** Hosts that the run was told to ask and that do not answer, with the reason; known once it has finished. */
        default List<String> unreached() {
            return List.of();
        }

        @Override
        void close();
    }

    /**
     * @param done hosts, repos, accounts or collections gone through since the start
     * @param left accounts that are due; empty while it is not known, and for stages that do not go through accounts
     * @param visiting hosts being asked by this process
     * @param hosts with something due
     * @param finished whether this run can do no more
     */
    record CrawlProgress(long done, OptionalLong left, int visiting, long hosts, boolean finished) {}

    /** Opens the database as it is, without migrating it. */
    Database database();

    /** The folder of the dumps. */
    SnapshotFolder snapshots();

    /** Opens what is to be restored. */
    SnapshotInputs snapshotInputs();

    /** Sends dumps to where the settings say. */
    SnapshotUpload snapshotUpload();

    /**
     * Takes one consistent snapshot of the database as it is, to dump from.
     *
     * @param names as {@link DumpKind#of} takes them; none means what the settings name
     * @param filtered the log without what is marked
     */
    Dumping dump(List<String> names, boolean filtered);

    /** A snapshot to dump from. Closing gives up what is under way. */
    interface Dumping extends AutoCloseable {
        SnapshotRun run();

        @Override
        void close();
    }

    /**
     * Opens a dump or an export to restore, and migrates the database that it goes into.
     *
     * @param file a file, or an address
     * @param trusting without verifying what is restored into empty tables
     */
    Restoring restore(String file, boolean trusting);

    /** A restore. Closing gives up what is under way: what was committed stays, and nothing is left half. */
    interface Restoring extends AutoCloseable {
        /** Restores the file. @return what became of it, in sentences for a person */
        List<String> run();

        /** Tells how many lines or rows of the file were left out because they cannot be read; after {@link #run}. */
        default long skipped() {
            return 0;
        }

        /** Empty where nobody knows; from any thread. */
        Optional<RestoreProgress> progress();

        @Override
        void close();
    }

    /** A mirror at work. Closing stops it cleanly: what was committed stays. */
    interface Mirroring extends AutoCloseable {
        /** Behind what the next start goes on, in words; known once this is closed. */
        default String stored() {
            return "what is stored";
        }

        /** The API's port; 0 without an API. */
        int port();

        Progress progress();

        @Override
        void close();
    }

    /**
     * @param stored operations stored since the start
     * @param seq last sequence number read; 0 for an upstream without them
     * @param head about the upstream's last sequence number, where it is known
     * @param time createdAt of the newest operation read; {@link Instant#EPOCH} before the first
     * @param caughtUp whether everything that the upstream had is stored
     * @param waiting until the upstream may be asked again; zero when nothing holds us back
     * @param reason of the waiting, in words
     */
    record Progress(
            long stored, long seq, OptionalLong head, Instant time, boolean caughtUp, Duration waiting, String reason) {
        /** Where it is the upstream that asks us to wait. */
        public Progress(long stored, long seq, OptionalLong head, Instant time, boolean caughtUp, Duration waiting) {
            this(stored, seq, head, time, caughtUp, waiting, "as the upstream asks");
        }
    }

    /** An open database. */
    interface Database extends AutoCloseable {
        Schema schema();

        SyncStatus status();

        PdsHosts hosts();

        CrawlSums crawlSums();

        AccountLookup lookup();

        LogExport logExport();

        @Override
        void close();
    }
}
