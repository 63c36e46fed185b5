package dev.atmirror.app;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The address that the API listens on, tried before anything else is begun: a database would be created for nothing. */
final class ListeningPort {
    private ListeningPort() {}

    /** @throws IllegalStateException where the API could not listen, with the setting to change */
    static void check(Settings settings) {
        String host = settings.text("atmirror.http.host");
        int port = settings.number("atmirror.http.port");
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalStateException("the host " + host + " to listen on is not known; set ATMIRROR_HTTP_HOST"
                    + " (atmirror.http.host) to an address of this machine");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as the server itself: connections that ended lately are no obstacle
            socket.bind(address);
        } catch (IOException e) {
            throw refused(host, port, e);
        }
    }

    private static IllegalStateException refused(String host, int port, IOException failure) {
        String said = String.valueOf(failure.getMessage());
        if (said.startsWith("Cannot assign")) {
            return new IllegalStateException("this machine has no address " + host + " to listen on; set"
                    + " ATMIRROR_HTTP_HOST (atmirror.http.host) to one that it has, or to 0.0.0.0", failure);
        }
        boolean isTaken = failure instanceof BindException && said.startsWith("Address already in use");
        return new IllegalStateException(
                "cannot listen on " + host + ":" + port + ": " + (isTaken ? "another process has that port" : said)
                        + "; set ATMIRROR_HTTP_PORT (atmirror.http.port) to a free one",
                failure);
    }
}
