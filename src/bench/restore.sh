#!/usr/bin/env bash
# Operations/s of restoring a dump into an empty database, verified and trusted, and beside them what the same machine can
# do at most, in the same run: verifying alone on all processors, and psql's COPY of the same rows into the same tables with
# their indexes. Prints the dump's bytes an operation, too. Needs pg_dump and psql.
# Usage: src/bench/restore.sh FILE   (an export of sequenced lines: seq before operation in each line)
set -euo pipefail
cd "$(dirname "$0")/../.."
file=$(realpath "$1")
work=$(mktemp -d)
port=11997
upstream=
trap 'kill $upstream 2>/dev/null || true; rm -rf "$work"' EXIT
lines=$(wc -l <"$file")
cores=$(nproc)
classes="target/test-classes:target/classes:target/lib/*"
export ATMIRROR_DUMPS_DIR=$work/dumps ATMIRROR_PLC_UPSTREAM=http://127.0.0.1:$port ATMIRROR_PLC_REQUESTS_PER_WINDOW=1000000

# timed NAME COMMAND…: seconds into $work/NAME
timed() {
  local name=$1 began
  shift
  began=$(date +%s.%N)
  "$@" >"$work/$name.out" 2>"$work/$name.log" || { cat "$work/$name.log"; exit 1; }
  awk "BEGIN {print $(date +%s.%N) - $began}" >"$work/$name"
}
rate() { awk "BEGIN {printf \"%s: %.1f s, %d operations/s\n\", \"$1\", $2, $lines / $2}"; }

java -Xmx256m -cp "$classes" dev.atmirror.bench.LogFileServer "$file" $port >"$work/upstream" &
upstream=$!
until grep -q serving "$work/upstream"; do kill -0 $upstream; done
ATMIRROR_DATA_DIR=$work/data timed backfill ./at-mirror backfill plc-logs
kill $upstream
ATMIRROR_DATA_DIR=$work/data timed dump ./at-mirror snapshot dump --table plc_log_entries
rm -rf "$work/data"
dump=$(ls "$work"/dumps/*.sql.zst)
rate "dump" "$(cat "$work/dump")"
echo "bytes an operation in the dump: $(($(stat -c %s "$dump") / lines))"

for way in verified trusted; do
  export ATMIRROR_DATA_DIR=$work/data-$way
  timed migrate ./at-mirror db migrate # the database's first start is not restoring
  timed start ./at-mirror db status
  timed "$way" ./at-mirror snapshot restore "$dump" $([ $way = trusted ] && echo --trust)
  sed 's/^/  /' "$work/$way.out"
  rate "restore, $way, start and stop included" "$(cat "$work/$way")"
  rate "restore, $way, without those" "$(awk "BEGIN {print $(cat "$work/$way") - $(cat "$work/start")}")"
  rm -rf "$ATMIRROR_DATA_DIR"
done

echo "ceilings:"
ATMIRROR_DATA_DIR=$work/copied java -Xmx256m -cp "$classes" dev.atmirror.bench.CopyBench "$dump" 2>"$work/copy.log" | tail -1
java -Xmx2g -cp "$classes" dev.atmirror.bench.VerifyBench "$file" "$cores" | tail -2
