#!/usr/bin/env python3
"""Which scenarios show each kind of evidence: every cause has one whose `expect` names it.

    evidence.py build/release/peakend

Prints the causes of each kind of evidence (docs/model.md, "From events to impressions") with the scenarios that expect
them. Exit code 0 = each has one, 1 = some have none, or the program knows a cause that no
kind has; 64 = wrong call.
"""

import json
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
KINDS = {
    "customer turns": ["turn"],
    "messages left unanswered, a bot that does not understand, no human": [
        "unanswered", "not_understood", "human_refused"],
    "queue wait, first and next response, hold": ["queue_wait", "first_response", "next_response", "hold"],
    "announced wait exceeded, promises and notices": [
        "announced_wait_exceeded", "promise_at_risk", "promise_broken", "promise_kept", "notice_broken"],
    "repeat contact for the same need": ["repeat_contact"],
    "transfers, repeated authentication, wrong skill": ["transferred", "authenticated_again", "wrong_skill"],
    "interruptions, silence, overtalk": ["interrupted", "silence", "talked_over"],
    "dropped calls, page errors, poor audio": ["dropped", "page_error", "poor_audio"],
    "abandoned, left unanswered, disconnected on hold": ["abandoned", "left_unanswered", "hung_up_on_hold"],
    "resolved, follow-up in time, recovery, return": ["resolved", "followed_up", "recovered", "returned"],
    "reviews and outside complaints": ["low_review", "outside_complaint"],
    "orders and contracts": ["order_returned", "order_cancelled", "left_service", "renewed"],
}


def load():
    """All scenarios of this folder."""
    return [scenario for path in sorted(FOLDER.glob("*.json"))
            for scenario in json.loads(path.read_text(encoding="utf-8"))]


def causes_of_program(program):
    """The causes that policies may name."""
    schema = subprocess.run([program, "config", "schema", "--policy"], capture_output=True, check=True).stdout
    names = set()

    def visit(node):
        if isinstance(node, list):
            for member in node:
                visit(member)
        elif isinstance(node, dict):
            if "queue_wait" in node.get("enum", []):
                names.update(node["enum"])
            for member in node.values():
                visit(member)

    visit(json.loads(schema))
    return names - {"any", ""}


def expecting(scenarios, cause):
    """The scenarios whose outputs must have the cause."""
    def has(node):
        if isinstance(node, list):
            return any(map(has, node))
        if isinstance(node, dict):
            return any(map(has, node.values()))
        return node == cause

    return [scenario["name"] for scenario in scenarios if has(scenario["expect"])]


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 64
    scenarios = load()
    missing = []
    for kind, causes in KINDS.items():
        print(f"{kind}:")
        for cause in causes:
            names = expecting(scenarios, cause)
            print(f"  {cause}: {', '.join(names[:3]) or 'NO SCENARIO'}")
            missing += [] if names else [cause]
    kindless = causes_of_program(arguments[0]) - {cause for causes in KINDS.values() for cause in causes}
    for cause in sorted(kindless):
        print(f"{cause} is of no kind")
    return 1 if missing or kindless else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
