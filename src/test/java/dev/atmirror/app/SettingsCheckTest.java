package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Issue 12, C16: every setting is judged by its own type when the settings are read. */
class SettingsCheckTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "atmirror.routes.plc-logs.schedule | every minute | must be a Quartz cron",
                "atmirror.routes.plc-logs.schedule | '' | must be a Quartz cron",
                "atmirror.routes.snapshot.schedule | 0 30 3 * * SUN | must be a Quartz cron",
                "atmirror.routes.handles.schedule | 0 0 0 1 1 ? 2020 | never comes again",
                "atmirror.handles.count-schedule | 61 * * * * ? | must be a Quartz cron",
                "atmirror.http.port | http | must be a whole number from 0 to 65535",
                "atmirror.http.port | 65536 | must be a whole number from 0 to 65535",
                "atmirror.http.port | -1 | must be a whole number from 0 to 65535",
                "atmirror.postgres.pool | 0 | must be a whole number from 1 up",
                "atmirror.plc.window-millis | 5m | must be a whole number from 1 up",
                "atmirror.plc.timeout-millis | 99999999999 | must be a whole number from 1 up",
                "atmirror.pds.hosts-at-once | '' | must be a whole number from 1 up",
                "atmirror.recent-records.limit | 10001 | must be a whole number from 1 to 10000",
                "atmirror.snapshot.level | 20 | must be a whole number from 1 to 19",
                "atmirror.plc.verify | yes | must be true or false",
                "atmirror.routes.snapshot.enabled | TRUE | must be true or false",
                "atmirror.ready-within | 5 minutes | must be a duration such as 90s",
                "atmirror.pds.timeout | 30 | must be a duration such as 90s",
                "atmirror.pds.visit | -5m | must be longer than nothing",
                "atmirror.handles.claim | 0s | must be longer than nothing",
                "atmirror.handles.older-than | 99999999999999999999d | must be a duration such as 90s",
                "atmirror.plc.upstream | plc.directory | not an http(s) address",
                "atmirror.plc.upstream | '' | must not be empty",
                "atmirror.relay.url | relay1.us-west.bsky.network | must be an address such as https://",
                "atmirror.relay.url | https://a b | must be an address such as https://",
                "atmirror.data.dir | '' | must not be empty",
                "atmirror.pds.operators | *.host.bsky.network,*.*.example | \"*.*.example\" is none",
                "atmirror.handles.operators | https://brid.gy | \"https://brid.gy\" is none",
                "atmirror.recent-records.collections | app.bsky.feed.po* | no NSID",
                "atmirror.handles.resolvers | 9.9.9.9,dns server | no name server such as",
                "atmirror.snapshot.tables | plc_log | no such dump: plc_log",
                "atmirror.user-agent | '' | must not be empty",
            })
    void load_wrongValue_isRefusedWithKeyAndVariableAndWhatItMayBe(String key, String value, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.load(Map.of(key, value)))
                .withMessageStartingWith(key + " (" + Settings.environmentName(key) + ") is \"" + value + "\": ")
                .withMessageContaining(said)
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jdbc:postgresql://h:port/db?password=secret | no address such as jdbc:postgresql",
                "postgres://me:sec#ret@host/secret db | no address",
                "postgres://me:secret/@host/db | neither jdbc:postgresql",
                "mysql://me:secret@host/db | neither jdbc:postgresql",
            })
    void load_wrongDatabase_isRefusedWithoutThePassword(String url, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.load(Map.of("atmirror.postgres.url", url)))
                .withMessageContaining("atmirror.postgres.url (ATMIRROR_POSTGRES_URL): is ")
                .withMessageContaining(said)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret", "sec#ret"));
    }

    @Test
    void load_severalWrong_namesAllAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.load(Map.of("atmirror.http.port", "x", "atmirror.plc.verify", "x", "atmirror.pds.visit", "x")))
                .withMessageContaining("atmirror.http.port")
                .withMessageContaining("atmirror.plc.verify")
                .withMessageContaining("atmirror.pds.visit");
    }

    @Test
    void load_variableThatIsNotSet_isRefusedByTheSetting() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.load(Map.of("atmirror.user-agent", "mirror of ${nobody.at.all}")))
                .withMessageStartingWith("atmirror.user-agent (ATMIRROR_USER_AGENT) is ")
                .withMessageContaining("names a variable that is not set");
    }

    @Test
    void load_whatUsersWrite_isTaken() {
        Map<String, String> all = new TreeMap<>();
        all.put("atmirror.plc.upstream", "http://localhost:2582/export");
        all.put("atmirror.postgres.url", "postgres://me:p%40ss@db.example:5433/mirror?sslmode=require");
        all.put("atmirror.relay.url", "http://127.0.0.1:2581/");
        all.put("atmirror.routes.snapshot.schedule", "0 30 3 1/2 * ? 2026-2099");
        all.put("atmirror.plc.overlap", "0s");
        all.put("atmirror.pds.visit", "PT90S");
        all.put("atmirror.pds.operators", "");
        all.put("atmirror.handles.operators", "*.brid.gy, .example.org ,one.test");
        all.put("atmirror.recent-records.collections", "app.bsky.*, com.example.*.post");
        all.put("atmirror.handles.resolvers", "9.9.9.9, [2620:fe::fe]:53, https://dns.quad9.net/dns-query");
        all.put("atmirror.snapshot.tables", "all");
        all.put("atmirror.net.allow-private", "true");
        all.put("atmirror.handles.local", "pds1.test=127.0.0.1:2583");
        assertThatCode(() -> Settings.load(all)).doesNotThrowAnyException();
    }
}
