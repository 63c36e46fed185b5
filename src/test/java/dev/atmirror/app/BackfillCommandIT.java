package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.app.Commands.Outcome;
import dev.atmirror.testkit.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code backfill} with arguments that only the program can judge (issue 12, C19). */
class BackfillCommandIT {
    private static Map<String, String> settings;

    @BeforeAll
    static void create() {
        TestDatabase database = TestDatabase.create();
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
