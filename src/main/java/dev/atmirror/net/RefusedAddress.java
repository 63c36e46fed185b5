package dev.atmirror.net;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** A host at an address that is not public. An UnknownHostException, because a resolver may throw nothing else. */
public final class RefusedAddress extends UnknownHostException {
    private static final long serialVersionUID = 1;

    RefusedAddress(String host, InetAddress address) {
        super(host + " lies at " + address.getHostAddress() + ", which is not public");
    }
}
