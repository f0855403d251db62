"""Compact events of a scenario -> lines of InteractionEvents, for tests that are not the program's own
(processors/scenarios/scenario_event.h is the same of the program).

A compact event, every key optional except what makes its payload:

  at          "20s" after the start of the scenario, or "+20s" after the event before
              (units d h m s, e.g. "1d2h"); default "+20s", the first "0s"
  id          default "e1", "e2", ...
  customer, contact, channel, tenant, source, queue, agent, language, tier
              default: the scenario's `defaults`, then customer "p1", contact "c1",
              channel "CHAT"; null = leave out
  turn        role of the speaker, e.g. "customer"; with valence (sentiment.score),
              confidence, label, raw and scale [min, max], text, final, speaker
  lifecycle   state, e.g. "QUEUED"; with wait ("300s"), announced and lasted likewise
  signal      kind, e.g. "SILENCE"; with value, unit, by (a role), begin_ms, end_ms
  activity    kind, e.g. "REVIEW"; with rating and scale [min, max]
  promise     kind, e.g. "CALLBACK"; with promise_id, due (a time after the start of the
              scenario), within (a duration), made and kept (times), broken
  action      what somebody did with an alert, e.g. "ACK"; with rule, of whose newest alert the id is to be put in
              place of "{alert of RULE}"; of SNOOZE until (a time)
  survey      the answer; with scale [min, max], kind, for_contact, lower_is_better
  direction, initiation, case, intent, chain, touchpoint
              what is known of the contact, e.g. "INBOUND", "CUSTOMER"
  area, segments
              of the customer, e.g. "north/riverside" and ["launch-2026"]
  identities  of the customer, verified, e.g. ["phone:+49 30 1234", "customer:p1"]
  unmerge     true: the customer is taken apart from others; an event of nothing else
  notice      its id: an announcement to many, of no customer; with areas, segments and
              touchpoint, and due, starts and fulfilled (times), withdrawn
  baseline    its version: what customers usually wait, of no customer; with cells of queue,
              channel, hour, wait (a duration), waits and tenant
  repeat      this many events, each 20 s after the one before; valence may be a list
              that is gone through again and again
  set         members of the full event, put over the others
  line        a literal input line instead of an event
"""

import json
import re

START_MS = 1_736_154_000_000  # 2025-01-06T09:00:00Z
UNITS_MS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000}
SPACING_MS = 20_000
CHANNELS = ["", "VOICE", "CHAT", "MESSAGE", "EMAIL", "TASK", "VIDEO", "SOCIAL", "WEB", "IN_PERSON"]
DEFAULTS = {"customer": "p1", "contact": "c1", "channel": "CHAT"}
KEYS = {"at", "id", "customer", "contact", "channel", "tenant", "source", "queue", "agent", "language", "turn",
        "valence", "confidence", "label", "raw", "scale", "text", "final", "speaker", "lifecycle", "wait", "survey",
        "kind", "announced", "lasted", "signal", "value", "unit", "by", "begin_ms", "end_ms", "activity", "rating",
        "for_contact", "lower_is_better", "repeat", "set", "line", "promise", "promise_id", "due", "within", "made",
        "kept", "broken", "tier", "direction", "initiation", "case", "intent", "chain", "touchpoint", "area",
        "segments", "notice", "baseline", "cells", "areas", "starts", "fulfilled", "withdrawn",
        "identities", "unmerge", "action", "rule", "until"}


class ScenarioError(Exception):
    """The scenario itself is wrong."""


def duration_ms(text):
    if not re.fullmatch(r"(\d+[dhms])+", text):
        raise ScenarioError(f"'{text}' is no duration such as 20s or 1d2h")
    return sum(int(number) * UNITS_MS[unit] for number, unit in re.findall(r"(\d+)([dhms])", text))


def merge(target, over):
    for name, value in over.items():
        if isinstance(value, dict) and isinstance(target.get(name), dict):
            merge(target[name], value)
        else:
            target[name] = value
    return target


def sentiment(event, index):
    found = {}
    if event.get("valence") is not None:
        valence = event["valence"]
        found["score"] = valence[index % len(valence)] if isinstance(valence, list) else valence
    if "raw" in event:
        found.update(raw=event["raw"], raw_min=event["scale"][0], raw_max=event["scale"][1])
    found.update({name: event[name] for name in ("confidence", "label") if name in event})
    return found


def promise(event):
    stated = {"kind": event["promise"], "promise_id": event.get("promise_id", "p"), "broken": event.get("broken", False)}
    for name, field in {"due": "due_at_ms", "made": "promised_at_ms", "kept": "fulfilled_at_ms"}.items():
        if name in event:
            stated[field] = START_MS + duration_ms(event[name])
    if "within" in event:
        stated["max_duration_ms"] = duration_ms(event["within"])
    return {"promise": stated}


def notice(event):
    stated = {"notice_id": event["notice"], "withdrawn": event.get("withdrawn", False)}
    for name in ("areas", "segments"):
        stated[name] = event.get(name, [])
    if "touchpoint" in event:
        stated["touchpoint_id"] = event["touchpoint"]
    for name, field in {"due": "due_at_ms", "starts": "starts_at_ms", "fulfilled": "fulfilled_at_ms"}.items():
        if name in event:
            stated[field] = START_MS + duration_ms(event[name])
    return {"control": {"notice": stated}}


def baseline(event):
    cells = []
    for cell in event["cells"]:
        stated = {"queue_id": cell["queue"], "hour": cell["hour"], "wait_ms": duration_ms(cell["wait"]),
                  "waits": cell["waits"], "tenant_id": cell.get("tenant", "")}
        # CHANNEL_VOICE, CHANNEL_CHAT, ...: a number in this message.
        cells.append({**stated, "channel": CHANNELS.index(cell["channel"])})
    return {"control": {"baseline": {"version": event["baseline"], "cells": cells}}}


def payload(event, index):
    if "turn" in event:
        turn = {"role": event["turn"].upper(), "text": event.get("text", "")}
        if "final" in event:
            turn["is_final"] = event["final"]
        if "speaker" in event:
            turn["customer_id"] = event["speaker"]
        felt = sentiment(event, index)
        return {"turn": {**turn, "sentiment": felt} if felt else turn}
    if "lifecycle" in event:
        fields = {"wait": "wait_ms", "announced": "announced_wait_ms", "lasted": "duration_ms"}
        times = {field: duration_ms(event[name]) for name, field in fields.items() if name in event}
        return {"lifecycle": {"state": event["lifecycle"], **times}}
    if "signal" in event:
        by = {"by_role": event["by"].upper()} if "by" in event else {}
        measured = {name: event[name] for name in ("value", "unit", "begin_ms", "end_ms") if name in event}
        return {"signal": {"kind": event["signal"], **by, **measured}}
    if "activity" in event:
        rating = {}
        if "rating" in event:
            rating = {"rating": event["rating"], "rating_min": event["scale"][0], "rating_max": event["scale"][1]}
        return {"activity": {"kind": event["activity"], **rating}}
    if "promise" in event:
        return promise(event)
    if "action" in event:
        until = {"until_at_ms": START_MS + duration_ms(event["until"])} if "until" in event else {}
        return {"alert_action": {"alert_id": f"{{alert of {event['rule']}}}", "kind": event["action"], **until}}
    if "survey" in event:
        low, high = event["scale"]
        polarity = "LOWER_IS_BETTER" if event.get("lower_is_better") else "HIGHER_IS_BETTER"
        return {"survey": {"kind": event.get("kind", "CSAT"), "status": "ANSWERED", "raw": event["survey"],
                           "raw_min": low, "raw_max": high, "polarity": polarity,
                           "for_contact_id": event.get("for_contact", "")}}
    return {}


def identities(event):
    named = [name.partition(":") for name in event["identities"]]
    return {"customer": {"identities": [{"type": kind, "value": value, "verified": True} for kind, _, value in named]}}


def unmerge(event):
    tenant = {"tenant_id": event["tenant"]} if event.get("tenant") else {}
    customer = {"customer": {"customer_id": event["customer"]}}
    return {"source": "peakend", **tenant, **customer, "control": {"identity": {"unmerge": {}}}}


def full_event(event, event_id, at_ms, index):
    full = {"event_id": event_id, "occurred_at_ms": at_ms}
    if "notice" in event:
        tenant = {"tenant_id": event["tenant"]} if event.get("tenant") else {}
        return merge({**full, **tenant, **notice(event)}, event.get("set", {}))
    if event.get("unmerge"):
        return unmerge(event)
    if "baseline" in event:
        return merge({**full, **baseline(event)}, event.get("set", {}))
    plain = {"source": "source", "tenant": "tenant_id", "language": "language", "area": "area"}
    nested = {"customer": ("customer", "customer_id"), "tier": ("customer", "tier"), "contact": ("contact", "contact_id"),
              "case": ("contact", "case_id"), "chain": ("contact", "chain_id"), "queue": ("queue", "id"),
              "agent": ("agent", "id"), "touchpoint": ("touchpoint", "touchpoint_id"),
              "intent": ("touchpoint", "intent"), "segments": ("customer", "segments")}
    for name, field in plain.items():
        if event.get(name) is not None:
            full[field] = event[name]
    for name, (field, member) in nested.items():
        if event.get(name) is not None:
            full.setdefault(field, {})[member] = event[name]
    for name in ("channel", "direction", "initiation"):
        if event.get(name) is not None:
            full[name] = f"{name.upper()}_{event[name]}"
    if "identities" in event:
        merge(full, identities(event))
    full.update(payload(event, index))
    return merge(full, event.get("set", {}))


def expand(scenario):
    """The events of a scenario as (time in ms, input line), in the order they stand."""
    defaults = {**DEFAULTS, **scenario.get("defaults", {})}
    lines = []
    at_ms = START_MS - SPACING_MS
    for compact in scenario["events"]:
        if unknown := set(compact) - KEYS:
            raise ScenarioError(f"unknown key {sorted(unknown)} in an event")
        for index in range(compact.get("repeat", 1)):
            at = compact.get("at", "+20s") if index == 0 else "+20s"
            at_ms = at_ms + duration_ms(at[1:]) if at.startswith("+") else START_MS + duration_ms(at)
            if "line" in compact:
                lines.append((at_ms, compact["line"]))
                continue
            event_id = compact.get("id", f"e{len(lines) + 1}")
            full = full_event({**defaults, **compact}, event_id, at_ms, index)
            lines.append((at_ms, json.dumps(full, ensure_ascii=False)))
    return lines
