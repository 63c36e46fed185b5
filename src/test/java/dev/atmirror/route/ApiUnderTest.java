package dev.atmirror.route;

import dev.atmirror.app.Reply;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;

/** One file of REST paths as it is shipped, on a server of its own, with a bean that answers by the name of its method. */
final class ApiUnderTest implements AutoCloseable {
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final Vertx vertx = Vertx.vertx();
    private final ApiServer server = new ApiServer(vertx, InstantSource.system());
    private final int port;

    /** @param bean with the methods that the paths name */
    ApiUnderTest(String file, String role, Object bean) throws Exception {
        this(file, Map.of(role, bean));
    }

    /** @param beans by role */
    ApiUnderTest(String file, Map<String, Object> beans) throws Exception {
        beans.forEach(camel.getRegistry()::bind);
        if (!beans.containsKey("directory")) {
            camel.getRegistry().bind("directory", new Failing());
        }
        server.serve(camel);
        RouteFiles.load(camel, Path.of("routes"), file::equals);
        camel.start();
        port = server.start("127.0.0.1", 0);
    }

    /** What the failure policy of all lookups names. */
    public static final class Failing {
        public String failed() {
            return "failed";
        }
    }

    /** @return status and body */
    String ask(String method, String path) {
        Reply reply = Reply.to(method, URI.create("http://127.0.0.1:" + port + path));
        return reply.status() + " " + new String(reply.body(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.close();
        camel.stop();
        vertx.close();
    }
}
