package dev.atmirror.cli;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * One line that says how far something is, and fits the terminal: what does not fit is left out.
 *
 * @param task what is done
 * @param share 0 to 1; empty while nobody knows, which is better than a guess that has to be taken back
 * @param facts the most important first
 */
record ProgressLine(String task, OptionalDouble share, List<String> facts) {
    private static final int WIDEST = 120;
    private static final int SHORTEST_BAR = 8;
    private static final int MOST_IMPORTANT = 2; // facts that a bar never takes the place of
    private static final double ALMOST = 0.99;
    private static final boolean BLOCKS = Charset.defaultCharset().newEncoder().canEncode('\u2588');

    /** The share of what is not finished, so never 100 %; empty where it is negative, which says that nobody knows. */
    static OptionalDouble unfinished(double share) {
        return share >= 0 ? OptionalDouble.of(Math.min(share, ALMOST)) : OptionalDouble.empty();
    }

    /** @param left of the same as what is done; where that is nothing although the end has not come, it is not known yet */
    static OptionalDouble unfinished(long done, long left) {
        return left > 0 ? unfinished((double) done / (done + left)) : OptionalDouble.empty();
    }

    /** As many columns as there are, blanks at the end included, since a shorter line would leave a rest of the one before. */
    String fit(int columns) {
        int width = Math.min(columns, WIDEST);
        return withBar(width).or(() -> withoutBar(width)).map(line -> line + " ".repeat(width - line.length())).orElseGet(
                () -> (task + " ".repeat(Math.max(0, width))).substring(0, Math.max(0, width)));
    }

    /** Where there is room for a bar beside the facts that matter most. */
    private Optional<String> withBar(int width) {
        if (share.isEmpty()) {
            return Optional.empty();
        }
        for (int kept = facts.size(); kept >= Math.min(MOST_IMPORTANT, facts.size()); kept--) {
            String tail = kept == 0 ? "" : " " + text(kept);
            int room = width - head().length() - tail.length() - " []".length();
            if (room >= SHORTEST_BAR) {
                return Optional.of(head() + " [" + bar(room) + "]" + tail);
            }
        }
        return Optional.empty();
    }

    private Optional<String> withoutBar(int width) {
        String colon = share.isEmpty() ? ": " : " ";
        return IntStream.rangeClosed(0, facts.size())
                .map(dropped -> facts.size() - dropped)
                .mapToObj(kept -> kept == 0 ? head() : head() + colon + text(kept))
                .filter(line -> line.length() <= width)
                .findFirst();
    }

    private String head() {
        return share.isEmpty() ? task : task + String.format(Locale.ROOT, " %3d %%", (int) Math.floor(100 * share.getAsDouble()));
    }

    private String text(int kept) {
        return String.join(", ", facts.subList(0, kept));
    }

    private String bar(int length) {
        int full = (int) Math.floor(share.getAsDouble() * length);
        return (BLOCKS ? "\u2588" : "=").repeat(full) + " ".repeat(length - full);
    }
}
