package dev.atmirror.route;

import dev.atmirror.app.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * One route file as it is shipped, its outward steps replaced by id and its beans by others.
 * What a mock received is asked by the id of the step that it replaces.
 */
final class RouteUnderTest implements AutoCloseable {
    private static final String ENTRY = "direct:under-test";

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final String route;
    private final Map<String, String> steps;

    /** @param steps ids of steps that lead outwards */
    private RouteUnderTest(String route, List<String> steps) {
        this.route = route;
        this.steps = steps.stream().collect(Collectors.toMap(id -> id, id -> "mock:" + id));
        Properties settings = new Properties();
        Settings loaded = Settings.load();
        loaded.keys().forEach(key -> settings.setProperty(key, loaded.text(key)));
        settings.setProperty("atmirror.plc.upstream-export", loaded.plc().upstream() + "/export");
        settings.setProperty("atmirror.relay.list-hosts", "http://relay.test/xrpc/com.atproto.sync.listHosts");
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

    /** What a replaced step does. */
    RouteUnderTest answering(String step, Processor processor) {
        camel.getEndpoint(steps.get(step), MockEndpoint.class).whenAnyExchangeReceived(processor);
        return this;
    }

    RouteUnderTest failing(String step, Exception failure) {
        return answering(step, exchange -> {
            throw failure;
        });
    }

    RouteUnderTest start() throws Exception {
        RouteFiles.load(camel, Path.of("routes"), route::equals);
        AdviceWith.adviceWith(camel, route, advice -> {
            advice.replaceFromWith(ENTRY);
            steps.forEach((id, mock) -> advice.weaveById(id).replace().to(mock));
        });
        camel.start();
        return this;
    }

    /** One exchange through the route, to its end. */
    Exchange send(Object body) {
        return camel.createFluentProducerTemplate().to(ENTRY).withBody(body).send();
    }

    /** What came to the step. */
    List<Exchange> received(String step) {
        return camel.getEndpoint(steps.get(step), MockEndpoint.class).getExchanges();
    }

    @Override
    public void close() {
        camel.stop();
    }
}
