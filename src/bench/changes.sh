#!/usr/bin/env bash
# Changes/s of GET /changes and of its WebSocket from the beginning, and how long after the directory's acceptance of an
# operation a follower has it: sandbox, mirror and follower on this machine, so by one clock.
# Usage: src/bench/changes.sh [SECONDS [OPERATIONS [LIVE_OPERATIONS_PER_SECOND]]]
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-20} operations=${2:-20000} rate=${3:-20}
work=$(mktemp -d)
directory=11992
export ATMIRROR_HTTP_PORT=11993 ATMIRROR_DATA_DIR=$work/data ATMIRROR_NET_ALLOW_PRIVATE=true
export ATMIRROR_PLC_UPSTREAM=http://localhost:$directory ATMIRROR_PLC_REQUESTS_PER_WINDOW=1000000
trap 'kill $mirror $sandbox 2>/dev/null || true; wait; rm -rf "$work"' EXIT
./at-mirror sandbox --port $directory --pds 0 --operations "$operations" --rate "$rate" --no-limit >"$work/sandbox" 2>&1 &
sandbox=$!
mirror=$sandbox
until curl -sf -o /dev/null localhost:$directory/_health; do kill -0 $sandbox; sleep 1; done
./at-mirror run >"$work/mirror" 2>&1 &
mirror=$!
until curl -sf -o /dev/null localhost:$ATMIRROR_HTTP_PORT/ready; do kill -0 $mirror; sleep 1; done
java -Xmx256m -cp "target/test-classes:target/classes:target/lib/*" dev.atmirror.bench.ChangeFollower $ATMIRROR_HTTP_PORT "$seconds"
