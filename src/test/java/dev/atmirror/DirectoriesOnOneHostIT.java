package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SharedHost;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A cursor belongs to the whole address of a directory (issue 12, A2). */
class DirectoriesOnOneHostIT {
    private final TestDatabase database = TestDatabase.create();
    private final SignedLog one = SignedLog.of(121, 300);
    private final SignedLog other = SignedLog.of(122, 400);

    private void read(FakeUpstream asked, String url, int operations) {
        try (MirrorRun run = MirrorRun.start(database, asked, "atmirror.plc.upstream", url, "atmirror.plc.page-size", "100")) {
            run.awaitStored(operations).awaitAnotherPoll();
        }
    }

    private static String key(SharedHost host, String path) {
        return host.url(path).replace("http://", "");
    }

    /** Makes the cursor what the migration made of that of an earlier version. */
    private void makeFormer(String key) {
        database.run("update sync_cursors set host = '" + key + "', by_host = true where stage = 'plc-logs'");
    }

    @Test
    void directories_onOneHost_areEachReadFromTheBeginning() {
        try (FakeUpstream a = new FakeUpstream(one.lines());
                FakeUpstream b = new FakeUpstream(other.lines());
                SharedHost host = new SharedHost(Map.of("/a", a, "/b", b))) {
            read(a, host.url("/a"), one.valid().size());
            read(b, host.url("/b/export/"), one.valid().size() + other.valid().size());
            assertThat(b.queries().get(0)).isEqualTo("count=100&after=0");
            assertThat(database.operations()).isEqualTo(one.valid().size() + other.valid().size());
            assertThat(database.ask("select string_agg(host, ' ' order by host) from sync_cursors where stage = 'plc-logs'"))
                    .isEqualTo(key(host, "/a") + " " + key(host, "/b"));
        }
    }

    @Test
    void cursor_ofAnEarlierVersion_isTakenOverByTheConfiguredDirectoryOnly() {
        try (FakeUpstream a = new FakeUpstream(one.lines());
                FakeUpstream b = new FakeUpstream(other.lines());
                SharedHost host = new SharedHost(Map.of("/a", a, "/b", b))) {
            read(a, host.url("/a"), one.valid().size());
            makeFormer(key(host, ""));
            int before = a.queries().size();
            a.append(one.grow(50, 0));
            read(a, host.url("/a"), one.valid().size());
            assertThat(a.queries().get(before)).doesNotEndWith("after=0");
            assertThat(database.ask("select string_agg(host, ' ') from sync_cursors where stage = 'plc-logs'"))
                    .isEqualTo(key(host, "/a"));
            read(b, host.url("/b"), one.valid().size() + other.valid().size());
            assertThat(b.queries().get(0)).isEqualTo("count=100&after=0");
        }
    }

    @Test
    void cursor_ofTheHostItself_isNotTakenOverByADirectoryUnderAPath() {
        try (FakeUpstream a = new FakeUpstream(one.lines());
                FakeUpstream b = new FakeUpstream(other.lines());
                SharedHost host = new SharedHost(Map.of("", a, "/b", b))) {
            read(a, host.url(""), one.valid().size());
            makeFormer(key(host, ""));
            int before = a.queries().size();
            read(a, host.url(""), one.valid().size());
            assertThat(a.queries().get(before)).doesNotEndWith("after=0");
            read(b, host.url("/b"), one.valid().size() + other.valid().size());
            assertThat(database.number("select count(*) from sync_cursors where stage = 'plc-logs'")).isEqualTo(2);
        }
    }
}
