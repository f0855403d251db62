#!/usr/bin/env bash
# Starts the local broker where there is none yet, and compares the peers.
# Arguments go to compare.py: benchmarks/peers.sh --peers naive,flink --rounds 3
set -euo pipefail
cd "$(dirname "$0")/.."
port=${PEAKEND_KAFKA_PORT:-19092}
deploy/kafka/broker.sh up
/usr/bin/python3 -B benchmarks/peers/compare.py --bootstrap "127.0.0.1:$port" "$@"
