package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.RouteFileRules.Project;
import dev.atmirror.RouteFileRules.RouteFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The declared routes keep the rules of {@code routes/README.md}; and the rules find what breaks them. */
class RouteFilesTest {
    private static final Path ROUTES = Path.of("routes");
    private static final Path MAIN = Path.of("src", "main", "java");
    private static final Path SQL = Path.of("src", "main", "resources", "sql");
    private static final Pattern BOUND = Pattern.compile("\\.bind\\(\\s*\"(\\w+)\"");
    /** Settings.forRoutes derives these from declared settings. */
    private static final Pattern DERIVED = Pattern.compile("properties\\.setProperty\\(\\s*\"([\\w.-]+)\"");

    private static final List<RouteFile> FILES = readFiles();
    private static final RouteFileRules RULES = new RouteFileRules(project());

    static Stream<String> names() {
        return FILES.stream().map(RouteFile::name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void file_asShipped_keepsTheRules(String name) {
        assertThat(RULES.problems(file(name))).isEmpty();
    }

    @Test
    void ids_ofAllFiles_areUnique() {
        List<String> ids = FILES.stream().flatMap(file -> file.texts("id").stream()).toList();
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void folder_holdsOnlyRoutesAndTheirPicture() throws IOException {
        try (Stream<Path> all = Files.list(ROUTES)) {
            assertThat(all.map(file -> file.getFileName().toString()))
                    .allMatch(name -> name.endsWith(RouteFileRules.SUFFIX) || name.equals("README.md"));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void file_asShipped_hasATestOfItsOwn(String name) {
        String words = Stream.of(name.split("-"))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining());
        assertThat(Path.of("src", "test", "java", "dev", "atmirror", "route", words + "RouteTest.java")).exists();
    }

    @Test
    void picture_showsEveryRoute() throws IOException {
        assertThat(Files.readString(ROUTES.resolve("README.md"))).contains(names().toList());
    }

    @Test
    void statements_allOfThem_areNamedByARouteOrAClass() throws IOException {
        String users = javaSources() + FILES.stream().map(RouteFile::text).collect(Collectors.joining());
        try (Stream<Path> files = Files.walk(SQL)) {
            List<String> unused = files.filter(Files::isRegularFile)
                    .map(file -> SQL.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !users.contains(name))
                    .toList();
            assertThat(unused).isEmpty();
        }
    }

    /** Each fault is a replacement in a shipped file; {@code \n} stands for a new line. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            plc-verify       | method: verify                  | metod: verify                           | Camel's schema
            plc-verify       | id: plc-verify\\n               | id: plc-verifier\\n                     | not the file's name
            plc-verify       | id: verify-page                 | id: verifyPage                          | no phrase in kebab-case
            plc-verify       | id: verify-page\\n              | description: verify\\n                  | has no id
            plc-verify       | ref: storedPages                | ref: storedPage                         | no bean 'storedPage'
            plc-verify       | method: layOut                  | method: layout                          | no public method 'layout'
            plc-verify       | storage-failures                | store-failures                          | names no policy
            plc-verify       | uri: seda:plc-store             | uri: seda:plc-stor                      | nobody reads from
            plc-verify       | # A route                       | A-route: #                              | without the comment
            plc-verify       | pages-in-flight                 | pages-in-fligth                         | not declared
            plc-store        | append-page.sql                 | append-pages.sql                        | names no file
            plc-store        | sql:classpath:sql/plc/append-page.sql | sql:select 1                      | names no file
            plc-page         | uri: direct:plc-page            | uri: direct:plc-page?block=false        | options in the uri
            plc-page         | simple:\\n                expression: \\"{{atmirror.user-agent}}\\" | simple: \\"{{atmirror.user-agent}}\\" | in short form
            plc-logs         | triggerName: plc-logs           | triggerName: plc-log                    | is not the route's id
            plc-logs         | mode: TotalRequests             | mode: Total                             | Camel's schema
            api-service      | id: get-health                  | note: none                              | has no id
            """)
    void file_withASeededFault_isFound(String name, String right, String wrong, String complaint) {
        RouteFile shipped = file(name);
        String text = shipped.text().replace(plain(right), plain(wrong));
        assertThat(text).as("the fault is seeded").isNotEqualTo(shipped.text());
        assertThat(problemsOf(name, text)).anySatisfy(problem -> assertThat(problem).contains(complaint));
    }

    @Test
    void file_tooLongTooDeepOrWithAScript_isFound() {
        String text = file("plc-stream").text();
        assertThat(RULES.problems(RouteFile.of("plc-stream", text + "#\n".repeat(60))))
                .anyMatch(problem -> problem.contains("lines; 60 are the most"));
        assertThat(RULES.problems(RouteFile.of("plc-stream", text.replace("simple:", "groovy:"))))
                .anyMatch(problem -> problem.contains("a program in a string"));
        assertThat(RULES.problems(RouteFile.of("plc-stream", text.replace("parameters:", "steps:"))))
                .anyMatch(problem -> problem.contains("nest deeper"));
        assertThat(RULES.problems(RouteFile.of("plc-stream", text.replace("from:", "onException: []\n    from:"))))
                .anyMatch(problem -> problem.contains("onException belongs in"));
    }

    private static List<String> problemsOf(String name, String text) {
        try {
            return RULES.problems(RouteFile.of(name, text));
        } catch (UncheckedIOException e) {
            return List.of(e.getMessage() + " without the comment, or no YAML at all: " + e.getCause().getMessage());
        }
    }

    private static String plain(String seeded) {
        return seeded.replace("\\n", "\n").replace("\\\"", "\"");
    }

    private static RouteFile file(String name) {
        return FILES.stream().filter(file -> file.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<RouteFile> readFiles() {
        try (Stream<Path> all = Files.list(ROUTES)) {
            return all.filter(file -> file.toString().endsWith(RouteFileRules.SUFFIX))
                    .sorted()
                    .map(RouteFile::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Project project() {
        String java = javaSources();
        Set<String> settings = new TreeSet<>();
        try (var in = Files.newBufferedReader(Path.of("config", "application.properties"))) {
            Properties declared = new Properties();
            declared.load(in);
            settings.addAll(declared.stringPropertyNames());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        RouteFileRules.matches(DERIVED, java).forEach(m -> settings.add(m.group(1)));
        Set<String> beans = RouteFileRules.matches(BOUND, java).map(m -> m.group(1)).collect(Collectors.toSet());
        Set<String> policies = Set.copyOf(
                file(RouteFileRules.POLICIES).tree().findValues("routeConfiguration").stream()
                        .map(policy -> policy.path("id").asText())
                        .toList());
        List<String> consumers = new ArrayList<>();
        FILES.forEach(file -> file.tree().forEach(
                entry -> consumers.add(entry.path("route").path("from").path("uri").asText())));
        return new Project(settings, beans, java, policies, Set.copyOf(consumers));
    }

    private static String javaSources() {
        try (Stream<Path> files = Files.walk(MAIN)) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
                all.append(Files.readString(file));
            }
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
