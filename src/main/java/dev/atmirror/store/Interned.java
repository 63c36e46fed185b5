package dev.atmirror.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Numbers for texts that recur: key sets and PDS endpoints. One writer only; {@link #forget()} after a failed write. */
final class Interned {
    private static final int CACHED = 50_000;

    private final String table;
    private final String column;
    private final Cache<String, Integer> known =
            Caffeine.newBuilder().maximumSize(CACHED).build();
    private int last = -1; // not asked yet

    Interned(String table, String column) {
        this.table = table;
        this.column = column;
    }

    void forget() {
        known.invalidateAll();
        last = -1;
    }

    /** @param numbers of all texts; 0 for the empty text @param added the texts that must be stored with them */
    record Resolved(Map<String, Integer> numbers, List<String> added, List<Integer> addedNumbers) {
        int[] addedIds() {
            return addedNumbers.stream().mapToInt(Integer::intValue).toArray();
        }

        String[] addedTexts() {
            return added.toArray(String[]::new);
        }
    }

    Resolved resolve(Connection connection, Collection<String> texts) throws SQLException {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (String text : texts) {
            Integer number = text.isEmpty() ? Integer.valueOf(0) : known.getIfPresent(text);
            if (number == null) {
                missing.add(text);
            } else {
                numbers.put(text, number);
            }
        }
        List<String> added = new ArrayList<>();
        List<Integer> addedNumbers = new ArrayList<>();
        if (!missing.isEmpty()) {
            load(connection, missing, numbers);
            for (String text : missing) {
                if (!numbers.containsKey(text)) {
                    numbers.put(text, ++last);
                    added.add(text);
                    addedNumbers.add(last);
                }
            }
            missing.forEach(text -> known.put(text, numbers.get(text)));
        }
        return new Resolved(numbers, added, addedNumbers);
    }

    private void load(Connection connection, List<String> missing, Map<String, Integer> numbers) throws SQLException {
        if (last < 0) {
            try (PreparedStatement max = connection.prepareStatement("select coalesce(max(id), 0) from " + table);
                    ResultSet rows = max.executeQuery()) {
                rows.next();
                last = rows.getInt(1);
            }
        }
        String sql = "select id, " + column + " from " + table + " where " + column + " = any(?)";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, missing.toArray(String[]::new));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    numbers.put(rows.getString(2), rows.getInt(1));
                }
            }
        }
    }
}
