package dev.atmirror.route;

/** {@code routes/pds-accounts.camel.yaml} */
class PdsAccountsRouteTest extends HostRoundsContract {
    PdsAccountsRouteTest() {
        super("pds-accounts", "listRounds");
    }
}
