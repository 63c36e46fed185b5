package dev.atmirror.app;

import dev.atmirror.route.PagesRestore;
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
import org.apache.camel.CamelExecutionException;
import org.apache.camel.impl.DefaultCamelContext;

/** Restores one file by its pages, as a command does: in this process, or in one of its own. */
public final class PagesRestoring {
    private PagesRestoring() {}

    /** Settings come from the environment. @param arguments a file */
    public static void main(String[] arguments) {
        System.out.println(restore(Map.of(), Path.of(arguments[0])));
    }

    /** @return what became of the upstream's cursor @throws RuntimeException where the restore fails, with its cause's message */
    public static String restore(Map<String, String> overrides, Path file) {
        Settings settings = Settings.load(overrides);
        try (Databases databases = Databases.open(settings);
                DefaultCamelContext camel = new DefaultCamelContext()) {
            new Schema(databases.schema()).migrate();
            PagesRestoreParts parts =
                    new PagesRestoreParts(settings, databases, () -> source(file), new SimpleMeterRegistry());
            try (parts) {
                camel.getPropertiesComponent().setInitialProperties(settings.forRoutes());
                parts.bindInto(camel.getRegistry());
                RouteFiles.load(camel, Path.of("routes"), PagesRestoreParts.ROUTES::contains);
                camel.start();
                PagesRestore restore = parts.restore();
                camel.createProducerTemplate().requestBody("direct:snapshot-restore-pages", "");
                return restore.outcome().orElseThrow();
            } finally {
                camel.stop();
            }
        } catch (CamelExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) { // Camel declares no less
            throw new IllegalStateException(e);
        }
    }

    private static RestoreSource source(Path file) {
        SnapshotInputs inputs = new SnapshotInputs("at-mirror test", Path.of(""), new SnapshotFolder(Path.of("target")), Duration.ofSeconds(5));
        SnapshotInput input = inputs.open(file.toString());
        try {
            BufferedInputStream text = new BufferedInputStream(input.plain());
            return RestoreSource.of(input, text, SnapshotFormat.of(input.name(), text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
