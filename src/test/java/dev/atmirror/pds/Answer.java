package dev.atmirror.pds;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Answers of hosts, in short. */
final class Answer {
    private Answer() {}

    static HostAnswer ok(String body) {
        return of(200, body);
    }

    static HostAnswer of(int status, String body) {
        return HostAnswer.of(status, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }
}
