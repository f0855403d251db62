#!/usr/bin/env bash
# Starts and stops one local Apache Kafka node. Needs Java 17, and Maven once.
#
#   deploy/kafka/broker.sh fetch   copy the broker's jars to .deps/kafka (once, about 60 MB)
#   deploy/kafka/broker.sh up      start it, wait until it answers, print its address
#   deploy/kafka/broker.sh wait    wait until it answers, print its address
#   deploy/kafka/broker.sh down    stop it; its data stays for the next start
#
# PEAKEND_KAFKA_PORT  port of the broker; the controller takes the next one (19092)
# PEAKEND_KAFKA_RUN   folder for data, log and pid (.run/kafka)
# PEAKEND_KAFKA_PROXY PORT:PROXY: also listen on PORT, and send clients that come from
#                     there to PROXY, where a proxy stands that passes them on to PORT
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
port=${PEAKEND_KAFKA_PORT:-19092}
run=${PEAKEND_KAFKA_RUN:-$root/.run/kafka}
jars=$root/.deps/kafka
start_limit_s=120
stop_limit_s=20
mkdir -p "$run"
run=$(cd "$run" && pwd)
pid_file=$run/pid

fail() {
  echo "kafka: $*" >&2
  exit 1
}

alive() {
  [[ -s $pid_file ]] && kill -0 "$(<"$pid_file")" 2>/dev/null
}

# Alive and still ours: after a reboot the number may belong to another program.
running() {
  alive && tr '\0' ' ' <"/proc/$(<"$pid_file")/cmdline" | grep -qF "$run/server.properties"
}

answers() {
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null
}

# Sets `java` to the command line that everything of Kafka starts with.
find_java() {
  local program=java
  [[ -n ${JAVA_HOME:-} ]] && program=$JAVA_HOME/bin/java
  command -v "$program" >/dev/null || fail "no Java here; './dev setup' installs openjdk-17-jre-headless"
  java=("$program" -XX:+UseSerialGC -cp "$jars/*" "-Dlog4j2.configurationFile=$here/log4j2.properties"
    "-Dpeakend.kafka.log=$run/server.log")
}

fetch() {
  # The stamp holds the pom's checksum, so that a changed version is fetched again.
  local stamp
  stamp=$(cksum <"$here/pom.xml")
  [[ -f $jars/.complete && $(<"$jars/.complete") == "$stamp" ]] && return
  command -v mvn >/dev/null || fail "no Maven here; './dev setup' installs it"
  echo "kafka: copying the broker's jars to .deps/kafka (about 60 MB, once)" >&2
  rm -rf "$jars"
  timeout 900 mvn --quiet --batch-mode --no-transfer-progress -Dstyle.color=never --file "$here/pom.xml" dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$jars" >"$run/fetch.log" 2>&1 ||
    { tail -5 "$run/fetch.log" >&2; fail "Maven could not fetch the broker, see $run/fetch.log"; }
  echo "$stamp" >"$jars/.complete"
}

configure() {
  sed -e "s|@PORT@|$port|g" -e "s|@CONTROLLER_PORT@|$((port + 1))|g" -e "s|@RUN_DIR@|$run|g" \
    "$here/server.properties" >"$run/server.properties"
  if [[ -n ${PEAKEND_KAFKA_PROXY:-} ]]; then
    sed -i -e "s|^listeners=.*|&,PROXIED://127.0.0.1:${PEAKEND_KAFKA_PROXY%:*}|" \
      -e "s|^advertised.listeners=.*|&,PROXIED://127.0.0.1:${PEAKEND_KAFKA_PROXY#*:}|" \
      -e "s|^listener.security.protocol.map=.*|&,PROXIED:PLAINTEXT|" "$run/server.properties"
  fi
  [[ -f $run/data/meta.properties ]] && return
  "${java[@]}" -Xmx128m kafka.tools.StorageTool format --config "$run/server.properties" \
    --cluster-id cGVha2VuZC1sb2NhbC1rYQ >"$run/format.log" 2>&1 || fail "format failed, see $run/format.log"
}

wait_until_up() {
  local deadline=$((SECONDS + start_limit_s))
  until answers && grep -qs 'Kafka Server started' "$run/server.log"; do
    alive || fail "the broker ended while starting, see $run/server.log and $run/stderr.log"
    ((SECONDS < deadline)) || fail "no answer on port $port after $start_limit_s s, see $run/server.log"
    sleep 0.2
  done
  echo "127.0.0.1:$port"
}

up() {
  if running; then
    grep -q "127.0.0.1:$port," "$run/server.properties" ||
      fail "already running on another port; stop it first: $(grep ^advertised "$run/server.properties")"
    wait_until_up
    return
  fi
  answers && fail "port $port is taken by another program; set PEAKEND_KAFKA_PORT"
  find_java
  fetch
  configure
  rm -f "$run/server.log"
  # A session of its own: an interrupt at the terminal must not kill it behind our back.
  setsid "${java[@]}" -Xmx512m kafka.Kafka "$run/server.properties" \
    </dev/null >"$run/stdout.log" 2>"$run/stderr.log" &
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
    echo "kafka: still running after $stop_limit_s s, killed" >&2
    kill -9 "$pid" 2>/dev/null || true
  fi
  rm -f "$pid_file"
}

case ${1:-} in
  fetch) fetch ;;
  up) up ;;
  wait) wait_until_up ;;
  down) down ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
esac
