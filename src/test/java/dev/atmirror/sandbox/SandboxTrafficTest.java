package dev.atmirror.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atmirror.identity.PlcOperation;
import dev.atmirror.plc.ExportLines;
import dev.atmirror.plc.OperationVerifier;
import dev.atmirror.plc.PlcPage;
import dev.atmirror.plc.Position;
import dev.atmirror.plc.Rejection;
import dev.atmirror.plc.VerifiedPage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log that a sandbox makes, held against the mirror's own verifier. */
class SandboxTrafficTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static SandboxLog log(SandboxSettings settings) {
        return new Directory(settings, InstantSource.fixed(NOW)).log();
    }

    private static final List<SandboxOperation> BY_DEFAULT = log(SandboxSettings.DEFAULTS).all();

    private static VerifiedPage verify(List<SandboxOperation> operations) {
        String lines = operations.stream().map(SandboxOperation::sequencedLine).collect(Collectors.joining("\n"));
        ExportLines read = ExportLines.read(lines.getBytes(StandardCharsets.UTF_8));
        assertThat(read.operations()).hasSameSizeAs(operations);
        return new OperationVerifier(new SandboxLog(0), 2, false)
                .verify(new PlcPage(0, 1, read.operations(), List.of(), true, Position.START));
    }

    private static void assertFlagsAreComputable(List<SandboxOperation> operations, VerifiedPage verified) {
        Set<Long> nullified = new HashSet<>();
        verified.accepted().forEach(operation -> nullified.addAll(operation.nullifies()));
        Set<Long> flagged = operations.stream()
                .filter(SandboxOperation::nullified)
                .map(SandboxOperation::seq)
                .collect(Collectors.toSet());
        assertThat(nullified).isEqualTo(flagged).isNotEmpty();
        Set<String> rejected = verified.rejected().stream()
                .map(rejection -> rejection.operation().cid())
                .collect(Collectors.toSet());
        Set<String> forged = operations.stream()
                .filter(operation -> !operation.valid())
                .map(SandboxOperation::cid)
                .collect(Collectors.toSet());
        assertThat(rejected).isEqualTo(forged);
        assertThat(verified.duplicates()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 2000, 0", "2, 900, 97", "3, 600, 1000"})
    void past_ofAnySeed_isVerifiedWithTheSameFlags(long seed, int operations, int invalidEvery) {
        SandboxLog log = log(SandboxSettings.builder()
                .seed(seed)
                .operations(operations)
                .invalidEvery(invalidEvery)
                .build());
        assertThat(log.size()).isEqualTo(operations);
        assertFlagsAreComputable(log.all(), verify(log.all()));
    }

    @Test
    void live_afterThePast_isVerifiedWithTheSameFlags() {
        Instant[] now = {NOW};
        Directory directory = new Directory(
                SandboxSettings.builder().operations(300).invalidEvery(50).build(), () -> now[0]);
        for (int i = 0; i < 1_200; i++) {
            now[0] = now[0].plusMillis(i % 400 == 0 ? Duration.ofDays(9).toMillis() : i % 3 * 700L);
            directory.grow(1);
        }
        directory.late(Duration.ofMinutes(3));
        List<SandboxOperation> operations = directory.log().all();
        assertThat(operations).hasSize(1_501);
        assertFlagsAreComputable(operations, verify(operations));
    }

    @Test
    void forgeries_inALongLog_areOfEveryKind() {
        VerifiedPage verified = verify(
                log(SandboxSettings.builder().operations(1_500).invalidEvery(100).build()).all());
        Set<Rejection> reasons = verified.rejected().stream()
                .map(VerifiedPage.Rejected::reason)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Rejection.class)));
        assertThat(reasons)
                .containsExactlyInAnyOrder(
                        Rejection.INVALID_SIGNATURE,
                        Rejection.LATE_RECOVERY,
                        Rejection.PREV_NOT_FOUND,
                        Rejection.SIGNATURE_ENCODING,
                        Rejection.GENESIS_HASH_MISMATCH);
    }

    @Test
    void past_byDefault_isMostlyNewAccountsAndHasEveryKind() {
        List<SandboxOperation> operations = BY_DEFAULT;
        Map<PlcOperation.Kind, Integer> kinds = new HashMap<>();
        int genesis = 0;
        boolean nullifiedTombstone = false;
        for (SandboxOperation logged : operations) {
            PlcOperation operation = logged.operation();
            kinds.merge(operation.kind(), 1, Integer::sum);
            genesis += operation.prev().isEmpty() ? 1 : 0;
            nullifiedTombstone |= logged.nullified() && operation.kind() == PlcOperation.Kind.TOMBSTONE;
        }
        assertThat(genesis).isBetween(operations.size() * 65 / 100, operations.size() * 75 / 100);
        assertThat(kinds.get(PlcOperation.Kind.TOMBSTONE)).isGreaterThan(30);
        assertThat(kinds.get(PlcOperation.Kind.CREATE)).isGreaterThan(100);
        assertThat(nullifiedTombstone).isTrue();
        assertThat(operations.stream().filter(operation -> !operation.valid())).hasSize(5);
    }

    @Test
    void past_byDefault_endsNowAndHasTheOrdersThatTrapMirrors() {
        List<SandboxOperation> operations = BY_DEFAULT;
        SandboxOperation last = operations.get(operations.size() - 1);
        assertThat(Duration.between(last.createdAt(), NOW)).isLessThan(Duration.ofMinutes(1));
        int ties = 0;
        int late = 0;
        long gaps = 0;
        for (int i = 1; i < operations.size(); i++) {
            int order = operations.get(i).createdAt().compareTo(operations.get(i - 1).createdAt());
            ties += order == 0 ? 1 : 0;
            late += order < 0 ? 1 : 0;
            gaps += operations.get(i).seq() > operations.get(i - 1).seq() + 1 ? 1 : 0;
        }
        assertThat(ties).isGreaterThan(50);
        assertThat(late).isGreaterThan(50);
        assertThat(gaps).isGreaterThan(100);
    }

    @Test
    void past_ofTheDefaultSpan_hasARecoveryAtExactly72Hours() {
        List<SandboxOperation> operations = BY_DEFAULT;
        boolean found = operations.stream()
                .filter(SandboxOperation::nullified)
                .anyMatch(lost -> operations.stream()
                        .filter(later -> later.did().equals(lost.did()))
                        .anyMatch(later -> Duration.between(lost.createdAt(), later.createdAt())
                                .equals(Duration.ofHours(72))));
        assertThat(found).isTrue();
    }

    @Test
    void past_ofTheDefaultLog_hasTheOddAccounts() {
        List<String> lines = BY_DEFAULT.stream()
                .map(SandboxOperation::sequencedLine)
                .toList();
        for (String oddity : List.of(
                "\"note\":", "did:key:z6Mk", "AtprotoLabeler", "例え", "\\u0000", "\"alsoKnownAs\":[]", "\"services\":{}",
                "\"rotationKeys\":[]", "\"verificationMethods\":{}",
                "\"type\":\"create\"", "did:key:zDna", "\"region\":")) {
            assertThat(lines).as(oddity).anyMatch(line -> line.contains(oddity));
        }
    }

    @Test
    void past_ofTheSameSeed_isTheSameLog() {
        SandboxSettings settings = SandboxSettings.builder().operations(400).seed(7).build();
        assertThat(log(settings).all().stream().map(SandboxOperation::sequencedLine))
                .containsExactlyElementsOf(log(settings).all().stream()
                        .map(SandboxOperation::sequencedLine)
                        .toList());
        SandboxSettings other = SandboxSettings.builder().operations(400).seed(8).build();
        assertThat(log(other).all().get(0).did()).isNotEqualTo(log(settings).all().get(0).did());
    }

    @Test
    void settings_beyondTheMemoryLimit_areRefused() {
        SandboxSettings.Builder tooMany = SandboxSettings.builder().operations(SandboxLog.LIMIT + 1);
        assertThatThrownBy(tooMany::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("200000");
    }
}
