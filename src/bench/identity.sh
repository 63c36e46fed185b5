#!/usr/bin/env bash
# Answers for identities on 1,000,000 made-up accounts: requests/s and latency of /info, of /info for 1,000 at once and of
# /autocomplete, each typed right and mistyped; then how long a change takes from its commit to a WebSocket.
# Usage: src/bench/identity.sh [SECONDS]   (makes a database of its own; takes some 2 GB of disk and minutes to fill)
# ATMIRROR_DATA_DIR keeps the database, and takes up one that is there.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-10}
work=$(mktemp -d)
trap 'kill $mirror 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
port=11996
export ATMIRROR_DATA_DIR=${ATMIRROR_DATA_DIR:-$work/data} ATMIRROR_HTTP_PORT=$port ATMIRROR_SERVE_WHILE_BEHIND=true
export ATMIRROR_ROUTES_PLC_LOGS_ENABLED=false ATMIRROR_ROUTES_PDS_HOSTS_ENABLED=false ATMIRROR_ROUTES_PDS_ACCOUNTS_ENABLED=false
./at-mirror run >"$work/log" 2>&1 &
mirror=$!
until curl -sf -o /dev/null localhost:$port/_health; do kill -0 $mirror; sleep 1; done
database=$(sed -n 4p "$ATMIRROR_DATA_DIR/postgres/postmaster.pid")
sql() { PGOPTIONS="-c search_path=public,atmirror_internal" psql -h localhost -p "$database" -U postgres -v ON_ERROR_STOP=1 -qAt "$@"; }
if [ "$(sql -c 'select count(*) from (select from plc_account limit 1) one')" = 0 ]; then sql -f src/bench/identity.sql; fi
sql -F ' ' -c "select 'did:plc:' || a.did, o.handle from plc_account a join plc_operation o on o.id = a.head
  where a.id in (select (random() * 1000000)::int from generate_series(1, 100000))" >"$work/accounts"
export ACCOUNTS=$work/accounts WHAT
measure() { # what, connections
  WHAT=$1
  wrk -t1 "-c$2" "-d${seconds}s" --latency -s src/bench/identity.lua "http://127.0.0.1:$port" | awk -v name="$1, $2 at once:" '
    /50%/ {p50 = $2} /99%/ {p99 = $2} /Requests\/sec/ {rate = $2} /Non-2xx/ {bad = $0} END {print name, rate "/s, half within", p50 ", 99 % within", p99, bad}'
}
measure info 32 >/dev/null # warm-up
measure info 32
measure handle 32
measure bulk 4
measure autocomplete 1
measure autocomplete 32
measure typo 1
java -Xmx256m -cp "target/test-classes:target/classes:target/lib/*" dev.atmirror.bench.ChangeLagBench "$database" $port
