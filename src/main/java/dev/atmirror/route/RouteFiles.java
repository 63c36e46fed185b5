package dev.atmirror.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Loads the declared routes. */
public final class RouteFiles {
    private static final String SUFFIX = ".camel.yaml";
    private static final String POLICIES = "failure-policies";

    private RouteFiles() {}

    /** Loads those files of the folder whose name, without suffix, is wanted; the failure policies always. */
    public static void load(CamelContext context, Path folder, Predicate<String> wanted) throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .filter(file -> name(file).equals(POLICIES) || wanted.test(name(file)))
                    // Policies first: a route names its policy while it is built.
                    .sorted((a, b) -> Boolean.compare(!name(a).equals(POLICIES), !name(b).equals(POLICIES)))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("no routes in " + folder.toAbsolutePath() + "; run from the project's folder", e);
        }
        for (Path file : files) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.resolveMandatoryResource(
                            context, "file:" + file.toAbsolutePath()));
        }
    }

    static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }
}
