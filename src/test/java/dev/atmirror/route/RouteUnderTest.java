package dev.atmirror.route;

import dev.atmirror.app.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * One route file as it is shipped, its outward steps replaced by id and its beans by others.
 * What a mock received is asked by the id of the step that it replaces. The route is called by another one, since a
 * failure policy decides, too, whether the caller goes on.
 */
final class RouteUnderTest implements AutoCloseable {
    private static final String CALLER = "direct:caller";
    private static final String ENTRY = "direct:under-test";
    private static final String BEHIND = "mock:behind-the-call";

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final String route;
    private final Map<String, String> steps = new HashMap<>();
    private final Map<String, List<String>> called = new HashMap<>();
    private final Map<String, String> neighbours = new HashMap<>();
    private final List<String> passed = new CopyOnWriteArrayList<>();

    /** @param steps ids of steps that lead outwards */
    private RouteUnderTest(String route, List<String> steps) {
        this.route = route;
        called.put(route, steps);
        steps.forEach(id -> this.steps.put(id, "mock:" + id));
        Properties settings = new Properties();
        Settings loaded = Settings.load();
        loaded.keys().forEach(key -> settings.setProperty(key, loaded.text(key)));
        settings.setProperty("atmirror.plc.upstream-export", loaded.plc().upstream() + "/export");
        settings.setProperty("atmirror.relay.list-hosts", "http://relay.invalid/xrpc/com.atproto.sync.listHosts");
        settings.setProperty("atmirror.routes." + route + ".enabled", "true");
        camel.getPropertiesComponent().setInitialProperties(settings);
    }

    /** The route of that file; nothing runs before {@link #start}. */
    static RouteUnderTest of(String route, String... outwardSteps) {
        return new RouteUnderTest(route, List.of(outwardSteps));
    }

    /** @param bean with the methods that the route calls */
    RouteUnderTest with(Object bean, String... roles) {
        for (String role : roles) {
            camel.getRegistry().bind(role, bean);
        }
        return this;
    }

    /** Another file as it is shipped, whose route this one calls; its outward steps are replaced like this one's. */
    RouteUnderTest calling(String file, String... outwardSteps) {
        called.put(file, List.of(outwardSteps));
        called.get(file).forEach(id -> steps.put(id, "mock:" + id));
        return this;
    }

    /** Another route that this one hands to. @param uri such as {@code direct:pds-fetch}, in the place of a step's id */
    RouteUnderTest next(String uri) {
        neighbours.put(uri, "mock:" + uri.replace(':', '-'));
        return this;
    }

    /** What a replaced step, or a route next to this one, does. */
    RouteUnderTest answering(String step, Processor processor) {
        mock(step).whenAnyExchangeReceived(processor);
        return this;
    }

    /** A statement that gives these rows, then others, and no rows in the end. */
    RouteUnderTest rows(String step, List<?>... turns) {
        Iterator<List<?>> rows = List.of(turns).iterator();
        return answering(step, exchange -> exchange.getMessage().setBody(rows.hasNext() ? rows.next() : List.of()));
    }

    private MockEndpoint mock(String step) {
        return camel.getEndpoint(steps.getOrDefault(step, neighbours.get(step)), MockEndpoint.class);
    }

    RouteUnderTest failing(String step, Exception failure) {
        return answering(step, exchange -> {
            throw failure;
        });
    }

    RouteUnderTest start() throws Exception {
        RouteFiles.load(camel, Path.of("routes"), called::containsKey);
        for (String file : called.keySet()) {
            AdviceWith.adviceWith(camel, file, advice -> {
                if (file.equals(route)) {
                    advice.replaceFromWith(ENTRY);
                }
                called.get(file).forEach(id -> advice.weaveById(id).replace().to(steps.get(id)).id(id));
            });
        }
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(CALLER).routeConfigurationId("none").to(ENTRY).to(BEHIND);
                neighbours.forEach((uri, mock) -> from(uri).routeConfigurationId("none").to(mock));
            }
        });
        steps.keySet().forEach(id -> mock(id).setReporter(exchange -> passed.add(id)));
        camel.start();
        return this;
    }

    /** One exchange through the route, to its end. */
    Exchange send(Object body) {
        return send(exchange -> exchange.getMessage().setBody(body));
    }

    /** The same for an exchange that is made ready first. */
    Exchange send(Processor ready) {
        return camel.createFluentProducerTemplate().to(CALLER).withProcessor(ready).send();
    }

    /** What came to the step. */
    List<Exchange> received(String step) {
        return mock(step).getExchanges();
    }

    /** The bodies that came to the step. */
    <T> List<T> bodies(String step, Class<T> type) {
        return received(step).stream()
                .map(exchange -> exchange.getMessage().getBody(type))
                .toList();
    }

    /** The replaced steps in the order in which exchanges came to them. */
    List<String> passed() {
        return List.copyOf(passed);
    }

    /** How often whoever called the route went on behind the call. */
    int callerWentOn() {
        return camel.getEndpoint(BEHIND, MockEndpoint.class).getReceivedCounter();
    }

    @Override
    public void close() {
        camel.stop();
    }
}
