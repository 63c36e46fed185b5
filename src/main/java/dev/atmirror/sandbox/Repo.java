package dev.atmirror.sandbox;

import dev.atmirror.identity.Cid;
import java.nio.charset.StandardCharsets;

/**
 * An account as one host has it. Records are shared by the hosts that an account has been at; only one of them serves
 * them.
 */
record Repo(String did, String handle, Standing standing, AccountKind kind, Records records) {
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
