#!/usr/bin/env bash
# Starts and stops one local schema registry (Apicurio), which keeps nothing when it
# ends. Needs Java 17, and Maven once.
#
#   deploy/registry/registry.sh fetch   unpack its jars to .deps/registry (once, about 140 MB)
#   deploy/registry/registry.sh up      start it, wait until it answers, print the root of its
#                                       Confluent-compatible API
#   deploy/registry/registry.sh down    stop it
#
# PEAKEND_REGISTRY_PORT  its port (18081)
# PEAKEND_REGISTRY_RUN   folder for log and pid (.run/registry)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
port=${PEAKEND_REGISTRY_PORT:-18081}
run=${PEAKEND_REGISTRY_RUN:-$root/.run/registry}
jars=$root/.deps/registry
api=/apis/ccompat/v7
start_limit_s=60
stop_limit_s=20
mkdir -p "$run"
run=$(cd "$run" && pwd)
pid_file=$run/pid

fail() {
  echo "registry: $*" >&2
  exit 1
}

alive() {
  [[ -s $pid_file ]] && kill -0 "$(<"$pid_file")" 2>/dev/null
}

# Alive and still ours: after a reboot the number may belong to another program.
running() {
  alive && tr '\0' ' ' <"/proc/$(<"$pid_file")/cmdline" | grep -qF "peakend.registry.run=$run"
}

taken() {
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null
}

# A list of subjects, be it empty: the port opens before the API answers.
answers() {
  local answer
  answer=$({ exec 3<>"/dev/tcp/127.0.0.1/$port" &&
    printf 'GET %s/subjects HTTP/1.0\r\n\r\n' "$api" >&3 && timeout 5 cat <&3; } 2>/dev/null) || return 1
  [[ $answer == HTTP/1.?' 200 '* ]]
}

fetch() {
  # The stamp holds the pom's checksum, so that a changed version is fetched again.
  local stamp
  stamp=$(cksum <"$here/pom.xml")
  [[ -f $jars/.complete && $(<"$jars/.complete") == "$stamp" ]] && return
  command -v mvn >/dev/null || fail "no Maven here; './dev setup' installs it"
  echo "registry: unpacking its jars to .deps/registry (about 140 MB, once)" >&2
  rm -rf "$jars"
  timeout 900 mvn --quiet --batch-mode --no-transfer-progress -Dstyle.color=never --file "$here/pom.xml" \
    dependency:unpack -DoutputDirectory="$jars" >"$run/fetch.log" 2>&1 ||
    { tail -5 "$run/fetch.log" >&2; fail "Maven could not fetch it, see $run/fetch.log"; }
  echo "$stamp" >"$jars/.complete"
}

wait_until_up() {
  local deadline=$((SECONDS + start_limit_s))
  until answers; do
    alive || fail "it ended while starting, see $run/stdout.log"
    ((SECONDS < deadline)) || fail "no answer on port $port after $start_limit_s s, see $run/stdout.log"
    sleep 0.2
  done
  echo "http://127.0.0.1:$port$api"
}

up() {
  if running; then
    wait_until_up
    return
  fi
  taken && fail "port $port is taken by another program; set PEAKEND_REGISTRY_PORT"
  local program=java
  [[ -n ${JAVA_HOME:-} ]] && program=$JAVA_HOME/bin/java
  command -v "$program" >/dev/null || fail "no Java here; './dev setup' installs openjdk-17-jre-headless"
  fetch
  # A session of its own: an interrupt at the terminal must not kill it behind our back.
  QUARKUS_HTTP_HOST=127.0.0.1 QUARKUS_HTTP_PORT=$port setsid "$program" -XX:+UseSerialGC -Xmx256m \
    "-Dpeakend.registry.run=$run" -jar "$jars"/apicurio-registry-app-*-runner.jar \
    </dev/null >"$run/stdout.log" 2>&1 &
  echo $! >"$pid_file"
  wait_until_up
}

down() {
  running || { rm -f "$pid_file"; return 0; }
  local pid deadline=$((SECONDS + stop_limit_s))
  pid=$(<"$pid_file")
  kill "$pid" 2>/dev/null || true
  while running && ((SECONDS < deadline)); do sleep 0.2; done
  if running; then
    echo "registry: still running after $stop_limit_s s, killed" >&2
    kill -9 "$pid" 2>/dev/null || true
  fi
  rm -f "$pid_file"
}

case ${1:-} in
  fetch) fetch ;;
  up) up ;;
  down) down ;;
  *) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
esac
