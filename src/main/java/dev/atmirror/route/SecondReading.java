package dev.atmirror.route;

import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.FileReading;
import dev.atmirror.plc.PlcPage;
import dev.atmirror.plc.Rejudging;
import dev.atmirror.store.DisorderedLogs;
import dev.atmirror.store.RejectedOperations;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bean {@code secondReading}: what a file brought in another order than that of the log, once all of it is known
 * (src/RATIONALE.md#files-in-another-order).
 */
public final class SecondReading implements AutoCloseable {
    private static final int AT_ONCE = 2_000; // DIDs, each with a handful of operations
    private static final Logger LOG = LoggerFactory.getLogger(SecondReading.class);

    private final Function<String, DisorderedLogs> files;
    private final FileReading reading;
    private final StoredPages stored;
    private final Settings settings;
    private Optional<RejectedOperations> rejected = Optional.empty();
    private boolean ended;

    /** @param trusting judges nothing again, as no signature would tell right from wrong */
    public record Settings(int pageSize, int threads, boolean trusting) {}

    /** @param files what is stored and rejected of a file */
    public SecondReading(Function<String, DisorderedLogs> files, FileReading reading, StoredPages stored, Settings settings) {
        this.files = files;
        this.reading = reading;
        this.stored = stored;
        this.settings = settings;
    }

    /** Takes back the logs in which a later operation was judged without an earlier one, where that made it wrong. */
    public void takeBack() {
        DisorderedLogs disordered = files.apply(reading.host());
        if (!settings.trusting) {
            Rejudging rejudging = new Rejudging(settings.threads);
            int count = 0;
            NavigableMap<String, Rejudging.Log> logs = disordered.next("", AT_ONCE);
            while (!logs.isEmpty()) {
                reading.check();
                Set<String> wrong = rejudging.findWrong(logs);
                List<List<ExportedOperation>> operations = new ArrayList<>();
                for (String did : wrong) {
                    operations.add(logs.get(did).stored());
                }
                if (!wrong.isEmpty()) {
                    reading.keepNotes(disordered.takeBack(operations));
                }
                count += wrong.size();
                logs = disordered.next(logs.lastKey(), AT_ONCE);
            }
            if (count > 0) {
                LOG.info("{} logs came out of order; judging them again", count);
            }
        }
        reading.nextEpoch();
        stored.forget(reading.epoch());
        rejected = Optional.of(disordered.rejected());
    }

    public boolean hasNext() {
        return !ended;
    }

    /** The next page of what was kept out, in the order of time; an empty one in the end. */
    public PlcPage next() {
        reading.check();
        List<ExportedOperation> operations = rejected.orElseThrow().next(settings.pageSize);
        ended = operations.isEmpty();
        return reading.page(operations, List.of(), reading.findNotes(operations), reading.rows());
    }

    @Override
    public void close() {
        rejected.ifPresent(RejectedOperations::close);
        rejected = Optional.empty();
    }
}
