package dev.atmirror.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerAddressTest {
    private static Map<String, String> of(ServerAddress address) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PATH", "/bin", "PGSERVICE", "another", "PGHOSTADDR", "192.0.2.1", "PGPASSFILE", "/home/u/.pgpass"));
        address.into(environment);
        return environment;
    }

    @Test
    void into_anEnvironmentOfAnotherServer_leadsToOursOnly() {
        assertThat(of(new ServerAddress("jdbc:postgresql://db.test:5433/mirror?sslmode=require", "me", "s3cret")))
                .containsEntry("PGHOST", "db.test")
                .containsEntry("PGPORT", "5433")
                .containsEntry("PGDATABASE", "mirror")
                .containsEntry("PGUSER", "me")
                .containsEntry("PGPASSWORD", "s3cret")
                .containsEntry("PGSSLMODE", "require")
                .containsEntry("PGPASSFILE", "/home/u/.pgpass")
                .doesNotContainKeys("PGSERVICE", "PGHOSTADDR");
    }

    @Test
    void into_userInTheAddress_isTaken() {
        assertThat(of(new ServerAddress("jdbc:postgresql://localhost/mirror?user=you&password=p%26q", "", "")))
                .containsEntry("PGUSER", "you")
                .containsEntry("PGPASSWORD", "p&q")
                .containsEntry("PGPORT", "5432");
    }

    @Test
    void toString_withAPassword_keepsItToItself() {
        assertThat(new ServerAddress("jdbc:postgresql://h/d?password=s3cret", "me", "s3cret").toString()).doesNotContain("s3cret");
    }
}
