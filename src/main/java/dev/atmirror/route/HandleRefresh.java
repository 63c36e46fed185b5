package dev.atmirror.route;

import dev.atmirror.handle.HandleCheck;
import dev.atmirror.handle.HandleResult;
import dev.atmirror.handle.HandleVerdict;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/** Checks one handle at once, by the same routes as the stage: {@code handles-now}. Usable once the routes run. */
public final class HandleRefresh implements HandleCheck {
    private static final String ROUTE = "direct:handles-now";

    private final CamelContext camel;
    private Optional<ProducerTemplate> template = Optional.empty();

    public HandleRefresh(CamelContext camel) {
        this.camel = camel;
    }

    private synchronized ProducerTemplate template() {
        ProducerTemplate known = template.orElseGet(camel::createProducerTemplate);
        template = Optional.of(known);
        return known;
    }

    @Override
    public Optional<HandleVerdict> now(String did) {
        Exchange exchange = template().send(ROUTE, asked -> asked.getMessage().setBody(did));
        Optional<HandleBatch> batch = HandleBatch.of(exchange);
        Optional<Exception> failure = batch.isPresent()
                ? batch.get().failure()
                : Optional.ofNullable(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
        if (exchange.getException() != null || failure.isPresent()) {
            throw new IllegalStateException("checking the handle of " + did, failure.orElse(exchange.getException()));
        }
        return batch.orElseThrow().tasks().stream().findFirst().map(HandleRefresh::verdict);
    }

    private static HandleVerdict verdict(HandleTask task) {
        return task.verdict().orElseGet(() -> new HandleVerdict(
                HandleResult.UNREACHABLE,
                Optional.of(task.claimed().handle()),
                Optional.empty(),
                Optional.empty(),
                Optional.of("its host or the name servers ask to come again later")));
    }
}
