package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Cid;
import dev.atmirror.identity.DagCbor;
import dev.atmirror.identity.Did;
import dev.atmirror.identity.DidKey.Curve;
import dev.atmirror.identity.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * The accounts that hosts begin with, and their genesis operations, which stand before all others in the log. Each is
 * computed from its number; only what cannot be had again at once is kept: signature, hash and DID, 120 bytes. An account's
 * number is {@code place * hosts + host}, so that hosts alternate in the log. Does not change once made.
 */
final class BulkAccounts {
    private static final Duration SPAN = Duration.ofDays(30);
    private static final int SIGNATURE = 64;
    private static final int DID = 24; // characters behind did:plc:
    private static final int HASH = 32;
    private static final String HERE = "<here>"; // in the templates; in no other text of an operation

    // Below the constants, which it needs.
    static final BulkAccounts NONE = new BulkAccounts(0, new HostKeys(0, 0), List.of(), 0, Instant.EPOCH);

    private final long seed;
    private final HostKeys keys;
    private final List<String> endpoints;
    private final List<String> signingKeys;
    private final int size;
    private final Instant begin;
    private final byte[] signatures;
    private final byte[] hashes;
    private final byte[] dids;
    /** Each host's operations as JSON, in three parts: between them stand handle and signature. */
    private final List<List<String>> templates;
    private final int[] slots;
    private final Map<Integer, Account> changing = new ConcurrentHashMap<>();

    /**
     * Signs, which takes a minute of processor time for a million.
     *
     * @param endpoints of the hosts, as documents name them
     * @param end all are born before
     */
    BulkAccounts(long seed, HostKeys keys, List<String> endpoints, int accountsOfEach, Instant end) {
        this.seed = seed;
        this.keys = keys;
        this.endpoints = endpoints;
        this.size = endpoints.size() * accountsOfEach;
        this.begin = end.minus(SPAN).truncatedTo(ChronoUnit.MILLIS);
        this.signingKeys = IntStream.range(0, endpoints.size())
                .mapToObj(host -> SigningKey.of(Curve.SECP256K1, "signing/" + seed + "/" + host).didKey())
                .toList();
        this.signatures = new byte[size * SIGNATURE];
        this.hashes = new byte[size * HASH];
        this.dids = new byte[size * DID];
        this.templates = IntStream.range(0, endpoints.size()).mapToObj(this::template).toList();
        IntStream.range(0, size).parallel().forEach(this::sign);
        this.slots = new int[size == 0 ? 1 : Integer.highestOneBit(size) * 4]; // at most half full
        Arrays.fill(slots, -1);
        for (int account = 0; account < size; account++) {
            slots[slot(did(account))] = account;
        }
    }

    private void sign(int account) {
        ObjectNode operation = unsigned(state(account), host(account));
        byte[] signature = signer(account).sign(Cid.sha256(DagCbor.encode(operation)));
        System.arraycopy(signature, 0, signatures, account * SIGNATURE, SIGNATURE);
        byte[] hash = Cid.sha256(DagCbor.encode(operation.put("sig", sig(account))));
        System.arraycopy(hash, 0, hashes, account * HASH, HASH);
        byte[] did = Did.ofGenesis(hash).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(did, did.length - DID, dids, account * DID, DID);
    }

    /** The place of this DID in the table: where it is, or where it belongs. */
    private int slot(String did) {
        int mask = slots.length - 1;
        int slot = did.hashCode() * 0x9E3779B9 >>> 7 & mask;
        while (slots[slot] >= 0 && !did(slots[slot]).equals(did)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    int size() {
        return size;
    }

    OptionalInt find(String did) {
        int account = slots[slot(did)];
        return account < 0 ? OptionalInt.empty() : OptionalInt.of(account);
    }

    /** @return empty for a handle that none of them began with */
    OptionalInt findHandle(String handle) {
        int dash = handle.lastIndexOf('-');
        int dot = handle.indexOf('.');
        if (dash < 0 || dot <= dash) {
            return OptionalInt.empty();
        }
        try {
            int account = Integer.parseInt(handle.substring(dash + 1, dot), Character.MAX_RADIX);
            return account >= 0 && account < size && handle(account).equals(handle)
                    ? OptionalInt.of(account)
                    : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    /** Where an account stands at its host, from 0 on. */
    int place(int account) {
        return account / endpoints.size();
    }

    int host(int account) {
        return account % endpoints.size();
    }

    int account(int host, int place) {
        return place * endpoints.size() + host;
    }

    String did(int account) {
        return Did.PLC_PREFIX + new String(dids, account * DID, DID, StandardCharsets.US_ASCII);
    }

    /** As it was at birth. */
    String handle(int account) {
        return Population.name(draw(account)) + "-" + Integer.toString(account, Character.MAX_RADIX) + domain(host(account));
    }

    /** What handles of this host end in. */
    static String domain(int host) {
        return ".pds" + (host + 1) + ".test";
    }

    /** What all else about an account is computed from. */
    long draw(int account) {
        return Seeded.bits(seed, account);
    }

    /** Later for a greater number, always. */
    Instant createdAt(int account) {
        return begin.plusMillis(account * (SPAN.toMillis() / size));
    }

    /** How many are born at this time or before. */
    int bornUntil(Instant time) {
        if (size == 0 || time.isBefore(begin)) {
            return 0;
        }
        long age = Duration.between(begin, time).toMillis();
        return (int) Math.min(size, age / (SPAN.toMillis() / size) + 1);
    }

    /** The genesis as it stands in the log, with the sequence number that follows from its place there. */
    SandboxOperation operation(int account) {
        List<String> parts = templates.get(host(account));
        String json = parts.get(0) + handle(account) + parts.get(1) + sig(account) + parts.get(2);
        String cid = Cid.ofHash(Arrays.copyOfRange(hashes, account * HASH, (account + 1) * HASH));
        SandboxOperation.Genesis genesis =
                new SandboxOperation.Genesis(did(account), cid, json, signerIndex(account));
        return new SandboxOperation(account + 1, createdAt(account), genesis);
    }

    private List<String> template(int host) {
        ObjectNode operation = unsigned(Population.state(HERE, endpoints.get(host), signingKeys.get(host)), host);
        return List.of(Json.write(operation.put("sig", HERE)).split(HERE, -1));
    }

    /** The account with its keys, to go on with; the same object each time, as it remembers its log. */
    Account changing(int account) {
        return changing.computeIfAbsent(
                account,
                number -> Account.create(
                        state(number), keys.usual(host(number)), signerIndex(number), createdAt(number)));
    }

    private SigningKey signer(int account) {
        return keys.usual(host(account)).get(signerIndex(account));
    }

    /** The host's own key, but for hosts with the slower curve. */
    private int signerIndex(int account) {
        return HostKeys.curve(host(account)) == Curve.P256 ? 0 : 1;
    }

    private ObjectNode state(int account) {
        int host = host(account);
        return Population.state(handle(account), endpoints.get(host), signingKeys.get(host));
    }

    private ObjectNode unsigned(ObjectNode state, int host) {
        return Account.operation(state, keys.usual(host)).putNull("prev");
    }

    private String sig(int account) {
        byte[] signature = Arrays.copyOfRange(signatures, account * SIGNATURE, (account + 1) * SIGNATURE);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }
}
