package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Cid;
import dev.atmirror.identity.Did;
import dev.atmirror.identity.PlcOperation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Operations that must be rejected, as the public directory let some in before November 2025. They change nothing about
 * the accounts that they claim to be of.
 */
final class Forgeries {
    private static final Duration RECOVERY_WINDOW = Duration.ofHours(72);
    private static final int PICKS = 50;

    private final Population population;
    private int made;

    Forgeries(Population population) {
        this.population = population;
    }

    /** The next one, of another kind than the one before. */
    Draft next(Instant at) {
        Account victim = population.pick(at).orElseGet(() -> population.ordinary(at));
        return switch (made++ % 5) {
            case 0 -> foreignSignature(victim, at);
            case 1 -> lateRecovery(at).orElseGet(() -> foreignSignature(victim, at));
            case 2 -> unknownPrev(victim, at);
            case 3 -> paddedSignature(victim, at);
            default -> wrongDid(at);
        };
    }

    private ObjectNode renamed(Account account, String prev) {
        Account.Past head = account.head();
        ObjectNode state = Population.withHandle(head.state(), population.newHandle());
        return Account.operation(state, head.keys()).put("prev", prev);
    }

    private Draft foreignSignature(Account victim, Instant at) {
        return draft(victim.did(), population.newKey().sign(renamed(victim, victim.head().cid())), at);
    }

    private Draft unknownPrev(Account victim, Instant at) {
        String nowhere = Cid.ofHash(Cid.sha256(("nowhere/" + made).getBytes(StandardCharsets.UTF_8)));
        return draft(victim.did(), weakestKey(victim).sign(renamed(victim, nowhere)), at);
    }

    /** Sound but for the padding, which lax decoders let pass. */
    private Draft paddedSignature(Account victim, Instant at) {
        PlcOperation signed = weakestKey(victim).sign(renamed(victim, victim.head().cid()));
        ObjectNode padded = signed.json().deepCopy().put("sig", signed.sig() + "==");
        return draft(victim.did(), PlcOperation.of(padded), at);
    }

    private Draft wrongDid(Instant at) {
        byte[] anything = Cid.sha256(("wrong/" + made).getBytes(StandardCharsets.UTF_8));
        return draft(Did.ofGenesis(anything), population.ordinary(at).birth().operation(), at);
    }

    /** Rightly signed by a stronger key, and too late. */
    private Optional<Draft> lateRecovery(Instant at) {
        for (int i = 0; i < PICKS; i++) {
            Optional<Account> victim = population.pick(at);
            Optional<Draft> late = victim.flatMap(account -> lateRecovery(account, at));
            if (late.isPresent()) {
                return late;
            }
        }
        return Optional.empty();
    }

    private Optional<Draft> lateRecovery(Account account, Instant at) {
        List<Account.Past> log = account.log();
        if (log.size() < 2) {
            return Optional.empty();
        }
        Account.Past prev = log.get(log.size() - 2);
        Account.Past disputed = account.head();
        boolean late = disputed.createdAt().plus(RECOVERY_WINDOW).isBefore(at);
        return late && disputed.signer() > 0
                ? Optional.of(draft(account.did(), prev.keys().get(0).sign(renamed(account, prev.cid())), at))
                : Optional.empty();
    }

    private static SigningKey weakestKey(Account account) {
        List<SigningKey> keys = account.head().keys();
        return keys.get(keys.size() - 1);
    }

    private static Draft draft(String did, PlcOperation operation, Instant at) {
        return new Draft(did, operation, at, List.of(), 0, false);
    }
}
