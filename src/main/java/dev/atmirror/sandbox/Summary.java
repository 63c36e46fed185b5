package dev.atmirror.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is true of the network, for holding a crawl against it: {@code repo} is what the host that an account's document
 * names answers to describeRepo, {@code records} what it then serves.
 */
final class Summary {
    /** With more first accounts than this, only the special ones are listed each. */
    private static final int MOST_LISTED = 10_000;

    private final Network network;
    private final Hosts hosts;

    Summary(Network network) {
        this.network = network;
        this.hosts = network.hosts();
    }

    /** Counts for a host: of the accounts whose documents name it. */
    private static final class Tally {
        private int named;
        private final Map<String, Integer> repos = new TreeMap<>();
        private final Map<String, Integer> records = new TreeMap<>();

        private JsonObject json() {
            return new JsonObject()
                    .put("named", named)
                    .put("repos", numbers(repos))
                    .put("records", numbers(records));
        }
    }

    /** Hosts with their counts, and accounts: all of them, or the special ones where there are many. */
    JsonObject all() {
        Tally[] tallies = new Tally[hosts.all().size()];
        for (int i = 0; i < tallies.length; i++) {
            tallies[i] = new Tally();
        }
        Tally elsewhere = new Tally();
        boolean few = hosts.bulk().size() <= MOST_LISTED;
        JsonArray accounts = new JsonArray();
        hosts.forEach(resident -> {
            int host = resident.home().host();
            count(host < 0 ? elsewhere : tallies[host], resident);
            if (few || resident.kind() != AccountKind.ORDINARY) {
                accounts.add(account(resident));
            }
        });
        JsonArray json = new JsonArray();
        for (PdsHost host : hosts.all()) {
            json.add(host(host).mergeIn(tallies[host.index()].json()));
        }
        return new JsonObject()
                .put("relay", network.relay())
                .put("hosts", json)
                .put("elsewhere", elsewhere.json())
                .put("accountsAreAll", few)
                .put("accounts", accounts);
    }

    /** All accounts whose documents name this host, and whatever else it lists. */
    JsonObject of(PdsHost host) {
        JsonArray accounts = new JsonArray();
        hosts.forEach(resident -> {
            if (resident.home().host() == host.index()) {
                accounts.add(account(resident));
            }
        });
        JsonArray strays = new JsonArray();
        for (int place = 0; place < host.places(); place++) {
            Repo repo = host.at(place);
            boolean here = hosts.resident(repo.did())
                    .filter(resident -> resident.home().host() == host.index())
                    .isPresent();
            if (!here && repo.standing().listed()) {
                strays.add(listing(repo).put("did", repo.did()));
            }
        }
        return host(host).put("accounts", accounts).put("listedButLivingElsewhere", strays);
    }

    private JsonObject host(PdsHost host) {
        int listed = 0;
        int active = 0;
        Map<String, Integer> statuses = new TreeMap<>();
        for (int place = 0; place < host.places(); place++) {
            Standing standing = host.at(place).standing();
            listed += standing.listed() ? 1 : 0;
            active += standing.listed() && standing.active() ? 1 : 0;
            if (standing.listed() && !standing.status().isEmpty()) {
                statuses.merge(standing.status(), 1, Integer::sum);
            }
        }
        return new JsonObject()
                .put("index", host.index())
                .put("pds", host.endpoint())
                .put("kind", host.kind().key())
                .put("paging", host.paging().key())
                .put("limits", WindowLimit.Manner.of(host.index()).name().toLowerCase(Locale.ROOT))
                .put("up", network.isUp(host.index()))
                .put("listed", listed)
                .put("listedActive", active)
                .put("statuses", numbers(statuses));
    }

    private void count(Tally tally, Resident resident) {
        tally.named++;
        String repo = expected(resident);
        tally.repos.merge(repo, 1, Integer::sum);
        if (repo.equals(Standing.ACTIVE.key())) {
            resident.home().records().counts()
                    .forEach((collection, count) -> tally.records.merge(collection, count, Integer::sum));
        }
    }

    /** One account. */
    JsonObject account(Resident resident) {
        Home home = resident.home();
        String repo = expected(resident);
        JsonObject json = new JsonObject()
                .put("did", resident.did())
                .put("kind", resident.kind().key())
                .put("handle", home.handle())
                .put("pds", home.endpoint())
                .put("plc", home.tombstoned() ? "tombstoned" : "active")
                .put("repo", repo);
        resident.repo().ifPresent(known -> json.mergeIn(listing(known))
                .put("handleIsCorrect", known.handle().equals(home.handle()))
                .put("error", known.standing().served() ? "" : known.standing().error()));
        if (repo.equals(Standing.ACTIVE.key())) {
            json.put("records", numbers(home.records().counts()));
        }
        return json;
    }

    /** What listRepos says. */
    private static JsonObject listing(Repo repo) {
        Standing standing = repo.standing();
        return new JsonObject()
                .put("listed", standing.listed())
                .put("active", standing.active())
                .put("status", standing.status());
    }

    private String expected(Resident resident) {
        Home home = resident.home();
        if (home.tombstoned()) {
            return "tombstoned";
        }
        if (home.endpoint().isEmpty()) {
            return "no-pds";
        }
        if (home.host() < 0 || !network.isUp(home.host())) {
            return "unreachable";
        }
        PdsHost host = hosts.all().get(home.host());
        if (!host.kind().truthful() || host.failsFor(resident.did())) {
            return "broken-host";
        }
        return resident.repo().map(repo -> expected(repo.standing())).orElse("none");
    }

    private static String expected(Standing standing) {
        return switch (standing) {
            case ACTIVE, DESYNCHRONIZED, THROTTLED -> Standing.ACTIVE.key();
            case DEACTIVATED, INACTIVE -> Standing.DEACTIVATED.key();
            case DELETED, GONE -> Standing.DELETED.key();
            case NEVER_HEARD_OF, QUARANTINED -> "none";
            default -> standing.key();
        };
    }

    private static JsonObject numbers(Map<String, Integer> counts) {
        JsonObject json = new JsonObject();
        counts.forEach(json::put);
        return json;
    }
}
