package dev.atmirror.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class LocalHandlesTest {
    @Test
    void find_handleUnderASuffix_isAtItsAddress() {
        LocalHandles local = new LocalHandles(List.of("pds1.test=127.0.0.1:2583", "test=127.0.0.1:2584"));
        assertThat(local.find("alice.pds1.test")).contains("http://127.0.0.1:2583");
        assertThat(local.find("alice.pds2.test")).contains("http://127.0.0.1:2584");
        assertThat(local.find("alice.latest")).isEmpty();
    }

    @Test
    void new_whatIsNoSuffixWithAnAddress_isRefusedWithAnExample() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LocalHandles(List.of("pds1.test=https://x")))
                .withMessageContaining("pds1.test=127.0.0.1:2583");
    }
}
