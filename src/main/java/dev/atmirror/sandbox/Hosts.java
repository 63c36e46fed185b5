package dev.atmirror.sandbox;

import dev.atmirror.identity.PlcOperation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * All hosts and who lives where. It follows the log: whoever a document moves arrives at its new host with all records,
 * and the old one keeps a deactivated copy. Safe for many threads; calls nothing that calls it.
 */
final class Hosts {
    static final Hosts NONE = new Hosts(0, NetworkSettings.NONE, List.of(), BulkAccounts.NONE);

    private static final int MOST_LIVE_POSTS = 200_000; // bounds memory
    private static final int LISTED_ELSEWHERE = 3;

    private final long seed;
    private final BulkAccounts bulk;
    private final List<PdsHost> all = new ArrayList<>();
    private final Map<String, Integer> byEndpoint = new HashMap<>();
    private final Map<String, Home> homes = new ConcurrentHashMap<>();
    private final Map<String, String> byHandle = new ConcurrentHashMap<>();
    private final Random random;
    private int livePosts;

    /** @param endpoints of all hosts, the unnamed one last */
    Hosts(long seed, NetworkSettings settings, List<String> endpoints, BulkAccounts bulk) {
        this.seed = seed;
        this.bulk = bulk;
        this.random = new Random(seed);
        for (int i = 0; i < endpoints.size(); i++) {
            HostKind kind = settings.kind(i);
            int places = kind == HostKind.UNNAMED ? 0 : settings.accounts();
            all.add(new PdsHost(i, kind, endpoints.get(i), bulk, places));
            byEndpoint.put(endpoints.get(i), i);
        }
        if (!all.isEmpty()) {
            listElsewhere(settings.accounts());
        }
    }

    /** The unnamed host lists a few of the first host's accounts as if they were its own. */
    private void listElsewhere(int accounts) {
        for (int place = AccountKind.SPECIAL; place < Math.min(accounts, AccountKind.SPECIAL + LISTED_ELSEWHERE); place++) {
            all.get(all.size() - 1).put(all.get(0).at(place).with(Standing.ACTIVE));
        }
    }

    List<PdsHost> all() {
        return all;
    }

    BulkAccounts bulk() {
        return bulk;
    }

    /** Where the log's own accounts live and move to; none without hosts. */
    List<String> settled() {
        return all.stream()
                .filter(host -> host.kind() == HostKind.ORDINARY)
                .map(PdsHost::endpoint)
                .toList();
    }

    /** @return empty for a DID that the directory has not */
    Optional<Resident> resident(String did) {
        OptionalInt account = bulk.find(did);
        if (account.isPresent()) {
            return Optional.of(resident(account.getAsInt()));
        }
        return Optional.ofNullable(homes.get(did)).map(home -> new Resident(did, home, at(home, did), AccountKind.ORDINARY));
    }

    private Resident resident(int account) {
        String did = bulk.did(account);
        PdsHost first = all.get(bulk.host(account));
        AccountKind kind = first.kindOf(account);
        Home home = homes.get(did);
        if (home != null) {
            return new Resident(did, home, at(home, did), kind);
        }
        Repo repo = first.at(bulk.place(account));
        Home birth = new Home(first.index(), first.endpoint(), bulk.handle(account), false, repo.records());
        return new Resident(did, birth, Optional.of(repo), kind);
    }

    private Optional<Repo> at(Home home, String did) {
        return home.host() < 0 ? Optional.empty() : all.get(home.host()).find(did);
    }

    /** The DID whose document declares this handle; the last one to do so, where there are several. */
    Optional<String> findHandle(String handle) {
        Optional<String> did = Optional.ofNullable(byHandle.get(handle));
        if (did.isEmpty() && bulk.findHandle(handle).isPresent()) {
            did = Optional.of(bulk.did(bulk.findHandle(handle).getAsInt()));
        }
        return did.filter(named -> resident(named).map(Resident::home).map(Home::handle).orElse("").equals(handle));
    }

    /** Whose a handle is, as the host says that its document names. */
    Optional<String> ownerOf(String handle) {
        return findHandle(handle)
                .flatMap(this::resident)
                .flatMap(Resident::repo)
                .filter(repo -> repo.answersFor(handle))
                .map(Repo::ownerOfHandle);
    }

    /** Takes up what the log says now of an account. */
    synchronized void observe(SandboxOperation logged) {
        if (!logged.valid() || all.isEmpty()) {
            return;
        }
        PlcOperation operation = logged.operation();
        String did = logged.did();
        Home before = resident(did).map(Resident::home).orElseGet(() -> nowhere(did, logged.createdAt()));
        String endpoint = operation.pds().orElse("");
        boolean tombstoned = operation.kind() == PlcOperation.Kind.TOMBSTONE;
        Home now = new Home(
                byEndpoint.getOrDefault(endpoint, Home.ELSEWHERE),
                endpoint,
                operation.handle().orElse(""),
                tombstoned,
                before.records());
        homes.put(did, now);
        byHandle.put(now.handle(), did);
        if (before.host() >= 0 && before.host() != now.host()) {
            leave(all.get(before.host()), did, tombstoned ? Standing.GONE : Standing.DEACTIVATED);
        }
        if (now.host() >= 0) {
            arrive(all.get(now.host()), did, now, before.host() == now.host());
        }
    }

    private Home nowhere(String did, Instant at) {
        Records records = new Records(AccountKind.ORDINARY, Seeded.bits(seed, did.hashCode()), at.toEpochMilli());
        return new Home(Home.ELSEWHERE, "", "", false, records);
    }

    private static void leave(PdsHost host, String did, Standing standing) {
        host.find(did).filter(repo -> repo.standing().active()).ifPresent(repo -> host.put(repo.with(standing)));
    }

    private static void arrive(PdsHost host, String did, Home now, boolean stayed) {
        Optional<Repo> known = host.find(did);
        if (known.isPresent()) {
            Repo repo = known.get().withHandle(now.handle());
            host.put(stayed ? repo : repo.with(Standing.ACTIVE));
        } else if (!stayed) {
            host.put(new Repo(did, now.handle(), Standing.ACTIVE, AccountKind.ORDINARY, now.records()));
        }
    }

    /** Changes how an account stands with the host that its document names; false where that has no such account. */
    synchronized boolean stand(String did, Standing standing) {
        Optional<Resident> resident = resident(did).filter(known -> known.repo().isPresent());
        resident.ifPresent(known ->
                all.get(known.home().host()).put(known.repo().get().with(standing)));
        return resident.isPresent();
    }

    /** Adds posts to an account; false where its host does not serve it or there are too many posts already. */
    synchronized boolean post(String did, int count, Instant now) {
        Optional<Resident> resident = resident(did)
                .filter(known -> known.repo().filter(repo -> repo.standing().served()).isPresent());
        if (resident.isEmpty() || livePosts + count > MOST_LIVE_POSTS) {
            return false;
        }
        livePosts += count;
        Repo repo = resident.get().repo().get();
        all.get(resident.get().home().host()).put(repo); // What has more posts than at the start must be kept.
        for (int i = 0; i < count; i++) {
            repo.records().post(now.toEpochMilli() * 1_000);
        }
        return true;
    }

    /** Lets somebody post, sometimes nobody: who is drawn may not be active. */
    synchronized void postSomewhere(Instant now) {
        if (all.isEmpty()) {
            return;
        }
        PdsHost host = all.get(random.nextInt(all.size()));
        if (host.kind().behaves() && host.places() > 0) {
            Repo repo = host.at(random.nextInt(host.places()));
            if (repo.standing() == Standing.ACTIVE) {
                post(repo.did(), 1, now);
            }
        }
    }

    /** Each DID of the directory, once. */
    void forEach(Consumer<Resident> visitor) {
        for (int account = 0; account < bulk.size(); account++) {
            visitor.accept(resident(account));
        }
        homes.keySet().stream()
                .filter(did -> bulk.find(did).isEmpty())
                .forEach(did -> visitor.accept(resident(did).orElseThrow()));
    }
}
