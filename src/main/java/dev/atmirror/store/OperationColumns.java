package dev.atmirror.store;

import dev.atmirror.identity.Cid;
import dev.atmirror.plc.VerifiedPage.Accepted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The columns of {@code plc_operation} for one page. */
record OperationColumns(
        List<Accepted> accepted, LeanOperation[] lean, Map<String, Integer> keySets, Map<String, Integer> endpoints) {

    void putInto(Map<String, Object> parameters) {
        int n = lean.length;
        long[] ids = new long[n];
        long[] times = new long[n];
        long[] prevs = new long[n];
        int[] accounts = new int[n];
        int[] keySetRefs = new int[n];
        int[] pdsRefs = new int[n];
        short[] signers = new short[n];
        boolean[] odds = new boolean[n];
        String[] kinds = new String[n];
        String[] cids = new String[n];
        byte[][] sigs = new byte[n][];
        String[] signingKeys = new String[n];
        String[] handles = new String[n];
        for (int i = 0; i < n; i++) {
            Accepted operation = accepted.get(i);
            ids[i] = operation.id();
            times[i] = PageRows.micros(operation.createdAt());
            prevs[i] = operation.prev();
            accounts[i] = operation.account();
            keySetRefs[i] = keySets.get(lean[i].keys());
            pdsRefs[i] = endpoints.get(lean[i].pds());
            signers[i] = (short) operation.signer();
            odds[i] = lean[i].odd().isPresent();
            kinds[i] = String.valueOf(lean[i].kind());
            cids[i] = operation.cid().substring(Cid.PREFIX.length());
            sigs[i] = lean[i].sig();
            signingKeys[i] = lean[i].signingKey();
            handles[i] = lean[i].handle();
        }
        parameters.put("ids", ids);
        parameters.put("times", times);
        parameters.put("prevs", prevs);
        parameters.put("accounts", accounts);
        parameters.put("keySetRefs", keySetRefs);
        parameters.put("pdsRefs", pdsRefs);
        parameters.put("signers", signers);
        parameters.put("odds", odds);
        parameters.put("kinds", kinds);
        parameters.put("cids", cids);
        parameters.put("sigs", sigs);
        parameters.put("signingKeys", signingKeys);
        parameters.put("handles", handles);
        putOdd(parameters);
        putNullified(parameters, ids);
    }

    private void putOdd(Map<String, Object> parameters) {
        List<Long> ids = new ArrayList<>(0);
        List<String> operations = new ArrayList<>(0);
        for (int i = 0; i < lean.length; i++) {
            if (lean[i].odd().isPresent()) {
                ids.add(accepted.get(i).id());
                operations.add(AsciiJson.write(accepted.get(i).operation().json()));
            }
        }
        parameters.put("oddIds", ids.stream().mapToLong(Long::longValue).toArray());
        parameters.put("oddOperations", operations.toArray(String[]::new));
    }

    /** Operations of this very page are stored as nullified at once: the statement's update does not see its own rows. */
    private void putNullified(Map<String, Object> parameters, long[] ids) {
        Set<Long> undone = new HashSet<>();
        accepted.forEach(operation -> undone.addAll(operation.nullifies()));
        boolean[] nullifieds = new boolean[ids.length];
        for (int i = 0; i < ids.length; i++) {
            nullifieds[i] = undone.remove(ids[i]);
        }
        parameters.put("nullifieds", nullifieds);
        parameters.put("nullified", undone.stream().mapToLong(Long::longValue).toArray());
    }
}
