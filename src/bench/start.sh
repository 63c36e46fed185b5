#!/usr/bin/env bash
# Seconds from `./at-mirror run` to the first answered lookup, on an existing database, three times.
# Usage: ATMIRROR_DATA_DIR=… src/bench/start.sh DID   (a DID that the database holds; nothing else on the port)
set -euo pipefail
cd "$(dirname "$0")/../.."
port=${ATMIRROR_HTTP_PORT:-11004}
export ATMIRROR_SERVE_WHILE_BEHIND=true
for _ in 1 2 3; do
  began=$(date +%s.%N)
  ./at-mirror run 2>/dev/null &
  mirror=$!
  until curl -sf -o /dev/null "localhost:$port/$1"; do kill -0 $mirror; sleep 0.05; done
  awk "BEGIN {printf \"first answer after %.1f s\n\", $(date +%s.%N) - $began}"
  kill $mirror
  wait $mirror || true
done
