#!/usr/bin/env bash
# Builds the peers that CMake does not: Kafka Streams and Flink by Maven, Quix Streams
# in a Python environment of its own, all into build/peers. Nothing is built twice.
#
#   benchmarks/peers/build.sh [java|python]   both unless named
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=build/peers
mkdir -p "$build"

say() { echo "peers: $*" >&2; }

missing() {
  say "missing: $1 (package $2)"
  exit 1
}

# What a build depends on, as one number.
sources() { find "$@" -type f -print0 | sort -z | xargs -0 cat | cksum; }

build_java() {
  local stamp
  stamp=$(sources benchmarks/peers/{java,kafka-streams,flink,proto} benchmarks/peers/pom.xml)
  [[ -f $build/.java && $(<"$build/.java") == "$stamp" ]] && return
  command -v mvn >/dev/null || missing mvn maven
  command -v javac >/dev/null || missing javac openjdk-17-jdk-headless
  say "Kafka Streams and Flink (about 230 MB are fetched the first time)"
  timeout 1800 mvn --quiet --batch-mode --no-transfer-progress -Dstyle.color=never \
    --file benchmarks/peers/pom.xml package >"$build/maven.log" 2>&1 ||
    { tail -20 "$build/maven.log" >&2; say "Maven failed, see $build/maven.log"; exit 1; }
  echo "$stamp" >"$build/.java"
}

build_python() {
  local stamp
  stamp=$(cksum <benchmarks/peers/python/requirements.txt)
  [[ -f $build/.python && $(<"$build/.python") == "$stamp" ]] && return
  /usr/bin/python3 -c 'import venv, ensurepip' 2>/dev/null || missing 'venv of python3' python3-venv
  say "Quix Streams"
  [[ -x $build/venv/bin/python ]] || /usr/bin/python3 -m venv "$build/venv"
  timeout 1800 "$build/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    -r benchmarks/peers/python/requirements.txt
  echo "$stamp" >"$build/.python"
}

command -v protoc >/dev/null || missing protoc protobuf-compiler
/usr/bin/python3 -c 'import confluent_kafka, google.protobuf' 2>/dev/null ||
  missing 'confluent_kafka and google.protobuf' 'python3-confluent-kafka python3-protobuf'
case ${1:-all} in
  all) build_java; build_python ;;
  java) build_java ;;
  python) build_python ;;
  *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
esac
[[ -x build/release/benchmarks/peers/naive_peer ]] ||
  say "those in C++ are built by CMake: ninja -C build/release peakend_peer naive_peer consume_floor"
