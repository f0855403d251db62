#!/usr/bin/env python3
"""Gate: the program's journey scores against the definition, on rated conversations.

    score_gate.py build/release/peakend [FILE...]

For every conversation of every file the score of its journey must equal

    0.10 * worst + 0.90 * tail

over the 32 latest rated customer turns, where the tail is their mean with weight
0.75^k for the k-th from the newest; worst, last, tail, mean and count are compared
too. Words are evidence of their own, so the policy has no phrases (ratings.yaml). Then everything that agents say and seem to feel is changed at random, and no
number of any customer may move. This file shares no code with the program.

Without FILE: the sample in tests/data, always, and the rated corpora in the folder
PEAKEND_DATA (default ../shared/data/conversations beside the repository) where it
exists. Exit code 0 = all equal, 1 = not, 64 = wrong call.
"""

import gzip
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests/data/conversations.sample.jsonl"
POLICY = ROOT / "tests/verify/ratings.yaml"
DEFAULT_CORPORA = ROOT.parent / "shared/data/conversations"
CORPORA = ("mwoz.dev", "sgd.dev", "redial.dev", "taobao-clothes.dev", "taobao-clothes.train")

LATEST = 32
FADING = 0.75
TOLERANCE = 1e-6
COMPARED = ("score", "worst", "last", "tail", "mean")
SEED = 20250106


def read_conversations(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def valence(turn, scale):
    """The feeling of a turn in [-1, 1], or None where nobody rated it."""
    if turn.get("ratings"):
        raw = sum(turn["ratings"]) / len(turn["ratings"])
    elif turn.get("sentiment") is not None:
        raw = turn["sentiment"]
    else:
        return None
    low, high = scale
    return (raw - (low + high) / 2) / ((high - low) / 2)


def expected(conversation):
    felt = [valence(turn, conversation["turn_scale"])
            for turn in conversation["turns"] if turn["role"] == "customer"]
    felt = [value for value in felt if value is not None]
    if not felt:
        return {"count": 0, **dict.fromkeys(COMPARED)}
    latest = felt[-LATEST:]
    weights = [FADING ** k for k in range(len(latest))]
    tail = sum(w * v for w, v in zip(weights, reversed(latest))) / sum(weights)
    return {"count": len(felt), "worst": min(latest), "last": latest[-1], "tail": tail,
            "mean": sum(felt) / len(felt), "score": 0.10 * min(latest) + 0.90 * tail}


def run_program(program, path):
    """The final record of every journey that is not deleted, by journey_id."""
    importer = subprocess.Popen([program, "import", "conversations", str(path), "--quiet"],
                                stdout=subprocess.PIPE)
    runner = subprocess.Popen([program, "run", "--input", "-", "--output", "-", "--quiet", "--policy", str(POLICY)],
                              stdin=importer.stdout, stdout=subprocess.PIPE)
    importer.stdout.close()
    final = {}
    for line in runner.stdout:
        if not line.startswith(b'{"topic":"journeys"'):
            continue
        journey = json.loads(line)["value"]
        held = final.get(journey["journey_id"])
        if held is None or journey["row_version"] > held["row_version"]:
            final[journey["journey_id"]] = journey
    codes = {"import": importer.wait(), "run": runner.wait()}
    for verb, code in codes.items():
        if code != 0:
            raise SystemExit(f"peakend {verb} ended with {code} on {path.name}")
    return {key: journey for key, journey in final.items() if not journey.get("is_deleted", False)}


def by_customer(journeys, problems):
    """One journey per customer; a second one is a problem."""
    found = {}
    for journey in journeys.values():
        customer = journey["customer_id"]
        if customer in found:
            problems.append(f"{customer}: more than one journey")
        found[customer] = journey
    return found


def compare(conversations, journeys):
    """Returns the largest difference and what is wrong."""
    problems = []
    found = by_customer(journeys, problems)
    largest = 0.0
    for conversation in conversations:
        journey = found.pop(conversation["customer_id"], None)
        name = conversation["conversation_id"]
        if journey is None:
            problems.append(f"{name}: no journey")
            continue
        if journey["contact_ids"] != [name]:
            problems.append(f"{name}: contact_ids {journey['contact_ids']}")
        want = expected(conversation)
        if journey["count"] != want["count"]:
            problems.append(f"{name}: count {journey['count']}, expected {want['count']}")
        for level in COMPARED:
            got = journey.get(level)
            if got is None or want[level] is None:
                if got is not want[level]:
                    problems.append(f"{name}: {level} {got}, expected {want[level]}")
                continue
            difference = abs(got - want[level])
            largest = max(largest, difference)
            if not difference <= TOLERANCE:
                problems.append(f"{name}: {level} {got}, expected {want[level]:.9f}")
    problems += [f"{customer}: a journey of nobody" for customer in found]
    return largest, problems


def with_other_agents(conversations, rng):
    """The same customers, served by agents who say and feel something else."""
    said = ("Certainly.", "No.", "That is terrible!", "Wonderful!", "稍等。", "我不知道。", "")
    changed = json.loads(json.dumps(conversations))
    for conversation in changed:
        low, high = conversation["turn_scale"]
        for turn in conversation["turns"]:
            if turn["role"] != "agent":
                continue
            turn.pop("ratings", None)
            turn["text"] = rng.choice(said)
            turn["sentiment"] = rng.choice([None, low, high, rng.randint(low, high)])
    return changed


def levels(journeys):
    return {journey["customer_id"]: [journey.get(name) for name in (*COMPARED, "count")]
            for journey in journeys.values()}


def moved_by_agents(program, conversations, journeys):
    changed = with_other_agents(conversations, random.Random(SEED))
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "other-agents.jsonl"
        path.write_text("".join(json.dumps(c, ensure_ascii=False) + "\n" for c in changed), encoding="utf-8")
        after = levels(run_program(program, path))
    before = levels(journeys)
    return [f"{customer}: {before.get(customer)} became {after.get(customer)} when only agents changed"
            for customer in sorted(before.keys() | after.keys())
            if before.get(customer) != after.get(customer)]


def check(program, path):
    conversations = read_conversations(path)
    journeys = run_program(program, path)
    largest, problems = compare(conversations, journeys)
    problems += moved_by_agents(program, conversations, journeys)
    long = sum(expected(c)["count"] > LATEST for c in conversations)
    verdict = "FAILED" if problems else "equal"
    print(f"{path.name:<34} {len(conversations):>7} {long:>7} {len(journeys):>8}   {largest:.3e}   {verdict}",
          flush=True)
    for problem in problems[:10]:
        print(f"    {problem}")
    if len(problems) > 10:
        print(f"    and {len(problems) - 10} more")
    return not problems


def files_to_check():
    folder = pathlib.Path(os.environ.get("PEAKEND_DATA") or DEFAULT_CORPORA)
    if not folder.is_dir():
        print(f"The rated corpora are absent ({folder} is no folder; PEAKEND_DATA names another):\n"
              f"only the small synthetic set {SAMPLE.relative_to(ROOT)} is checked.\n")
        return [SAMPLE]
    files = [SAMPLE]
    for name in CORPORA:
        path = folder / f"{name}.jsonl.gz"
        if path.exists():
            files.append(path)
        else:
            print(f"{path} is absent and not checked")
    return files


def main(arguments):
    if not arguments or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 64
    program, *named = arguments
    files = [pathlib.Path(name) for name in named] or files_to_check()
    print(f"{'file':<34} {'n':>7} {'over ' + str(LATEST):>7} {'journeys':>8}   largest     verdict")
    results = [check(program, path) for path in files]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
