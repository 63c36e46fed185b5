package dev.atmirror.plc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.atmirror.testkit.Ops;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.SigningKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OperationVerifierTest {
    private static final Instant T0 = Instant.parse("2024-05-01T00:00:00Z");
    private static final SigningKey STRONG = SigningKey.k256("strong");
    private static final SigningKey MIDDLE = SigningKey.p256("middle");
    private static final SigningKey WEAK = SigningKey.k256("weak");
    private static final List<SigningKey> KEYS = List.of(STRONG, MIDDLE, WEAK);
    private static final Duration WINDOW = Duration.ofHours(72);

    private final OperationVerifier verifier = new OperationVerifier(new HeldLogs(), 2, false);
    private final ObjectNode genesis = Ops.sign(Ops.operation(KEYS, "a.test", "https://pds.test", null), WEAK);
    private final String did = Ops.did(genesis);
    private long pages;

    private VerifiedPage verify(ExportedOperation... operations) {
        return verify(verifier, operations);
    }

    private VerifiedPage verify(OperationVerifier by, ExportedOperation... operations) {
        return by.verify(new PlcPage(0, ++pages, List.of(operations), List.of(), false, Position.START));
    }

    private ExportedOperation line(ObjectNode operation, Duration after) {
        return new ExportedOperation(did, Ops.cid(operation), T0.plus(after), 0, operation);
    }

    private ExportedOperation founding() {
        return line(genesis, Duration.ZERO);
    }

    private static ObjectNode update(ObjectNode prev, SigningKey key, String handle) {
        return Ops.sign(Ops.operation(KEYS, handle, "https://pds.test", Ops.cid(prev)), key);
    }

    private void assertRejected(Rejection reason, ExportedOperation operation) {
        VerifiedPage page = verify(operation);
        assertThat(page.accepted()).isEmpty();
        assertThat(page.rejected()).extracting(VerifiedPage.Rejected::reason).containsExactly(reason);
    }

    private static Duration minutes(long minutes) {
        return Duration.ofMinutes(minutes);
    }

    @Test
    void verify_noObject_isMalformed() {
        assertRejected(Rejection.MALFORMED, new ExportedOperation(did, "x", T0, 0, TextNode.valueOf("operation")));
    }

    @Test
    void verify_missingPrev_isMalformed() {
        ObjectNode operation = Ops.operation(KEYS, "a.test", "https://pds.test", null);
        operation.remove("prev");
        ObjectNode signed = Ops.sign(operation, WEAK);
        assertRejected(Rejection.MALFORMED, line(signed, Duration.ZERO));
    }

    /** Issue 12, D24. */
    @Test
    void verify_unsigned_isRejectedForItsSignature() {
        ObjectNode unsigned = Ops.operation(KEYS, "a.test", "https://pds.test", null);
        assertRejected(Rejection.SIGNATURE_MISSING, new ExportedOperation(did, "x", T0, 0, unsigned));
        ObjectNode odd = unsigned.deepCopy();
        odd.putNull("sig");
        assertRejected(Rejection.SIGNATURE_MISSING, new ExportedOperation(did, "y", T0, 0, odd));
        odd.remove("prev");
        assertRejected(Rejection.MALFORMED, new ExportedOperation(did, "z", T0, 0, odd));
    }

    @Test
    void verify_moreKeysThanTheStorageCanIndex_isMalformed() {
        ObjectNode operation = Ops.operation(KEYS, "a.test", "https://pds.test", null);
        for (int i = 0; i < 40_000; i++) {
            operation.withArray("rotationKeys").add("x");
        }
        assertRejected(Rejection.MALFORMED, line(Ops.sign(operation, WEAK), Duration.ZERO));
    }

    @Test
    void verify_anotherCidThanItsOwn_isRejected() {
        assertRejected(
                Rejection.CID_MISMATCH,
                new ExportedOperation(did, Ops.cid(update(genesis, WEAK, "b.test")), T0, 0, genesis));
    }

    @Test
    void verify_genesisOfAnotherDid_isRejected() {
        ExportedOperation line =
                new ExportedOperation("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", Ops.cid(genesis), T0, 0, genesis);
        assertRejected(Rejection.GENESIS_HASH_MISMATCH, line);
    }

    @Test
    void verify_secondGenesis_isRejected() {
        verify(founding());
        ObjectNode other = Ops.sign(Ops.operation(KEYS, "b.test", "https://pds.test", null), WEAK);
        assertRejected(Rejection.DID_EXISTS, line(other, minutes(1)));
    }

    @Test
    void verify_updateOfUnknownDid_isRejected() {
        assertRejected(Rejection.UNKNOWN_DID, line(update(genesis, WEAK, "b.test"), minutes(1)));
    }

    @Test
    void verify_unknownPrev_isRejected() {
        verify(founding());
        ObjectNode unseen = update(genesis, WEAK, "b.test");
        assertRejected(Rejection.PREV_NOT_FOUND, line(update(unseen, WEAK, "c.test"), minutes(2)));
    }

    @Test
    void verify_nullifiedPrev_isRejected() {
        ObjectNode undone = update(genesis, WEAK, "b.test");
        verify(founding(), line(undone, minutes(1)), line(update(genesis, STRONG, "c.test"), minutes(2)));
        assertRejected(Rejection.PREV_NULLIFIED, line(update(undone, WEAK, "d.test"), minutes(3)));
    }

    @Test
    void verify_prevIsTombstone_isRejected() {
        ObjectNode tombstone = Ops.sign(Ops.tombstone(Ops.cid(genesis)), WEAK);
        verify(founding(), line(tombstone, minutes(1)));
        assertRejected(Rejection.PREV_TOMBSTONE, line(update(tombstone, STRONG, "b.test"), minutes(2)));
    }

    @Test
    void verify_createWithPrev_isRejected() {
        verify(founding());
        ObjectNode create = Ops.create(STRONG, WEAK, "b.test", "https://pds.test").put("prev", Ops.cid(genesis));
        assertRejected(Rejection.NOT_A_GENESIS, line(Ops.sign(create, WEAK), minutes(1)));
    }

    @Test
    void verify_sameTimeAsTheHead_isRejected() {
        verify(founding());
        assertRejected(Rejection.TIME_ORDER, line(update(genesis, WEAK, "b.test"), Duration.ZERO));
    }

    @Test
    void verify_recoveryNotLaterThanWhatItUndoes_isRejected() {
        verify(founding(), line(update(genesis, WEAK, "b.test"), minutes(2)));
        assertRejected(Rejection.TIME_ORDER, line(update(genesis, STRONG, "c.test"), minutes(1)));
    }

    @Test
    void verify_looseSignatureEncoding_isRejected() {
        verify(founding());
        ObjectNode good = update(genesis, WEAK, "b.test");
        String sig = good.get("sig").textValue();
        byte[] bytes = Base64.getUrlDecoder().decode(sig);
        char last = sig.charAt(85);
        List<String> loose = List.of(
                sig + "==",
                sig + "=",
                sig.substring(0, 85),
                sig.substring(0, 40) + "\n" + sig.substring(40),
                sig.substring(0, 85) + (char) (last + 1), // the last two characters' spare bits must be zero
                Base64.getEncoder().withoutPadding().encodeToString(bytes).replaceFirst(".", "+"),
                Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes, 63)),
                "");
        for (String text : loose) {
            assertRejected(Rejection.SIGNATURE_ENCODING, line(good.deepCopy().put("sig", text), minutes(1)));
        }
    }

    @Test
    void verify_highS_isRejectedOnBothCurves() {
        verify(founding());
        for (SigningKey key : List.of(MIDDLE, WEAK)) {
            ObjectNode unsigned = Ops.operation(KEYS, "b.test", "https://pds.test", Ops.cid(genesis));
            ObjectNode high = Ops.signature(unsigned, key.highS(key.sign(Ops.hash(unsigned))));
            assertRejected(Rejection.INVALID_SIGNATURE, line(high, minutes(1)));
        }
        assertThat(verify(line(update(genesis, MIDDLE, "b.test"), minutes(1))).accepted()).hasSize(1);
    }

    @Test
    void verify_strangersSignature_isRejectedAndStallsNothing() {
        ExportedOperation forged = line(update(genesis, SigningKey.k256("stranger"), "b.test"), minutes(1));
        ExportedOperation good = line(update(genesis, WEAK, "c.test"), minutes(2));
        VerifiedPage page = verify(founding(), forged, good);
        assertThat(page.rejected())
                .extracting(VerifiedPage.Rejected::reason)
                .containsExactly(Rejection.INVALID_SIGNATURE);
        assertThat(page.accepted()).hasSize(2);
    }

    @Test
    void verify_recoveryAtExactly72Hours_isAccepted() {
        verify(founding(), line(update(genesis, WEAK, "b.test"), minutes(1)));
        VerifiedPage page = verify(line(update(genesis, STRONG, "c.test"), minutes(1).plus(WINDOW)));
        assertThat(page.accepted()).extracting(VerifiedPage.Accepted::nullifies).containsExactly(List.of(2L));
    }

    @Test
    void verify_recoveryOneMillisecondLater_isRejected() {
        verify(founding(), line(update(genesis, WEAK, "b.test"), minutes(1)));
        assertRejected(
                Rejection.LATE_RECOVERY,
                line(update(genesis, STRONG, "c.test"), minutes(1).plus(WINDOW).plusMillis(1)));
    }

    @Test
    void verify_recoveryByEqualOrLowerRank_isRejected() {
        verify(founding(), line(update(genesis, MIDDLE, "b.test"), minutes(1)));
        assertRejected(Rejection.INVALID_SIGNATURE, line(update(genesis, MIDDLE, "c.test"), minutes(2)));
        assertRejected(Rejection.INVALID_SIGNATURE, line(update(genesis, WEAK, "d.test"), minutes(2)));
    }

    @Test
    void verify_nestedRecovery_needsAHigherRankEachTime() {
        ObjectNode first = update(genesis, WEAK, "b.test");
        ObjectNode second = update(first, WEAK, "c.test");
        ObjectNode recovery = update(genesis, MIDDLE, "d.test");
        ObjectNode recovered = update(recovery, WEAK, "e.test");
        VerifiedPage page = verify(
                founding(), line(first, minutes(1)), line(second, minutes(2)), line(recovery, minutes(3)),
                line(recovered, minutes(4)), line(update(genesis, MIDDLE, "f.test"), minutes(5)),
                line(update(genesis, STRONG, "g.test"), minutes(6)));
        assertThat(page.rejected()).hasSize(1);
        assertThat(page.accepted()).extracting(VerifiedPage.Accepted::nullifies)
                .containsExactly(List.of(), List.of(), List.of(), List.of(2L, 3L), List.of(), List.of(4L, 5L));
        assertThat(page.accepted()).extracting(VerifiedPage.Accepted::prev).containsExactly(0L, 1L, 2L, 1L, 4L, 1L);
    }

    @Test
    void verify_recoveryOverTombstone_bringsTheAccountBack() {
        ObjectNode tombstone = Ops.sign(Ops.tombstone(Ops.cid(genesis)), WEAK);
        ObjectNode recovery = update(genesis, STRONG, "b.test");
        VerifiedPage page = verify(
                founding(), line(tombstone, minutes(1)), line(recovery, minutes(2)),
                line(update(recovery, WEAK, "c.test"), minutes(3)));
        assertThat(page.rejected()).isEmpty();
        assertThat(page.accepted().get(2).nullifies()).containsExactly(2L);
    }

    @Test
    void verify_keyListedTwice_ranksByItsFirstPlace() {
        List<SigningKey> twice = List.of(MIDDLE, STRONG, MIDDLE);
        ObjectNode founder = Ops.sign(Ops.operation(twice, "a.test", "https://pds.test", null), STRONG);
        String own = Ops.did(founder);
        ObjectNode update = Ops.sign(Ops.operation(twice, "b.test", "https://pds.test", Ops.cid(founder)), MIDDLE);
        ObjectNode recovery = Ops.sign(Ops.operation(twice, "c.test", "https://pds.test", Ops.cid(founder)), STRONG);
        VerifiedPage page = verify(
                new ExportedOperation(own, Ops.cid(founder), T0, 0, founder),
                new ExportedOperation(own, Ops.cid(update), T0.plusSeconds(1), 0, update),
                new ExportedOperation(own, Ops.cid(recovery), T0.plusSeconds(2), 0, recovery));
        assertThat(page.accepted()).extracting(VerifiedPage.Accepted::signer).containsExactly(1, 0);
        assertThat(page.rejected())
                .extracting(VerifiedPage.Rejected::reason)
                .containsExactly(Rejection.INVALID_SIGNATURE);
    }

    @Test
    void verify_nullifiedOperationSentAgain_isADuplicate() {
        ExportedOperation undone = line(update(genesis, WEAK, "b.test"), minutes(1));
        ExportedOperation recovery = line(update(genesis, STRONG, "c.test"), minutes(2));
        verify(founding(), undone, recovery);
        VerifiedPage again = verify(founding(), undone, recovery, undone);
        assertThat(again.duplicates()).isEqualTo(4);
        assertThat(again.accepted()).isEmpty();
        assertThat(again.rejected()).isEmpty();
    }

    @Test
    void verify_rejectedOperationSentAgain_isReportedOnce() {
        ExportedOperation early = line(update(genesis, WEAK, "b.test"), minutes(1));
        assertRejected(Rejection.UNKNOWN_DID, early);
        assertThat(verify(early).rejected()).isEmpty();
        // What it builds on comes late: the next pass brings both, and takes both.
        assertThat(verify(founding(), early).accepted()).hasSize(2);
    }

    @Test
    void verify_numbersOfTheUpstream_areOursWhereTheyGrow() {
        ObjectNode update = update(genesis, WEAK, "b.test");
        ObjectNode second = update(update, WEAK, "c.test");
        ObjectNode third = update(second, WEAK, "d.test");
        VerifiedPage page = verify(numbered(genesis, 0, 100), numbered(genesis, 0, 105), numbered(update, 1, 110));
        assertThat(page.accepted()).extracting(VerifiedPage.Accepted::id).containsExactly(100L, 110L);
        // The upstream begins to count anew: duplicates cost no number, and ours go on.
        page = verify(numbered(genesis, 0, 1), numbered(update, 1, 2), numbered(second, 2, 3), numbered(third, 3, 112));
        assertThat(page.accepted()).extracting(VerifiedPage.Accepted::id).containsExactly(111L, 112L);
        assertThat(page.accepted().get(1).prev()).isEqualTo(111);
    }

    private ExportedOperation numbered(ObjectNode operation, long minute, long seq) {
        return new ExportedOperation(did, Ops.cid(operation), T0.plus(minutes(minute)), seq, operation);
    }

    @Test
    void verify_trusting_acceptsWhatVerifyingAcceptsWithTheSameFlags() {
        SignedLog log = SignedLog.of(7, 600);
        OperationVerifier trusting = new OperationVerifier(new HeldLogs(), 2, true);
        VerifiedPage page = verify(trusting, log.lines().stream()
                .map(dev.atmirror.testkit.LogLine::exported)
                .toArray(ExportedOperation[]::new));
        assertThat(page.rejected()).isEmpty();
        assertThat(nullified(page)).isEqualTo(log.nullified()).isNotEmpty();
    }

    @Test
    void verify_logInPagesOfAnySize_givesTheSameFlags() {
        SignedLog log = SignedLog.of(8, 600, 20);
        List<VerifiedPage.Accepted> accepted = new ArrayList<>();
        List<dev.atmirror.testkit.LogLine> lines = log.lines();
        for (int i = 0; i < lines.size(); i += 7) {
            accepted.addAll(verify(lines.subList(i, Math.min(lines.size(), i + 7)).stream()
                            .map(dev.atmirror.testkit.LogLine::exported)
                            .toArray(ExportedOperation[]::new))
                    .accepted());
        }
        assertThat(accepted).hasSize(log.valid().size());
        assertThat(nullified(new VerifiedPage(null, accepted, List.of(), 0))).isEqualTo(log.nullified());
    }

    private static Set<String> nullified(VerifiedPage page) {
        Set<Long> ids = new HashSet<>();
        page.accepted().forEach(operation -> ids.addAll(operation.nullifies()));
        Set<String> cids = new HashSet<>();
        page.accepted().stream().filter(op -> ids.contains(op.id())).forEach(op -> cids.add(op.cid()));
        return cids;
    }
}
