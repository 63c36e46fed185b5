package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.app.Commands.Outcome;
import dev.atmirror.testkit.NamedServer;
import dev.atmirror.testkit.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code backfill} with arguments that only the program can judge (issue 12, C19). */
class BackfillCommandIT {
    private static Map<String, String> settings;
    private static TestDatabase database;

    @BeforeAll
    static void create() {
        database = TestDatabase.create();
        database.migrate();
        settings = Map.of("atmirror.postgres.url", database.url(), "atmirror.relay.url", "", "atmirror.net.allow-private", "true");
    }

    private static Outcome backfill(String... arguments) {
        return Commands.run(settings, arguments);
    }

    @Test
    void pds_thatNobodyAnswersFor_fails() {
        Outcome outcome = backfill("backfill", "pds-accounts", "--pds", "http://127.0.0.1:1");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("no answer from http://127.0.0.1:1 (", "status --hosts");
    }

    /** Issue 12, A4. */
    @Test
    void pds_thatIsAnotherNameOfAHost_isThatHost() {
        try (NamedServer server = new NamedServer(2, List.of(1, 2, 3))) {
            for (int name = 0; name < 2; name++) {
                database.run("insert into pds_hosts (pds, operator, sources, state, last_success, server_due) values ('" + server.url(name)
                        + "', '" + server.url(name).substring(7) + "', '{log}', 'live', now(), now() + interval '1 hour')");
            }
            database.run("update pds_hosts set leader = (select id from pds_hosts where pds = '" + server.url(0) + "') where pds = '" + server.url(1) + "'");
            Outcome outcome = backfill("backfill", "pds-accounts", "--pds", server.url(1));
            assertThat(outcome.code()).as(outcome.err()).isZero();
            assertThat(server.asked()).containsOnly(server.url(0) + " listRepos");
            assertThat(database.number("select count(*) from pds_repos where pds = '" + server.url(0) + "'")).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "backfill,plc-logs,--from,yesterday       | --from is neither a sequence number nor a time",
        "backfill,pds-accounts,--pds,not a host   | no host that may be asked: not a host",
    })
    void argument_thatIsNone_isAUsageError(String typed, String expected) {
        Outcome outcome = backfill(typed.strip().split(","));
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains(expected);
    }
}
