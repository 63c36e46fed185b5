package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Cid;
import dev.atmirror.identity.Did;
import dev.atmirror.identity.Json;
import dev.atmirror.identity.PlcOperation;
import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.OperationVerifier;
import dev.atmirror.plc.PlcPage;
import dev.atmirror.plc.Position;
import dev.atmirror.plc.Rejection;
import dev.atmirror.plc.VerifiedPage;
import dev.atmirror.plc.VerifiedPage.Accepted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Judges operations that clients send, by the mirror's own verifier, and words refusals as the reference does. */
final class Submissions {
    private static final String MISORDERED = "Operations not correctly ordered";

    private final SandboxLog log;
    private final OperationVerifier verifier;

    Submissions(SandboxLog log) {
        this.log = log;
        this.verifier = new OperationVerifier(log, 1, false);
    }

    /** Either what to commit or why not. */
    record Verdict(Optional<Draft> draft, String complaint) {
        private static Verdict refused(String complaint) {
            return new Verdict(Optional.empty(), complaint);
        }
    }

    /** Nothing may be committed between this and committing its draft. */
    Verdict judge(String did, JsonNode body, Instant now) {
        Optional<String> complaint = Constraints.complaint(body);
        if (complaint.isPresent()) {
            return Verdict.refused(complaint.get());
        }
        PlcOperation operation = PlcOperation.of(body);
        List<SandboxOperation> earlier = log.ofDid(did);
        Instant createdAt = later(earlier, now);
        verifier.forget(0); // What it remembers lacks whatever was committed past it.
        ExportedOperation exported = new ExportedOperation(did, operation.cid(), createdAt, 0, body);
        VerifiedPage page =
                verifier.verify(new PlcPage(0, 1, List.of(exported), List.of(), true, Position.START));
        if (!page.rejected().isEmpty()) {
            return Verdict.refused(words(page.rejected().get(0).reason(), operation));
        }
        if (page.accepted().isEmpty()) {
            return Verdict.refused(MISORDERED); // The very same operation is there already.
        }
        Accepted accepted = page.accepted().get(0);
        if (accepted.nullifies().isEmpty()) {
            Optional<String> quota = Constraints.quotaPassed(earlier, now);
            if (quota.isPresent()) {
                return Verdict.refused(quota.get());
            }
        }
        List<String> nullifies = earlier.stream()
                .filter(before -> accepted.nullifies().contains(before.seq()))
                .map(SandboxOperation::cid)
                .toList();
        return new Verdict(
                Optional.of(new Draft(did, operation, createdAt, nullifies, accepted.signer(), true)), "");
    }

    /** Two requests of one millisecond still get times that increase. */
    private static Instant later(List<SandboxOperation> earlier, Instant now) {
        Instant least = earlier.isEmpty()
                ? now
                : earlier.get(earlier.size() - 1).createdAt().plusMillis(1);
        return least.isAfter(now) ? least : now;
    }

    private static String words(Rejection reason, PlcOperation operation) {
        return switch (reason) {
            case GENESIS_HASH_MISMATCH ->
                "Hash of genesis operation does not match DID identifier: "
                        + Did.ofGenesis(Cid.sha256(operation.signedBytes()));
            case INVALID_SIGNATURE, SIGNATURE_ENCODING -> "Invalid signature on op: " + Json.write(operation.json());
            case LATE_RECOVERY -> "Recovery operation occurred outside of the allowed 72 hr recovery window.";
            case UNKNOWN_DID -> "Improperly formatted operation, expected null prev on create";
            default -> MISORDERED;
        };
    }
}
