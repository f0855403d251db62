#!/usr/bin/python3
"""Recomputes what a peakend job must have written, and compares.

By the plainest code, which the job shares nothing with but its .proto files, this
tool works out from the input records what the outputs must be, and checks

  O1   every input record below the committed offset is accounted for exactly once:
       applied, duplicate, late or rejected
  O2   every output is there exactly once (--at-least-once: repeats have equal bytes)
  O3   alerts, moments, journeys, opening cards, rows of statistics, rejected and late
       records equal the reference: all that the committed offset implies is there, and
       nothing else
  O4   the committed changelog, replayed from its low-water mark, equals the reference:
       the newest progress record names the committed offset, each customer's record is
       the customer as of its `applied`, nobody who changed before the mark is missing,
       the budget of interrupts is what it was, open rows of statistics and the baselines
       that count are there, and digests are the sums over the outputs
       (not run without the state topic)
  O5   row_versions of a row run from 1 without gap, in the order of the log (those of
       linked customers may leave some out once a row is older than its versions are
       remembered for); rows of statistics come in the order of their windows
  O6   two independent readers see the same
  O8   the last stable offset reaches the end of every topic (Kafka only)
  O10  the job has caught up with its input (--expect-drained)
Where the policy links identities
  I2   each record from one customer to another is one that a step of the sender's sent,
       once and in order, and what committed steps sent is there
  I4   when nothing is under way, each customer is where the labels say that follow from
       the events alone, and each event is in one part, once

Where the records come from
  --bootstrap HOST:PORT   a cluster; read as committed, to the last stable offsets
  --dump FILE...          records of input, outputs and state as lines of
                          {"topic","partition","offset","timestamp","key_b64",
                           "value_b64","headers":[[name,b64],...]}, key_b64 and
                          value_b64 null where there is none
  --file-mode EVENTS OUT  what `peakend run --input EVENTS --output OUT --now TIME`
                          read and wrote; the end of the input ends every journey

Examples
  peakend_verify.py --bootstrap localhost:9092 --group peakend --at-least-once
  peakend_verify.py --bootstrap localhost:9092 --expect-drained --json result.json
  peakend_verify.py --dump input.ndjson outputs.ndjson --committed 0:1200,1:1180
  peakend_verify.py --file-mode events.ndjson out.ndjson --now 2026-01-31T00:00:00Z

Violations are named by topic, partition, offset and key, never by what a customer
said. Exit codes: 0 all that ran holds, 1 something does not, 64 wrong call,
65 the records or the policy cannot be read. Needs the packages protobuf-compiler,
python3-protobuf, python3-xxhash, python3-yaml, and python3-confluent-kafka for Kafka.
"""

import argparse
import datetime
import gc
import json
import pathlib
import sys

try:
    from oracle_changelog import Changelog
    from oracle_checks import CHECKS, LINKED, NOWHERE, Judge, check_drained, compare_readings
    from oracle_ingest import Limits
    from oracle_logs import complete
    from oracle_policy import PolicyError, read_policy
    from oracle_records import NAMES, DataError, read_dump, read_file_mode
    from oracle_reference import Reference
except ModuleNotFoundError as error:
    sys.exit(f"peakend_verify: {error.name} is missing for {sys.executable}; the distribution's python3 has it "
             "with the packages named by --help")

DEFAULT_POLICY = pathlib.Path(__file__).resolve().parents[2] / "deploy/policies/default.yaml"
OUTCOMES = ("applied", "duplicate", "late", "rejected")


class Parser(argparse.ArgumentParser):
    def error(self, message):
        print(f"peakend_verify: {message}; --help shows examples", file=sys.stderr)
        sys.exit(64)


def milliseconds(text):
    try:
        return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no time like 2026-01-31T00:00:00Z") from error


def offsets(text):
    try:
        return {int(partition): int(offset) for partition, offset in
                (entry.split(":") for entry in text.split(","))}
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no list like 0:1200,1:1180") from error


def parser():
    made = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = made.add_mutually_exclusive_group(required=True)
    source.add_argument("--bootstrap", metavar="HOST:PORT")
    source.add_argument("--dump", nargs="+", metavar="FILE")
    source.add_argument("--file-mode", nargs=2, metavar=("EVENTS", "OUT"))
    made.add_argument("--group", default="peakend", help="whose committed offsets count (Kafka; %(default)s)")
    made.add_argument("--property", action="append", default=[], metavar="NAME=VALUE",
                      help="passed to librdkafka, e.g. security.protocol=ssl")
    made.add_argument("--wait", type=float, default=30, metavar="SECONDS",
                      help="longest wait for open transactions to end (Kafka; %(default)s)")
    made.add_argument("--committed", type=offsets, metavar="P:OFFSET,...",
                      help="committed offsets (dump; default: everything is)")
    made.add_argument("--second", nargs="+", metavar="FILE", help="a second dump, for O6")
    made.add_argument("--partitions", type=int, default=1, help="of the run (file mode; %(default)s)")
    made.add_argument("--format", choices=("json", "binary"), default="json",
                      help="of the events (file mode; %(default)s)")
    made.add_argument("--now", type=milliseconds, metavar="TIME",
                      help="time of reading that the run was given (file mode; required there)")
    made.add_argument("--policy", type=pathlib.Path, default=DEFAULT_POLICY, metavar="FILE")
    made.add_argument("--max-record-bytes", type=int, default=1 << 20)
    made.add_argument("--max-time-ahead-ms", type=int, default=900_000)
    for role, name in NAMES.items():
        made.add_argument(f"--{role}-topic", default=name, metavar="TOPIC", help="default: %(default)s")
    made.add_argument("--at-least-once", action="store_true", help="outputs may repeat")
    made.add_argument("--expect-drained", action="store_true", help="check O10")
    made.add_argument("--open", action="store_true",
                      help="name in the result the journeys that go on at the end of the log")
    made.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write the result here too")
    made.add_argument("--show", type=int, default=5, metavar="N", help="violations shown per check (%(default)s)")
    return made


def read_logs(options, names, policy, limits):
    """The log, and a second reading of it or None."""
    if options.file_mode:
        def told(log):
            complete(log, policy, limits, options.partitions, options.now)
        return read_file_mode(*options.file_mode, names, options.partitions, options.now, options.format == "binary",
                              told if policy.identities else None), None
    if options.dump:
        log = read_dump(options.dump, names)
        log.committed = options.committed
        return log, read_dump(options.second, names) if options.second else None
    import oracle_kafka  # only who reads Kafka needs its client
    cluster = oracle_kafka.Cluster(options.bootstrap, options.group, options.property, names)
    unstable = cluster.wait_until_stable(options.wait)
    log, second = cluster.read(), cluster.read()
    log.unstable = unstable
    return log, second


def judge(options):
    names = {role: getattr(options, f"{role}_topic") for role in NAMES}
    policy = read_policy(options.policy)
    limits = Limits(options.max_record_bytes, options.max_time_ahead_ms)
    log, second = read_logs(options, names, policy, limits)
    changelog = Changelog(log, policy, options.at_least_once)
    reference = Reference(log, policy, limits, bool(options.file_mode), changelog.watched())
    judge_of_log = Judge(log, reference, options.at_least_once)
    verdicts = judge_of_log.judge()
    changelog.judge(judge_of_log)
    if second is not None:
        compare_readings(log, second, verdicts)
    if options.bootstrap:
        verdicts.ran("O8")
        for text in log.unstable:
            verdicts.violated("O8", text)
    if options.expect_drained:
        check_drained(log, verdicts)
    return log, reference, judge_of_log, verdicts


def table(reference, judged):
    rows = []
    for number in reference.outcomes:
        below = judged.committed(number)
        counts = reference.counts(number, below)
        rows.append({"partition": number, "committed": None if below == NOWHERE else below,
                     "input": sum(counts.values()), **{name: counts[name] for name in OUTCOMES},
                     "open_journeys": len(reference.open[number])})
    return rows


def report(options, log, reference, judged, verdicts):
    rows = table(reference, judged)
    print(f"{'partition':>9} {'committed':>10} {'input':>9} " + " ".join(f"{n:>9}" for n in OUTCOMES)
          + f" {'open':>7}")
    for row in rows:
        committed = "all" if row["committed"] is None else row["committed"]
        print(f"{row['partition']:>9} {committed:>10} {row['input']:>9} "
              + " ".join(f"{row[n]:>9}" for n in OUTCOMES) + f" {row['open_journeys']:>7}")
    for number, records in log.inputs().items():
        if records[0].offset > 0 and not options.file_mode:
            print(f"note: partition {number} begins at offset {records[0].offset}: the reference cannot know what "
                  "stood before it")
    outputs = {role: len(records) for role, records in log.topics.items()
               if role not in ("input", "state")}
    print("outputs: " + ", ".join(f"{count} {role}" for role, count in outputs.items())
          + f"; {len(log.topics['state'])} records of state")
    for text in verdicts.notes:
        print(f"note: {text}")
    checks = {}
    for name, meaning in (CHECKS if reference.post is None else {**CHECKS, **LINKED}).items():
        found = verdicts.found.get(name)
        state = "violated" if found else "holds" if found is not None else (
            "not run" if name in verdicts.not_run else "not checked")
        more = f" {len(found)} times" if found else f": {verdicts.not_run[name]}" if state == "not run" else ""
        print(f"{name:<4} {meaning}: {'VIOLATED' if found else state}{more}")
        for text in (found or [])[:options.show]:
            print(f"       {text}")
        checks[name] = {"state": state, "violations": len(found or []), "first": (found or [])[:options.show]}
    result = {"ok": verdicts.ok(), "checks": checks, "partitions": rows, "outputs": outputs}
    if options.open:
        result["open"] = reference.open
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def main(arguments):
    made = parser()
    options = made.parse_args(arguments)
    if options.file_mode and options.now is None:
        made.error("--file-mode needs the --now that the run was given")
    # All that is read is needed to the end: looking for garbage would cost a third of the time.
    gc.disable()
    try:
        log, reference, judged, verdicts = judge(options)
    except (DataError, PolicyError, OSError) as error:
        print(f"peakend_verify: {error}", file=sys.stderr)
        return 65
    report(options, log, reference, judged, verdicts)
    return 0 if verdicts.ok() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
