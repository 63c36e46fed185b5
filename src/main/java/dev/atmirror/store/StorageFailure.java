package dev.atmirror.store;

import java.sql.SQLException;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;

/** Tells failures of the database from those of others. */
public final class StorageFailure {
    private static final int DEEPEST = 20; // causes may go round in a circle

    private StorageFailure() {}

    /** Whether a statement failed, or the database was not reached. @param thrown wrapped in anything, or null */
    public static boolean isBehind(Throwable thrown) {
        return Stream.iterate(thrown, each -> each != null, Throwable::getCause)
                .limit(DEEPEST)
                .anyMatch(each -> each instanceof SQLException || each instanceof DataAccessException);
    }
}
