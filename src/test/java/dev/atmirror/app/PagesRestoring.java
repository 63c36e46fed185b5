package dev.atmirror.app;

import dev.atmirror.route.RouteFiles;
import dev.atmirror.snapshot.RestoreSource;
import dev.atmirror.snapshot.SnapshotFolder;
import dev.atmirror.snapshot.SnapshotFormat;
import dev.atmirror.snapshot.SnapshotInput;
import dev.atmirror.snapshot.SnapshotInputs;
import dev.atmirror.store.Schema;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.impl.DefaultCamelContext;

/** Restores one file page by page, as a command does: in this process, or in one of its own. */
public final class PagesRestoring {
    private PagesRestoring() {}

    /** Settings come from the environment. @param arguments a file */
    public static void main(String[] arguments) {
        System.out.println(restore(Map.of(), Path.of(arguments[0])));
    }

    /** @return what became of it, for a person @throws RuntimeException where the restore fails, with its cause's message */
    public static String restore(Map<String, String> overrides, Path file) {
        Settings settings = Settings.load(overrides);
        try (Databases databases = Databases.open(settings)) {
            new Schema(databases.schema()).migrate();
            SeedRowsParts.Opened opened = open(file);
            return opened.format() == SnapshotFormat.SEED_REPOS || opened.format() == SnapshotFormat.SEED_ACCOUNTS
                    ? restoreRows(settings, databases, opened)
                    : restoreLog(settings, databases, opened);
        }
    }

    private static String restoreLog(Settings settings, Databases databases, SeedRowsParts.Opened opened) {
        try (PagesRestoreParts parts =
                new PagesRestoreParts(settings, databases, () -> source(opened), new SimpleMeterRegistry())) {
            run(settings, PagesRestoreParts.ROUTES, "direct:snapshot-restore-pages", parts::bindInto);
            return parts.restore().outcome().orElseThrow();
        }
    }

    private static String restoreRows(Settings settings, Databases databases, SeedRowsParts.Opened opened) {
        try (SeedRowsParts parts = new SeedRowsParts(settings, databases, () -> opened)) {
            run(settings, SeedRowsParts.ROUTES, "direct:snapshot-restore-seed", parts::bindInto);
            return parts.restore().outcome().orElseThrow();
        }
    }

    private static void run(
            Settings settings, Set<String> routes, String entry, java.util.function.Consumer<org.apache.camel.spi.Registry> parts) {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getPropertiesComponent().setInitialProperties(settings.forRoutes());
            parts.accept(camel.getRegistry());
            RouteFiles.load(camel, Path.of("routes"), routes::contains);
            camel.start();
            camel.createProducerTemplate().requestBody(entry, "");
        } catch (CamelExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) { // Camel declares no less
            throw new IllegalStateException(e);
        }
    }

    private static SeedRowsParts.Opened open(Path file) {
        SnapshotInputs inputs = new SnapshotInputs(
                "at-mirror test", Path.of(""), new SnapshotFolder(Path.of("target")), Duration.ofSeconds(5));
        SnapshotInput input = inputs.open(file.toString());
        try {
            BufferedInputStream text = new BufferedInputStream(input.plain());
            return new SeedRowsParts.Opened(input, text, SnapshotFormat.of(input.name(), text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RestoreSource source(SeedRowsParts.Opened opened) {
        try {
            return RestoreSource.of(opened.input(), opened.text(), opened.format());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
