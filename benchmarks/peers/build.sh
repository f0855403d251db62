#!/usr/bin/env bash
# Builds the peers: Kafka Streams and Flink by Maven and Quix Streams in a Python
# environment of its own, into build/peers; those in C++ in build/release, which
# `./dev build` configures. Kafka Connect, for `peakend bench warehouse`, is only
# fetched. Nothing is built twice.
#
#   benchmarks/peers/build.sh [java|python|cpp|connect]...   all but connect unless named
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=build/peers
cpp_targets=(peakend_peer naive_peer consume_floor)
say_every_s=15
fetch_limit_s=1800

say() { echo "peers: $*" >&2; }

fail() {
  say "$*"
  exit 1
}

parts=("$@")
((${#parts[@]} > 0)) || parts=(java python cpp)
for part in "${parts[@]}"; do
  [[ $part =~ ^(java|python|cpp|connect)$ ]] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 64; }
done

chosen() { [[ " ${parts[*]} " == *" $1 "* ]]; }

# --- what has to be there ----------------------------------------------------

# What a build depends on, as one number.
sources() { find "$@" -type f -print0 | sort -z | xargs -0 cat | cksum; }

stamp_of() {
  case $1 in
    java) sources benchmarks/peers/{java,kafka-streams,flink,proto} benchmarks/peers/pom.xml ;;
    python) cksum <benchmarks/peers/python/requirements.txt ;;
    connect) cksum <benchmarks/peers/kafka-connect/pom.xml ;;
  esac
}

is_built() { [[ -f $build/.$1 && $(<"$build/.$1") == "$(stamp_of "$1")" ]]; }

what=() packages=()
need() {
  what+=("$1")
  packages+=("$2")
}

# All of it at once, before anything is fetched: nobody likes to be told one by one.
check_programs() {
  command -v protoc >/dev/null || need protoc protobuf-compiler
  /usr/bin/python3 -c 'import confluent_kafka, google.protobuf' 2>/dev/null ||
    need "the broker's client and protobuf of Python" "python3-confluent-kafka python3-protobuf"
  if chosen java && ! is_built java; then
    command -v mvn >/dev/null || need mvn maven
    command -v javac >/dev/null || need 'javac (a JDK; a JRE is not enough)' openjdk-17-jdk-headless
  fi
  if chosen connect && ! is_built connect; then
    command -v mvn >/dev/null || need mvn maven
    command -v java >/dev/null || need java openjdk-17-jre-headless
  fi
  if chosen python && ! is_built python; then
    /usr/bin/python3 -c 'import venv, ensurepip' 2>/dev/null || need "Python's venv" python3-venv
  fi
  ((${#what[@]} == 0)) && return
  local list
  list=$(printf '%s, ' "${what[@]}")
  fail "not here: ${list%, }. On Debian 12 and Ubuntu 24.04: apt-get install ${packages[*]}" \
    "('./dev setup' installs neither a JDK nor python3-venv)"
}

# --- building ----------------------------------------------------------------

# patiently NAME LOG COMMAND...: says now and then that it is still at it.
patiently() {
  local name=$1 log=$2 began=$SECONDS said=$SECONDS pid
  shift 2
  "$@" >"$log" 2>&1 &
  pid=$!
  trap 'kill "$pid" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.5
    if ((SECONDS - said >= say_every_s)); then
      said=$SECONDS
      say "$name: $((SECONDS - began)) s"
    fi
  done
  trap - INT TERM
  wait "$pid" && return
  tail -20 "$log" >&2
  fail "$name failed, see $log"
}

build_java() {
  is_built java && return
  say "building Kafka Streams and Flink: a minute or two; the first time Maven fetches about 230 MB"
  rm -f "$build/.java"
  patiently Maven "$build/maven.log" timeout "$fetch_limit_s" mvn --quiet --batch-mode --no-transfer-progress \
    -Dstyle.color=never --file benchmarks/peers/pom.xml package
  stamp_of java >"$build/.java"
}

build_connect() {
  is_built connect && return
  say "fetching Kafka Connect and Debezium's JDBC sink: a minute, about 90 MB"
  rm -rf "$build/.connect" "$build/kafka-connect"
  patiently Maven "$build/connect.log" timeout "$fetch_limit_s" mvn --quiet --batch-mode --no-transfer-progress \
    -Dstyle.color=never --file benchmarks/peers/kafka-connect/pom.xml package
  stamp_of connect >"$build/.connect"
}

build_python() {
  is_built python && return
  say "building Quix Streams: a minute"
  rm -f "$build/.python"
  [[ -x $build/venv/bin/python ]] || patiently venv "$build/pip.log" /usr/bin/python3 -m venv "$build/venv"
  patiently pip "$build/pip.log" timeout "$fetch_limit_s" "$build/venv/bin/python" -m pip install --quiet \
    --disable-pip-version-check -r benchmarks/peers/python/requirements.txt
  stamp_of python >"$build/.python"
}

build_cpp() {
  [[ -f build/release/CMakeCache.txt ]] || fail "those in C++ are built in build/release, which is not there yet: ./dev build"
  say "building those in C++: ${cpp_targets[*]}"
  patiently CMake "$build/cmake.log" timeout "$fetch_limit_s" cmake --build build/release --target "${cpp_targets[@]}"
}

check_programs
mkdir -p "$build"
for part in "${parts[@]}"; do "build_$part"; done
