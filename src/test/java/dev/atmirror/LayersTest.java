package dev.atmirror;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may use whom. A failure names the repair. */
class LayersTest {
    private static final String ROOT = "dev.atmirror.";
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.atmirror");

    /** Each layer with what it may use of ours. Nobody may use app; cli gets its objects as a cli.Program. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry(
                    "app",
                    Set.of(
                            "cli", "route", "api", "store", "snapshot", "sandbox", "plc", "pds", "handle", "net",
                            "identity")),
            Map.entry(
                    "cli",
                    Set.of("route", "api", "store", "snapshot", "sandbox", "plc", "pds", "handle", "net", "identity")),
            Map.entry("route", Set.of("plc", "pds", "handle", "net", "store", "snapshot", "identity")),
            // plc: whoever answers must verify, and must say how far the log is read. snapshot: its files are handed out.
            Map.entry("api", Set.of("store", "snapshot", "plc", "handle", "identity")),
            // plc: what a file brings are pages of the log, to be verified like an upstream's.
            Map.entry("snapshot", Set.of("store", "plc", "net", "identity")),
            Map.entry("store", Set.of("plc", "identity")),
            Map.entry("sandbox", Set.of("plc", "identity")),
            Map.entry("plc", Set.of("net", "identity")),
            Map.entry("pds", Set.of("net", "identity")),
            Map.entry("handle", Set.of("net", "identity")),
            Map.entry("net", Set.of()),
            Map.entry("identity", Set.of()));

    @Test
    void layers_useOnlyWhatLiesBelow() {
        classes()
                .should(useOnlyLowerLayers())
                .because("an arrow upwards ties what is pure to what runs it: move the shared part down, or let the"
                        + " lower layer declare an interface that the upper one implements")
                .check(MAIN);
    }

    @Test
    void layers_together_haveNoCycle() {
        slices().matching("dev.atmirror.(*)..")
                .should()
                .beFreeOfCycles()
                .because("packages in a cycle are one package: move the class that both need into the lower one")
                .check(MAIN);
    }

    @Test
    void camel_outsideItsGlue_isUnknown() {
        onlyIn("route", "api", "app")
                .should(depend("org.apache.camel.."))
                .because("the domain must run without Camel: take plain values, and let a class in route unpack the exchange")
                .check(MAIN);
    }

    @Test
    void sql_outsideTheStore_isUnspoken() {
        onlyIn("store", "snapshot", "app")
                .should(depend("java.sql..", "javax.sql..", "org.postgresql..", "com.zaxxer.hikari..", "io.vertx.sqlclient..", "io.vertx.pgclient..", "org.flywaydb.."))
                .because("only store speaks SQL to tables: move the query into a store class and hand that in")
                .check(MAIN);
    }

    @Test
    void embeddedDatabase_outsideApp_isUnknown() {
        onlyIn("app")
                .should(depend("io.zonky..", "io.smallrye.config.."))
                .because("where the database and the settings come from is app's business: take a DataSource or a settings record")
                .check(MAIN);
    }

    @Test
    void httpClient_outsideNet_isUnused() {
        onlyIn("net")
                .should(depend("java.net.http.."))
                .because("net sets the bounds on size, time and address for every request: use a class of net")
                .check(MAIN);
    }

    @Test
    void camelsHttpClient_outsideNet_isUnused() {
        // route: the glue that hands net's bounds to Camel's http component.
        onlyIn("net", "route")
                .should(depend("org.apache.hc.."))
                .because("hosts that strangers choose are fetched under net's bounds only: use GuardedHttp, or PdsHttp in a route")
                .check(MAIN);
    }

    @Test
    void dns_outsideHandle_isUnasked() {
        onlyIn("handle")
                .should(depend("org.xbill.DNS.."))
                .because("handle tells no record from no answer, and bounds the time: ask HandleDns")
                .check(MAIN);
    }

    @Test
    void vertx_outsideItsServers_isUnknown() {
        // route: the server under Camel's REST; store and api: the pipelined client and the short path of lookups
        // (src/RATIONALE.md#the-short-path-of-lookups); sandbox: its own servers.
        onlyIn("route", "store", "api", "sandbox", "app")
                .should(depend("io.vertx..", "io.netty.."))
                .because("the rest of the program must not know its server: hand over plain values")
                .check(MAIN);
    }

    @Test
    void json_outsideItsReaders_isUnknown() {
        // store, against the first plan: it lays operations out as columns and puts them together again
        // (src/RATIONALE.md#storage). cli: answers for programs (--json).
        onlyIn("identity", "plc", "pds", "handle", "store", "snapshot", "api", "sandbox", "cli")
                .should(depend("com.fasterxml.jackson.."))
                .because("JSON is read where it comes in and written where it goes out: pass records in between")
                .check(MAIN);
    }

    @Test
    void cryptography_outsideSigning_isUnknown() {
        onlyIn("plc", "sandbox")
                .should(depend("fr.acinq..", "com.amazon.corretto..", "org.bouncycastle.."))
                .because("signatures are judged in one place: ask plc.Signatures")
                .check(MAIN);
    }

    @Test
    void identity_besidesItsCodecs_needsOnlyTheJdk() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "identity..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        ROOT + "identity..", "java..", "com.fasterxml.jackson..", "org.apache.commons.codec..")
                .because("identity is pure values: what logs, waits or connects belongs to a layer above")
                .check(MAIN);
    }

    @Test
    void terminal_outsideCli_isUntouched() {
        onlyIn("cli", "app")
                .should(depend("picocli..", "me.tongfei.progressbar..", "java.util.logging.."))
                .because("commands speak to people and everything else to the log: use slf4j, or return the value to the command")
                .check(MAIN);
    }

    @Test
    void system_outsideAppAndCli_isUnasked() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "app..", ROOT + "cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethodWhere(target(isOneOf(System.class, "getenv", "getProperty", "exit", "setProperty")))
                .orShould()
                .callMethodWhere(target(isOneOf(Runtime.class, "exit", "halt", "addShutdownHook")))
                .because("only app and cli know the process around the program: take the value as a parameter")
                .check(MAIN);
    }

    @Test
    void time_outsideAppAndCli_isHandedIn() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "app..", ROOT + "cli..")
                .should()
                .callMethodWhere(target(describe(
                        "java.time's now() without a clock",
                        t -> t.getOwner().getPackageName().equals("java.time")
                                && (t.getName().equals("now") && t.getRawParameterTypes().isEmpty()
                                        || t.getName().startsWith("system")))))
                .orShould()
                .callMethodWhere(target(isOneOf(System.class, "currentTimeMillis")))
                .orShould()
                .callMethodWhere(target(isOneOf(Thread.class, "sleep")))
                .because("a test must be able to set the time: take a java.time.InstantSource, and let a route or a condition wait")
                .check(MAIN);
    }

    @Test
    void names_ofClasses_sayWhatTheyDo() {
        noClasses()
                .should()
                .haveNameMatching(".*\\.[A-Za-z]*(Manager|Helper|Utils?|Impl)(\\$.*)?")
                .because("such a name fits anything: name the class by the one thing that it does")
                .check(MAIN);
    }

    private static com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction onlyIn(String... layers) {
        String[] packages = java.util.Arrays.stream(layers).map(l -> ROOT + l + "..").toArray(String[]::new);
        return noClasses().that().resideOutsideOfPackages(packages);
    }

    private static ArchCondition<JavaClass> depend(String... packages) {
        return com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat(
                JavaClass.Predicates.resideInAnyPackage(packages));
    }

    private static com.tngtech.archunit.base.DescribedPredicate<CodeUnitCallTarget> isOneOf(
            Class<?> owner, String... names) {
        Set<String> wanted = Set.of(names);
        return describe(
                owner.getSimpleName() + "." + String.join("/", names),
                t -> t.getOwner().isEquivalentTo(owner) && wanted.contains(t.getName()));
    }

    private static ArchCondition<JavaClass> useOnlyLowerLayers() {
        return new ArchCondition<>("use only lower layers") {
            @Override
            public void check(JavaClass user, ConditionEvents events) {
                String layer = layer(user).orElse("(none)");
                if (!MAY_USE.containsKey(layer)) {
                    events.add(SimpleConditionEvent.violated(
                            user, user.getName() + " is in no layer: add its package to MAY_USE"));
                    return;
                }
                user.getDirectDependenciesFromSelf().forEach(use -> layer(use.getTargetClass())
                        .filter(used -> !used.equals(layer) && !MAY_USE.get(layer).contains(used))
                        .ifPresent(used -> events.add(SimpleConditionEvent.violated(user, use.getDescription()))));
            }
        };
    }

    private static Optional<String> layer(JavaClass type) {
        String name = type.getPackageName() + ".";
        return name.startsWith(ROOT) && name.length() > ROOT.length()
                ? Optional.of(name.substring(ROOT.length(), name.indexOf('.', ROOT.length())))
                : Optional.empty();
    }
}
