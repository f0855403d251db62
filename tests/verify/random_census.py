"""What the outputs of random days speak of."""

import json
from collections import Counter

from random_measured import Measured

DAY_MS = 86_400_000
PAYLOADS = ("turn", "lifecycle", "signal", "activity", "survey", "promise")


class Census(Measured):
    """What the outputs of some runs speak of, so that nobody relies on days on which nothing happens."""

    def __init__(self):
        super().__init__()
        self.causes = set()
        self.alerts = Counter()  # (rule, reason)
        self.restrained = Counter()  # what rules watch that raised where they apply only
        self.stale = set()  # rules
        self.interrupts = Counter()  # (severity, whether it was granted), of alerts when they were raised
        self.journeys = set()  # fields that are not empty
        self.bounds = set()
        self.grades = Counter()  # (of a journey's last row or None, of the next)
        self.finally_other = Counter()  # what a final row says otherwise than the one before
        self.bases = Counter()  # of evidence
        self.told_of = Counter()  # (field, kind of row)
        self.amended = Counter()  # payloads of events that came later than allowed and changed journeys' rows
        self.too_late = []  # ids of events
        self.surveyed_after = Counter()  # whole days
        self.cards = Counter()  # by reason; "withdrawn"
        self.told = Counter()  # what cards say of memory and promises
        self.beside_notices = Counter()  # what rules watch that raised for customers whom a notice had let down
        self.noticed = {}  # by customer: (notice, whether it was overdue) of their cards
        self.announced = Counter()  # what cards say of notices
        self.acts = Counter()  # (kind of moment, what agents did)
        self.refused = Counter()  # fields of records
        self.said = Counter()  # kinds of notices
        self.repeats_across = 0  # journeys that begin with a repeat

    def read(self, events, outputs, policy):
        """One run: its files of lines."""
        values = [json.loads(line)["value"] for line in outputs.read_text(encoding="utf-8").splitlines()]
        self.rows = [value for value in values if "row_version" in value]
        rejected = [value for value in values if "reason" in value and "stage" in value]
        refused = {int(value["source"]["offset"]) for value in rejected}
        self.refused.update(value.get("field", "") for value in rejected)
        self.read_events(events, refused, policy.windows)
        self.watches = {rule.name: rule.on for rule in policy.rules if rule.only}
        self.rules, self.let_down = {rule.name: rule.on for rule in policy.rules}, set()
        self.known = {}  # newest rows of journeys
        for value in values:
            self.causes |= {evidence["cause"] for evidence in value.get("evidence", ())}
            for evidence in value.get("evidence", ()):
                if "basis" in evidence:
                    self.bases[evidence["basis"]] += 1
                    self.let_down |= {value["customer_id"]} if evidence["basis"] == "notice" else set()
                    self.read_measured(evidence)
            if "row_id" in value:
                self.read_statistics(value)
            elif "event_id" in value:
                self.too_late.append(value["event_id"])
            elif "alert_id" in value:
                self.read_alert(value)
            elif "card_id" in value:
                self.read_card(value)
            elif "moment_id" in value:
                self.read_fields("moment", value)
                self.acts.update((value["kind"], act) for act in value.get("agent_acts", ()))
            elif "journey_id" in value:
                self.read_journey(value)

    def read_events(self, events, refused, windows):
        """Which lines come later than is allowed, by one clock for all partitions."""
        self.late, self.surveys = {}, {}  # by number of the line: payload; time
        self.newest, self.versions = None, set()
        now = 0
        for number, line in enumerate(events.read_text(encoding="utf-8").splitlines(), start=1):
            if number in refused:
                continue
            event = json.loads(line)
            if "notice" in event.get("control", {}):
                self.read_notice(event["control"]["notice"])
                continue
            if "baseline" in event.get("control", {}):
                self.read_baseline(event["control"]["baseline"])
                continue
            if "control" in event:
                return
            at = event["occurred_at_ms"]
            now = max(now, at)
            if at < now - windows.max_out_of_orderness - windows.allowed_lateness:
                self.late[number] = next((name for name in PAYLOADS if name in event), "")
            if "survey" in event:
                self.surveys[number] = at

    def read_notice(self, notice):
        self.said.update(name for name, content in notice.items() if content)
        self.said["to everybody"] += not notice.get("areas") and not notice.get("segments")
        if notice.get("fulfilled_at_ms") and notice.get("due_at_ms"):
            self.said["late" if notice["fulfilled_at_ms"] > notice["due_at_ms"] else "in time"] += 1

    def read_alert(self, value):
        self.alerts[value["rule"], value["reason"]] += 1
        self.stale |= {value["rule"]} if value.get("stale") else set()
        if int(value["row_version"]) == 1:
            if value.get("over_budget") or value["urgency"] == "INTERRUPT":
                self.interrupts[value["severity"], value["urgency"] == "INTERRUPT"] += 1
            self.beside_notices[self.rules[value["rule"]]] += value["customer_id"] in self.let_down
            if value["rule"] in self.watches:
                self.restrained[self.watches[value["rule"]]] += 1
        self.read_fields("alert", value)
        self.told["delta_to_usual"] += value.get("delta_to_usual", 0) != 0

    def read_fields(self, kind, value):
        self.told_of.update((name, kind) for name in ("tier", "touchpoint_id") if value.get(name))

    def read_card_notice(self, customer, reason, notice):
        overdue = notice.get("overdue", False)
        self.noticed.setdefault(customer, []).append((notice["notice_id"], overdue))
        self.announced["overdue" if overdue else "due later" if int(notice.get("due_at_ms", 0)) else "open"] += 1
        self.announced["other reason"] += not reason.startswith("notice")
        self.announced["touchpoint"] += notice.get("touchpoint_id", "") != ""

    def read_journey(self, value):
        before = self.known.get(value["journey_id"], {})
        self.known[value["journey_id"]] = value
        cause = int(value["source"]["offset"])
        if cause in self.late:
            self.amended[self.late[cause]] += 1
        if value.get("is_deleted"):
            return
        self.grades[before.get("end_grade"), value["end_grade"]] += 1
        if (before.get("end_grade"), value["end_grade"]) == ("JOURNEY_END_PROVISIONAL", "JOURNEY_END_FINAL"):
            self.finally_other.update(name for name in value if before.get(name) != value[name])
        if "survey_score" in value and cause in self.surveys:
            self.surveyed_after[(self.surveys[cause] - int(value["ended_at_ms"])) // DAY_MS] += 1
        self.read_fields("journey", value)
        self.journeys |= {name for name, content in value.items() if content}
        self.bounds |= set(value.get("truncated", ()))
        self.repeats_across += any(
            evidence["cause"] == "repeat_contact" and evidence["at_ms"] == value["started_at_ms"]
            for evidence in value.get("evidence", ()))

    def read_card(self, card):
        self.cards["withdrawn" if card.get("is_deleted") else card["reason"]] += 1
        self.told.update(name for name, content in card.get("memory", {}).items() if content)
        self.told["a faded level"] += card.get("memory", {}).get("worst") == 0
        if "notice" in card:
            self.read_card_notice(card["customer_id"], card["reason"], card["notice"])
        self.told.update(("overdue" if promise.get("overdue") else "not due")
                         for promise in card.get("open_promises", ()))
        self.told["today"] += "today" in card.get("say_en", "")
        self.told["yesterday"] += "yesterday" in card.get("say_en", "")
        self.told["days ago"] += "days ago" in card.get("say_en", "")
