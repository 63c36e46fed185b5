#!/usr/bin/env bash
# Whether memory stays bounded: a mirror with all stages on, over a small network of the sandbox's with hosts that lie in
# every way, for a while. Every minute a line, and at the end heap, resident memory, threads and file descriptors.
# Fails when the mirror ends by itself, or stops answering.
# Usage: src/bench/soak.sh [MINUTES]   (30; ATMIRROR_JAVA_OPTS for another heap than 512 MB)
set -euo pipefail
cd "$(dirname "$0")/../.."
minutes=${1:-30}
directory=11992 relay=11991 port=11994
export ATMIRROR_JAVA_OPTS=${ATMIRROR_JAVA_OPTS:--Xmx512m}
work=$(mktemp -d)
trap 'kill ${mirror:-} ${sandbox:-} 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
./at-mirror sandbox --port $directory --pds-port 12000 --relay-port $relay --pds 20 --accounts-per-pds 100 --lying 12 \
  --rate 100 --no-limit >"$work/sandbox" 2>&1 &
sandbox=$!
until grep -q 'what is true' "$work/sandbox"; do kill -0 $sandbox; sleep 1; done

export ATMIRROR_DATA_DIR=$work/data ATMIRROR_DUMPS_DIR=$work/dumps ATMIRROR_HTTP_PORT=$port ATMIRROR_NET_ALLOW_PRIVATE=true
export ATMIRROR_PLC_UPSTREAM=http://localhost:$directory ATMIRROR_PLC_REQUESTS_PER_WINDOW=1000000
export ATMIRROR_RELAY_URL=http://localhost:$relay ATMIRROR_HANDLES_LOCAL=${ATMIRROR_HANDLES_LOCAL:-}
for stage in DESCRIBE_REPO RECENT_RECORDS HANDLES; do export ATMIRROR_ROUTES_${stage}_ENABLED=true; done
# Everything again and again, which is what a month does.
export ATMIRROR_PDS_HOSTS_OLDER_THAN=1m ATMIRROR_PDS_ACCOUNTS_OLDER_THAN=1m ATMIRROR_DESCRIBE_REPO_OLDER_THAN=2m
export ATMIRROR_RECENT_RECORDS_OLDER_THAN=2m ATMIRROR_PDS_REQUESTS_PER_SECOND=100
./at-mirror run >"$work/mirror" 2>&1 &
mirror=$!

metric() { # name, labels: the sum of all with these
  curl -sf --max-time 10 "localhost:$port/metrics" |
    awk -v name="$1" -v labels="${2:-}" 'index($0, name) == 1 && index($0, labels) {sum += $NF} END {printf "%.0f", sum}'
}
state() {
  printf '%s  heap %d MB, resident %d MB, threads %d, descriptors %d, operations %d, requests to hosts %d\n' "$1" \
    $(($(metric jvm_memory_used_bytes 'area="heap"' || echo 0) >> 20)) \
    $(($(awk '/VmRSS/ {print $2}' "/proc/$mirror/status") >> 10)) \
    "$(awk '/Threads/ {print $2}' "/proc/$mirror/status")" "$(ls "/proc/$mirror/fd" | wc -l)" \
    "$(metric atmirror_plc_seq)" "$(metric atmirror_crawl_requests_total)"
}
until curl -sf -o /dev/null "localhost:$port/_health"; do kill -0 $mirror || { cat "$work/mirror"; exit 1; }; sleep 1; done
for ((minute = 1; minute <= minutes; minute++)); do
  for _ in {1..60}; do
    sleep 1
    kill -0 $mirror 2>/dev/null || { echo "ended in minute $minute:"; tail -n 20 "$work/mirror"; exit 1; }
  done
  state "minute $minute:"
done
state "end:     "
grep -c -i 'outofmemory\|out of memory' "$work/mirror" | sed 's/^/lines about memory: /' || true
