package dev.atmirror.sandbox;

import dev.atmirror.identity.Cid;
import java.nio.charset.StandardCharsets;

/**
 * An account as one host has it. Records are shared by the hosts that an account has been at; only one of them serves
 * them.
 */
record Repo(String did, String handle, Standing standing, AccountKind kind, Records records) {
    private static final String SOMEBODY_ELSE = "did:web:elsewhere.test";

    /** Whose its handle is, as its host says. */
    String ownerOfHandle() {
        return kind == AccountKind.HANDLE_ELSEWHERE ? SOMEBODY_ELSE : did;
    }

    /** Whether its host answers for this handle of its. */
    boolean answersFor(String asked) {
        return standing.served() && handle.equals(asked);
    }

    Repo with(Standing changed) {
        return new Repo(did, handle, changed, kind, records);
    }

    Repo withHandle(String changed) {
        return new Repo(did, changed, standing, kind, records);
    }

    /** The CID of its newest commit, which changes with its revision. */
    String head() {
        return Cid.ofHash(Cid.sha256((did + "/" + records.rev()).getBytes(StandardCharsets.UTF_8)));
    }
}
