package dev.atmirror.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Statements by the name of their file under {@code sql/}. */
final class Sql {
    private static final Map<String, String> FILES = new ConcurrentHashMap<>();

    private Sql() {}

    static String file(String name) {
        return FILES.computeIfAbsent(name, Sql::load);
    }

    /** Whether a statement took longer than it may, or was ended by an operator. */
    static boolean isCancelled(java.sql.SQLException failure) {
        return "57014".equals(failure.getSQLState());
    }

    private static String load(String name) {
        try (InputStream in = Sql.class.getResourceAsStream("/sql/" + name)) {
            if (in == null) {
                throw new IllegalStateException("no such statement: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
