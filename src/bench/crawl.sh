#!/usr/bin/env bash
# How fast the stages that ask hosts get through a network of the sandbox's on the same machine: accounts/s and memory of
# each stage, and whether a host's limit was passed (must be 0).
# Usage: src/bench/crawl.sh [HOSTS [ACCOUNTS_PER_HOST [SANDBOX_OPTIONS…]]]
set -euo pipefail
cd "$(dirname "$0")/../.."
hosts=${1:-100} accounts=${2:-1000}
shift $(($# < 2 ? $# : 2))
work=$(mktemp -d)
trap 'kill $sandbox 2>/dev/null || true; rm -rf "$work"' EXIT
directory=11992
./at-mirror sandbox --port $directory --pds-port 12000 --relay-port 11991 --pds "$hosts" --accounts-per-pds "$accounts" \
  --operations 0 --rate 0 --no-limit "$@" >"$work/sandbox" 2>&1 &
sandbox=$!
until grep -q 'what is true' "$work/sandbox"; do kill -0 $sandbox; sleep 1; done

export ATMIRROR_PLC_UPSTREAM=http://localhost:$directory ATMIRROR_NET_ALLOW_PRIVATE=true ATMIRROR_DATA_DIR=$work/data
export ATMIRROR_PLC_REQUESTS_PER_WINDOW=1000000
./at-mirror backfill plc-logs 2>&1 | grep -o 'caught up: .*'

stage() { # name, options
  began=$(date +%s.%N)
  ./at-mirror backfill "$@" >"$work/log" 2>&1 &
  program=$!
  peak=0
  while kill -0 $program 2>/dev/null; do
    now=$(awk '/VmHWM/ {print $2}' "/proc/$program/status" 2>/dev/null || echo 0)
    [ "${now:-0}" -le "$peak" ] || peak=$now
    sleep 1
  done
  wait $program || { cat "$work/log"; exit 1; }
  grep -o "$1: nothing is due.*" "$work/log"
  awk -v s="$(awk "BEGIN {print $(date +%s.%N) - $began}")" -v m=$((peak / 1024)) \
    'BEGIN {printf "  %.0f s with start and stop, resident at most %d MB\n", s, m}'
}
stage pds-hosts
stage pds-accounts
stage describe-repo
stage recent-records
echo "what the hosts say:"
curl -s localhost:$directory/_sandbox/hosts | grep -o '"total":{[^}]*}[^}]*}'
