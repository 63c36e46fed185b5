package dev.atmirror.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Cid;
import dev.atmirror.identity.Did;
import dev.atmirror.identity.Json;
import dev.atmirror.identity.PlcOperation;
import dev.atmirror.plc.DidLog;
import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.OperationJudge;
import dev.atmirror.plc.OperationJudge.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges the rows of one account as if its operations had just been read from an upstream, and compares the rows with what
 * storing those would have made of them: only the operation itself is signed, everything else in a row is a claim.
 */
final class AccountReplay {
    /** @param did without 'did:plc:' @param head id of the operation that the row takes to be in force */
    record Account(int id, String did, long head) {}

    /**
     * A row of {@code plc_operation}, with the texts that its numbers stand for.
     *
     * @param cid without its constant beginning
     * @param odd what the row says; its whole operation may be missing all the same
     */
    record Row(
            long id, int account, Instant createdAt, long prev, int signer, boolean odd, boolean nullified, String cid, LeanOperation lean) {}

    private final OperationJudge judge;

    AccountReplay(OperationJudge judge) {
        this.judge = judge;
    }

    private record Accepted(Row row, Verdict verdict) {}

    /**
     * @param rows of the account in order of their ids
     * @param elsewhere CIDs, without their constant beginning, of rows of other accounts that these rows name as theirs
     */
    void replay(Account account, List<Row> rows, Map<Long, String> elsewhere, Findings findings) {
        String did = Did.PLC_PREFIX + account.did;
        DidLog log = new DidLog(account.id);
        Map<Long, String> cids = new HashMap<>();
        Set<Long> undone = new HashSet<>();
        List<Accepted> all = new ArrayList<>(rows.size());
        for (Row row : rows) {
            String prev = cids.getOrDefault(row.prev, elsewhere.get(row.prev));
            JsonNode operation = claimed(row, prev == null ? null : Cid.PREFIX + prev);
            String cid = Cid.PREFIX + row.cid;
            Verdict verdict = judge.judge(new ExportedOperation(did, cid, row.createdAt, row.id, operation), row.id, log);
            cids.put(row.id, row.cid);
            if (verdict.isAccepted()) {
                all.add(new Accepted(row, verdict));
                undone.addAll(verdict.nullifies());
            } else if (verdict.rejection().isPresent()) {
                findings.quarantine(new Findings.Quarantined(
                        row.id, did, cid, row.createdAt, verdict.rejection().get(), AsciiJson.write(operation)));
            } else {
                findings.drop(row.id);
            }
        }
        all.forEach(accepted -> compare(accepted, undone.contains(accepted.row.id), findings));
        if (log.isEmpty()) {
            findings.empty(account.id);
        } else if (log.head().id() != account.head) {
            findings.head(account.id, log.head().id());
        }
    }

    /** The operation that the row stands for; of a row that stands for none, what it has. */
    private static JsonNode claimed(Row row, String prevCid) {
        try {
            return row.lean.json(prevCid);
        } catch (IllegalStateException e) {
            return Json.MAPPER.getNodeFactory().textNode(row.lean.odd().orElse(row.lean.keys()));
        }
    }

    private static void compare(Accepted accepted, boolean nullified, Findings findings) {
        Row row = accepted.row;
        Verdict verdict = accepted.verdict;
        PlcOperation operation = verdict.operation().orElseThrow();
        LeanOperation lean = LeanOperation.of(operation);
        Optional<String> whole = lean.odd().map(json -> AsciiJson.write(operation.json()));
        boolean right = lean.hasColumnsOf(row.lean)
                && whole.equals(row.lean.odd())
                && row.odd == whole.isPresent()
                && row.nullified == nullified
                && row.prev == verdict.prev()
                && row.signer == verdict.signer();
        if (!right) {
            findings.correct(new Findings.Corrected(row.id, verdict.prev(), verdict.signer(), nullified, lean, whole));
        }
    }
}
