package dev.atmirror.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.atmirror.app.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README names is there: commands with their options, settings, files. */
class ReadmeTest {
    private static final String README = read();
    private static final String OR = "\\|"; // as a table's cell needs it

    private static String read() {
        try {
            return Files.readString(Path.of("README.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<MatchResult> found(String pattern) {
        return Pattern.compile(pattern).matcher(README).results();
    }

    /** As a user would type them: each alternative without what is optional, and the last one with it. */
    static List<String> commands() {
        return found("\\./at-mirror ([a-z][^`#&>\\n]*)")
                .map(match -> match.group(1).strip())
                .filter(command -> !command.equals("test")) // the launcher's own
                .flatMap(ReadmeTest::variants)
                .distinct()
                .toList();
    }

    private static Stream<String> variants(String command) {
        String whole = command.replaceAll("[\\[\\]]", "");
        List<String> plain = alternatives(command.replaceAll(" *\\[[^]]*]", ""));
        List<String> full = alternatives(whole);
        return Stream.concat(plain.stream(), full.stream().skip(full.size() - 1));
    }

    private static List<String> alternatives(String command) {
        String choice = Arrays.stream(command.split(" ")).filter(word -> word.contains(OR)).findFirst().orElse("");
        return Arrays.stream(choice.split(Pattern.quote(OR))).map(one -> command.replace(choice, one)).toList();
    }

    @Test
    void commands_ofTheReadme_areFound() {
        assertThat(commands()).contains("run", "backfill plc-logs", "backfill plc-logs --from CURSOR", "db migrate", "db clear --tables a,b");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void command_asNamed_isUnderstood(String command) {
        assertThatCode(() -> AtMirror.line(null).parseArgs(command.replaceAll("\\bN\\b", "1").split(" +"))).doesNotThrowAnyException();
    }

    @Test
    void settings_named_areSettings() {
        Settings settings = Settings.load();
        List<String> names = settings.keys().stream()
                .map(key -> key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"))
                .toList();
        assertThat(found("ATMIRROR_\\w+").map(MatchResult::group).filter(name -> !name.equals("ATMIRROR_JAVA_OPTS")))
                .isNotEmpty()
                .allMatch(names::contains);
        assertThat(found("atmirror\\.[a-z.-]*[a-z]").map(MatchResult::group)).isNotEmpty().allMatch(settings.keys()::contains);
    }

    @Test
    void links_intoTheProject_leadToFiles() {
        assertThat(found("\\]\\(([^)#:]+)(#[^)]*)?\\)").map(match -> Path.of(match.group(1))))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(path).exists());
    }
}
