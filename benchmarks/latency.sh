#!/usr/bin/env bash
# Starts the local broker where there is none yet, and measures how soon an alert can be
# read. Arguments go to the program: benchmarks/latency.sh --rate 1000 --rounds 1
set -euo pipefail
cd "$(dirname "$0")/.."
port=${PEAKEND_KAFKA_PORT:-19092}
deploy/kafka/broker.sh up
build/release/benchmarks/latency --broker "127.0.0.1:$port" --program build/release/peakend "$@"
