package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.atmirror.app.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code config/application.properties} is the whole truth: every key explained, used, and read with its default. */
class SettingsFileTest {
    private static final Path FILE = Path.of("config", "application.properties");
    private static final Path DEFAULTS = Path.of("src/main/resources/defaults/application.properties");

    @Test
    void key_eachOfThem_hasACommentOfOneLineAbove() throws IOException {
        List<String> lines = Files.readAllLines(FILE);
        for (int i = 0; i < lines.size(); i++) {
            if (isKey(lines.get(i))) {
                String above = i > 0 ? lines.get(i - 1) : "";
                // A stage's comment stands above its switch and holds for its schedule, too.
                if (lines.get(i).matches("[\\w.-]+\\.schedule=.*") && isKey(above)) {
                    assertThat(stage(above)).isEqualTo(stage(lines.get(i)));
                    continue;
                }
                assertThat(above).as("the line above " + lines.get(i)).startsWith("# ").doesNotStartWith("# ---");
            }
        }
    }

    private static String stage(String line) {
        return line.replaceFirst("\\.(enabled|schedule)=.*", "");
    }

    @Test
    void defaults_inTheJar_areThoseOfTheShippedFile() throws IOException {
        assertThat(Files.readString(DEFAULTS))
                .as("copy config/application.properties to " + DEFAULTS + ", where the build takes the defaults from")
                .isEqualTo(Files.readString(FILE));
    }

    @Test
    void key_eachOfThem_standsOnce() throws IOException {
        List<String> keys = Files.readAllLines(FILE).stream()
                .filter(SettingsFileTest::isKey)
                .map(line -> line.substring(0, line.indexOf('=')).strip())
                .toList();
        assertThat(keys).doesNotHaveDuplicates().hasSameSizeAs(shipped().stringPropertyNames());
    }

    @Test
    void key_eachOfThem_isUsed() throws IOException {
        String users = everythingUnder("src/main/java", ".java") + everythingUnder("routes", ".camel.yaml");
        assertThat(shipped().stringPropertyNames())
                .allSatisfy(key -> assertThat(users).containsAnyOf("\"" + key + "\"", "{{" + key + "}}"));
    }

    @Test
    void load_shippedFile_givesItsDefaults() throws IOException {
        Settings settings = Settings.load();
        Properties shipped = shipped();
        assertThat(settings.keys()).containsExactlyInAnyOrderElementsOf(shipped.stringPropertyNames());
        assertThat(settings.keys().stream().filter(key -> !isSetHere(key)))
                .allSatisfy(key -> assertThat(settings.text(key)).isEqualTo(shipped.getProperty(key)));
        assertThat(settings.plc().upstream()).isNotNull();
    }

    @Test
    void load_unknownName_isRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.load(Map.of("atmirror.plc.upstraem", "https://example.org")))
                .withMessageContaining("atmirror.plc.upstraem")
                .withMessageContaining("config/application.properties");
    }

    @Test
    void plc_moreInFlightThanTheVerifierRemembers_isRefusedWithTheRepair() {
        assertThat(Settings.load(Map.of("atmirror.plc.pages-in-flight", "57")).plc().pageSize()).isEqualTo(1000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.load(Map.of("atmirror.plc.pages-in-flight", "58")).plc())
                .withMessageContaining("atmirror.plc.pages-in-flight + 3) x atmirror.plc.page-size is 61000")
                .withMessageContaining("60000 operations, so make one of the two smaller");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.load(Map.of("atmirror.plc.page-size", "0")).plc())
                .withMessageContaining("begin at 1");
    }

    @Test
    void load_override_winsOverTheFile() {
        assertThat(Settings.load(Map.of("atmirror.http.port", "1")).number("atmirror.http.port")).isEqualTo(1);
    }

    private static boolean isKey(String line) {
        return !line.isBlank() && !line.startsWith("#");
    }

    private static Properties shipped() throws IOException {
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(FILE)) {
            properties.load(in);
        }
        return properties;
    }

    /** Whoever builds may have settings of their own. */
    private static boolean isSetHere(String key) {
        String name = key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
        try {
            Path dotenv = Path.of(".env");
            return System.getenv(name) != null || Files.isRegularFile(dotenv) && Files.readString(dotenv).contains(name);
        } catch (IOException e) {
            return false;
        }
    }

    private static String everythingUnder(String folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .map(SettingsFileTest::read)
                    .collect(Collectors.joining());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
