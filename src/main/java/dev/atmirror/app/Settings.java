package dev.atmirror.app;

import dev.atmirror.plc.PlcSettings;
import io.smallrye.config.DotEnvConfigSourceProvider;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything that can be set, from (the later wins) the shipped defaults, {@code config/application.properties},
 * {@code .env} and the environment. A name that no version knows fails loudly: a misspelt setting is not a setting.
 */
public final class Settings {
    private static final Path FILE = Path.of("config", "application.properties");
    private static final String PREFIX = "atmirror.";
    private static final String ENV_PREFIX = "ATMIRROR_";
    /** Read by the launcher, not by the program. */
    private static final Set<String> LAUNCHER = Set.of(
            "ATMIRROR_JAVA_OPTS",
            "ATMIRROR_JAVA_HOME",
            "ATMIRROR_CALLER_DIR",
            "ATMIRROR_POSTGRES_PASSWORD",
            "ATMIRROR_TEST_REALNET",
            "ATMIRROR_TEST_PLCGEN",
            "ATMIRROR_TEST_PLC_SOURCE");

    private final SmallRyeConfig config;
    private final Properties shipped;
    private final Set<String> keys;
    private final Map<String, String> overrides;
    private final Path file;

    private Settings(SmallRyeConfig config, Properties shipped, Map<String, String> overrides, Path file) {
        this.config = config;
        this.shipped = shipped;
        this.keys = new TreeSet<>(shipped.stringPropertyNames());
        this.overrides = Map.copyOf(overrides);
        this.file = file;
    }

    /** Reads all sources in the working directory. @throws IllegalArgumentException for an unknown or unusable setting */
    public static Settings load() {
        return load(Map.of());
    }

    /** @param overrides win over everything; for options of the command line and for tests */
    public static Settings load(Map<String, String> overrides) {
        return load(overrides, FILE);
    }

    /** @param file in the place of {@code config/application.properties} */
    static Settings load(Map<String, String> overrides, Path file) {
        Properties defaults = defaults();
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(stringMap(defaults), "shipped defaults", 50))
                .withSources(new EnvConfigSource(System.getenv(), 300))
                .withSources(new PropertiesConfigSource(overrides, "command line", 400));
        if (Files.isRegularFile(file)) {
            builder.withSources(new PropertiesConfigSource(stringMap(read(file)), file.toString(), 100));
        }
        new DotEnvConfigSourceProvider(Path.of(".env").toUri().toString())
                .getConfigSources(Settings.class.getClassLoader())
                .forEach(builder::withSources);
        Settings settings = new Settings(builder.build(), defaults, overrides, file);
        settings.refuseUnknown();
        SettingsCheck.check(settings);
        return settings;
    }

    private void refuseUnknown() {
        Set<String> unknown = new TreeSet<>();
        Set<String> named = new TreeSet<>(overrides.keySet());
        if (Files.isRegularFile(file)) {
            named.addAll(read(file).stringPropertyNames());
        }
        named.stream().filter(key -> key.startsWith(PREFIX) && !keys.contains(key)).forEach(unknown::add);
        Set<String> names = new TreeSet<>();
        keys.forEach(key -> names.add(environmentName(key)));
        System.getenv().keySet().stream()
                .filter(name -> name.startsWith(ENV_PREFIX) && !names.contains(name) && !LAUNCHER.contains(name))
                .forEach(unknown::add);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("unknown setting " + String.join(", ", unknown)
                    + "; config/application.properties lists all that there are");
        }
    }

    static String environmentName(String key) {
        return key.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** Reads all sources again, as they are now. */
    Settings again() {
        return load(overrides, file);
    }

    Path file() {
        return file;
    }

    public Set<String> keys() {
        return keys;
    }

    /** The default. */
    String shipped(String key) {
        return shipped.getProperty(key).strip();
    }

    /** Whether the value holds a reference such as {@code ${NAME}} to what is nowhere set. */
    boolean lacksVariable(String key) {
        String written = config.getConfigValue(key).getRawValue();
        return written != null && written.contains("${") && text(key).isEmpty();
    }

    public String text(String key) {
        return config.getOptionalValue(key, String.class).orElse("").strip();
    }

    public int number(String key) {
        try {
            return Integer.parseInt(text(key));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " is no whole number: " + text(key), e);
        }
    }

    public boolean flag(String key) {
        return switch (text(key)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(key + " is neither true nor false: " + text(key));
        };
    }

    /** As {@code 90s}, {@code 5m}, {@code 2h}, {@code 1d} or ISO 8601. */
    public Duration duration(String key) {
        return duration(key, text(key));
    }

    static Duration duration(String what, String text) {
        try {
            if (text.matches("\\d+d")) {
                return Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1)));
            }
            return Duration.parse(text.startsWith("P") ? text : "PT" + text);
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException(what + " is no duration such as 90s or 5m: " + text, e);
        }
    }

    public PlcSettings plc() {
        int threads = number("atmirror.plc.verify-threads");
        PlcSettings.checkInFlight(number("atmirror.plc.page-size"), number("atmirror.plc.pages-in-flight"));
        return new PlcSettings(
                PlcSettings.upstream(text("atmirror.plc.upstream")),
                flag("atmirror.plc.verify"),
                number("atmirror.plc.page-size"),
                duration("atmirror.plc.overlap"),
                duration("atmirror.ready-within"),
                threads > 0 ? threads : Runtime.getRuntime().availableProcessors(),
                text("atmirror.user-agent"));
    }

    /** For the placeholders of the routes: all keys, and what is derived from them. */
    Properties forRoutes() {
        Properties properties = new Properties();
        keys.forEach(key -> properties.setProperty(key, text(key)));
        properties.setProperty("atmirror.plc.upstream-export", plc().upstream() + "/export");
        String relay = optional("atmirror.relay.url").orElse("http://no-relay");
        properties.setProperty("atmirror.relay.list-hosts", relay.replaceFirst("/+$", "") + "/xrpc/com.atproto.sync.listHosts");
        return properties;
    }

    private static Properties defaults() {
        URL shipped = Objects.requireNonNull(Settings.class.getResource("/defaults/application.properties"));
        Properties properties = new Properties();
        try (var in = shipped.openStream()) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    static Properties read(Path file) {
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (CharacterCodingException e) {
            throw new UncheckedIOException("cannot read " + file + ": it is not UTF-8", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + ServerLog.reason(e), e);
        } catch (IllegalArgumentException e) { // a backslash and u, without a number behind
            throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
        }
        return properties;
    }

    private static Map<String, String> stringMap(Properties properties) {
        Map<String, String> map = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> map.put(key, properties.getProperty(key)));
        return map;
    }

    /** A folder or file; relative to the program's folder. */
    Path path(String key) {
        return Path.of(text(key)).toAbsolutePath();
    }

    Optional<String> optional(String key) {
        return Optional.of(text(key)).filter(value -> !value.isEmpty());
    }
}
