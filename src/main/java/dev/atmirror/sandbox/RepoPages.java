package dev.atmirror.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The pages of listRepos, in the manner of the host. Cursors look like the reference's and count places. */
final class RepoPages {
    private static final String EMPTY_NEXT = "pause::";
    private static final int SHORT = 25; // repos, and sometimes nearly twice as many

    private final PdsHost host;

    RepoPages(PdsHost host) {
        this.host = host;
    }

    /** A stretch of the list. @param end the place behind it */
    private record Stretch(List<Repo> repos, int end) {}

    /** @return empty for a cursor that was never given */
    Optional<String> page(String cursor, int limit) {
        boolean pause = cursor.startsWith(EMPTY_NEXT);
        String position = pause ? cursor.substring(EMPTY_NEXT.length()) : cursor;
        int place = place(position);
        if (place < 0) {
            return Optional.empty();
        }
        if (pause) {
            return Optional.of(body(List.of(), quoted(position)));
        }
        Paging paging = host.paging();
        int most = paging == Paging.SHORT_PAGES ? Math.min(limit, SHORT + place % SHORT) : limit;
        Stretch stretch = stretch(place, most);
        if (paging == Paging.REPEATS && stretch.repos().isEmpty() && place > 0) {
            Stretch again = stretch(Math.max(0, place - most), most);
            return Optional.of(body(again.repos(), quoted(position)));
        }
        return Optional.of(body(stretch.repos(), next(stretch)));
    }

    private Stretch stretch(int from, int most) {
        List<Repo> repos = new ArrayList<>();
        int places = host.places();
        int place = from;
        while (place < places && repos.size() < most) {
            Repo repo = host.at(place++);
            if (repo.standing().listed()) {
                repos.add(repo);
            }
        }
        return new Stretch(repos, place);
    }

    /** The JSON of the next cursor; empty for none at all. */
    private String next(Stretch stretch) {
        boolean end = stretch.end() >= host.places();
        boolean nothing = stretch.repos().isEmpty();
        String cursor = nothing ? "" : cursor(stretch);
        return switch (host.paging()) {
            case REFERENCE, REPEATS -> nothing ? "" : quoted(cursor);
            case EMPTY_PAGES -> nothing ? "" : quoted(EMPTY_NEXT + cursor);
            case ENDS_WITH_REPOS, SHORT_PAGES, BARE -> end ? "" : quoted(cursor);
            case EMPTY_CURSOR -> end ? "\"\"" : quoted(cursor);
            case NULL_CURSOR -> end ? "null" : quoted(cursor);
        };
    }

    private static String cursor(Stretch stretch) {
        return stretch.end() + "::" + stretch.repos().get(stretch.repos().size() - 1).did();
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    /** @return -1 for nonsense */
    private static int place(String cursor) {
        if (cursor.isEmpty()) {
            return 0;
        }
        int end = cursor.indexOf("::");
        try {
            return end < 0 ? -1 : Integer.parseUnsignedInt(cursor.substring(0, end));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private String body(List<Repo> repos, String cursor) {
        StringBuilder json = new StringBuilder("{");
        if (!cursor.isEmpty()) {
            json.append("\"cursor\":").append(cursor).append(',');
        }
        json.append("\"repos\":[");
        for (int i = 0; i < repos.size(); i++) {
            json.append(i == 0 ? "" : ",");
            append(json, repos.get(i));
        }
        return json.append("]}").toString();
    }

    private void append(StringBuilder json, Repo repo) {
        json.append("{\"did\":\"").append(repo.did());
        json.append("\",\"head\":\"").append(repo.head());
        json.append("\",\"rev\":\"").append(repo.records().rev()).append('"');
        if (host.paging() != Paging.BARE) {
            json.append(",\"active\":").append(repo.standing().active());
            if (!repo.standing().status().isEmpty()) {
                json.append(",\"status\":\"").append(repo.standing().status()).append('"');
            }
        }
        json.append('}');
    }

    /** The answer of getRepoStatus. */
    static String status(Repo repo) {
        JsonObject json = new JsonObject().put("did", repo.did()).put("active", repo.standing().active());
        if (!repo.standing().status().isEmpty()) {
            json.put("status", repo.standing().status());
        }
        if (repo.standing().active()) {
            json.put("rev", repo.records().rev());
        }
        return json.encode();
    }
}
