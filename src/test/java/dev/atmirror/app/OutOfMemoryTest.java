package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** Issue 12, E35: an OutOfMemoryError was a failed visit, and the process went on half alive. */
public class OutOfMemoryTest {
    private final List<Integer> halted = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final OutOfMemory watch = new OutOfMemory(new PrintStream(said), halted::add);

    private void send(boolean endsTheProcess, Throwable thrown) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getManagementStrategy().addEventNotifier(watch);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    onException(Exception.class).handled(true);
                    from("direct:visit").bean(new Part(thrown), "work");
                    from("direct:passed-over").onException(Exception.class).continued(true).log("gone on").end().bean(new Part(thrown), "work");
                }
            });
            camel.start();
            for (String route : List.of("direct:visit", "direct:passed-over")) {
                int before = halted.size();
                camel.createProducerTemplate().send(route, exchange -> exchange.getMessage().setBody(""));
                assertThat(halted.size() > before).as(route).isEqualTo(endsTheProcess);
            }
        }
    }

    /** As the parts that routes name. */
    public record Part(Throwable thrown) {
        public void work() throws Throwable {
            throw thrown;
        }
    }

    @Test
    void error_inARouteThatHandlesFailures_endsTheProcess() throws Exception {
        send(true, new OutOfMemoryError("GC overhead limit exceeded"));
        assertThat(halted).isNotEmpty().containsOnly(OutOfMemory.STATUS);
        assertThat(said.toString()).contains("out of memory (GC overhead limit exceeded)", "ATMIRROR_JAVA_OPTS");
    }

    @Test
    void error_wrappedByALibrary_endsTheProcess() throws Exception {
        send(true, new IllegalStateException("pool", new java.sql.SQLException(new OutOfMemoryError("Java heap space"))));
        assertThat(halted).isNotEmpty();
    }

    @Test
    void failure_ofAnotherKind_isLeftToThePolicies() throws Exception {
        send(false, new IllegalStateException("a host failed"));
        send(false, new StackOverflowError());
        assertThat(halted).isEmpty();
        assertThat(said.toString()).isEmpty();
    }
}
