package dev.atmirror.route;

/** {@code routes/describe-repo.camel.yaml} */
class DescribeRepoRouteTest extends HostRoundsContract {
    DescribeRepoRouteTest() {
        super("describe-repo", "describeRounds");
    }
}
