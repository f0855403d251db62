"""Small logs of linked customers, read by several partitions in any order, and what must come of them."""

import pathlib
import tempfile
from collections import defaultdict

import yaml
from google.protobuf import json_format

from oracle_fixpoint import Facts, problems_at_rest
from oracle_ingest import Limits, decode
from oracle_logs import Logs
from oracle_messages import InteractionEvent
from oracle_partition import Partition
from oracle_policy import read_policy
from oracle_post import kind_of
from oracle_records import NAMES, Record, dump_line

START_MS = 1_736_154_000_000
MOST_STEPS = 4_000
PHONE, OTHER, DEVICE, BOB = ("phone", "1"), ("phone", "2"), ("device", "d"), ("customer", "bob")
WINDOWS = {"contact_gap": "1m", "contact_gap_email": "4m", "journey_gap": "5m", "journey_max": "10d",
           "max_out_of_orderness": "2s", "allowed_lateness": "1m", "memory": "180d", "amend_window": "30d"}
RULES = [{"name": "hurt", "on": "impression", "enter": "-0.6", "severity": "warning"},
         {"name": "back", "on": "returning", "enter": "-0.1", "unrecovered_only": "false"}]
IDENTITIES = [{"type": "customer"}, {"type": "phone", "verified": "true", "max_customers": "2"},
              {"type": "device", "max_customers": "3"}]


class Unrest(Exception):
    """The partitions tell each other more and more."""


def policy_text(windows=None, **more):
    return yaml.safe_dump({"name": "linked", "rules": RULES, "identities": IDENTITIES,
                           "openings": [{"when": "again"}, {"when": "known"}], **more,
                           "windows": {**WINDOWS, **(windows or {})}})


def policy_of(windows=None, **more):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "policy.yaml"
        path.write_text(policy_text(windows, **more), encoding="utf-8")
        return read_policy(path)


def event(name, customer, at_s, contact="", identities=(), felt=None, **more):
    """An event of a customer; identities as (type, value)."""
    said = [{"type": kind, "value": value, "verified": True} for kind, value in identities]
    fields = {"event_id": name, "occurred_at_ms": START_MS + at_s * 1000, "channel": "CHANNEL_VOICE",
              "customer": {"customer_id": customer, "identities": said}, "contact": {"contact_id": contact}, **more}
    if felt is not None:
        fields["turn"] = {"role": "CUSTOMER", "sentiment": {"score": felt}}
    return json_format.ParseDict(fields, InteractionEvent())


def unmerge(customer):
    return json_format.ParseDict({"customer": {"customer_id": customer}, "control": {"identity": {"unmerge": {}}}},
                                 InteractionEvent())


def ended():
    return {"lifecycle": {"state": "DISCONNECTED"}}


def read(policy, events, count, rng, most_bytes=1 << 18):
    """The partitions when all is written and read, each log in its order, in a random order between them."""
    logs = Logs(policy, count, most_bytes)
    left = [[one for one in events if logs.place_of(one) == number] for number in range(count)]
    pace = rng.choice([0.05, 0.3, 0.8])
    for _ in range(MOST_STEPS):
        waiting, unwritten = logs.waiting(), list(filter(None, left))
        senders = [number for number, records in enumerate(logs.outgoing) if records]
        if unwritten and (not waiting and not senders or rng.random() < pace):
            logs.append(rng.choice(unwritten).pop(0))
        elif senders and (not waiting or rng.random() < 0.5):
            logs.deliver(rng.choice(senders))
        elif waiting:
            logs.step(rng.choice(waiting))
        else:
            return logs
    raise Unrest


def dump(logs, path, without=lambda record: False):
    """The logs and all outputs, as a file that peakend_verify.py reads; `without` some records of the input."""
    records = [record for log in logs.logs for record in log if not without(record)]
    outputs = [one for partition in logs.partitions for one in partition.expected]
    for number, one in enumerate(outputs):
        aside = one.original
        key, value = (aside.key, aside.value) if aside else (one.key.encode(), one.message.SerializeToString())
        records.append(Record(NAMES[one.topic], one.partition, number, 0, key, value, one.headers))
    path.write_text("".join(f"{dump_line(record)}\n" for record in records), encoding="utf-8")


def facts_of(policy, logs):
    facts = Facts(policy, Limits())
    for log in logs.logs:
        facts.read(log)
    return facts


def outputs_of(partitions, topic):
    """By row id: its versions, in the order of each partition."""
    found = defaultdict(list)
    for partition in partitions:
        for expected in partition.expected:
            if expected.topic == topic:
                found[expected.key].append(expected.message)
    return found


def content(message):
    """Without what tells how often and by which record it was written."""
    made = type(message)()
    made.CopyFrom(message)
    made.ClearField("row_version")
    made.ClearField("source")
    return made.SerializeToString(deterministic=True)


def final_rows(partitions):
    """What who reads all journeys and moments by their highest versions ends up with."""
    found = {}
    for topic in ("journeys", "moments"):
        for key, versions in outputs_of(partitions, topic).items():
            newest = max(versions, key=lambda row: row.row_version)
            if not newest.is_deleted:
                found[key] = content(newest)
    return found


def rows_of_one(policy, events, hosts):
    """The same of one partition that sees each event under the key where it ends up, in order of time, once."""
    partition, seen = Partition(0, NAMES["input"], policy, Limits()), set()
    for one in sorted(events, key=lambda one: one.occurred_at_ms):
        key = one.tenant_id, one.customer.customer_id
        if one.HasField("control") or (*key, one.event_id) in seen:
            continue
        seen.add((*key, one.event_id))
        again = InteractionEvent()
        again.CopyFrom(one)
        again.customer.customer_id = hosts.get(key, key[1])
        again.event_id = one.event_id
        name = f"{key[0]}/{again.customer.customer_id}".encode()
        record = Record(NAMES["input"], 0, len(seen), 0, name, again.SerializeToString(), ())
        decode(record, Limits())
        partition.process(record)
    partition.finish()
    return final_rows([partition])


def version_problems(policy, partitions):
    """I6: of each row, and of each alert over all partitions, versions run from 1; I7: each alert has one id.

    Rows that are older than their versions are remembered for may leave some out.
    """
    remembered = policy.windows.remembered
    found = []
    for topic in ("journeys", "moments", "cards", "alerts"):
        for versions in outputs_of(partitions, topic).values():
            found_here = sorted(row.row_version for row in versions)
            if any(b != a + 1 and not (b > max(a, remembered) and topic != "alerts")
                   for a, b in zip([0, *found_here], found_here)):
                found.append(f"versions of a row of {topic} are {[row.row_version for row in versions]}")
    return found


def misplaced_alerts(partitions):
    """Alerts lie where the events are that raised them."""
    members = [member for partition in partitions for member in partition.customers.values() if member.held]
    return sum(not any(part.knows(alert.raised[1]) for part in member.held.parts())
               for member in members for alert in member.alerts.held)


def problems_of(policy, events, logs):
    """What is wrong when nothing is under way any more, and at the end of time."""
    facts = facts_of(policy, logs)
    found = [*logs.post.problems, *logs.post.rest(), *problems_at_rest(logs.partitions, facts)]
    if misplaced_alerts(logs.partitions):
        found.append("alerts are not where the events are that raised them")
    logs.finish()
    found += version_problems(policy, logs.partitions)
    rows, wanted = final_rows(logs.partitions), rows_of_one(policy, events, facts.hosts())
    if rows != wanted:
        differ = sum(rows.get(key) != row for key, row in wanted.items())
        found.append(f"{len(rows)} final rows, should be {len(wanted)}; {differ} are missing or differ")
    return found


# --- looking into them ----------------------------------------------------------------


def one_after_the_other(events, count, policy=None, **more):
    """Partitions that read each event with all that it makes them tell before the next one comes."""
    logs = Logs(policy or policy_of(), count, **more)
    for one in events:
        logs.append(one)
        logs.drain()
    return logs


def member(logs, name):
    return next(partition.customers["", name] for partition in logs.partitions if ("", name) in partition.customers)


def sent(logs, kind):
    return [one for one in logs.post.sent if kind_of(one) == kind]
