#!/usr/bin/env python3
"""Random policies about what customers remember: half lives, opening cards of all kinds and levels,
rules for those who come back; about how long a journey can change: repeat and amend windows on
both sides of the journey gap; about how many alerts may interrupt; about where rules apply, what
tiers may expect, whom alerts go to in time, how long notices count, what is said, and when what was resolved
is over; about what is usual, when queues are open, and windows of statistics.

    random_policies.py SEED        a policy, as YAML

The windows are mostly minutes, as in windows.yaml beside this file, whose rules take part, and
else days.
"""

import pathlib
import random
import sys

import yaml

from random_calendars import calendars

WINDOWS = pathlib.Path(__file__).resolve().parent / "windows.yaml"
KINDS = ["promise_overdue", "notice_overdue", "promise_open", "notice", "unrecovered_peak", "bad_end", "good_end", "again",
         "known"]
HALF_LIVES = ["1h", "90m", "2h", "433m", "1d", "30d", "1000d"]
MINUTES = {"repeat_window": ["0s", "4m", "8m", "20m", "3h", "2d", "7d"], "amend_window": ["0s", "3m", "10m", "1h", "14d"],
           "allowed_lateness": ["0s", "1m", "2m"], "contact_gap_email": ["4m", "9m"],
           "memory": ["1h", "3h", "1d", "20d", "20d"], "notice_window": ["0s", "1m", "6m", "6m", "1h", "7d"],
           "resolution_grace": ["0s", "123s", "4m", "5m", "1h"],
           "statistics_window": ["1m", "1m", "3m", "10m", "90001ms", "1h"]}
DAYS = {"journey_gap": ["3d"], "journey_max": ["6d", "20d"], "repeat_window": ["0s", "2d", "5d", "7d", "30d"],
        "amend_window": ["0s", "1d", "4d", "14d", "14d"], "allowed_lateness": ["1m", "1h"],
        "contact_gap": ["1m", "30m"], "contact_gap_email": ["9m", "4d", "7d"], "memory": ["1h", "20d", "100d"],
        "notice_window": ["0s", "6m", "1d", "7d", "90d"], "resolution_grace": ["0s", "2h", "1d", "4d"],
        "statistics_window": ["1m", "1h", "7h", "1d"]}
SCOPES = {"queue": ["q0", "q1", "q2"], "channel": ["any", "voice", "chat", "email"], "tier": ["gold", "silver"],
          "touchpoint": ["n0", "n1", "n2", "touchpoint_id0"],
          "cause": ["any", *["turn"] * 4, "queue_wait", "hold", "silence", "dropped", "promise_kept", "promise_broken",
                    "first_response", "repeat_contact", "recovered", "order_returned", "order_cancelled",
                    "left_service", "renewed"]}
OF_EVENTS = {"language": ["en", "zh", "ZH-cn", "e"], "producer": ["human-rating", "lens"], "scale": ["1-5", "connect-5"]}
JUDGE_EVENTS = ("impression", "score", "abandoned", "delight", "negative_turns", "escalation")
# Desired and adequate, in seconds; of audio scores.
LIMITS = [(0, 1), (1, 10), (4, 30), (20, 40), (60, 600)]
KANO = ["basic", "performance", "excitement", "none"]
# Words of random_words.py, and what stands in them.
PHRASES = ["hello", "Good Morning", "您好", "you want", "您是要", "sorry", "apologise", "抱歉", "we will", "next   step",
           "接下来", "o", "thank", "thanks", "谢谢", "好", "c3", "a human", "real person", "转人工", "agent_1", "agent", "manager",
           "supervisor", "投诉", "complain!", "(legal)", "?", "", " ", "é", "e"]
CLASSES = ["greeting", "need_restated", "apology", "next_step", "thanks", *["human_request", "escalation", "resignation", "sarcasm", "formula"] * 2]
RECIPIENTS = ["shift-lead", "班长", "desk", "head", "店长", "director"]
PATIENCE = ["1s", "5s", "20s", "20s", "1m", "1m", "90s", "3m", "10m", "1h", "7d"]
SNOOZES = [None, None, "1m", "90s", "5m", "1h", "7d"]
TEXTS = ["", "Hello.", "Last time ({ago})", "{ago}, {ago} {Ago}", "您上次（{ago}）", "{ago"]


def opening(rng):
    row = {"when": rng.choice(KINDS)}
    if rng.random() < 0.5:
        row["level"] = rng.choice([-1, -1, -0.8, -0.4, -0.1, -0.0001, 0, 0, 0.0001, 0.2, 0.6, 1, round(rng.uniform(-1, 1), 9)])
    for name in ("say_en", "say_zh"):
        if rng.random() < 0.7:
            row[name] = rng.choice(TEXTS)
    return row


def openings(rng):
    """Some; mostly the narrow ones before those that always fit."""
    rows = [opening(rng) for _ in range(rng.choice([0, 1, 3, 6, 10]))]
    if rng.random() < 0.7:
        rows.sort(key=lambda row: KINDS.index(row["when"]))
    return rows


def returning(rng, name):
    enter = rng.choice([-0.9, -0.5, -0.3, -0.1, -0.0001, 0, 0.2])
    rule = {"name": name, "on": "returning", "enter": enter, "exit": max(enter, -0.2),
            "severity": rng.choice(["info", "warning", "critical"]), "urgency": rng.choice(["interrupt", "list"]),
            "cooldown": rng.choice(["0s", "1m"]), "stale_after": rng.choice(["0s", "10m"]),
            "follow_up_within": rng.choice(["1m", "10m"])}
    if rng.random() < 0.7:
        rule["unrecovered_only"] = rng.random() < 0.5
    return rule


def scope(rng, on):
    found = {name: rng.choice(SCOPES[name]) for name in rng.sample(list(SCOPES), rng.choice([0, *[1] * 6, 2, 3]))}
    for name in OF_EVENTS if on in JUDGE_EVENTS else ():
        if rng.random() < 0.15:
            found[name] = rng.choice(OF_EVENTS[name])
    return found


def phrases(rng):
    """More or less of what is said; mostly what windows.yaml knows."""
    rows = []
    for _ in range(rng.choice([1, 3, 8])):
        said = [rng.choice(["", "", " "]) + phrase for phrase in rng.sample(PHRASES, rng.choice([1, 2, 5]))]
        rows.append({"class": rng.choice(CLASSES), "says": "|".join([*said, rng.choice(PHRASES[:5])])})
    return rows


def impression(rng):
    row = {"cause": rng.choice(["notice_broken", "order_returned", "order_cancelled", "left_service", "renewed"])}
    for name, low in (("first", -1), ("step", -1), ("confidence", 0), ("most_delight", 0)):
        if rng.random() < 0.3:
            row[name] = rng.choice([0, 1, low, round(rng.uniform(low, 1), 9)])
    if rng.random() < 0.3:
        row["kano"] = rng.choice(KANO)
    return row


def expectation(rng):
    row = {"cause": rng.choice(["queue_wait", "queue_wait", "first_response", "next_response", "hold", "silence",
                                "poor_audio"])}
    for name, share in (("tier", 0.8), ("queue", 0.2), ("channel", 0.3)):
        if rng.random() < share:
            row[name] = rng.choice(SCOPES[name])
    if row.get("queue") == "q2":
        row["touchpoint"] = SCOPES["touchpoint"][len(row["cause"]) % 3]
        del row["queue"]
    if row["cause"] == "poor_audio":
        row["desired_score"], row["adequate_score"] = rng.choice([(5, 1), (4.5, 3.6), (3, 2.5)])
    else:
        row["desired"], row["adequate"] = (f"{limit}s" for limit in rng.choice(LIMITS))
    return row


def recipients(rng, policy):
    """In half of the policies: who passes alerts on to whom, mostly in time for something to happen."""
    if rng.random() < 0.5:
        return
    names = rng.sample(RECIPIENTS, len(RECIPIENTS))
    rows = []
    for number, name in enumerate(names):
        row = {"name": name}
        if number + 1 < len(names) and rng.random() < 0.8:
            row["escalate_to"] = rng.choice(names[number + 1:])
            row["after"] = rng.choice(PATIENCE)
        rows.append(row)
    policy["recipients"] = rng.sample(rows, len(rows))
    for rule in policy["rules"]:
        if rng.random() < 0.7:
            rule["recipients"] = rng.sample(names, rng.choice([1, 1, 2, 3, 4]))


def policy_of(seed):
    rng = random.Random(f"policy {seed}")
    policy = yaml.load(WINDOWS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    policy["name"] = f"drawn{seed}"
    windows = DAYS if rng.random() < 0.4 else MINUTES
    policy["windows"].update({name: rng.choice(choices) for name, choices in windows.items()},
                             max_contacts=rng.choice([2, 6, 30, 60]), max_event_ids=rng.choice([64, 1000]))
    policy["moments"].update(peak_floor=rng.choice([0, 0.05, 0.3]), own_waits=rng.choice([0, 1, 1, 2, 3]),
                             baseline_waits=rng.choice([0, 1, 5, 30]))
    policy["moments"]["follow_up_within"] = rng.choice(["3m", "3m", "1h", "1d"])
    policy["touchpoints"] = [{"id": name, "stage": rng.choice(["search", "pay", "deliver"])}
                             for name in rng.sample(SCOPES["touchpoint"], rng.choice([0, 1, 3]))]
    for touchpoint in policy["touchpoints"]:
        touchpoint["owner"] = "partner" if touchpoint["stage"] == "deliver" else ""
    policy["calendars"] = calendars(rng)
    policy["memory"] = {f"{name}_half_life": rng.choice(HALF_LIVES) for name in ("worst", "best", "end")
                        if rng.random() < 0.8}
    policy["openings"] = openings(rng)
    policy["alert_budget"] = {"interrupts_per_100_contacts": rng.choice([0, 0.04, 0.05, 5, 30, 30.07, 100, 250, 1000]),
                              "contacts": rng.choice([1, 1, 2, 3, 4, 5, 20])}
    rows = policy["expectations"]
    for _ in range(rng.choice([0, 2, 6])):
        rows.insert(rng.randrange(len(rows) + 1), expectation(rng))
    if rng.random() < 0.3:
        policy["phrases"] = phrases(rng)
    for row in [impression(rng) for _ in range(rng.choice([0, 0, 2, 4]))]:
        if all(row["cause"] != other["cause"] for other in policy["impressions"]):
            policy["impressions"].append(row)
    rules = rng.sample(policy["rules"], rng.choice([0, 4, 10]))
    rules += [returning(rng, f"returns{number}") for number in range(rng.choice([0, 1, 1, 3]))]
    if rng.random() < 0.5:
        rules.append({"name": "repeats", "on": "repeat_contact", "cooldown": "0s", "repeats": rng.choice([1, 1, 2])})
    if rng.random() < 0.3:
        rules.append({"name": "escalates", "on": "escalation", "cooldown": rng.choice(["0s", "1m"]),
                      "severity": rng.choice(["info", "warning", "critical"]),
                      "follow_up_within": rng.choice(["1m", "10m"])})
    for rule in rules:
        if rng.random() < 0.4:
            rule["urgency"] = "interrupt"
        if rng.random() < 0.2:
            rule["recipients"] = rng.sample(["shift-lead", "班长", "desk"], rng.choice([1, 2, 3]))
        if rng.random() < 0.5:
            rule["only"] = [scope(rng, rule["on"]) for _ in range(rng.choice([1, 1, 2, 3]))]
    rng.shuffle(rules)
    policy["rules"] = rules
    recipients(random.Random(f"recipients {seed}"), policy)
    if (snooze := random.Random(f"snooze {seed}").choice(SNOOZES)) is not None:
        policy["alert_snooze"] = snooze
    return policy


def text_of(seed):
    return yaml.safe_dump(policy_of(seed), allow_unicode=True, sort_keys=False)


def main(arguments):
    if len(arguments) != 1 or not arguments[0].isdigit():
        print(__doc__.strip())
        return 64
    print(text_of(int(arguments[0])), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
