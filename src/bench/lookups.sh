#!/usr/bin/env bash
# Requests/s of GET /{did} by the mirror and by a bare Vert.x handler that runs the same query, in turn, in one run.
# Usage: src/bench/lookups.sh [SECONDS]   (a mirror must be running on its embedded database and be caught up)
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-10}
port=${ATMIRROR_HTTP_PORT:-11004}
data=${ATMIRROR_DATA_DIR:-data}
database=localhost:$(sed -n 4p "$data/postgres/postmaster.pid")
work=$(mktemp -d)
bare_port=11997
trap 'kill $bare 2>/dev/null || true; rm -rf "$work"' EXIT

PGOPTIONS="-c search_path=public,atmirror_internal" psql -h localhost -p "${database#*:}" -U postgres -Atc \
  "select 'did:plc:' || did from plc_account tablesample system (50) limit 100000" >"$work/dids"
java -Xmx512m -cp "target/test-classes:target/classes:target/lib/*" dev.atmirror.bench.BareLookupServer "$database" $bare_port &
bare=$!
until curl -sf -o /dev/null "localhost:$bare_port/$(head -1 "$work/dids")"; do kill -0 $bare; done
export DIDS=$work/dids
measure() { wrk -t1 -c32 "-d${seconds}s" --latency -s src/bench/lookups.lua "http://127.0.0.1:$1" | awk -v name="$2" \
  '/99%/ {p99 = $2} /Requests\/sec/ {rate = $2} /Non-2xx/ {bad = $0} END {print name, rate "/s", "p99", p99, bad}'; }
measure "$port" warm-up >/dev/null
measure $bare_port warm-up >/dev/null
for _ in 1 2 3; do
  measure $bare_port bare
  measure "$port" mirror
done
