package dev.atmirror.route;

import java.util.ArrayList;
import java.util.List;

/** Role {@code snapshotRestores} with two indexes to build; notes what was called. */
public final class RestoreSteps {
    private final List<String> calls = new ArrayList<>();
    String failing = "";
    String way = "tables";
    int left = 2;

    List<String> calls() {
        return List.copyOf(calls);
    }

    private void note(String call) {
        calls.add(call);
        if (call.equals(failing)) {
            throw new IllegalStateException("no " + call);
        }
    }

    public void open() {
        note("open");
    }

    public boolean isIntoEmptyTables() {
        return way.equals("tables");
    }

    public boolean isOfNewerRows() {
        return way.equals("rows");
    }

    public boolean isOfSeedRows() {
        return way.equals("seed");
    }

    public boolean isBesideALog() {
        return way.equals("aside");
    }

    public void load() {
        note("load");
    }

    public boolean hasIndex() {
        return left-- > 0;
    }

    public void buildIndex() {
        note("buildIndex");
    }

    public void verify() {
        note("verify");
    }

    public void finish() {
        note("finish");
    }

    public void layBeside() {
        note("layBeside");
    }

    public void takeNewer() {
        note("takeNewer");
    }

    public void layAside() {
        note("layAside");
    }

    public void finishAside() {
        note("finishAside");
    }

    public void failed() {
        calls.add("failed");
    }
}
