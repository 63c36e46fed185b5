package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.DidKey.Curve;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The accounts of the sandbox and what they are made of: handles, hosts and keys. Hosts hold one rotation key each for
 * all their accounts, as in the real network.
 */
final class Population {
    /** Bounds memory: these many accounts go on changing, older ones rest. */
    private static final int ACTIVE = 2_000;

    private static final int PICKS = 8;
    private static final String[] FIRST = {
        "amber", "brave", "calm", "dusty", "early", "fuzzy", "gentle", "hazy", "ivory", "jolly", "keen", "lucky",
        "mossy", "nimble", "olive", "plain", "quiet", "rusty", "sunny", "tidy"
    };
    private static final String[] SECOND = {
        "badger", "crane", "dormouse", "egret", "finch", "gecko", "heron", "ibis", "jackdaw", "kestrel", "lynx",
        "marten", "newt", "otter", "plover", "quail", "robin", "stoat", "tern", "vole"
    };

    private final Random random;
    private final long seed;
    private final List<String> hosts;
    private final HostKeys hostKeys;
    private final List<Account> active = new ArrayList<>();
    private int keysMade;
    private int handlesMade;

    Population(long seed, Random random, List<String> hosts) {
        this.seed = seed;
        this.random = random;
        this.hosts = hosts;
        this.hostKeys = new HostKeys(seed, hosts.size());
    }

    SigningKey newKey(Curve curve) {
        return SigningKey.of(curve, "key/" + seed + "/" + keysMade++);
    }

    SigningKey newKey() {
        return newKey(Curve.SECP256K1);
    }

    String newHandle() {
        String name = FIRST[random.nextInt(FIRST.length)] + "-" + SECOND[random.nextInt(SECOND.length)];
        return name + "-" + Integer.toString(++handlesMade, 36) + ".handle.test";
    }

    /** Two words, the same for the same draw. */
    static String name(long draw) {
        return FIRST[Seeded.below(FIRST.length, draw, 0)] + "-" + SECOND[Seeded.below(SECOND.length, draw, 1)];
    }

    int randomHost() {
        return random.nextInt(hosts.size());
    }

    String host(int index) {
        return hosts.get(index);
    }

    /** Strongest first: the operator's recovery key, then the host's own. */
    List<SigningKey> usualKeys(int host) {
        return hostKeys.usual(host);
    }

    /** What an ordinary account declares; rotation keys aside. */
    static ObjectNode state(String handle, String endpoint, String verificationKey) {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.putObject("verificationMethods").put("atproto", verificationKey);
        state.putArray("alsoKnownAs").add("at://" + handle);
        setHost(state, endpoint);
        return state;
    }

    /** Of a random host, with a new handle and signing key. */
    ObjectNode state() {
        return state(newHandle(), host(randomHost()), newKey().didKey());
    }

    static ObjectNode withHost(ObjectNode state, String endpoint) {
        ObjectNode changed = state.deepCopy();
        setHost(changed, endpoint);
        return changed;
    }

    private static void setHost(ObjectNode state, String endpoint) {
        state.withObject("/services")
                .putObject("atproto_pds")
                .put("type", "AtprotoPersonalDataServer")
                .put("endpoint", endpoint);
    }

    static ObjectNode withHandle(ObjectNode state, String handle) {
        ObjectNode changed = state.deepCopy();
        changed.putArray("alsoKnownAs").add("at://" + handle);
        return changed;
    }

    static ObjectNode withSigningKey(ObjectNode state, SigningKey key) {
        ObjectNode changed = state.deepCopy();
        changed.withObject("/verificationMethods").put("atproto", key.didKey());
        return changed;
    }

    /** An ordinary account. */
    Account ordinary(Instant at) {
        return ordinary(randomHost(), at);
    }

    /** An ordinary account at the host with this index. */
    Account ordinary(int host, Instant at) {
        return Account.create(
                state(newHandle(), host(host), newKey().didKey()), usualKeys(host), 1, at);
    }

    /** With a key of its user's own, on the other curve, above those of the host. */
    Account selfGuarded(Instant at) {
        int host = randomHost();
        SigningKey own = newKey(Curve.P256);
        List<SigningKey> keys = List.of(own, hostKeys.recovery(), hostKeys.of(host));
        return Account.create(state(newHandle(), host(host), newKey().didKey()), keys, 0, at);
    }

    /** In the first format, which wrote handle and service without schemes. */
    Account legacy(Instant at) {
        SigningKey signing = newKey();
        String handle = newHandle();
        String endpoint = host(randomHost());
        ObjectNode unsigned = JsonNodeFactory.instance
                .objectNode()
                .put("type", "create")
                .put("handle", handle)
                .put("service", endpoint)
                .put("signingKey", signing.didKey())
                .put("recoveryKey", hostKeys.recovery().didKey())
                .putNull("prev");
        ObjectNode state = state(handle, endpoint, signing.didKey());
        return Account.createLegacy(unsigned, state, List.of(hostKeys.recovery(), signing), at);
    }

    /** Lets an account change from time to time from now on. */
    void activate(Account account) {
        if (active.size() < ACTIVE) {
            active.add(account);
        } else {
            active.set(random.nextInt(ACTIVE), account);
        }
    }

    /** An account to which something may happen at this time; empty when a few tries find none. */
    Optional<Account> pick(Instant at) {
        for (int i = 0; i < PICKS && !active.isEmpty(); i++) {
            Account account = active.get(random.nextInt(active.size()));
            if (account.canGoOn() && account.lastTime().isBefore(at)) {
                return Optional.of(account);
            }
        }
        return Optional.empty();
    }

    /** Moves an account to another host: endpoint, signing key and the host's rotation key change. */
    Draft move(Account account, Instant at) {
        return moveTo(account, randomHost(), at);
    }

    /** As {@link #move}, to the host with this index. */
    Draft moveTo(Account account, int host, Instant at) {
        List<SigningKey> keys = new ArrayList<>(account.head().keys());
        keys.set(keys.size() - 1, hostKeys.of(host));
        ObjectNode state = withHost(withSigningKey(account.head().state(), newKey()), host(host));
        return account.update(account.head(), state, List.copyOf(keys), account.head().keys().size() - 1, at);
    }
}
