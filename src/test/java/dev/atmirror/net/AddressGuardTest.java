package dev.atmirror.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
    private final AddressGuard guard = new AddressGuard(false);

    @ParameterizedTest
    @ValueSource(strings = {
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1", "127.255.0.1",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.9", "192.0.2.1", "192.88.99.1",
        "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.255", "224.0.0.1", "239.255.255.255",
        "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:8.8.8.8",
        "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:1::1", "2001:20::1", "2001:db8::1",
        "2002:7f00:1::1", "3fff::1", "3fff:fff::1", "4000::1", "5f00::1", "fc00::1", "fdff::1", "fe80::1", "fe80::1%1",
        "fec0::1", "ff02::1"
    })
    void resolve_addressThatIsNotPublic_isRefused(String address) {
        assertThatThrownBy(() -> guard.resolve(address))
                .isInstanceOf(RefusedAddress.class)
                .hasMessageContaining("not public");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
        "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "198.17.255.255",
        "198.20.0.0", "223.255.255.255", "2001:200::1", "2001:4860:4860::8888", "2001:db7::1", "2001:db9::1",
        "2003::1", "2606:4700::1111", "3ffe::1", "3fff:1000::1"
    })
    void resolve_publicAddress_isReturned(String address) throws UnknownHostException {
        assertThat(guard.resolve(address)).containsExactly(InetAddress.getByName(address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.1", "2130706433", "localhost", "0"})
    void resolve_otherSpellingOfLoopback_isRefused(String host) {
        assertThatThrownBy(() -> guard.resolve(host)).isInstanceOf(UnknownHostException.class);
    }

    @Test
    void resolve_publicAndPrivateAddress_isRefusedWhole() {
        AddressGuard mixed = guard("8.8.8.8", "10.0.0.1");
        assertThatThrownBy(() -> mixed.resolve("two.example")).hasMessage("two.example lies at 10.0.0.1, which is not public");
    }

    @Test
    void resolve_hundredAddresses_triesFew() throws UnknownHostException {
        AddressGuard many = guard(Stream.iterate(1, i -> i + 1).limit(100).map(i -> "8.8.8." + i).toArray(String[]::new));
        assertThat(many.resolve("many.example")).hasSize(8);
    }

    @Test
    void resolve_privateAtTheEndOfMany_isRefused() {
        AddressGuard many = guard(
                Stream.iterate(1, i -> i + 1).limit(100).map(i -> i < 100 ? "8.8.8." + i : "127.0.0.1").toArray(String[]::new));
        assertThatThrownBy(() -> many.resolve("many.example")).isInstanceOf(RefusedAddress.class);
    }

    @Test
    void resolve_privateAllowed_isReturned() throws UnknownHostException {
        assertThat(new AddressGuard(true).resolve("127.0.0.1")).hasSize(1);
    }

    @Test
    void resolve_silentNameServer_givesUpInTime() {
        CountDownLatch silence = new CountDownLatch(1);
        AddressGuard silent = new AddressGuard(
                false,
                host -> {
                    awaitUninterruptibly(silence);
                    throw new UnknownHostException(host);
                },
                Duration.ofMillis(50));
        try {
            assertThatThrownBy(() -> silent.resolve("dead.example"))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessageStartingWith("dead.example: no answer from the name servers");
        } finally {
            silence.countDown();
        }
    }

    @Test
    void resolve_noSuchName_saysSo() {
        assertThatThrownBy(() -> guard.resolve("nowhere.invalid"))
                .isInstanceOf(UnknownHostException.class)
                .isNotInstanceOf(RefusedAddress.class)
                .hasMessageStartingWith("nowhere.invalid: ");
    }

    private static AddressGuard guard(String... addresses) {
        return new AddressGuard(
                false,
                host -> {
                    InetAddress[] found = new InetAddress[addresses.length];
                    for (int i = 0; i < found.length; i++) {
                        found[i] = InetAddress.getByName(addresses[i]);
                    }
                    return found;
                },
                Duration.ofSeconds(10));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
