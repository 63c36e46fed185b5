package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.handle.HandleResult;
import dev.atmirror.handle.HandleVerdict;
import dev.atmirror.testkit.FakeNameServer.Mood;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handles checked as a mirror checks them, over real sockets. */
class HandlesIT {
    private final CheckingMirror mirror = new CheckingMirror();

    @AfterEach
    void stop() {
        mirror.close();
    }

    private static String txt(String handle) {
        return "_atproto." + handle;
    }

    private static String did(int account) {
        return "did:plc:" + account;
    }

    @Test
    void check_eachOutcome_isStoredWithItsReason() {
        mirror.accounts.declaredOfOld(1, "by-dns.test");
        mirror.dns.txt(txt("by-dns.test"), "did=" + did(1));
        mirror.accounts.declaredOfOld(2, "by-host.test");
        mirror.hosts.says("by-host.test", 200, " " + did(2) + "\n");
        mirror.accounts.declaredOfOld(3, "nobody.test");
        mirror.accounts.declaredOfOld(4, "dns-wins.test");
        mirror.dns.txt(txt("dns-wins.test"), "did=did:plc:other");
        mirror.hosts.says("dns-wins.test", 200, did(4));
        mirror.accounts.declaredOfOld(5, "two-dids.test");
        mirror.dns.txt(txt("two-dids.test"), "did=" + did(5)).txt(txt("two-dids.test"), "did=did:plc:other");
        mirror.hosts.says("two-dids.test", 200, did(5));
        mirror.accounts.declaredOfOld(6, "reserved.local");
        mirror.accounts.odd(7, "{\"alsoKnownAs\":[\"at://no handle\"]}");
        mirror.accounts.declaredOfOld(8, "sick-host.test");
        mirror.hosts.says("sick-host.test", 500, "");
        mirror.accounts.declaredOfOld(9, "sick-dns-good-host.test");
        mirror.dns.mood(txt("sick-dns-good-host.test"), Mood.SERVER_FAILURE);
        mirror.hosts.says("sick-dns-good-host.test", 200, did(9));
        mirror.accounts.declaredOfOld(10, "sick-dns.test");
        mirror.dns.mood(txt("sick-dns.test"), Mood.SERVER_FAILURE);
        mirror.accounts.declaredOfOld(11, "page.test");
        mirror.hosts.says("page.test", 200, "<html>");
        mirror.accounts.declaredOfOld(12, "long-page.test");
        mirror.hosts.says("long-page.test", 200, "<html>" + " ".repeat(50_000));
        mirror.accounts.declaredOfOld(13, "elsewhere.test");
        mirror.hosts.says("elsewhere.test", 200, "did:web:example.com");
        mirror.accounts.declaredOfOld(14, "silent-host.test");
        mirror.hosts.says("silent-host.test", 200, did(14), Map.of(), Duration.ofSeconds(20));
        mirror.accounts.declaredOfOld(15, "forbidden.test");
        mirror.hosts.says("forbidden.test", 403, "");
        mirror.accounts.declaredOfOld(16, "circle.test");
        mirror.hosts.says("circle.test", 302, "", Map.of("Location", "/.well-known/atproto-did"), Duration.ZERO);
        mirror.accounts.declaredOfOld(17, "comment.test");
        mirror.hosts.says("comment.test", 200, "\uFEFF" + did(17) + "\r\n" + "# who we are\n".repeat(500));
        mirror.start().awaitChecked();

        assertThat(mirror.state(17)).as("issue 12, A6: as the reference client reads it").isEqualTo("valid well-known");
        assertThat(mirror.state(1)).isEqualTo("valid dns");
        assertThat(mirror.state(2)).isEqualTo("valid well-known");
        assertThat(mirror.state(3)).isEqualTo("no_record");
        assertThat(mirror.state(4)).isEqualTo("points_elsewhere dns did:plc:other");
        assertThat(mirror.state(5)).isEqualTo("conflicting_records dns");
        assertThat(mirror.state(6)).isEqualTo("reserved");
        assertThat(mirror.state(7)).isEqualTo("invalid_syntax");
        assertThat(mirror.state(8)).isEqualTo("unreachable x1");
        assertThat(mirror.state(9)).isEqualTo("valid well-known");
        assertThat(mirror.state(10)).isEqualTo("unreachable x1");
        assertThat(mirror.state(11)).isEqualTo("no_record");
        assertThat(mirror.state(12)).isEqualTo("no_record");
        assertThat(mirror.state(13)).isEqualTo("points_elsewhere well-known did:web:example.com");
        assertThat(mirror.state(14)).isEqualTo("unreachable x1");
        assertThat(mirror.state(15)).isEqualTo("unreachable x1");
        assertThat(mirror.state(16)).isEqualTo("unreachable x1");
        assertThat(mirror.hosts.asked()).filteredOn("circle.test"::equals).as("a few redirects").hasSizeBetween(2, 5);
        assertThat(mirror.database.ask("select string_agg(coalesce(handle_match::text, '?'), ' ' order by substr(did, 9)::int)"
                        + " from account_infos"))
                .isEqualTo("true true false false false false false ? true ? false false false ? ? ? true");
        assertThat(mirror.database.ask("select detail from handle_checks where did = 'did:plc:14'")).contains("too slow");
        assertThat(mirror.database.ask("select detail from handle_checks where did = 'did:plc:10'"))
                .contains("DNS does not answer").contains("404");
        assertThat(mirror.database.number("select count(*) from handle_changes"))
                .as("the first answer for a handle of old is no change").isZero();
        assertThat(mirror.hosts.asked()).as("DNS has decided").doesNotContain("by-dns.test", "dns-wins.test", "two-dids.test");
    }

    @Test
    void check_handleOfANameWithoutAddress_hasNoRecord() {
        mirror.accounts.declaredOfOld(1, "surely-not-registered.example.com");
        mirror.with("atmirror.handles.timeout", "8s").start();
        await().atMost(CheckingMirror.PATIENCE).until(() -> !mirror.state(1).equals("nothing") && !mirror.state(1).equals("unchecked"));
        assertThat(mirror.state(1) + ": " + mirror.database.ask("select detail from handle_checks"))
                .isEqualTo("no_record: DNS has no record; the name has no address");
    }

    @Test
    void check_changes_areNotedInOrderAndSilenceIsNone() {
        mirror.accounts.declaredOfOld(1, "alice.test");
        mirror.dns.txt(txt("alice.test"), "did=" + did(1));
        mirror.start().awaitState(1, "valid dns");
        String since = mirror.database.ask("select since from handle_checks");

        mirror.dns.mood(txt("alice.test"), Mood.SILENT);
        mirror.hosts.says("alice.test", 503, "");
        mirror.makeAllDue();
        mirror.awaitState(1, "valid dns x1");
        assertThat(mirror.database.ask("select handle_match from account_infos")).isEqualTo("t");
        assertThat(mirror.database.ask("select due - now() between interval '9 minutes' and interval '21 minutes' from handle_checks"))
                .isEqualTo("t");
        mirror.makeAllDue();
        mirror.awaitState(1, "valid dns x2");
        assertThat(mirror.database.ask("select since from handle_checks")).isEqualTo(since);

        mirror.dns.forget(txt("alice.test")).txt(txt("alice.test"), "did=did:plc:other");
        mirror.makeAllDue();
        mirror.awaitState(1, "points_elsewhere dns did:plc:other");
        mirror.dns.forget(txt("alice.test"));
        mirror.hosts.says("alice.test", 404, "");
        mirror.makeAllDue();
        mirror.awaitState(1, "no_record");
        assertThat(mirror.database.ask("select string_agg(was || '>' || result, ' ' order by seq) from handle_changes"))
                .isEqualTo("valid>points_elsewhere points_elsewhere>no_record");
        assertThat(mirror.database.ask("select due - now() between interval '8 minutes' and interval '12 minutes' from handle_checks"))
                .as("soon after a change").isEqualTo("t");
    }

    @Test
    void log_anotherHandle_isUncheckedUntilItsTurnWhichComesSoon() {
        mirror.accounts.declaredOfOld(1, "old.test");
        mirror.dns.txt(txt("old.test"), "did=" + did(1)).txt(txt("new.test"), "did=" + did(1));
        mirror.start().awaitState(1, "valid dns");
        mirror.accounts.declares(1, "new.test");
        assertThat(mirror.state(1)).isEqualTo("unchecked");
        await().atMost(CheckingMirror.PATIENCE)
                .until(() -> mirror.database.ask("select fresh and due < now() + interval '1 minute' from handle_check").equals("t"));
        mirror.makeAllDue();
        mirror.awaitState(1, "valid dns");
        assertThat(mirror.database.ask("select was || '>' || result || ' ' || handle from handle_changes")).isEqualTo("unchecked>valid new.test");
        mirror.accounts.tombstone(1);
        await().atMost(CheckingMirror.PATIENCE).until(() -> mirror.database.ask("select due from handle_check").equals("infinity"));
        assertThat(mirror.state(1)).isEqualTo("unchecked");
    }

    @Test
    void host_thatAsksForTime_isLeftAloneAndBlamesNobody() {
        for (int account = 1; account <= 30; account++) {
            mirror.accounts.declaredOfOld(account, "u" + account + ".busy.test");
            mirror.hosts.says("u" + account + ".busy.test", 429, "", Map.of("Retry-After", "600"), Duration.ZERO);
        }
        mirror.with("atmirror.pds.requests-per-second", "10").start().awaitChecked();
        assertThat(mirror.database.number("select count(*) from handle_checks where result = 'unchecked' and failures = 0")).isEqualTo(30);
        assertThat(mirror.hosts.asked()).hasSizeLessThan(15);
        assertThat(mirror.database.number("select count(*) from handle_check where due > now() + interval '9 minutes'")).isEqualTo(30);
    }

    /** Issue 12, D23. */
    @Test
    void nameServers_thatAskForTime_areLeftAloneAndBlameNobody() {
        for (int account = 1; account <= 40; account++) {
            mirror.accounts.declaredOfOld(account, "busy" + account + ".test");
        }
        mirror.dns.overHttpAnswers(429, "Retry-After", "600");
        mirror.with("atmirror.handles.resolvers", mirror.dns.overHttp())
                .with("atmirror.handles.dns-queries-per-second", "10")
                .start()
                .awaitChecked();
        assertThat(mirror.database.number("select count(*) from handle_checks where result = 'unchecked' and failures = 0")).isEqualTo(40);
        assertThat(mirror.dns.asked()).hasSizeLessThan(25);
        assertThat(mirror.hosts.asked()).isEmpty();
        assertThat(mirror.database.number("select count(*) from handle_check where due > now() + interval '9 minutes'")).isEqualTo(40);
    }

    @Test
    void now_checksAndStoresAtOnce() {
        mirror.accounts.declares(1, "alice.test");
        mirror.accounts.declares(2, "bob.test");
        mirror.accounts.tombstone(3);
        mirror.hosts.says("alice.test", 200, did(1)).says("bob.test", 429, "");
        mirror.with("atmirror.routes.handles.enabled", "false").start();
        assertThat(mirror.check().now(did(1)).orElseThrow())
                .isEqualTo(new HandleVerdict(HandleResult.VALID, Optional.of("alice.test"), Optional.of("well-known"), Optional.empty(), Optional.empty()));
        assertThat(mirror.state(1)).isEqualTo("valid well-known");
        assertThat(mirror.database.ask("select was || '>' || result from handle_changes")).isEqualTo("unchecked>valid");
        mirror.hosts.says("alice.test", 404, "");
        assertThat(mirror.check().now(did(1)).map(HandleVerdict::result)).contains(HandleResult.NO_RECORD);
        assertThat(mirror.check().now(did(2)).map(HandleVerdict::result)).contains(HandleResult.UNREACHABLE);
        assertThat(mirror.state(2)).isEqualTo("unchecked");
        assertThat(mirror.check().now(did(3))).isEmpty();
        assertThat(mirror.check().now("did:plc:nobody")).isEmpty();
        mirror.database.run("drop view account_infos, handle_checks; alter table handle_check rename to gone");
        org.assertj.core.api.Assertions.assertThatIllegalStateException().isThrownBy(() -> mirror.check().now(did(1)));
    }

    @Test
    void counts_areTakenForStatusAndMetrics() {
        mirror.accounts.declaredOfOld(1, "alice.test");
        mirror.accounts.declaredOfOld(2, "bob.test");
        mirror.hosts.says("alice.test", 200, did(1));
        mirror.start().awaitChecked();
        await().atMost(CheckingMirror.PATIENCE)
                .until(() -> mirror.database.ask("select accounts from handle_tally where result = 'v'").equals("1"));
        assertThat(mirror.mirror().metricsText())
                .contains("atmirror_handles_lookups_total{outcome=\"names\",source=\"well-known\"} 1.0")
                .contains("outcome=\"valid\",stage=\"handles\"")
                .doesNotContain("alice");
    }
}
