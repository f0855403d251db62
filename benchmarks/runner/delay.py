"""How soon can a warehouse be asked about an event? A live load, a worker, the sink and a query that looks on.

The query asks where the sink stands (`sink_offset`), which moves in the transaction of the rows: what
it has passed can be read. It is asked again as soon as a few milliseconds have gone by, and a row
counts from when the first answer came that has passed it.
"""

import bisect
import json
import subprocess
import threading
import time

from database import Database
from job import ROWS, correctness, rows_on
from live import play, result_of
from lives import rate_of
from load import Load
from stage import Failed, look

# Of what the machine bears: the sink and PostgreSQL are beside it.
SHARE = 0.4
SECONDS, SMOKE_SECONDS = 80, 6
ASK_EVERY_S = 0.005
SCHEMA = "peakend"
# Feeds that tell at once, by right clocks: else the time at which something happened is not when it was due.
AT_ONCE = {"feed__state_delay": "0s", "feed__transcript_delay": "0s", "feed__message_delay": "0s", "feed__clock_skew": "0s",
           "feed__stragglers": 0, "feed__lost_hours": 0, "feed__wrong_clock": 0}
QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
VARIANTS = (("rows seen, as shipped", ()), ("rows seen, --batch-wait 50ms", ("--batch-wait", "50ms")))


def round_of(stage, bench, repeat, kept):
    if "delay" not in kept:
        kept["delay"] = Database(stage.work)
        stage.ends.callback(kept["delay"].close)
    return [_one(stage, bench, kept["delay"], name, flags, repeat)
            for name, flags in (VARIANTS[:1] if stage.smoke else VARIANTS)]


def _one(stage, bench, database, variant, flags, repeat):
    rate, seconds = SHARE * rate_of(stage), SMOKE_SECONDS if stage.smoke else SECONDS
    stage.say(f"{bench.name} {variant} at {rate:,.0f} events/s, round {repeat}")
    database.empty(SCHEMA)
    before, sink, began_at = look(), None, []

    def when_ready(job):
        nonlocal sink
        sink = Sink(stage, database, job, flags)
        sink.start()

    def during(*_):
        began_at.append(time.time())
    try:
        played = play(stage, "delay", Load(rate=rate, seconds=seconds).turned(**AT_ONCE), rows_on(), during=during,
                      when_ready=when_ready)
        looks = sink.finish()
    finally:
        if sink is not None:
            sink.end()
    result = result_of(stage, bench, variant, played, before, repeat, flags=" ".join(flags), ask_every_ms=1000 * ASK_EVERY_S)
    result["question"], result["question_zh"] = "How soon can a row be queried?", "一行多久之后可以查到？"
    result["env"]["versions"] |= {"PostgreSQL": database.version()}
    result["correctness"] = with_rows(correctness(played.judged), sink.reconciled())
    warm_ms = 1000 * (began_at[0] + played.load.seconds / 4)
    until_ms = 1000 * (began_at[0] + played.load.seconds)
    _figures(result, _turns(database, warm_ms, until_ms), looks)
    return result


def _figures(result, turns, looks):
    if not turns:
        raise Failed("no row of a turn came while the load played")
    result["figures"] = {}

    def tell(name, milliseconds):
        result["figures"][name] = {"value": milliseconds, "unit": "ms", "better": "lower"}
    alerts = (result.get("latency") or {}).get("intended")
    if alerts:
        tell("alert read, p50", alerts["p50"])
        tell("alert read, p99", alerts["p99"])
    result["latency"] = {"intended": quantiles(delays_ms(looks, [turn[:3] for turn in turns]))}
    for name, at in (("event in Kafka", 3), ("row in Kafka", 4)):
        found = quantiles([turn[at] - turn[2] for turn in turns])
        tell(f"{name}, p50", found["p50"])
        tell(f"{name}, p99", found["p99"])
    # Between two answers nobody knows when a row came.
    tell("resolution, p99", quantiles([1000 * (later[0] - earlier[0]) for earlier, later in zip(looks, looks[1:])])["p99"])


def quantiles(delays):
    """Of milliseconds in any order, at least one."""
    delays = sorted(delays)
    found = {name: delays[min(len(delays) - 1, int(share * len(delays)))] for name, share in QUANTILES.items()}
    return found | {"max": delays[-1], "count": len(delays)}


def _turns(database, since_ms, until_ms):
    """(partition, offset, when it was due, when the broker had the event, and the row) of each turn's row."""
    return [tuple(map(int, row)) for row in database.sql(
        f"SELECT row_partition, row_offset, occurred_at_ms, detected_at_ms, published_at_ms FROM {SCHEMA}.touchpoints WHERE cause = 'turn' "
        f"AND row_version = 1 AND occurred_at_ms >= {since_ms:.0f} AND occurred_at_ms < {until_ms:.0f}")]


def delays_ms(looks, rows):
    """How long after it was due each row was seen. `looks` are (Unix time, {partition: next offset}) in order, `rows`
    (partition, offset, due in ms). Failed of a row that no look has passed."""
    times, passed = {}, {}
    for at, offsets in looks:
        for partition, offset in offsets.items():
            if not passed.get(partition) or offset > passed[partition][-1]:
                passed.setdefault(partition, []).append(offset)
                times.setdefault(partition, []).append(at)
    found = []
    for partition, offset, due_ms in rows:
        first = bisect.bisect_right(passed.get(partition, []), offset)
        if first == len(passed.get(partition, [])):
            raise Failed(f"the row at {partition}/{offset} was never seen")
        found.append(1000 * times[partition][first] - due_ms)
    return found


def with_rows(seen, reconciled):
    """`correctness` of a result, with what `peakend reconcile` said of its rows; `lag` is lost, for the sink was done."""
    lost = sum(table[name] for table in reconciled["tables"] for name in ("missing", "stale", "different", "lost", "lag"))
    extra = sum(table["extra"] + table["dead_letters"] for table in reconciled["tables"])
    return seen | {"lost": seen["lost"] + lost, "unexpected": seen["unexpected"] + extra, "got": seen["got"] - lost + extra}


class Sink:
    """`peakend sink postgres` beside a job, and the query that looks on."""

    def __init__(self, stage, database, job, flags):
        self._stage, self._database, self._job = stage, database, job
        self._group = f"{job.name}-sink"
        self._flags = flags
        self._process = self._asking = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._looks, self._trouble = [], ""

    def _command(self, *flags):
        return [self._stage.peakend(), "sink", "postgres", "--postgres", self._database.conninfo, "--schema", SCHEMA,
                "--group", self._group, *flags, *self._settings()]

    def _settings(self):
        partitions = [f"topics.bi_{kind}.partitions={self._job.partitions}" for kind in ROWS]
        return self._job.settings() + [word for one in ("admin.enabled=false", *partitions) for word in ("-X", one)]

    def start(self):
        _run(self._command("--init-schema", "--exit-at-end"))
        self._process = self._stage.start(self._command(*self._flags), self._stage.file(self._group + ".log"))
        self._asking = subprocess.Popen(self._database.session(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._thread.start()

    def finish(self):
        """When the worker is through: brings in the rest and returns the looks."""
        _, wrong = self._process.stop()
        if wrong:
            raise Failed(f"the sink: {wrong}")
        _run(self._command("--exit-at-end"))
        self._stopped.set()
        self._thread.join()
        if self._trouble:
            raise Failed(f"the query that looks on: {self._trouble}")
        return self._looks

    def end(self):
        """Whatever happened: nothing of it runs on."""
        self._stopped.set()
        if self._process is not None and not self._process.ended():
            self._process.kill()
        if self._asking is not None:
            self._asking.stdin.close()
            self._asking.kill()
            self._asking.wait()

    def reconciled(self):
        done = subprocess.run([self._stage.peakend(), "reconcile", "--postgres", self._database.conninfo, "--schema", SCHEMA,
                               "--json", *self._settings()], capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1) or not done.stdout:
            raise Failed(f"reconcile: {done.stderr.strip()[-500:]}")
        return json.loads(done.stdout)

    def _ask(self):
        topic = self._job.topic("bi_touchpoint")
        query = (f"SELECT coalesce(string_agg(partition || ':' || next_offset, ' '), '') FROM {SCHEMA}.sink_offset "
                 f"WHERE topic = '{topic}';\n")
        try:
            while True:
                last = self._stopped.is_set()
                self._asking.stdin.write(query)
                self._asking.stdin.flush()
                answer = self._asking.stdout.readline()
                self._looks.append((time.time(), {int(partition): int(offset) for partition, offset in (
                    word.split(":") for word in answer.split())}))
                if last or not answer:
                    return
                self._stopped.wait(ASK_EVERY_S)
        except (OSError, ValueError) as error:
            self._trouble = str(error)


def _run(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"peakend sink: {(done.stderr + done.stdout).strip()[-500:]}")
