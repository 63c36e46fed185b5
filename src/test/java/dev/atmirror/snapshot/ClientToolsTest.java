package dev.atmirror.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atmirror.testkit.LoggedLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class ClientToolsTest {
    @TempDir
    private Path folder;

    private ClientTools of(Path... folders) {
        return new ClientTools(Optional.empty(), List.of(folders));
    }

    private Path version(String version) {
        return FakePgDump.in(folder.resolve(version), version, "exit 1");
    }

    /** issue 12, E33 */
    @Test
    void find_theServersOwnBehindANewerOne_isPreferred() {
        try (LoggedLines said = new LoggedLines("dev.atmirror.snapshot.ClientTools")) {
            assertThat(of(version("17.0"), version("15.4")).find(15).version()).isEqualTo("15.4");
            assertThat(said.messages()).isEmpty();
            assertThat(of(version("18.1"), version("17.0")).find(15).version()).isEqualTo("17.0");
            assertThat(said.messages()).singleElement().asString().contains("of version 17.0, newer than the server's 15", "psql 15 may not");
        }
    }

    @Test
    void find_severalOfThem_givesTheFirstThatIsNewEnough() {
        ClientTools.Tool tool = of(version("14.2"), folder.resolve("none"), version("16.1 (Debian 16.1-1)"), version("17.0")).find(15);
        assertThat(tool.version()).isEqualTo("16.1");
        assertThat(tool.major()).isEqualTo(16);
    }

    @Test
    void find_aDevelopmentVersion_isUnderstood() {
        assertThat(of(version("18beta1")).find(15).major()).isEqualTo(18);
    }

    @Test
    void find_onlyOlderOnes_namesTheNewestOfThemAndThePackage() {
        assertThatThrownBy(() -> of(version("9.6.24"), version("14.2")).find(15))
                .isInstanceOf(SnapshotFailure.class)
                .hasMessageContaining("14.2/pg_dump is of version 14.2, older than the server's 15")
                .hasMessageContaining("apt install postgresql-client-15")
                .hasMessageContaining("ATMIRROR_SNAPSHOT_PG_BIN")
                .hasMessageNotContaining("\n");
    }

    @Test
    void find_none_saysSoWithTheRemedy() throws IOException {
        Path wrapper = Files.createDirectories(folder.resolve("wrapper"));
        Files.writeString(wrapper.resolve("pg_dump"), "#!/bin/sh\necho 'nothing installed' >&2\nexit 1\n");
        assertThat(wrapper.resolve("pg_dump").toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(() -> of(wrapper, folder.resolve("none")).find(15))
                .hasMessageStartingWith("there is no pg_dump on the PATH or in the usual folders; install")
                .hasMessageContaining("postgresql-client-15");
    }

    @Test
    void find_inTheNamedFolder_looksNowhereElse() {
        ClientTools named = new ClientTools(Optional.of(folder.resolve("mine")), List.of(version("17.0")));
        assertThatThrownBy(() -> named.find(15))
                .hasMessageContaining("in " + folder.resolve("mine") + ", which atmirror.snapshot.pg-bin names");
    }
}
