package dev.atmirror.route;

/** {@code routes/recent-records.camel.yaml} */
class RecentRecordsRouteTest extends HostRoundsContract {
    RecentRecordsRouteTest() {
        super("recent-records", "recordRounds");
    }
}
