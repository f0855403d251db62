"""The same rows into PostgreSQL three ways: by `peakend sink postgres`, row by row, and by Debezium's JDBC sink.

One process at a time, over TCP, into a schema of its own of the same server. What a run is told to
have reached is what its commits say: rows a second, and processor time, from the first commit to
the last, so that nobody's start is in it. Before a figure is told, every column of every row is
compared with tables whose rows `peakend reconcile` has compared with the topics.
"""

import os
import subprocess
import time
from typing import NamedTuple

import kafka_connect
import row_topics
from database import Database, Meter
from job import LOOK_EVERY_S, STALL_S
from local_broker import free_port
from shape import is_clean
from stage import PARTITIONS, Failed, look

PEAKEND, ROW_BY_ROW, DEBEZIUM = "peakend sink postgres", "row by row", "Debezium JDBC sink"
REFERENCE, MEASURED = "reference", "measured"
ROWS, SMOKE_ROWS = 300_000, 3000
WHOLE, SERVER = "CPU, start and all", "PostgreSQL"
TABLES = {"contact": "contacts", "journey": "journeys"}


class Place(NamedTuple):
    """What all runs of a benchmark have in common; `ways` {variant: how it is run}."""
    database: Database
    topics: row_topics.RowTopics
    ways: dict


def round_of(stage, bench, repeat, kept):
    """One run of each; another one is first in every round."""
    if "place" not in kept:
        kept["place"] = _place(stage)
    place = kept["place"]
    names = list(place.ways)
    shift = (repeat - 1) % len(names)
    made = {name: _one(stage, bench, place, name, repeat) for name in names[shift:] + names[:shift]}
    for name, result in made.items():
        if name != PEAKEND:
            result["ratios"] = ratios(result, made[PEAKEND])
    return list(made.values())


def ratios(result, ours):
    """How much more processor time a row takes than ours, of the sink alone and with PostgreSQL's: at least, for
    the start is in ours and not in the other's. {} where an output was wrong, or there was too little to do."""
    if not all("cpu" in one and is_clean(one["correctness"]) for one in (result, ours)):
        return {}
    of_ours, with_server = ours["figures"][WHOLE]["value"], ours["figures"][SERVER]["value"]
    if of_ours <= 0:
        return {}
    theirs = result["cpu"]["per_million"]
    return {f"cpu_vs_{PEAKEND}": theirs / of_ours,
            "with_PostgreSQL": (theirs + result["figures"][SERVER]["value"]) / (of_ours + with_server)}


def _place(stage):
    if stage.client().get("security.protocol", "plaintext") != "plaintext":
        raise Failed("the sinks that are compared know plaintext listeners alone; leave warehouse out")
    database = Database(stage.work)
    stage.ends.callback(database.close)
    stage.say(f"warehouse: writing {SMOKE_ROWS if stage.smoke else ROWS:,} rows, twice")
    topics = row_topics.write(stage, SMOKE_ROWS if stage.smoke else ROWS)
    _reference(stage, database, topics)
    ways = {PEAKEND: _by_peakend, ROW_BY_ROW: _row_by_row}
    why = "it is no part of a smoke run" if stage.smoke else kafka_connect.fetch()
    if why:
        stage.say(f"  {DEBEZIUM} is left out: {why}")
    else:
        ways[DEBEZIUM] = _by_debezium
    return Place(database, topics, ways)


def _reference(stage, database, topics):
    """Tables that are known to be right."""
    _finished(_sink_command(stage, database, topics, REFERENCE, stage.name("reference")))
    _finished([stage.peakend(), "reconcile", "--postgres", database.conninfo, "--schema", REFERENCE,
               *_settings(stage, topics)])
    for kind, table in TABLES.items():
        rows = int(database.sql(f"SELECT count(*) FROM {REFERENCE}.{table}")[0][0])
        if rows != topics.rows[kind]:
            raise Failed(f"{rows} rows in {table}, {topics.rows[kind]} were seeded")


def _finished(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command[1:3])}: {(done.stderr + done.stdout).strip()[-500:]}")


def _settings(stage, topics):
    told = ["admin.enabled=false"]
    for kind, topic in topics.bare.items():
        told += [f"bi.{kind}.enabled=true", f"topics.bi_{kind}.name={topic}",
                 f"topics.bi_{kind}.partitions={PARTITIONS}"]
    return stage.settings() + [word for setting in told for word in ("-X", setting)]


def _sink_command(stage, database, topics, schema, group):
    return [stage.peakend(), "sink", "postgres", "--postgres", database.conninfo, "--schema", schema, "--group", group,
            "--init-schema", "--exit-at-end", *_settings(stage, topics)]


# --- the three, each until it is through: CPU meter, most MB ---


def _by_peakend(stage, place, name):
    return _until_ended(stage, place, name, _sink_command(stage, place.database, place.topics, MEASURED, name))


def _row_by_row(stage, place, name):
    return _until_ended(stage, place, name, [
        stage.program("benchmarks/row_by_row"), "--broker", stage.bootstrap(), "--group", name, "--postgres",
        place.database.conninfo, "--schema", MEASURED, "--records", str(place.topics.all_records()),
        *(word for kind, topic in place.topics.bare.items() for word in (f"--{kind}", topic))])


def _until_ended(stage, place, name, command):
    process = stage.start(command, stage.file(name + ".log"))
    rss_mb = 0.0
    with Meter(process, place.database) as meter:
        while not process.ended():
            rss_mb = max(rss_mb, process.peak_rss_mb() or 0.0)
            time.sleep(LOOK_EVERY_S)
    if process.code() != 0:
        raise Failed(f"it ended with {process.code()}: {_last_words(stage, name)}")
    return meter, rss_mb


def _by_debezium(stage, place, name):
    place.database.sql(f"CREATE SCHEMA {MEASURED}")
    process = stage.start(kafka_connect.command(stage, name, place.topics.connect, place.database, MEASURED,
                                                free_port()), stage.file(name + ".log"))
    groups = [stage.broker().group(kafka_connect.group(name, kind), topic)
              for kind, topic in place.topics.connect.items()]
    try:
        with Meter(process, place.database) as meter:
            _await_committed(stage, name, process, groups, place.topics.all_records())
        rss_mb, wrong = process.stop()
    finally:
        for group in groups:
            group.close()
        if not process.ended():
            process.kill()
    if wrong:
        raise Failed(f"Kafka Connect: {wrong}")
    # It names tables as it is told, and they are compared by the names of the others.
    for kind, table in TABLES.items():
        place.database.sql(f'ALTER TABLE {MEASURED}."{kind}" RENAME TO {table}')
    return meter, rss_mb


def _await_committed(stage, name, process, groups, records):
    done, moved = 0, time.monotonic()
    while done < records:
        before, done = done, sum(group.committed() for group in groups)
        if done > before:
            moved = time.monotonic()
        if process.ended() or time.monotonic() - moved > STALL_S:
            raise Failed(f"Kafka Connect stands still at {done} of {records} rows: {_last_words(stage, name)}")
        time.sleep(0.2)


def _last_words(stage, name):
    told = ""
    for log in (name + ".log", kafka_connect.log_of(name)):
        if os.path.exists(stage.file(log)):
            with open(stage.file(log), encoding="utf-8", errors="replace") as file:
                told += file.read()
    errors = [line for line in told.splitlines() if " ERROR " in line]
    return (errors[0] if errors else told.strip())[-500:]


# --- a run, judged ---


def _one(stage, bench, place, variant, repeat):
    stage.say(f"{bench.name} {variant}, round {repeat}")
    database, topics = place.database, place.topics
    database.empty(MEASURED)
    before = look()
    meter, rss_mb = place.ways[variant](stage, place, stage.name(variant))
    after = look()
    result = stage.result(bench, variant, before, repeat, after=after, seed=row_topics.SEED, params={
        "records": topics.all_records(), "rows": sum(topics.rows.values()), "partitions": PARTITIONS,
        "amended": "a fifth", "days": len(row_topics.DAYS)})
    result["question"] = "How fast are rows in PostgreSQL, and what does that cost?"
    result["question_zh"] = "行进入 PostgreSQL 有多快，代价是多少？"
    result["env"]["versions"] |= {"PostgreSQL": database.version()}
    if variant == DEBEZIUM:
        result["env"]["versions"] |= {"Debezium": kafka_connect.VERSION}
    result["correctness"] = compared(database, topics)
    commits = database.commits(MEASURED, TABLES.values())
    if commits and commits[1] > commits[0]:
        _figures(result, meter, topics.all_records(), commits, rss_mb)
    return result


def _figures(result, meter, all_records, commits, rss_mb):
    began, ended, first_rows = commits
    records = all_records - first_rows
    own_s, server_s = meter.between(began, ended)
    result["cpu"] = {"sut_s": own_s, "per_million": own_s * 1e6 / records}
    result["rss"] = {"max": rss_mb}
    # Reading runs ahead of the first commit, and a start is in it as well: the most that it can be.
    result["figures"] = {
        WHOLE: {"value": meter.looks[-1][1] * 1e6 / all_records, "unit": "CPU-s/M", "better": "lower"},
        "rows a second": {"value": records / (ended - began), "unit": "rows/s", "better": "higher"},
        SERVER: {"value": server_s * 1e6 / records, "unit": "CPU-s/M", "better": "lower"}}


def compared(database, topics):
    """Of a result: each row of MEASURED against REFERENCE, all of the row's own columns."""
    found = {"expected": 0, "got": 0, "lost": 0, "dup": 0, "unexpected": 0}
    for kind, table in TABLES.items():
        # Where the sink has NULL for text that is empty, others have the text.
        columns = ", ".join(f"nullif(\"{name}\"::text, '')" if is_text else f'"{name}"'
                            for name, is_text in topics.columns[kind])
        right, told = (f'SELECT {columns} FROM "{schema}"."{table}"' for schema in (REFERENCE, MEASURED))
        counts = database.sql(f"SELECT (SELECT count(*) FROM ({right}) AS a), (SELECT count(*) FROM ({told}) AS a), "
                              f"(SELECT count(*) FROM ({right} EXCEPT ALL {told}) AS a)")[0]
        expected, got, lost = map(int, counts)
        found["expected"] += expected
        found["got"] += got
        found["lost"] += lost
        # What is not among the expected ones, whatever it is.
        found["unexpected"] += got - (expected - lost)
    return found
