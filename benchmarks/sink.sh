#!/usr/bin/env bash
# Rows per second into a private PostgreSQL over a unix socket, fsync on.
set -euo pipefail
cd "$(dirname "$0")/.."
python3 -B tests/warehouse/with_postgres.py build/release/benchmarks/sink_rate "$@"
