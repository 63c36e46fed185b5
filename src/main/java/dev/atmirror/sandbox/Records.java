package dev.atmirror.sandbox;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The records of one account, computed from its draw but for the posts that came later. They go with the account when
 * it moves. Safe for many threads.
 */
final class Records {
    static final String PROFILE = "app.bsky.actor.profile";
    static final String POST = "app.bsky.feed.post";
    static final String LIKE = "app.bsky.feed.like";
    static final String FOLLOW = "app.bsky.graph.follow";
    /** Of a schema that nobody published. */
    static final String NOTE = "com.example.sandbox.note";

    private static final int MANY = 251; // more than two pages
    private static final int MOST_POSTS = 8;
    private static final int MOST_LIKES = 4;
    private static final long APART_MICROS = 1_000;
    private static final int CLOCK_SALT = 11;

    /** @param number tells apart the records of one collection */
    record Entry(String collection, String key, int number) {}

    private final AccountKind kind;
    private final long draw;
    private final long bornMicros;
    private final List<Long> later = new ArrayList<>(0);

    /** @param draw what all is computed from */
    Records(AccountKind kind, long draw, long bornMillis) {
        this.kind = kind;
        this.draw = draw;
        this.bornMicros = bornMillis * 1_000;
    }

    long draw() {
        return draw;
    }

    /** A post at this time, or just after the last one when that is later. */
    synchronized void post(long micros) {
        later.add(Math.max(micros, lastMicros() + 1));
    }

    /** How many records there are in each collection; collections without any are left out. */
    synchronized SortedMap<String, Integer> counts() {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (String collection : List.of(PROFILE, POST, LIKE, FOLLOW, NOTE)) {
            int count = first(collection) + (collection.equals(POST) ? later.size() : 0);
            if (count > 0) {
                counts.put(collection, count);
            }
        }
        return counts;
    }

    /** Newest first, as record keys sort; nothing for a collection that is not there. */
    synchronized List<Entry> of(String collection) {
        List<Entry> entries = new ArrayList<>();
        int first = first(collection);
        for (int i = 0; i < first; i++) {
            entries.add(new Entry(collection, key(collection, i), i));
        }
        if (collection.equals(POST)) {
            for (int i = 0; i < later.size(); i++) {
                entries.add(new Entry(collection, Tid.of(later.get(i), 0), first + i));
            }
        }
        entries.sort(Comparator.comparing(Entry::key).reversed());
        return entries;
    }

    /** The revision: that of the last record. */
    synchronized String rev() {
        return Tid.of(lastMicros(), clock());
    }

    /** When the record was made. */
    synchronized long micros(Entry entry) {
        int afterFirst = entry.number() - first(entry.collection());
        return afterFirst >= 0 ? later.get(afterFirst) : micros(entry.number());
    }

    private long lastMicros() {
        return later.isEmpty() ? micros(MANY) : later.get(later.size() - 1);
    }

    private long micros(int number) {
        return bornMicros + number * APART_MICROS;
    }

    private int clock() {
        return Seeded.below(1_024, draw, CLOCK_SALT);
    }

    private String key(String collection, int number) {
        return collection.equals(PROFILE) ? "self" : Tid.of(micros(number), clock());
    }

    private int first(String collection) {
        if (kind == AccountKind.EMPTY_REPO) {
            return 0;
        }
        return switch (collection) {
            case PROFILE -> 1;
            case POST -> kind == AccountKind.MANY_POSTS ? MANY : Seeded.below(MOST_POSTS, draw, 1);
            case LIKE -> Seeded.below(MOST_LIKES, draw, 2);
            case FOLLOW -> Seeded.below(2, draw, 3);
            case NOTE -> kind == AccountKind.ODD_RECORDS ? RecordText.ODDITIES : Seeded.below(8, draw, 4) == 0 ? 1 : 0;
            default -> 0;
        };
    }
}
