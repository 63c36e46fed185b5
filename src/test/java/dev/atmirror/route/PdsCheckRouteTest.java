package dev.atmirror.route;

/** {@code routes/pds-check.camel.yaml} */
class PdsCheckRouteTest extends HostRoundsContract {
    PdsCheckRouteTest() {
        super("pds-check", "checkRounds");
    }
}
