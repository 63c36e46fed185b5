package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./at-mirror} with a Java and a Maven that only say how they were called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final String JAVA =
            """
            #!/bin/sh
            echo "in $(pwd) from $ATMIRROR_CALLER_DIR"
            for word; do echo "[$word]"; done
            """;
    /** Slow enough for a second launcher to come in between. */
    private static final String MAVEN =
            """
            #!/bin/sh
            if [ "$1" = --version ]; then echo "Apache Maven 3.9.9"; exit; fi
            echo "$@" >>builds
            sleep 0.3
            if [ -f broken ]; then echo "[ERROR] cannot find symbol"; exit 1; fi
            mkdir -p target/lib
            : >target/lib/b.jar
            : >target/at-mirror.jar
            """;

    @TempDir
    Path temp;

    private Path project;

    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void layOut() throws IOException {
        project = Files.createDirectories(temp.resolve("the project"));
        Files.copy(Path.of("at-mirror"), project.resolve("at-mirror"));
        Files.createDirectories(project.resolve("src/main"));
        Files.createDirectories(project.resolve("config"));
        Files.writeString(project.resolve("config/application.properties"), "");
        Files.writeString(project.resolve("pom.xml"), "");
        script(temp.resolve("bin/mvn"), MAVEN);
        jdk("17");
    }

    @Test
    void start_firstTime_buildsOnceAndSaysSo() throws Exception {
        Outcome first = launch(Map.of(), "run");
        Outcome second = launch(Map.of(), "run");
        assertThat(first.err).contains("building").hasLineCount(1);
        assertThat(second.err).isEmpty();
        assertThat(first.out).contains("[dev.atmirror.app.Main]", "[run]", "[-Xmx512m]", "[target/at-mirror.jar:target/lib/b.jar]");
        assertThat(builds()).hasSize(1).first().asString().contains("package").contains("maven.test.skip");
    }

    @Test
    void start_afterASourceChanged_buildsAgain() throws Exception {
        launch(Map.of());
        Path source = Files.writeString(project.resolve("src/main/New.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.parse("2100-01-01T00:00:00Z")));
        launch(Map.of());
        assertThat(builds()).hasSize(2);
    }

    /** Issue 12, C18: the defaults come from src/main, so that what a user sets needs no build, nor becomes a default by one. */
    @Test
    void start_afterASettingChanged_buildsNothing() throws Exception {
        launch(Map.of());
        Path settings = Files.writeString(project.resolve("config/application.properties"), "atmirror.http.port=1\n");
        Files.setLastModifiedTime(settings, FileTime.from(Instant.parse("2100-01-01T00:00:00Z")));
        assertThat(launch(Map.of(), "run").err).isEmpty();
        assertThat(builds()).hasSize(1);
        assertThat(Files.readString(Path.of("pom.xml"))).doesNotContain("<directory>config</directory>");
    }

    @Test
    void start_twiceAtOnce_buildsOnce() throws Exception {
        Process one = process(Map.of(), project.resolve("at-mirror"), temp).start();
        Process other = process(Map.of(), project.resolve("at-mirror"), temp).start();
        assertThat(one.waitFor()).isZero();
        assertThat(other.waitFor()).isZero();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void start_brokenBuild_showsTheErrorAndTriesAgainNextTime() throws Exception {
        Files.writeString(project.resolve("broken"), "");
        Outcome broken = launch(Map.of());
        assertThat(broken.code).isEqualTo(1);
        assertThat(broken.err).contains("cannot find symbol", "the build failed");
        Files.delete(project.resolve("broken"));
        assertThat(launch(Map.of()).code).isZero();
    }

    @Test
    void start_withoutSources_runsWhatIsBuilt() throws Exception {
        launch(Map.of());
        Files.delete(project.resolve("pom.xml"));
        Files.delete(project.resolve("src/main"));
        assertThat(launch(Map.of(), "run").out).contains("[run]");
        assertThat(builds()).hasSize(1);
    }

    @Test
    void start_throughALinkFromElsewhere_runsInTheProjectAndKnowsTheCaller() throws Exception {
        Path caller = Files.createDirectories(temp.resolve("elsewhere/deep"));
        Path link = Files.createSymbolicLink(caller.resolve("mirror"), Path.of("../../the project/at-mirror"));
        Outcome outcome = outcome(process(Map.of(), link, caller).start());
        assertThat(outcome.out).startsWith("in " + project.toRealPath() + " from " + caller.toRealPath());
    }

    @Test
    void arguments_withBlanksAndStars_arriveAsTheyAre() throws Exception {
        assertThat(launch(Map.of(), "lookup", "a  b", "*", "").out).contains("[a  b]", "[*]", "[]");
    }

    @Test
    void java_severalFound_theNewestWins() throws Exception {
        Outcome outcome = launch(Map.of("ATMIRROR_JAVA_HOME", "", "JAVA_HOME", jdk("99").toString()), "run");
        assertThat(outcome.out).contains("[--enable-native-access=ALL-UNNAMED]", "[-XX:SharedArchiveFile=target/at-mirror-99-run.jsa]");
    }

    @Test
    void java_17_getsNoOptionThatItDoesNotKnow() throws Exception {
        assertThat(launch(Map.of(), "run").out)
                .contains("[-XX:ArchiveClassesAtExit=target/at-mirror-17-run.jsa]")
                .doesNotContain("native-access", "AutoCreate", "unsafe");
    }

    @Test
    void java_tooOldOrMissing_isSaidInOneLine() throws Exception {
        Outcome outcome = launch(Map.of("ATMIRROR_JAVA_HOME", jdk("16").toString()));
        assertThat(outcome.code).isEqualTo(1);
        assertThat(outcome.err).contains("ATMIRROR_JAVA_HOME", "17").hasLineCount(1);
    }

    @Test
    void options_inDotenv_areWordsAndTheEnvironmentWins() throws Exception {
        Files.writeString(
                project.resolve(".env"), "# ATMIRROR_JAVA_OPTS=-no\nexport ATMIRROR_JAVA_OPTS=\"-Xmx2g -Dstar=*\"\nOTHER=1\n");
        assertThat(launch(Map.of()).out).contains("[-Xmx2g]", "[-Dstar=*]").doesNotContain("512m", "-no");
        assertThat(launch(Map.of("ATMIRROR_JAVA_OPTS", "-Done")).out).contains("[-Xmx512m]", "[-XX:+UseParallelGC]", "[-Done]").doesNotContain("2g");
        assertThat(launch(Map.of("ATMIRROR_JAVA_OPTS", "-XX:+UseG1GC")).out).doesNotContain("UseParallelGC");
        assertThat(launch(Map.of()).out).as("issue 12, E35").contains("[-XX:+ExitOnOutOfMemoryError]");
        assertThat(launch(Map.of("ATMIRROR_JAVA_OPTS", "-XX:+CrashOnOutOfMemoryError")).out).doesNotContain("ExitOnOutOfMemoryError");
    }

    @Test
    void test_withArguments_handsThemToMaven() throws Exception {
        launch(Map.of(), "test", "-Dtest=OneTest");
        assertThat(builds()).containsExactly("-B -ntp verify -Dtest=OneTest");
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(project.resolve("builds"));
    }

    private Path jdk(String version) throws IOException {
        Path home = temp.resolve("jdk-" + version);
        script(home.resolve("bin/java"), JAVA);
        script(home.resolve("bin/javac"), JAVA);
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + ".0.1\"\n");
        return home;
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        assertThat(Files.writeString(file, text).toFile().setExecutable(true)).isTrue();
    }

    private Outcome launch(Map<String, String> environment, String... arguments) throws Exception {
        return outcome(process(environment, project.resolve("at-mirror"), temp, arguments).start());
    }

    private ProcessBuilder process(Map<String, String> environment, Path launcher, Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ATMIRROR_") || name.equals("JAVA_HOME"));
        builder.environment().put("PATH", temp.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("HOME", temp.toString());
        builder.environment().put("ATMIRROR_JAVA_HOME", temp.resolve("jdk-17").toString());
        builder.environment().putAll(environment);
        return builder;
    }

    private static Outcome outcome(Process process) throws Exception {
        String out = new String(process.getInputStream().readAllBytes());
        String err = new String(process.getErrorStream().readAllBytes());
        return new Outcome(process.waitFor(), out, err);
    }
}
