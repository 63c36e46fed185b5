package dev.atmirror.route;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Beans with the methods that routes call, which note that they were called. */
final class NotedBeans {
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private int turns;
    private boolean held = true;
    private RuntimeException failure;

    /** The calls so far, in order. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    /** So often a loop or a filter is told to go on. */
    NotedBeans goingOn(int times) {
        turns = times;
        return this;
    }

    NotedBeans withoutTheLease() {
        held = false;
        return this;
    }

    /** Every call but those of the failure policies fails so. */
    NotedBeans failing(RuntimeException with) {
        failure = with;
        return this;
    }

    private void note(String call) {
        calls.add(call);
        if (failure != null) {
            throw failure;
        }
    }

    /** Role {@code writerLease}. */
    public boolean isHeld() {
        return held;
    }

    public boolean isOurs() {
        return held;
    }

    /** Role {@code logCursor}. */
    public void startRun() {
        note("startRun");
    }

    public boolean isBehind() {
        return turns-- > 0;
    }

    public String nextQuery() {
        note("nextQuery");
        return "count=7&after=42";
    }

    public Object readMessages(Object batch) {
        note("readMessages");
        return batch;
    }

    /** Role {@code numbersLookout}. */
    public void look() {
        note("look");
    }

    /** Role {@code rereading}. */
    public void begin() {
        note("begin");
    }

    public void judgeAgain() {
        note("judgeAgain");
    }

    /** Role {@code requestPace}. */
    public long nextFree() {
        return 0;
    }

    /** Role {@code upstreamAnswers}. */
    public void page() {
        note("page");
    }

    public void failed() {
        calls.add("failed");
    }

    /** Role {@code operationVerifier}. */
    public void verify() {
        note("verify");
    }

    /** Roles {@code storedPages} and {@code standing}. */
    public void layOut() {
        note("layOut");
    }

    public void learn() {
        note("learn");
    }

    public boolean isNext() {
        return turns-- > 0;
    }

    public void stored() {
        note("stored");
    }

    public void startAgain() {
        calls.add("startAgain");
    }

    /** Role {@code plcStream}. */
    public void followFromThePages() {
        note("followFromThePages");
    }

    public boolean isOpen() {
        return turns-- > 0;
    }
}
