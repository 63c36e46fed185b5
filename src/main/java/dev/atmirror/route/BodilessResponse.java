package dev.atmirror.route;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Leaves the body out of the answer to HEAD over HTTP/2, which Vert.x does for HTTP/1 only: a client that gets one takes it for
 * a broken connection (RFC 9110, section 9.3.2). Whoever answers need not know.
 *
 * <p>A proxy rather than a class, since the interface has some seventy methods, of which five kinds send a body.
 */
final class BodilessResponse implements InvocationHandler {
    private final HttpServerResponse response;

    private BodilessResponse(HttpServerResponse response) {
        this.response = response;
    }

    /** The request, whose response sends no body where it must not. */
    static HttpServerRequest guard(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2 && request.method().equals(HttpMethod.HEAD)
                ? new HeadRequest((HttpServerRequestInternal) request)
                : request;
    }

    private static final class HeadRequest extends HttpServerRequestWrapper {
        private final HttpServerResponse response;

        HeadRequest(HttpServerRequestInternal request) {
            super(request);
            response = (HttpServerResponse) Proxy.newProxyInstance(
                    HttpServerResponse.class.getClassLoader(),
                    new Class<?>[] {HttpServerResponse.class},
                    new BodilessResponse(request.response()));
        }

        @Override
        public HttpServerResponse response() {
            return response;
        }
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        Object result;
        switch (method.getName()) {
            case "write" -> result = done(method, arguments);
            case "end", "send", "sendFile" -> result = end(method, arguments);
            default -> result = call(method, arguments);
        }
        return result == response ? proxy : result; // for calls in a chain
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(response, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Object end(Method method, Object[] arguments) {
        if (arguments != null && !response.headers().contains("Content-Length")) {
            length(arguments);
        }
        return handOn(method, arguments, response.end());
    }

    private void length(Object[] arguments) {
        if (arguments[0] instanceof Buffer body) {
            response.putHeader("Content-Length", String.valueOf(body.length()));
        } else if (arguments[0] instanceof String body) {
            boolean named = arguments.length > 1 && arguments[1] instanceof String;
            Charset charset = named ? Charset.forName((String) arguments[1]) : StandardCharsets.UTF_8;
            response.putHeader("Content-Length", String.valueOf(body.getBytes(charset).length));
        }
    }

    private Object done(Method method, Object[] arguments) {
        return handOn(method, arguments, Future.succeededFuture());
    }

    /** In the way that the method has of saying when it is done: a future, or a handler. */
    private Object handOn(Method method, Object[] arguments, Future<Void> future) {
        if (arguments != null) {
            Arrays.stream(arguments).filter(Handler.class::isInstance).forEach(handler -> {
                @SuppressWarnings("unchecked") // the only handlers that these methods take
                Handler<AsyncResult<Void>> whenDone = (Handler<AsyncResult<Void>>) handler;
                future.onComplete(whenDone);
            });
        }
        if (method.getReturnType() == void.class) {
            return null;
        }
        return Future.class.isAssignableFrom(method.getReturnType()) ? future : response;
    }
}
