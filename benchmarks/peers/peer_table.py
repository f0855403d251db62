"""The peers: name -> command line. A new one is a new row.

`{root}` is the repository, `{build}` its build/peers; every command gets the
contract's options (README.md) after its own.
"""

import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, "build", "peers")

# A fixed heap, so that memory compares, and the collector that costs the least CPU
# beside one worker thread; what lies outside the heap is the engine's own choice.
JAVA = "java -Xms512m -Xmx512m -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
STREAMS = JAVA + " -cp {build}/kafka-streams/*:{build}/kafka-streams/lib/* peakend.peers.KafkaStreamsPeer"
FLINK = (JAVA.replace("512m", "768m") + " --add-opens=java.base/java.util=ALL-UNNAMED"
         " --add-opens=java.base/java.lang=ALL-UNNAMED"
         " -cp {build}/flink/*:{build}/flink/lib/* peakend.peers.FlinkPeer")
PYTHON = "{build}/venv/bin/python -B {root}/benchmarks/peers/python/quix_peer.py"
PEAKEND = "{root}/build/release/benchmarks/peers/peakend_peer"

# Rows that read the input and write nothing: what no peer can do without. They have a
# cost and no output that could be right.
FLOORS = {"consume": "{root}/build/release/benchmarks/peers/consume_floor"}

PEERS = {
    **FLOORS,
    "peakend": PEAKEND,
    # Each changed customer in each commit, as the others do it.
    "peakend-eager": PEAKEND + " --checkpoint-ms 0",
    "naive": "{root}/build/release/benchmarks/peers/naive_peer",
    "kafka-streams": STREAMS + " --store memory --cache off",
    "kafka-streams-cache": STREAMS + " --store memory --cache on",
    "kafka-streams-rocksdb": STREAMS + " --store rocksdb --cache off",
    "kafka-streams-rocksdb-cache": STREAMS + " --store rocksdb --cache on",
    # The strongest: nothing is copied between threads, and four fields are read.
    "flink": FLINK + " --state heap --shuffle off --parse partial --checkpoint-ms 1000",
    "flink-100ms": FLINK + " --state heap --shuffle off --parse partial --checkpoint-ms 100",
    "flink-ordinary": FLINK + " --state heap --shuffle on --parse full --checkpoint-ms 1000",
    "flink-rocksdb": FLINK + " --state rocksdb --shuffle off --parse partial --checkpoint-ms 1000",
    "quix": PYTHON,
}

# With which settings latency is measured, where they are others: an interval that is
# as short as the engine bears.
LATENCY_PEERS = {
    "peakend": PEAKEND + " --commit-ms 20",
    "naive": PEERS["naive"] + " --commit-ms 20",
    "kafka-streams": PEERS["kafka-streams"] + " --commit-ms 20",
    "flink": PEERS["flink-100ms"],
    "quix": PEERS["quix"] + " --commit-ms 50",
}


def row(peer, for_latency=False):
    """How `peer` is called."""
    return LATENCY_PEERS.get(peer, PEERS[peer]) if for_latency else PEERS[peer]


def command(row, contract):
    """`row` of the table and `contract` (option -> value) as an argument list."""
    words = [word.format(root=ROOT, build=BUILD) for word in row.split()]
    return words + [word for option, value in contract.items() for word in (f"--{option}", str(value))]


def program(row):
    """The file that must be there for `row` to run: what build.sh or CMake makes of it."""
    words = [word.format(root=ROOT, build=BUILD) for word in row.split()]
    if words[0] != "java":
        return words[0]
    return words[words.index("-cp") + 1].split(":")[0].removesuffix("/*")
