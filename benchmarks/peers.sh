#!/usr/bin/env bash
# Starts the local broker where there is none yet, and compares the peers: without
# arguments those that ./dev build made, else as `peakend bench vs` does:
# benchmarks/peers.sh --peers naive,flink --rounds 3
set -euo pipefail
cd "$(dirname "$0")/.."
port=${PEAKEND_KAFKA_PORT:-19092}
(($# > 0)) || set -- --peers consume,peakend,naive
deploy/kafka/broker.sh up
/usr/bin/python3 -B benchmarks/peers/compare.py --bootstrap "127.0.0.1:$port" "$@"
