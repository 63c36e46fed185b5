package dev.atmirror.sandbox;

import dev.atmirror.identity.DidKey.Curve;
import java.util.ArrayList;
import java.util.List;

/** Rotation keys: one of each host for all its accounts, as in the real network, and the operators' own. */
final class HostKeys {
    private final SigningKey recovery;
    private final List<SigningKey> hosts = new ArrayList<>();

    HostKeys(long seed, int count) {
        recovery = SigningKey.of(Curve.SECP256K1, "recovery/" + seed);
        for (int i = 0; i < count; i++) {
            hosts.add(SigningKey.of(curve(i), "host/" + seed + "/" + i));
        }
    }

    /** Every eighth host signs with the other curve. */
    static Curve curve(int host) {
        return host % 8 == 7 ? Curve.P256 : Curve.SECP256K1;
    }

    SigningKey recovery() {
        return recovery;
    }

    SigningKey of(int host) {
        return hosts.get(host);
    }

    /** Strongest first: the operator's recovery key, then the host's own. */
    List<SigningKey> usual(int host) {
        return List.of(recovery, hosts.get(host));
    }
}
