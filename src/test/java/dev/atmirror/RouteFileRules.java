package dev.atmirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules of {@code routes/README.md}, each as a question to one file: which words break it? */
final class RouteFileRules {
    static final String SUFFIX = ".camel.yaml";
    static final String POLICIES = "failure-policies";
    private static final int MOST_LINES = 60;
    private static final int DEEPEST = 3;
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(.*?)}}");
    private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)+");
    private static final Pattern BEAN = Pattern.compile("bean:(\\w+)\\?method=(\\w+)|bean:(\\w+)");
    private static final Set<String> LANGUAGES = Set.of("simple", "constant", "header", "exchangeProperty", "variable", "tokenize");
    /** Programs in strings: out of reach of the compiler and of tests. */
    private static final Set<String> SCRIPTS =
            Set.of("groovy", "javascript", "js", "joor", "java", "python", "mvel", "ognl", "spel", "csimple", "script", "datasonnet");
    private static final Set<String> VERBS = Set.of("get", "post", "put", "patch", "delete", "head");
    private static final JsonSchema SCHEMA = schema();

    /** What the rules need to know of the rest of the project. */
    record Project(Set<String> settings, Set<String> beans, String javaSources, Set<String> policies, Set<String> consumers) {}

    /** One file of routes/. */
    record RouteFile(String name, String text, JsonNode tree) {
        static RouteFile of(String name, String text) {
            try {
                return new RouteFile(name, text, YAML.readTree(text));
            } catch (IOException e) {
                throw new UncheckedIOException(name, e);
            }
        }

        static RouteFile read(Path file) {
            try {
                String name = file.getFileName().toString();
                return of(name.substring(0, name.length() - SUFFIX.length()), Files.readString(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        boolean holdsPolicies() {
            return name.equals(POLICIES);
        }

        /** Calls back with the name of each field and the object that it stands in, at any depth. */
        void eachField(BiConsumer<String, JsonNode> visit) {
            walk(tree, visit);
        }

        /** All texts at any depth under any of these names. */
        List<String> texts(String... names) {
            Set<String> wanted = Set.of(names);
            List<String> texts = new ArrayList<>();
            eachField((field, holder) -> {
                if (wanted.contains(field) && holder.get(field).isTextual()) {
                    texts.add(holder.get(field).textValue());
                }
            });
            return texts;
        }
    }

    private final Project project;

    RouteFileRules(Project project) {
        this.project = project;
    }

    /** All that is wrong with the file, as sentences. */
    List<String> problems(RouteFile file) {
        List<String> found = new ArrayList<>();
        shape(file, found);
        ids(file, found);
        steps(file, file.tree(), 0, found);
        canonicalForm(file, found);
        placeholders(file, found);
        beans(file, found);
        statements(file, found);
        policies(file, found);
        endpoints(file, found);
        schema(file, found);
        return found.stream().map(problem -> file.name() + ": " + problem).toList();
    }

    private static void shape(RouteFile file, List<String> found) {
        if (!file.text().startsWith("# ")) {
            found.add("begins without the comment that says what a reader cannot see");
        }
        long lines = file.text().lines().count();
        if (file.holdsPolicies()) { // a list of short ones; no stage to grasp at a glance
            file.tree().forEach(entry -> {
                if (!entry.has("routeConfiguration")) {
                    found.add("holds something besides route configurations");
                }
            });
            return;
        }
        if (lines > MOST_LINES) {
            found.add(lines + " lines; " + MOST_LINES + " are the most: split the stage, or move what is not flow into Java");
        }
        if (file.tree().size() != 1) {
            found.add("holds " + file.tree().size() + " entries: one route or rest a file");
        }
        JsonNode entry = file.tree().path(0);
        JsonNode only = entry.has("route") ? entry.get("route") : entry.path("rest");
        if (!only.path("id").asText().equals(file.name())) {
            found.add("its route's id is '" + only.path("id").asText() + "', not the file's name");
        }
        if (only.path("description").asText().isBlank()) {
            found.add("its route has no description");
        }
    }

    private static void ids(RouteFile file, List<String> found) {
        for (String id : file.texts("id")) {
            // A stage may be one word: users know it by that.
            if (!KEBAB.matcher(id).matches() && !id.equals(file.name())) {
                found.add("id '" + id + "' is no phrase in kebab-case");
            }
        }
        file.texts("triggerName").stream()
                .filter(trigger -> !trigger.equals(file.name()))
                .forEach(trigger -> found.add("triggerName '" + trigger + "' is not the route's id"));
    }

    /** Steps, their sources, policies and REST verbs have ids; steps nest three deep at most. */
    private static void steps(RouteFile file, JsonNode node, int depth, List<String> found) {
        if (depth > DEEPEST) {
            found.add("steps nest deeper than " + DEEPEST + ": move the inner ones into a route of their own");
        }
        node.properties().forEach(field -> {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (name.equals("steps") || name.equals("onException") && value.isArray()) {
                value.forEach(step -> step.properties().forEach(eip -> needId(eip.getKey(), eip.getValue(), found)));
            } else if (VERBS.contains(name) || name.equals("when")) {
                value.forEach(verb -> needId(name, verb, found));
            } else if (name.equals("from") || name.equals("otherwise")) { // a routeConfiguration without an id holds for all routes that name none
                needId(name, value, found);
            }
            steps(file, value, depth + (name.equals("steps") ? 1 : 0), found);
        });
        if (node.isArray()) {
            node.forEach(item -> steps(file, item, depth, found));
        }
    }

    private static void needId(String what, JsonNode step, List<String> found) {
        if (step.path("id").asText().isBlank()) {
            found.add("a step '" + what + "' has no id");
        }
    }

    private static void canonicalForm(RouteFile file, List<String> found) {
        file.eachField((field, holder) -> {
            JsonNode value = holder.get(field);
            if (SCRIPTS.contains(field)) {
                found.add("'" + field + "' is a program in a string: write it in Java, with a test");
            } else if (LANGUAGES.contains(field) && !value.isObject()) {
                found.add("'" + field + ": " + value.asText() + "' in short form: write " + field + ": expression: …");
            } else if (LANGUAGES.contains(field) && holder.has("id")) {
                found.add("'" + field + "' of step " + holder.get("id").asText() + " stands outside expression:");
            } else if (field.equals("uri") && value.asText().contains("?") && !isDynamic(file, holder)) {
                found.add("options in the uri '" + value.asText() + "': write them under parameters:");
            } else if (field.equals("to") && value.isTextual() && !isVerb(file, holder)) {
                found.add("'to: " + value.asText() + "' in short form: write id and uri");
            }
        });
    }

    /** A verb of REST names its answer in one line, as {@code bean:role?method=name}: a table of contents. */
    private static boolean isVerb(RouteFile file, JsonNode holder) {
        return file.tree().path(0).has("rest") && holder.has("path");
    }

    private static boolean isDynamic(RouteFile file, JsonNode step) {
        boolean[] dynamic = {false};
        file.eachField((field, holder) -> dynamic[0] |= field.equals("toD") && holder.get(field) == step);
        return dynamic[0];
    }

    private void placeholders(RouteFile file, List<String> found) {
        matches(PLACEHOLDER, file.text()).map(m -> m.group(1)).distinct()
                .filter(key -> !project.settings().contains(key))
                .forEach(key -> found.add("{{" + key + "}} is not declared in config/application.properties"));
    }

    private void beans(RouteFile file, List<String> found) {
        List<String[]> named = new ArrayList<>();
        file.eachField((field, holder) -> {
            if (field.equals("ref")) {
                named.add(new String[] {holder.get(field).asText(), holder.path("method").asText(null)});
            } else if (holder.get(field).isTextual() && holder.get(field).asText().startsWith("#")) {
                named.add(new String[] {holder.get(field).asText().substring(1), null});
            }
        });
        matches(BEAN, file.text()).forEach(m ->
                named.add(m.group(3) == null ? new String[] {m.group(1), m.group(2)} : new String[] {m.group(3), null}));
        for (String[] bean : named) {
            if (!project.beans().contains(bean[0])) {
                found.add("no bean '" + bean[0] + "' is bound in app");
            }
            if (bean[1] != null && !hasPublicMethod(bean[1])) {
                found.add("no public method '" + bean[1] + "' for bean '" + bean[0] + "'");
            }
        }
    }

    private boolean hasPublicMethod(String name) {
        return Pattern.compile("\\bpublic [^;={}()]*\\b" + name + "\\(").matcher(project.javaSources()).find();
    }

    private static void statements(RouteFile file, List<String> found) {
        file.texts("uri").stream().filter(uri -> uri.startsWith("sql")).forEach(uri -> {
            String path = uri.startsWith("sql:classpath:sql/") ? uri.substring("sql:classpath:".length()) : "";
            if (!path.endsWith(".sql") || RouteFileRules.class.getResource("/" + path) == null) {
                found.add("'" + uri + "' names no file under src/main/resources/sql");
            }
        });
    }

    private void policies(RouteFile file, List<String> found) {
        if (!file.holdsPolicies() && file.text().contains("onException:")) {
            found.add("onException belongs in " + POLICIES + SUFFIX);
        }
        JsonNode route = file.tree().path(0).path("route");
        if (!route.isMissingNode() && !project.policies().contains(route.path("routeConfigurationId").asText())) {
            found.add("routeConfigurationId '" + route.path("routeConfigurationId").asText() + "' names no policy of "
                    + POLICIES + SUFFIX);
        }
    }

    /** What is sent to a queue or a route must have a reader. */
    private void endpoints(RouteFile file, List<String> found) {
        file.texts("uri").stream()
                .filter(uri -> uri.startsWith("seda:") || uri.startsWith("direct:"))
                .filter(uri -> !project.consumers().contains(uri))
                .forEach(uri -> found.add("nobody reads from " + uri));
    }

    private static void schema(RouteFile file, List<String> found) {
        JsonNode tree = withoutPlaceholders(file.tree().deepCopy());
        SCHEMA.validate(tree).forEach(message -> found.add("Camel's schema says: " + message.getMessage()));
    }

    /** The schema wants the switch's boolean where the file has the name of a setting. */
    private static JsonNode withoutPlaceholders(JsonNode tree) {
        walk(tree, (field, holder) -> {
            if (field.equals("autoStartup") && PLACEHOLDER.matcher(holder.get(field).asText()).matches()) {
                ((ObjectNode) holder).set(field, BooleanNode.TRUE);
            }
        });
        return tree;
    }

    private static JsonSchema schema() {
        try (var in = RouteFileRules.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void walk(JsonNode node, BiConsumer<String, JsonNode> visit) {
        if (node instanceof ContainerNode<?>) {
            node.properties().stream().toList().forEach(field -> visit.accept(field.getKey(), node));
            node.forEach(child -> walk(child, visit));
        }
    }

    static Stream<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results();
    }
}
