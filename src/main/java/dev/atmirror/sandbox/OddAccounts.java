package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Accounts of a kind that occurs in the public log, or may, and that a mirror must take as they are. */
final class OddAccounts {
    private static final String ED25519_KEY = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    private static final String LONG_NAME = "a".repeat(300); // longer than the directory takes today

    /** How one comes into being. */
    interface Oddity {
        List<Draft> happen(Instant at);
    }

    private final Population population;

    OddAccounts(Population population) {
        this.population = population;
    }

    List<Oddity> all() {
        return List.of(
                declaring(state -> state.put("note", "a field that no version of the protocol knows")),
                declaring(state -> state.withObject("/services/atproto_pds").put("region", "north")),
                declaring(state -> state.putObject("verificationMethods").put("atproto", ED25519_KEY)),
                declaring(this::labeler),
                declaring(state -> names(state).add("at://Grüße.例え.test").add("https://例え.test/ \u0007\"\\")),
                // Surrogate pairs and NUL are valid text in DAG-CBOR; PostgreSQL's jsonb refuses the latter.
                declaring(state -> names(state).add("at://\u0000.test").add("\uD83E\uDD8B")),
                declaring(state -> state.putArray("alsoKnownAs")),
                declaring(state -> state.putObject("services")),
                declaring(state -> state.putObject("verificationMethods")),
                declaring(state -> names(state).insert(0, "at://not a handle").add("at://UPPER.Handle.test")),
                declaring(state -> state.withObject("/services/atproto_pds").put("endpoint", "not a URL at all")),
                declaring(state -> names(state).add("at://" + LONG_NAME + ".test")),
                this::frozen,
                this::manyAtOnce,
                this::manyKeys);
    }

    private static ArrayNode names(ObjectNode state) {
        return (ArrayNode) state.get("alsoKnownAs");
    }

    private void labeler(ObjectNode state) {
        state.withObject("/verificationMethods")
                .put("atproto_label", population.newKey().didKey());
        state.withObject("/services")
                .putObject("atproto_labeler")
                .put("type", "AtprotoLabeler")
                .put("endpoint", "https://labels.handle.test");
    }

    /** An account that declares something out of the common, and later something ordinary. */
    private Oddity declaring(Consumer<ObjectNode> change) {
        return at -> {
            ObjectNode state = population.state();
            change.accept(state);
            Account account = Account.create(state, population.usualKeys(0), 1, at);
            ObjectNode moved = Population.withHost(state, population.host(population.randomHost()));
            return List.of(account.birth(), account.update(moved, at.plus(Duration.ofHours(5))));
        };
    }

    /** Gives up its rotation keys: nothing can follow. */
    private List<Draft> frozen(Instant at) {
        Account account = population.ordinary(at);
        Account.Past head = account.head();
        return List.of(
                account.birth(), account.update(head, head.state(), List.of(), 1, at.plus(Duration.ofHours(1))));
    }

    /** Several accounts of one millisecond: a cursor of times that stops among them loses the rest. */
    private List<Draft> manyAtOnce(Instant at) {
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            drafts.add(population.ordinary(at).birth());
        }
        return drafts;
    }

    /** More rotation keys than the directory takes today. */
    private List<Draft> manyKeys(Instant at) {
        List<SigningKey> keys = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            keys.add(population.newKey());
        }
        Account account = Account.create(population.state(), List.copyOf(keys), 5, at);
        Account.Past genesis = account.genesis();
        return List.of(
                account.birth(),
                account.update(population.state(), at.plusSeconds(60)),
                account.update(genesis, population.state(), genesis.keys(), 7, at.plusSeconds(120)));
    }
}
