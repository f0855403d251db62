#!/usr/bin/env bash
# Starts the local broker where there is none yet, and measures the whole pipeline.
# Arguments go to the program: benchmarks/pipeline.sh --events 4000000 --rounds 3
set -euo pipefail
cd "$(dirname "$0")/.."
port=${PEAKEND_KAFKA_PORT:-19092}
deploy/kafka/broker.sh up
build/release/benchmarks/pipeline --broker "127.0.0.1:$port" --program build/release/peakend "$@"
