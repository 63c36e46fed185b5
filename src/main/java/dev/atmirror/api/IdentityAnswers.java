package dev.atmirror.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Did;
import dev.atmirror.identity.DidDocument;
import dev.atmirror.identity.Handle;
import dev.atmirror.identity.Json;
import dev.atmirror.identity.PlcOperation;
import dev.atmirror.store.Accounts.Account;
import dev.atmirror.store.CheckedHandle;
import dev.atmirror.store.PlcLog;
import dev.atmirror.store.StorageException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bean {@code identity}: {@code com.atproto.identity.*} as the lexicons say, and {@code resolveMiniDoc}. A handle is answered
 * only when it was verified both ways; one that was not checked yet is checked now (src/RATIONALE.md#resolving-handles).
 */
public final class IdentityAnswers {
    private static final String DID_KEY = "did:key:";
    private static final String UNRESOLVED = "Unable to resolve handle";
    private static final int CHECKS = 2; // the first claimant, and the one to which the handle points
    private static final Logger LOG = LoggerFactory.getLogger(IdentityAnswers.class);

    private final PlcLog log;
    private final AccountLookup accounts;
    private final ChecksOnDemand refresh;
    private final DirectoryAnswers directory;

    /** @param directory knows whether lookups are answered yet */
    public IdentityAnswers(PlcLog log, AccountLookup accounts, ChecksOnDemand refresh, DirectoryAnswers directory) {
        this.log = log;
        this.accounts = accounts;
        this.refresh = refresh;
        this.directory = directory;
    }

    /**
     * {@code com.atproto.identity.resolveHandle}: {@code {did}}. That there is none is told by 400 and the words that the
     * clients for OAuth compare; why stands beside them.
     */
    public void resolveHandle(Exchange exchange) {
        answer(exchange, IdentityAnswers::unresolved, query -> {
            String handle = handle(required(query, "handle"));
            return Answer.json(200, Json.MAPPER.createObjectNode().put("did", owner(handle, exchange).did()));
        });
    }

    /** {@code com.atproto.identity.resolveDid}: {@code {didDoc}} */
    public void resolveDid(Exchange exchange) {
        answer(exchange, query -> {
            PlcLog.Entry entry = entry(did(required(query, "did")));
            ObjectNode json = Json.MAPPER.createObjectNode();
            return Answer.json(200, json.set("didDoc", DidDocument.of(entry.did(), entry.operation())));
        });
    }

    /** {@code com.atproto.identity.resolveIdentity}: {@code {did, handle, didDoc}} */
    public void resolveIdentity(Exchange exchange) {
        answer(exchange, query -> identity(account(required(query, "identifier"), exchange)));
    }

    /** {@code com.atproto.identity.refreshIdentity}: checks the handle now, then as {@link #resolveIdentity}. */
    public void refreshIdentity(Exchange exchange) {
        answer(exchange, query -> {
            String identifier = identifier(exchange);
            List<Account> claimants = claimants(identifier);
            refresh.all(claimants, Asked.client(exchange)).ifPresent(IdentityAnswers::refuse);
            List<Account> now = claimants(identifier);
            return identity(AccountLookup.isDid(identifier) ? now.get(0) : verified(now, claimants.get(0)));
        });
    }

    /** {@code blue.microcosm.identity.resolveMiniDoc}: {@code {did, handle, pds, signing_key}} */
    public void resolveMiniDoc(Exchange exchange) {
        answer(exchange, missing -> missing.answer(400), query -> { // the only status of errors where the method comes from
            Account account = account(required(query, "identifier"), exchange);
            PlcLog.Entry entry = entry(account.did());
            PlcOperation operation = entry.operation();
            String pds = operation.pds()
                    .orElseThrow(() -> new XrpcFailure(400, "InvalidRequest", "the DID document names no PDS"));
            String key = operation.signingKey()
                    .orElseThrow(() -> new XrpcFailure(400, "InvalidRequest", "the DID document has no signing key"));
            return Answer.json(
                    200,
                    Json.MAPPER.createObjectNode()
                            .put("did", account.did())
                            .put("handle", verifiedHandle(account))
                            .put("pds", pds)
                            .put("signing_key", key.startsWith(DID_KEY) ? key.substring(DID_KEY.length()) : key));
        });
    }

    private static Answer unresolved(XrpcFailure missing) {
        ObjectNode json = Json.MAPPER.createObjectNode().put("error", "InvalidRequest").put("message", UNRESOLVED);
        return Answer.json(400, json.put("detail", missing.getMessage().replaceFirst("^" + UNRESOLVED + ": ", "")));
    }

    private Answer identity(Account account) {
        PlcLog.Entry entry = entry(account.did());
        ObjectNode json = Json.MAPPER.createObjectNode().put("did", account.did()).put("handle", verifiedHandle(account));
        return Answer.json(200, json.set("didDoc", DidDocument.of(entry.did(), entry.operation())));
    }

    /** As the lexicon says: what is not verified both ways is {@code handle.invalid}, for whatever reason. */
    private static String verifiedHandle(Account account) {
        return account.check().isValid() ? account.handle().orElse(AccountLookup.INVALID) : AccountLookup.INVALID;
    }

    /** An account by DID, its handle checked if it never was and may be now; or the verified owner of a handle. */
    private Account account(String identifier, Exchange exchange) {
        if (!AccountLookup.isDid(identifier)) {
            return owner(handle(identifier), exchange);
        }
        List<Account> found = claimants(did(identifier));
        return refresh.open(found, Asked.client(exchange)).isEmpty() ? claimants(identifier).get(0) : found.get(0);
    }

    /** Checks what is not known yet. The account that another's check named is checked next, wherever it stands among the claimants. */
    private Account owner(String handle, Exchange exchange) {
        List<Account> claimants = claimants(handle);
        Account checked = claimants.get(0);
        for (int round = 0; round < CHECKS && !claimants.get(0).check().isValid(); round++) {
            Optional<Account> named = named(claimants);
            Optional<Account> next = named.isPresent() || round > 0 ? named : firstOpen(claimants);
            if (next.isEmpty()) {
                break;
            }
            checked = next.get();
            String client = Asked.client(exchange);
            (named.isPresent() ? refresh.all(List.of(checked), client) : refresh.open(claimants, client))
                    .ifPresent(IdentityAnswers::refuse);
            claimants = claimants(handle);
        }
        return verified(claimants, checked);
    }

    private static Optional<Account> firstOpen(List<Account> claimants) {
        return claimants.stream().filter(claimant -> claimant.check().isOpen()).findFirst();
    }

    /** The first, where the check of another has named it since it was checked itself. */
    private static Optional<Account> named(List<Account> claimants) {
        Account first = claimants.get(0);
        Instant tried = first.check().triedAt().orElse(Instant.MIN);
        boolean isNamed = claimants.stream()
                .map(Account::check)
                .anyMatch(check -> check.pointsTo().equals(Optional.of(first.did()))
                        && check.checkedAt().filter(tried::isBefore).isPresent());
        return Optional.of(first).filter(account -> isNamed);
    }

    /** The owner. @param checked of the claimants the one that was checked last: the handle is no other's */
    private static Account verified(List<Account> claimants, Account checked) {
        Account first = claimants.get(0); // a verified one comes first
        if (first.check().isValid()) {
            return first;
        }
        CheckedHandle found = claimants.stream()
                .filter(claimant -> claimant.did().equals(checked.did()))
                .findFirst()
                .orElse(first)
                .check();
        String why = found.detail().orElse(found.result());
        throw found.isOpen()
                ? new XrpcFailure(502, "UpstreamFailure", "nobody answers for the handle at present: " + why)
                : XrpcFailure.missing("HandleNotFound", UNRESOLVED + ": " + why);
    }

    private static void refuse(int waitSeconds) {
        throw new XrpcFailure(429, "RateLimitExceeded", "too many checks of handles", Optional.of(waitSeconds));
    }

    /** At least one. */
    private List<Account> claimants(String identifier) {
        List<Account> found = accounts.claimants(identifier);
        if (found.isEmpty()) {
            throw AccountLookup.isDid(identifier)
                    ? unknown(identifier)
                    : XrpcFailure.missing("HandleNotFound", UNRESOLVED + ": no account declares it");
        }
        if (found.get(0).tombstoned()) {
            throw XrpcFailure.missing("DidDeactivated", "DID not available: " + identifier);
        }
        return found;
    }

    /** Tells an unknown DID; nothing is known of those of other methods, which does not mean that there are none. */
    private static XrpcFailure unknown(String did) {
        String message = AccountLookup.absent(did, "DID not registered: ");
        return Did.isOfOtherMethod(did)
                ? new XrpcFailure(400, "InvalidRequest", message)
                : XrpcFailure.missing("DidNotFound", message);
    }

    private PlcLog.Entry entry(String did) {
        PlcLog.Entry entry = log.head(did).orElseThrow(() -> unknown(did));
        if (entry.operation().kind() == PlcOperation.Kind.TOMBSTONE) {
            throw XrpcFailure.missing("DidDeactivated", "DID not available: " + did);
        }
        return entry;
    }

    private static String required(AskedQuery query, String name) {
        return query.text(name).orElseThrow(() -> new BadQuery("Params must have the property \"" + name + "\""));
    }

    private static String handle(String text) {
        return Handle.parse(text).orElseThrow(() -> new BadQuery("handle must be a valid handle"));
    }

    private static String did(String text) {
        if (!text.matches("did:[a-z]+:[a-zA-Z0-9._:%-]{1,2000}")) {
            throw new BadQuery("did must be a valid did");
        }
        return text;
    }

    private static String identifier(Exchange exchange) {
        try {
            String text = Json.MAPPER.readTree(Asked.body(exchange)).path("identifier").asText();
            return AccountLookup.isDid(text) ? did(text) : handle(text);
        } catch (JsonProcessingException e) {
            throw new BadQuery("the body is no JSON: " + e.getOriginalMessage());
        } catch (java.io.IOException e) {
            throw new BadQuery("the body does not read");
        }
    }

    /** Where there is no such handle or DID by 404, as in indigo's identity service, with the error's name in the lexicon. */
    private void answer(Exchange exchange, Function<AskedQuery, Answer> answer) {
        answer(exchange, XrpcFailure::answer, answer);
    }

    private void answer(Exchange exchange, Function<XrpcFailure, Answer> missing, Function<AskedQuery, Answer> answer) {
        Answer result;
        try {
            if (!directory.isServing()) {
                throw new XrpcFailure(503, "ServiceUnavailable", "still reading the log", Optional.of(60));
            }
            result = answer.apply(AskedQuery.of(exchange));
        } catch (BadQuery e) {
            result = XrpcFailure.answer(400, "InvalidRequest", e.getMessage());
        } catch (XrpcFailure e) {
            result = e.isMissing() ? missing.apply(e) : e.answer();
        } catch (StorageException e) {
            LOG.warn("resolving an identity failed: {}", e.getMessage());
            result = XrpcFailure.answer(503, "ServiceUnavailable", "the mirror's database does not answer").with("Retry-After", "10");
        }
        result.to(exchange);
    }
}
