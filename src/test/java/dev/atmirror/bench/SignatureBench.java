package dev.atmirror.bench;

import fr.acinq.secp256k1.Secp256k1;
import java.util.SplittableRandom;

/**
 * What libsecp256k1 does in a second on one thread, keys held uncompressed: most of the cost of an operation, and so the
 * measure by which figures of different machines compare.
 */
public final class SignatureBench {
    private static final int KEYS = 4_000;
    private static final int ROUNDS = 5;

    private SignatureBench() {}

    public static void main(String[] arguments) {
        SplittableRandom random = new SplittableRandom(1);
        Secp256k1 library = Secp256k1.get();
        byte[][] keys = new byte[KEYS][];
        byte[][] hashes = new byte[KEYS][32];
        byte[][] signatures = new byte[KEYS][];
        for (int i = 0; i < KEYS; i++) {
            byte[] secret = new byte[32];
            random.nextBytes(secret);
            random.nextBytes(hashes[i]);
            keys[i] = library.pubkeyCreate(secret);
            signatures[i] = library.sign(hashes[i], secret);
        }
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            int good = 0;
            for (int i = 0; i < KEYS * 5; i++) {
                good += library.verify(signatures[i % KEYS], hashes[i % KEYS], keys[i % KEYS]) ? 1 : 0;
            }
            System.out.printf("%.0f signatures/s on one thread%n", good * 1e9 / (System.nanoTime() - start));
        }
    }
}
