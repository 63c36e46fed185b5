package dev.atmirror.route;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The beans of the stages that ask hosts, which note their calls as {@code role.method} and answer as they are told. */
final class CrawlBeans {
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Deque<Boolean>> answers = new ConcurrentHashMap<>();

    /** The calls so far, in order; questions are none. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    /** What a question is answered in turn, and false from then on. */
    CrawlBeans answering(String question, Boolean... inTurn) {
        answers.put(question, new ArrayDeque<>(List.of(inTurn)));
        return this;
    }

    RouteUnderTest in(RouteUnderTest route, String... roles) {
        for (String role : roles) {
            route.with(new Role(role), role);
        }
        return route;
    }

    /** One bean. Public, as Camel calls it. */
    public final class Role {
        private final String name;

        Role(String name) {
            this.name = name;
        }

        private void note(String method) {
            calls.add(name + "." + method);
        }

        private boolean answer(String question) {
            Boolean next = answers.getOrDefault(question, new ArrayDeque<>()).poll();
            return next != null && next;
        }

        public long pace() {
            note("pace");
            return 0;
        }

        public String relayQuery() {
            return "limit=1000";
        }

        public void start() {
            note("start");
        }

        public void askForHosts() {
            note("askForHosts");
        }

        public void begin() {
            note("begin");
        }

        public void enter() {
            note("enter");
        }

        public void layOutEnd() {
            note("layOutEnd");
        }

        public void release() {
            note("release");
        }

        public void broken() {
            note("broken");
        }

        public void layOutLeases() {
            note("layOutLeases");
        }

        public void askForPage() {
            note("askForPage");
        }

        public void read() {
            note("read");
        }

        public void askForAccounts() {
            note("askForAccounts");
        }

        public void open() {
            note("open");
        }

        public void ask() {
            note("ask");
        }

        public void judge() {
            note("judge");
        }

        public void layOut() {
            note("layOut");
        }

        public void keep() {
            note("keep");
        }

        public void layOutPart() {
            note("layOutPart");
        }

        public void askWhatItIs() {
            note("askWhatItIs");
        }

        public void readDescription() {
            note("readDescription");
        }

        public void askForItsVersion() {
            note("askForItsVersion");
        }

        public void readEndpoints() {
            note("readEndpoints");
        }

        public void followed() {
            note("followed");
        }

        public void readFile() {
            note("readFile");
        }

        public void finish() {
            note("finish");
        }

        public void askRelay() {
            note("askRelay");
        }

        public void readRelay() {
            note("readRelay");
        }

        public void address() {
            note("address");
        }

        public void failed() {
            note("failed");
        }

        public boolean wantsMore() {
            return answer("wantsMore");
        }

        public boolean goesOn() {
            return answer("goesOn");
        }

        public boolean isUp() {
            return answer("isUp");
        }

        public boolean isLastLane() {
            return answer("isLastLane");
        }

        public boolean mayBegin() {
            return answer("mayBegin");
        }

        public boolean hasPage() {
            return answer("hasPage");
        }

        public boolean isAtEnd() {
            return answer("isAtEnd");
        }

        public boolean isFull() {
            return answer("isFull");
        }

        public boolean hasDescription() {
            return answer("hasDescription");
        }

        public boolean wantsEndpoints() {
            return answer("wantsEndpoints");
        }

        public boolean isBehindTheLog() {
            return answer("isBehindTheLog");
        }

        public boolean wantsRelay() {
            return answer("wantsRelay");
        }
    }
}
