package dev.atmirror.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.atmirror.testkit.FakeNameServer;
import dev.atmirror.testkit.FakeNameServer.Mood;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Over real sockets. */
class HandleDnsIT {
    private static final String DID = "did:plc:z72i7hdynmk6r22z27h6tvur";
    private static final String NAME = "_atproto.alice.example.com";
    private static final String HANDLE = "alice.example.com";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final FakeNameServer server = FakeNameServer.start();
    private final HandleDns dns = HandleDns.open(List.of(server.address()), PATIENCE);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void find_oneRecord_namesItsDid() {
        server.txt(NAME, "did=" + DID);
        assertThat(dns.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
    }

    @Test
    void find_textInSeveralStrings_isPutTogether() {
        server.txt(NAME, "did=did:plc:", "z72i7hdynmk6r22", "z27h6tvur");
        assertThat(dns.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
    }

    @Test
    void find_otherTextAndMalformedDids_arePassedOver() {
        server.txt(NAME, "v=spf1 -all").txt(NAME, "did=nonsense").txt(NAME, "DID=" + DID).txt(NAME, "did=" + DID + " ");
        assertThat(dns.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
    }

    @Test
    void find_theSameDidTwice_isNoConflict() {
        server.txt(NAME, "did=" + DID).txt(NAME, "did=", DID);
        assertThat(dns.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
    }

    @Test
    void find_differentDids_areAConflict() {
        server.txt(NAME, "did=" + DID).txt(NAME, "did=did:web:example.com");
        assertThat(dns.find(HANDLE)).isInstanceOfSatisfying(HandleClaim.Several.class, several -> assertThat(several.dids())
                .containsExactlyInAnyOrder(DID, "did:web:example.com"));
    }

    @Test
    void find_alias_isFollowed() {
        server.alias(NAME, "records.example.net").txt("records.example.net", "did=" + DID);
        assertThat(dns.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
    }

    @Test
    void find_truncatedAnswer_isAskedForAgainByTcp() {
        server.txt(NAME, "did=" + DID).mood(NAME, Mood.TRUNCATED);
        assertThat(dns.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
        assertThat(server.asked()).containsExactly("udp TXT " + NAME, "tcp TXT " + NAME);
    }

    @Test
    void find_overHttp_isTheSame() {
        server.txt(NAME, "did=" + DID);
        HandleDns overHttp = HandleDns.open(List.of(server.overHttp()), PATIENCE);
        assertThat(overHttp.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
        assertThat(overHttp.find("bob.example.com")).isInstanceOf(HandleClaim.Nothing.class);
        assertThat(server.asked()).first().asString().startsWith("https ");
    }

    @Test
    void find_noSuchName_isNothing() {
        assertThat(dns.find(HANDLE)).isInstanceOf(HandleClaim.Nothing.class);
    }

    @Test
    void find_nameWithoutText_isNothing() {
        server.address(NAME);
        assertThat(dns.find(HANDLE)).isInstanceOf(HandleClaim.Nothing.class);
    }

    @Test
    void find_handleTooLongForThePrefix_isNothing() {
        String label = "a".repeat(60);
        assertThat(dns.find(String.join(".", label, label, label, label, "example"))).isInstanceOf(HandleClaim.Nothing.class);
    }

    @ParameterizedTest
    @EnumSource(value = Mood.class, names = {"SERVER_FAILURE", "REFUSED", "SILENT", "WRONG_ID"})
    void find_serverThatDoesNotAnswer_saysNothingOfTheHandle(Mood mood) {
        server.txt(NAME, "did=" + DID).mood(NAME, mood);
        assertThat(dns.find(HANDLE)).isInstanceOf(HandleClaim.NoAnswer.class);
    }

    @Test
    void find_oneServerOfTwoIsAway_isAnsweredByTheOther() {
        server.txt(NAME, "did=" + DID);
        FakeNameServer away = FakeNameServer.start();
        away.close();
        HandleDns both = HandleDns.open(List.of(away.address(), server.address()), PATIENCE.multipliedBy(3));
        for (int i = 0; i < 4; i++) {
            assertThat(both.find(HANDLE)).isEqualTo(new HandleClaim.Names(DID));
        }
    }

    @Test
    void isWithoutAddress_onlyWhereItIsCertain() {
        server.address("here.example.com").mood("silent.example.com", Mood.SILENT).mood("sick.example.com", Mood.SERVER_FAILURE);
        server.txt("only-text.example.com", "x");
        assertThat(dns.isWithoutAddress("gone.example.com")).isTrue();
        assertThat(dns.isWithoutAddress("only-text.example.com")).isTrue();
        assertThat(dns.isWithoutAddress("here.example.com")).isFalse();
        assertThat(dns.isWithoutAddress("silent.example.com")).isFalse();
        assertThat(dns.isWithoutAddress("sick.example.com")).isFalse();
    }

    @Test
    void open_whatIsNoServer_isRefusedWithExamples() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandleDns.open(List.of("not a server"), PATIENCE))
                .withMessageContaining("9.9.9.9");
    }
}
