package dev.atmirror.route;

import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;

/**
 * Holds up the stages that write while the database is read-only: their schedules pass without a statement, and the first
 * run behind that begins as any other. Those that read the log are held by the writer's lease instead, and what learns from
 * another process goes on.
 */
public final class WriteGate implements RoutePolicyFactory {
    private static final Set<String> OPEN = Set.of("plc-logs", "plc-stream", "plc-standing", "snapshot");

    private final BooleanSupplier isReadOnly;

    public WriteGate(BooleanSupplier isReadOnly) {
        this.isReadOnly = isReadOnly;
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode route) {
        boolean scheduled = route instanceof RouteDefinition definition
                && definition.getInput().getEndpointUri().startsWith("quartz");
        return scheduled && !OPEN.contains(routeId) ? new Held() : null; // Camel takes null for none
    }

    private final class Held extends RoutePolicySupport {
        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            if (isReadOnly.getAsBoolean()) {
                exchange.setRouteStop(true);
            }
        }
    }
}
