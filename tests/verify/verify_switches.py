"""Another policy goes to work in the middle of a day. verify_test.py runs it."""

import json
import pathlib
import random
import tempfile
from collections import defaultdict

import yaml
from google.protobuf import json_format

import random_events
import random_policies
from oracle_messages import InteractionEvent
from oracle_policy import duration_ms, policy_message, read_policy

SWITCHED_DAYS = range(1, 25)
OTHERS = 10_000  # seeds of policies that come later, from here on
DAY = 300  # events


class SwitchCensus:
    """What the rows of days say of their policies."""

    def __init__(self):
        self.stamps = []  # of each day
        self.rows = defaultdict(int)  # by reason

    def read(self, _, outputs, __):
        rows = [json.loads(line)["value"] for line in outputs.read_text(encoding="utf-8").splitlines()]
        self.stamps.append({row["policy_version"] for row in rows if "policy_version" in row})
        for row in rows:
            self.rows[row.get("reason")] += 1


def random_policy(folder, seed, before=None):
    """`before`: one that it could follow, as it waits no longer for anything."""
    path = folder / f"{seed}.yaml"
    text = random_policies.text_of(seed)
    if before is not None:
        written, counts = (yaml.load(one, Loader=yaml.BaseLoader) for one in (text, before.read_text(encoding="utf-8")))
        for name in ("max_out_of_orderness", "allowed_lateness"):
            windows = [one["windows"][name] for one in (written, counts)]
            written["windows"][name] = min(windows, key=duration_ms)
        text = yaml.safe_dump(written, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    return path


def stating(path):
    """The event that lets the policy of a file count, as JSON."""
    event = InteractionEvent(source="peakend", event_id=f"policy/{path.stem}")
    event.control.policy.stamp = read_policy(path).stamp
    event.control.policy.policy.CopyFrom(policy_message(path))
    return json_format.MessageToJson(event, indent=None, preserving_proto_field_name=True)


def switched_day(folder, seed):
    """(lines of a day in which policies are stated, the policy that it begins with)"""
    rng = random.Random(f"switch{seed}")
    lines = random_events.lines_of(seed, DAY)
    policy = random_policy(folder, seed)
    others = [random_policy(folder, OTHERS + 3 * seed + number, rng.choice((policy, policy, None)))
              for number in range(rng.randint(1, 3))]
    stated = [stating(other) for other in others]
    for line in [*stated, *rng.sample(stated, rng.randint(0, len(stated)))]:
        lines.insert(rng.randint(0, len(lines)), line)
    return lines, policy


class Switches:
    """Tests of a TestCase with `agrees`."""

    def test_policies_that_are_replaced(self):
        census = SwitchCensus()
        with tempfile.TemporaryDirectory() as folder:
            for seed in SWITCHED_DAYS:
                lines, policy = switched_day(pathlib.Path(folder), seed)
                self.agrees(f"switched day {seed}", lines, policy, census=census)
        self.assertGreater(sum(len(stamps) > 1 for stamps in census.stamps), len(SWITCHED_DAYS) // 2)
        self.assertGreater(census.rows["rule_removed"], 5)
        self.assertGreater(census.rows["INVALID_POLICY"], 3)
