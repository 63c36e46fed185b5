package dev.atmirror.plc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/** The verified operations of one DID in the order of the log, nullified ones included. Not thread-safe. */
public final class DidLog {
    /**
     * @param id the mirror's own sequence number; negative and provisional while its page is judged
     * @param rotationKeys strongest first; empty for a tombstone
     * @param signer index in prev's (a genesis': its own) rotation keys of the key that signed
     */
    public record Entry(
            long id, String cid, Instant createdAt, boolean tombstone, List<String> rotationKeys, int signer) {
        Entry numbered(LongUnaryOperator numbers) {
            return new Entry(numbers.applyAsLong(id), cid, createdAt, tombstone, rotationKeys, signer);
        }
    }

    private final List<Entry> live = new ArrayList<>(2);
    private final List<Entry> nullified = new ArrayList<>(0);
    private int account;

    /** @param account the account's number; 0 for a DID that has no verified operation yet */
    public DidLog(int account) {
        this.account = account;
    }

    public int account() {
        return account;
    }

    void account(int number) {
        this.account = number;
    }

    public boolean isEmpty() {
        return live.isEmpty();
    }

    public Entry head() {
        return live.get(live.size() - 1);
    }

    public void add(Entry entry, boolean isNullified) {
        (isNullified ? nullified : live).add(entry);
    }

    public boolean contains(String cid) {
        return indexOf(cid) >= 0 || isNullified(cid);
    }

    int indexOf(String cid) {
        for (int i = live.size() - 1; i >= 0; i--) {
            if (live.get(i).cid().equals(cid)) {
                return i;
            }
        }
        return -1;
    }

    boolean isNullified(String cid) {
        return !nullified.isEmpty() && nullified.stream().anyMatch(entry -> entry.cid().equals(cid));
    }

    Entry live(int index) {
        return live.get(index);
    }

    Optional<Entry> after(int index) {
        return index + 1 < live.size() ? Optional.of(live.get(index + 1)) : Optional.empty();
    }

    /** Puts final numbers in the place of provisional ones. */
    void renumber(LongUnaryOperator numbers) {
        for (int i = live.size() - 1; i >= 0 && live.get(i).id() < 0; i--) { // new ones stand at the end
            live.set(i, live.get(i).numbered(numbers));
        }
        nullified.replaceAll(entry -> entry.id() < 0 ? entry.numbered(numbers) : entry); // and here anywhere
    }

    /** Moves everything after {@code index} to the nullified entries and returns the ids. */
    List<Long> nullifyAfter(int index) {
        List<Entry> lost = live.subList(index + 1, live.size());
        List<Long> ids = lost.stream().map(Entry::id).toList();
        nullified.addAll(lost);
        lost.clear();
        return ids;
    }
}
