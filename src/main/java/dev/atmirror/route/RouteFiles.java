package dev.atmirror.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
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
    private static final String ANY_SEGMENT = "api-directory";

    private RouteFiles() {}

    /** Loads those files of the folder whose name, without suffix, is wanted; the failure policies always. */
    public static void load(CamelContext context, Path folder, Predicate<String> wanted) throws Exception {
        for (Path file : files(folder, wanted)) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.resolveMandatoryResource(
                            context, "file:" + file.toAbsolutePath()));
        }
    }

    /** The wanted files in the order in which they must be loaded. */
    static List<Path> files(Path folder, Predicate<String> wanted) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .filter(file -> name(file).equals(POLICIES) || wanted.test(name(file)))
                    .sorted(Comparator.comparing((Path file) -> rank(name(file))).thenComparing(RouteFiles::name))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "no routes in " + folder.toAbsolutePath() + "; run from the project's folder", e);
        }
    }

    /**
     * Policies first: a route names its policy while it is built. Last what matches any path of one segment: the server
     * asks paths in the order in which they were declared.
     */
    private static int rank(String name) {
        return switch (name) {
            case POLICIES -> 0;
            case ANY_SEGMENT -> 2;
            default -> 1;
        };
    }

    static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }
}
