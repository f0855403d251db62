#!/usr/bin/python3
"""peakend_verify.py agrees with the program.

    verify_test.py build/release/peakend [-v]

Runs the program on files: random days, some under random policies, the scenarios,
imported conversations. That each check can fail: corruption_test.py.
"""

import contextlib
import io
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
SCENARIOS = FOLDER.parent / "scenarios"
SAMPLE = FOLDER.parent / "data/conversations.sample.jsonl"
sys.path.insert(0, str(SCENARIOS))

from google.protobuf import json_format
from google.protobuf.internal.encoder import _VarintBytes

import peakend_verify
import random_events
import random_policies
from oracle_causes import NAMES as CAUSES
from oracle_messages import InteractionEvent
from oracle_policy import read_policy
from random_census import Census
from scenario_events import expand
from verify_actions import Actions
from verify_announced import Announced
from verify_hours import Usual
from verify_identities import Identities
from verify_switches import Switches

NOW = "2025-12-31T00:00:00Z"
WINDOWS, PATIENCE = FOLDER / "windows.yaml", FOLDER / "patience.yaml"
SEEDS = range(1, 21)
DAYS = range(1, 29)  # as many as it takes until everything has occurred
POLICIES = range(1, 41)  # seeds of random ones
DAY = 300  # events

program = ""


def run_program(folder, lines, policy=None, partitions=1, form="json"):
    events, outputs = folder / "events", folder / "outputs.ndjson"
    if form == "binary":
        events.write_bytes(b"".join(_VarintBytes(len(value)) + value for value in lines))
    else:
        events.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    command = [program, "run", "--input", str(events), "--output", str(outputs), "--now", NOW, "--quiet",
               "--partitions", str(partitions), "--format", form, *(("--policy", str(policy)) if policy else ())]
    code = subprocess.run(command, capture_output=True, timeout=60, check=False).returncode
    assert code in (0, 65), f"the program ended with {code}"  # 65: some records were refused
    return events, outputs


def verify(*arguments):
    """(exit code, {check: state}, what was printed) of one call."""
    with tempfile.TemporaryDirectory() as folder:
        result = pathlib.Path(folder) / "result.json"
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            code = peakend_verify.main([*map(str, arguments), "--json", str(result)])
        checks = json.loads(result.read_text(encoding="utf-8"))["checks"]
    return code, {name: check["state"] for name, check in checks.items()}, printed.getvalue()


def bent(value, rng):
    """The bytes with some cut off, changed or doubled; half of the time as they are."""
    data = bytearray(value)
    for _ in range(rng.choice([0, 0, 1, 3])):
        at = rng.randrange(len(data) + 1)
        what = rng.choice(["cut", "flip", "flip", "insert", "repeat"])
        if what == "cut":
            del data[at:]
        elif what == "flip" and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif what == "insert":
            data.insert(at, rng.randrange(256))
        else:
            data += data[at:]
    return bytes(data)


class Agreement(Actions, Announced, Usual, Identities, Switches, unittest.TestCase):
    """The program writes what the reference says."""

    run_program = staticmethod(run_program)

    def agrees(self, name, lines, policy=None, partitions=1, form="json", census=None):
        with self.subTest(name), tempfile.TemporaryDirectory() as folder:
            files = run_program(pathlib.Path(folder), lines, policy, partitions, form)
            if census is not None:
                census.read(*files, read_policy(policy))
            code, _, printed = verify("--file-mode", *files, "--now", NOW, "--partitions", partitions, "--format", form,
                                      *(("--policy", policy) if policy else ()))
            self.assertEqual(code, 0, printed)

    def test_random_days(self):
        for policy in (WINDOWS, PATIENCE):
            census = Census()
            for seed in DAYS:
                self.agrees(f"seed {seed}, {policy.stem}", random_events.lines_of(seed, DAY), policy,
                            4 if seed % 4 == 0 else 1, census=census)
            with self.subTest(f"census, {policy.stem}"):
                self.everything_occurs(census, read_policy(policy).rules)

    def test_random_policies(self):
        """What customers remember and journeys become, under half lives, levels, rules and windows of all kinds."""
        census = Census()
        with tempfile.TemporaryDirectory() as folder:
            for seed in POLICIES:
                policy = pathlib.Path(folder) / f"{seed}.yaml"
                policy.write_text(random_policies.text_of(seed), encoding="utf-8")
                self.agrees(f"policy {seed}", random_events.lines_of(seed, DAY, seed % 3 > 0), policy, census=census)
        self.assertEqual({kind for kind in random_policies.KINDS if census.cards[kind] < 10}, set())
        self.assertGreater(census.cards["withdrawn"], 500)
        wanted = {"worst", "best", "end", "unrecovered", "resolved", "last_channel", "overdue", "not due",
                  "a faded level", "today", "yesterday", "days ago", "usual", "usual_journeys", "delta_to_usual"}
        self.assertEqual({name for name in wanted if census.told[name] < 3}, set())
        for reason in ("raised", "contact_ended", "journey_ended", "followed_up"):
            self.assertTrue(any(rule.startswith("returns") for rule, told in census.alerts if told == reason), reason)
        self.assertGreater(census.repeats_across, 2)
        for severity in ("INFO", "WARNING", "CRITICAL"):
            for granted in (True, False):
                self.assertGreater(census.interrupts[severity, granted], 10)
        self.journeys_change(census)
        self.hours_matter(census)
        wanted = {"impression", "score", "negative_turns", "returning"}
        self.assertEqual({what for what in wanted if census.beside_notices[what] < 3}, set())
        self.assertEqual({name for name in ("turn", "lifecycle", "promise", "survey") if census.amended[name] < 4}, set())
        self.assertGreater(sum(count for days, count in census.surveyed_after.items() if days > 1), 20)
        self.assertEqual({rule.on for rule in read_policy(WINDOWS).rules} - set(census.restrained), set())

    def agrees_on(self, name, stated, policy):
        """Of (customer, seconds, contact, payload) in order of arrival; event ids are e0, e1, ..."""
        lines = [json.dumps({"event_id": f"e{number}", "occurred_at_ms": random_events.START_MS + at_s * 1000,
                             "customer": {"customer_id": customer, "tier": payload.pop("tier", "")},
                             "channel": "CHANNEL_VOICE", "contact": {"contact_id": contact}, **payload})
                 for number, (customer, at_s, contact, payload) in enumerate(stated)]
        census = Census()
        self.agrees(name, lines, policy, census=census)
        return census

    def test_a_contact_that_is_heard_of_late(self):
        """Its card tells what was open when it began, though more is known by then; eight promises at the most."""
        def promise(name, due_s, **more):
            return {"promise": {"promise_id": name, "kind": "CALLBACK", **more,
                                "due_at_ms": random_events.START_MS + due_s * 1000}}
        stated = [(at, "a", promise(f"open{at}", 1000 + at)) for at in range(1, 11)]
        stated += [(11, "a", promise("moved", 600)), (12, "a", promise("settled", 550)), (25, "c", {"turn": {}}),
                   (40, "a", promise("made_later", 500, promised_at_ms=random_events.START_MS + 20_000)),
                   (41, "c", promise("moved", 700)),
                   (44, "a", promise("settled", 550, fulfilled_at_ms=random_events.START_MS + 43_000)),
                   (30, "b", {"turn": {"role": "CUSTOMER"}})]
        census = self.agrees_on("late", [("p", *event) for event in stated], WINDOWS)
        self.assertEqual(census.told["not due"], 16)  # on the cards of c and b

    def test_events_that_come_much_too_late(self):
        """The contact that an event is for decides, not a journey of its time; of two with a promise the later one."""
        def promise(**more):
            return {"promise": {"promise_id": "p", "kind": "CALLBACK", **more}}
        made, kept = promise(max_duration_ms=10**7), promise(fulfilled_at_ms=random_events.START_MS + 1_230_000)
        # z begins another journey, because the first one has lasted long enough.
        stated = [("a", 0, "k", {}), ("b", 0, "k", {}), ("a", 350, "x", {}), ("b", 350, "x", made), ("a", 640, "x", {}),
                  ("b", 640, "x", {}), ("a", 900, "x", {}), ("b", 900, "x", {}), ("a", 1210, "z", {}),
                  ("b", 1210, "z", made), ("b", 1240, "x", {}), ("a", 1500, "z", {}), ("b", 1500, "x", {})]
        late = [("a", 1220, "x", {}), ("a", 1220, "new", {}), ("a", 1220, "z", {}), ("b", 1230, "x", kept),
                ("b", 1230, "x", {})]
        self.assertEqual(self.agrees_on("chain", stated + late, PATIENCE).too_late, ["e13", "e16"])
        # To the millisecond: one journey that still can be amended, and one that no longer can.
        stated = [("a", 0, "k", {}), ("b", 1, "k", {}), ("c", 783, "k", {}), ("a", 0, "k", {}), ("b", 1, "k", {})]
        self.assertEqual(self.agrees_on("limit", stated, WINDOWS).too_late, ["e3"])

    def test_surveys_of_two_journeys(self):
        """One that names a contact is about its journey if it had begun, another one about the newest."""
        def survey(raw, **more):
            return {"survey": {"kind": "CSAT", "status": "ANSWERED", "raw": raw, "raw_min": 1, "raw_max": 5, **more}}
        census = self.agrees_on("surveys", [("a", 0, "k", {}), ("a", 400, "n", {}), ("a", 500, "", survey(1)),
                                            ("a", 501, "", survey(3, for_contact_id="k")), ("a", 502, "x", survey(5)),
                                            ("a", 503, "m", survey(2)), ("a", 504, "m", {})], WINDOWS)
        self.assertEqual({row.get("survey_score") for row in census.known.values()}, {0, 0.5})
        self.assertEqual(census.too_late, ["e4", "e5"])

    def test_a_contact_that_moves_to_where_a_rule_applies(self):
        """Only the event that moves it tells that the rule applies now to what had happened before."""
        signal = {"signal": {"kind": "ISSUE"}}
        hurt = {"turn": {"role": "CUSTOMER", "sentiment": {"score": -0.9}}}
        stated = [("a", 0, "k", {"turn": {"role": "CUSTOMER"}}), ("b", 0, "k", {"lifecycle": {"state": "QUEUED"}}),
                  ("c", 0, "k", hurt), ("a", 30, "k", {**signal, "touchpoint": {"touchpoint_id": "n1"}}),
                  ("b", 31, "k", {**signal, "queue": {"id": "q1"}}), ("c", 32, "k", {**signal, "tier": "gold"})]
        census = self.agrees_on("moves", stated, WINDOWS)
        self.assertEqual({rule: census.alerts[rule, "raised"] for rule in ("unheard_there", "waits_there", "gold_alone")},
                         {"unheard_there": 1, "waits_there": 1, "gold_alone": 1})

    def everything_occurs(self, census, rules):
        self.assertEqual(set(CAUSES) - census.causes, set())
        for rule in rules:
            self.assertIn((rule.name, "raised"), census.alerts)
            self.assertIn((rule.name, "contact_ended"), census.alerts)
            if rule.on not in ("delight", "repeat_contact", "returning", "escalation"):
                self.assertIn((rule.name, "recovered"), census.alerts)
        self.assertTrue(any(reason == "followed_up" for _, reason in census.alerts))
        self.assertTrue(census.stale)
        wanted = {"promises_made", "promises_kept", "promises_broken", "promises_open", "repeat_contacts"}
        self.assertEqual(wanted - census.journeys, set())
        self.assertEqual(census.bounds, {"max_contacts", "max_event_ids", "max_promises"})
        self.journeys_change(census)
        self.assertEqual({name for name in ("turn", "lifecycle") if census.amended[name] < 3}, set())

    def journeys_change(self, census):
        """Their ends, by time and by what comes late; and rows tell where it was and for whom."""
        ends = {"PROVISIONAL": 400, "FINAL": 3}
        for before, least in ends.items():
            self.assertGreater(census.grades[f"JOURNEY_END_{before}", "JOURNEY_END_FINAL"], least)
        self.assertGreater(census.grades["JOURNEY_END_FINAL", "JOURNEY_END_PROVISIONAL"], 2)
        self.assertEqual({name for name in ("promises_broken", "score") if census.finally_other[name] < 3}, set())
        self.assertEqual(set(census.bases), {"promise", "sla", "policy", "notice", "history", "baseline"})
        self.contacts_are_counted(census)
        self.assertEqual({"peak_to_response_ms", "peak_to_recovery_ms"} - census.journeys, set())
        self.notices_tell(census)
        self.assertEqual(set(census.told_of), {("tier", "journey"), *((name, kind) for name in ("tier", "touchpoint_id")
                                                                      for kind in ("moment", "alert"))})

    def contacts_are_counted(self, census):
        """In rows of all kinds, and baselines of all kinds came."""
        wanted = {"negative_peaks", "positive_peaks", "left", "waits", "waits_met", "gaps", "scored", "ended_above_mean",
                  "answered_after", "queue_id", "touchpoint_id", "stage", "channel", "hour", "tenant_id", "below zero",
                  "several", "of an age"}
        self.assertEqual({name for name in wanted if census.statistics[name] < 3}, set())
        self.assertGreater(census.statistics["rows"], 300)
        wanted = {"empty", "twice a cell", "cells", "the same version", "an older version"}
        self.assertEqual({name for name in wanted if census.learned[name] < 3}, set())
        self.assertGreater(sum(count for field, count in census.refused.items() if field.startswith("control.baseline")), 3)
        wanted = {(basis, cause) for basis in ("history", "baseline") for cause in ("queue_wait", "first_response")}
        measured = {(basis, cause) for basis, cause, _ in census.hours}
        self.assertEqual(wanted - measured, set())

    def hours_matter(self, census):
        """Where a policy has calendars, and nowhere to what was announced; service levels and sketches say more than one
        thing."""
        self.assertEqual({name for name in ("missed", "twice") if census.statistics[name] < 3}, set())
        causes = ("queue_wait", "first_response", "next_response")
        wanted = {(basis, cause, is_open) for basis in ("policy", "sla", "history", "baseline") for cause in causes
                  for is_open in (True, False) if basis in ("policy", "sla") or cause != "next_response"}
        self.assertEqual({kind for kind in wanted if census.hours[kind] < 3}, set())
        self.assertEqual({kind for kind in census.hours if kind[2] and kind[0] == "promise"}, set())
        self.assertEqual({cause for cause in causes[:2] if not census.closed[cause]}, set())

    def notices_tell(self, census):
        """They are of all kinds, and cards and moments tell of them and of what was said."""
        wanted = {"areas", "segments", "touchpoint_id", "starts_at_ms", "due_at_ms", "withdrawn", "late", "in time",
                  "to everybody"}
        self.assertEqual({name for name in wanted if census.said[name] < 3}, set())
        wanted = {"overdue", "due later", "open", "other reason", "touchpoint"}
        self.assertEqual({name for name in wanted if census.announced[name] < 3}, set())
        self.assertGreater(sum(count for field, count in census.refused.items() if field.startswith("control.")), 5)
        acts = {("OPENING", "greeting"), ("OPENING", "need_restated"), ("END", "apology"), ("END", "next_step"),
                ("END", "thanks")}
        self.assertEqual({act for act in acts if census.acts[act] < 3}, set())
        self.assertEqual(set(census.acts) - acts, set())

    def test_torn_and_bent_bytes(self):
        rng = random.Random(1)
        for seed in SEEDS[:4]:
            values = []
            for line in random_events.lines_of(seed, DAY):
                with contextlib.suppress(json_format.ParseError, ValueError):
                    values.append(json_format.Parse(line, InteractionEvent()).SerializeToString())
            self.agrees(f"bytes {seed}", [bent(value, rng) for value in values], WINDOWS, form="binary")

    def test_scenarios(self):
        for path in sorted(SCENARIOS.glob("*.json")):
            for scenario in json.loads(path.read_text(encoding="utf-8")):
                policy = scenario.get("policy", "policies/core.yaml")
                policy = None if policy == "shipped" else SCENARIOS / policy
                self.agrees(scenario["name"], self.named([line for _, line in expand(scenario)], policy), policy)

    def test_imported_conversations(self):
        done = subprocess.run([program, "import", "conversations", str(SAMPLE), "--quiet"], capture_output=True,
                              timeout=60, check=True)
        self.agrees("conversations", done.stdout.decode().splitlines())


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        sys.exit(64)
    program = sys.argv.pop(1)
    unittest.main()
