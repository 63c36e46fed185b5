#!/usr/bin/env bash
# Operations/s of a whole backfill, verified and stored with the program's default 512 MB, from a local upstream that
# costs next to nothing; then of verifying alone, which is the ceiling. Prints memory and bytes on disk too, and the
# processor time of an operation, which other work on the machine disturbs least.
# Usage: src/bench/ingest.sh FILE   (an export of sequenced lines: seq before operation in each line)
# ATMIRROR_DATA_DIR keeps the database, for src/bench/lookups.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
file=$(realpath "$1")
work=$(mktemp -d)
port=11998
trap 'kill $upstream 2>/dev/null || true; rm -rf "$work"' EXIT
lines=$(wc -l <"$file")

java -Xmx256m -cp "target/test-classes:target/classes:target/lib/*" dev.atmirror.bench.LogFileServer "$file" $port >"$work/upstream" &
upstream=$!
until grep -q serving "$work/upstream"; do kill -0 $upstream; done

export ATMIRROR_DATA_DIR=${ATMIRROR_DATA_DIR:-$work/data} ATMIRROR_PLC_UPSTREAM=http://127.0.0.1:$port ATMIRROR_PLC_REQUESTS_PER_WINDOW=1000000
./at-mirror db migrate >/dev/null 2>&1 # the database's first start is not ingest
began=$(date +%s.%N)
./at-mirror backfill plc-logs 2>"$work/log" &
backfill=$!
peak=0
ticks="0 0"
while kill -0 $backfill 2>/dev/null; do
  now=$(awk '/VmHWM/ {print $2}' "/proc/$backfill/status" 2>/dev/null || echo 0)
  [ "${now:-0}" -le "$peak" ] || peak=$now
  # Processor time so far, in ticks: of the program; of PostgreSQL with its children, also those that have ended.
  server=$(head -n 1 "$ATMIRROR_DATA_DIR/postgres/postmaster.pid" 2>/dev/null || echo 0)
  used=$(cat /proc/[0-9]*/stat 2>/dev/null | awk -v program=$backfill -v server="$server" '
    $1 == program {own = $14 + $15}
    $1 == server {other += $14 + $15 + $16 + $17}
    $4 == server {other += $14 + $15}
    END {print own, other}' || true)
  ticks=$(echo "$ticks $used" | awk '{print ($3 > $1 ? $3 : $1), ($4 > $2 ? $4 : $2)}') # a server that stops shows none
  sleep 1
done
wait $backfill || { cat "$work/log"; exit 1; }
seconds=$(awk "BEGIN {print $(date +%s.%N) - $began}")
grep -o 'caught up: .*' "$work/log"
awk "BEGIN {printf \"backfill: %d operations in %.1f s, start and stop included: %d/s\n\", $lines, $seconds, $lines / $seconds}"
echo "$ticks" | awk "{u = 1e6 / $(getconf CLK_TCK) / $lines; printf \"processor time an operation: %.0f us of the program, %.0f us of PostgreSQL\n\", \$1 * u, \$2 * u}"
echo "resident at most: $((peak / 1024)) MB"
./at-mirror status --json 2>/dev/null |
  python3 -c "import json,sys; b=json.load(sys.stdin)['bytes']; print('bytes an operation on disk:', round(sum(b.values())/$lines), b)"

