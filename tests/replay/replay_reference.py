"""What `peakend replay` should answer, from the outputs of two `peakend run`s of the same input.

Written from proto/peakend/v1/replay_report.proto and the headers in processors/replay/, with other
means: pairs by dictionaries, sorts by whole tuples, fractions where they are exact.
"""

import collections
import json
from fractions import Fraction

FEWEST_RATED = 30
SEED, SAMPLES, DRAWS, FEWEST_SAMPLES = 20251127, 1000, 100_000_000, 100
MASK = (1 << 64) - 1
SEVERITIES = {"INFO": 1, "WARNING": 2, "CRITICAL": 3}


class Outputs:
    """One run's records: alerts as they were raised, the last rows of the rest."""

    def __init__(self, lines, since=None, until=None):
        within = lambda ms: (since is None or ms >= since) and (until is None or ms < until)
        self.alerts, self.rows, journeys = [], {}, {}
        for line in lines:
            record = json.loads(line)
            topic, value = record["topic"], record["value"]
            if topic == "moment-alerts" and value["row_version"] == 1 and within(value["occurred_at_ms"]):
                self.alerts.append(value)
            elif topic == "journeys":
                journeys[value["journey_id"]] = value
            elif topic == "touchpoint-statistics" and within(value["window_start_ms"]):
                self.rows[value["row_id"]] = value["contacts"]
        self.rated = [journey for _, journey in sorted(journeys.items())
                      if "survey_score" in journey and not journey["is_deleted"] and within(journey["started_at_ms"])]


def trigger(alert):
    return alert["evidence"][0]["event_id"] if alert["evidence"] else ""


def place(alert):
    return ("id", alert["contact_id"]) if alert["contact_id"] else ("channel", alert["channel"])


def order(alert):
    return (alert["occurred_at_ms"], *(alert[name].encode() for name in ("rule", "tenant_id", "customer_id")),
            trigger(alert).encode(), alert["contact_id"].encode(), alert["alert_id"].encode())


LIKENESSES = (lambda alert: (trigger(alert), alert["occurred_at_ms"]), trigger, place)


def pairs_of(before, after):
    """(before, after) of all alerts, None where one side has none."""
    pairs, left = [], [sorted(before, key=order), sorted(after, key=order)]
    for likeness in LIKENESSES:
        waiting = collections.defaultdict(collections.deque)
        about = lambda alert: (alert["rule"], alert["tenant_id"], alert["customer_id"], likeness(alert))
        for alert in left[0]:
            waiting[about(alert)].append(alert)
        unmatched = []
        for alert in left[1]:
            alike = waiting[about(alert)]
            if alike:
                pairs.append((alike.popleft(), alert))
            else:
                unmatched.append(alert)
        left = [[alert for alike in waiting.values() for alert in alike], unmatched]
        left[0].sort(key=order)
    pairs += [(alert, None) for alert in left[0]] + [(None, alert) for alert in left[1]]
    return pairs


class Pair:
    def __init__(self, before, after):
        self.before, self.after = before, after
        self.either = before or after
        self.both = bool(before and after)
        self.shift = after["occurred_at_ms"] - before["occurred_at_ms"] if self.both else 0
        self.severity = self.both and before["severity"] != after["severity"]
        self.urgency = self.both and before["urgency"] != after["urgency"]
        self.different = not self.both or bool(self.shift) or self.severity or self.urgency

    def size(self):
        sides = [side for side in (self.before, self.after) if side]
        interrupt = any(side["urgency"] == "INTERRUPT" for side in sides)
        if self.urgency or (not self.both and interrupt):
            rank = 0
        elif not self.both:
            rank = 1
        else:
            rank = 2 if self.severity else 3
        worst = max(SEVERITIES[side["severity"]] for side in sides)
        return (rank, -worst, -abs(self.shift), order(self.either))


def lower_median(values):
    return sorted(values)[(len(values) - 1) // 2]


def counts_of(pairs, rule):
    pairs = [pair for pair in pairs if not rule or pair.either["rule"] == rule]
    sides = {"before": [pair.before for pair in pairs if pair.before],
             "after": [pair.after for pair in pairs if pair.after]}
    counts = {"rule": rule, "before": len(sides["before"]), "after": len(sides["after"]),
              "both": sum(pair.both for pair in pairs),
              "gone": sum(pair.after is None for pair in pairs), "added": sum(pair.before is None for pair in pairs),
              "severity_changed": sum(pair.severity for pair in pairs),
              "urgency_changed": sum(pair.urgency for pair in pairs),
              "different": sum(pair.different for pair in pairs)}
    for name, shifts in (("earlier", [-pair.shift for pair in pairs if pair.shift < 0]),
                         ("later", [pair.shift for pair in pairs if pair.shift > 0])):
        counts[name] = len(shifts)
        if shifts:
            counts[f"{name}_median_ms"] = lower_median(shifts)
    for side, alerts in sides.items():
        counts[f"interrupts_{side}"] = sum(alert["urgency"] == "INTERRUPT" for alert in alerts)
    return counts


def side_of(alert):
    return {**{name: alert[name] for name in ("alert_id", "contact_id", "occurred_at_ms", "severity", "urgency")},
            "event_id": trigger(alert)}


def difference_of(pair):
    found = {name: pair.either[name] for name in ("rule", "tenant_id", "customer_id")}
    for name, alert in (("before", pair.before), ("after", pair.after)):
        if alert:
            found[name] = side_of(alert)
    return {**found, "shift_ms": pair.shift}


def numbers(seed):
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        mixed = ((seed ^ seed >> 30) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & MASK
        yield mixed ^ mixed >> 31


def bad_below(*rated):
    for journeys in rated:
        ratings = [journey["survey_score"] for journey in journeys]
        cuts = sorted(set(ratings))[1:]
        if cuts:
            share = lambda cut: Fraction(sum(rating < cut for rating in ratings), len(ratings))
            return min(cuts, key=lambda cut: (abs(share(cut) - Fraction(1, 3)), cut))
    return None


def journey_of(alert, journeys):
    holders = [journey for journey in journeys
               if (journey["tenant_id"], journey["customer_id"]) == (alert["tenant_id"], alert["customer_id"])
               and alert["contact_id"] in journey["contact_ids"] and journey["started_at_ms"] <= alert["occurred_at_ms"]]
    holders.sort(key=lambda journey: (journey["started_at_ms"], journey["journey_id"]))
    named = [journey for journey in journeys if journey["journey_id"] == alert["journey_id"]]
    return (holders[-1:] or named or [None])[0]


def forecasts(journeys, alerts, below, interrupts):
    """(bad, share left at the first alert or None) of each journey."""
    first = {}
    for alert in alerts:
        if alert["moment_kind"] == "PEAK_POSITIVE" or (interrupts and alert["urgency"] != "INTERRUPT"):
            continue
        journey = journey_of(alert, journeys)
        if journey and (not journey["survey_at_ms"] or alert["occurred_at_ms"] < journey["survey_at_ms"]):
            known = first.setdefault(journey["journey_id"], alert["occurred_at_ms"])
            first[journey["journey_id"]] = min(known, alert["occurred_at_ms"])
    found = []
    for journey in journeys:
        left = None
        if journey["journey_id"] in first:
            whole = journey["ended_at_ms"] - journey["started_at_ms"]
            rest = journey["ended_at_ms"] - first[journey["journey_id"]]
            left = min(1.0, max(0.0, rest / whole)) if whole > 0 else 0.0
        found.append((journey["survey_score"] < below, left))
    return found


def figures(sample):
    alerted = [bad for bad, left in sample if left is not None]
    leads = [left for bad, left in sample if bad and left is not None]
    bad = sum(bad for bad, _ in sample)
    return {"precision": len(leads) / len(alerted) if alerted else None,
            "recall": len(leads) / bad if bad else None,
            "lead": lower_median(leads) if leads else None}


def forecast_quality(found):
    quality = {"alerted": sum(left is not None for _, left in found),
               "foretold": sum(bad and left is not None for bad, left in found)}
    stream = numbers(SEED)
    count = max(FEWEST_SAMPLES, min(SAMPLES, DRAWS // len(found)))
    samples = [figures([found[next(stream) % len(found)] for _ in found]) for _ in range(count)]
    for name, value in figures(found).items():
        if value is None:
            continue
        quality[name] = {"value": value}
        drawn = sorted(sample[name] for sample in samples if sample[name] is not None)
        if 2 * len(drawn) >= count:
            cut = len(drawn) // 40
            quality[name].update(low=drawn[cut], high=drawn[-1 - cut])
    return quality


def quality_of(outputs, below):
    rated = outputs.rated
    quality = {"rated_journeys": len(rated), "bad_journeys": 0, "no_figures": ""}
    if below is not None:
        quality["bad_below"] = below
        quality["bad_journeys"] = sum(journey["survey_score"] < below for journey in rated)
    if len(rated) < FEWEST_RATED:
        quality["no_figures"] = f"{len(rated)} rated journeys are too few, {FEWEST_RATED} are needed"
    elif below is None:
        quality["no_figures"] = f"all {len(rated)} ratings are the same"
    elif quality["bad_journeys"] in (0, len(rated)):
        share = "none" if quality["bad_journeys"] == 0 else "all"
        quality["no_figures"] = f"{share} of the {len(rated)} rated journeys were bad"
    else:
        quality["interrupts"] = forecast_quality(forecasts(rated, outputs.alerts, below, True))
        quality["all"] = forecast_quality(forecasts(rated, outputs.alerts, below, False))
    return quality


def outcome_of(outputs, below):
    """Without what the outputs do not tell: the policy's version and the counts of events."""
    contacts = sum(outputs.rows.values())
    interrupts = sum(alert["urgency"] == "INTERRUPT" for alert in outputs.alerts)
    outcome = {"contacts": contacts, "alerts": len(outputs.alerts), "interrupts": interrupts,
               "over_budget": sum(alert["over_budget"] for alert in outputs.alerts),
               "stale": sum(alert["stale"] for alert in outputs.alerts), "quality": quality_of(outputs, below)}
    if contacts:
        outcome["interrupts_per_100_contacts"] = 100.0 * interrupts / contacts
    return outcome


def report_of(before, after, show, below=None):
    if below is None:
        below = bad_below(before.rated, after.rated)
    pairs = [Pair(*pair) for pair in pairs_of(before.alerts, after.alerts)]
    different = sorted((pair for pair in pairs if pair.different), key=Pair.size)
    return {"before": outcome_of(before, below), "after": outcome_of(after, below),
            "rules": [counts_of(pairs, rule) for rule in sorted({pair.either["rule"] for pair in pairs})],
            "total": counts_of(pairs, ""), "differences": [difference_of(pair) for pair in different[:show]]}
