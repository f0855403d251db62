#!/usr/bin/env python3
"""Gate: `peakend calibrate` on conversations that customers rated.

    calibrate_gate.py build/release/peakend

What the program says of the conversations it held out must be what follows from their scores
and ratings: Spearman's correlation, worked out here; that no gain counts whose interval holds
0; and that the sample in tests/data, which is too small, is refused. What is found is printed,
whichever way it is: nobody claims that other weights pay.

The rated corpora stand in the folder PEAKEND_DATA (default ../shared/data/conversations beside
the repository); without it the sample alone is looked at. Exit code 0 = all as expected, 1 = not.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import score_gate
from correlation import spearman
from quality_gate import outcomes_of

TRAIN, HELD_OUT = "taobao-clothes.train", "taobao-clothes.dev"
TOLERANCE = 1e-9


def rows_of(program, source, target):
    """The rows of a file of conversations, and the newest score of each by conversation id."""
    importer = subprocess.Popen([program, "import", "conversations", str(source), "--quiet"], stdout=subprocess.PIPE)
    subprocess.run([program, "run", "--input", "-", "--output", str(target), "--quiet"],
                   stdin=importer.stdout, check=True, timeout=300)
    scores = {}
    for line in target.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["topic"] == "journeys" and "score" in record["value"]:
            scores[record["value"]["contact_ids"][0]] = record["value"]["score"]
    return scores


def write_ratings(path, outcomes):
    lines = [f"{name},{outcome!r},-1,1" for name, outcome in outcomes.items()]
    path.write_text("\n".join(["id,rating,min,max", *lines, ""]), encoding="utf-8")


def calibrate(program, *arguments):
    done = subprocess.run([program, "calibrate", *map(str, arguments), "--format", "json"], capture_output=True,
                          timeout=300, check=False)
    return done.returncode, json.loads(done.stdout)


def check_sample(program, folder):
    outcomes = outcomes_of(score_gate.read_conversations(score_gate.SAMPLE))
    rows_of(program, score_gate.SAMPLE, folder / "sample")
    write_ratings(folder / "ratings", outcomes)
    code, said = calibrate(program, folder / "sample", "--ratings", folder / "ratings")
    return [] if code == 1 and said["sample"]["findings"][0] == "too_few" else ["a small sample was not refused"]


def check_corpus(program, corpora, folder):
    outcomes, scores = {}, {}
    for name in (TRAIN, HELD_OUT):
        source = corpora / f"{name}.jsonl.gz"
        outcomes[name] = outcomes_of(score_gate.read_conversations(source))
        scores[name] = rows_of(program, source, folder / name)
    write_ratings(folder / "ratings", {**outcomes[TRAIN], **outcomes[HELD_OUT]})
    _, said = calibrate(program, folder / TRAIN, "--holdout", folder / HELD_OUT, "--ratings", folder / "ratings")
    both = sorted(set(scores[HELD_OUT]) & set(outcomes[HELD_OUT]))
    wanted = spearman([scores[HELD_OUT][name] for name in both], [outcomes[HELD_OUT][name] for name in both])
    score, weights = said["score"], said["weights"]
    print(f"{HELD_OUT}, fitted to {TRAIN}: score {score['spearman']:.4f}, worst_weight {said['worst_weight']} "
          f"{weights['spearman']:.4f}, gain {weights['gain']:+.4f} ({weights['gain_interval']['low']:+.4f} to "
          f"{weights['gain_interval']['high']:+.4f}): {'pays' if said['other_weights_pay'] else 'does not pay'}")
    bad = []
    if said["held_out"] != len(both):
        bad.append(f"{said['held_out']} were held out, expected {len(both)}")
    if abs(score["spearman"] - wanted) > TOLERANCE:
        bad.append(f"Spearman of the score is {score['spearman']}, expected {wanted}")
    if abs(weights["gain"] - (weights["spearman"] - score["spearman"])) > TOLERANCE:
        bad.append("the gain is not the difference of the correlations")
    if said["other_weights_pay"] != (weights["gain_interval"]["low"] > 0):
        bad.append("what pays does not follow from the interval")
    return bad


def main(arguments):
    if len(arguments) != 1:
        print(__doc__.strip())
        return 64
    corpora = pathlib.Path(os.environ.get("PEAKEND_DATA", score_gate.DEFAULT_CORPORA))
    with tempfile.TemporaryDirectory() as folder:
        bad = check_sample(arguments[0], pathlib.Path(folder))
        if (corpora / f"{TRAIN}.jsonl.gz").exists():
            bad += check_corpus(arguments[0], corpora, pathlib.Path(folder))
        else:
            print(f"no rated corpora in {corpora}: the sample alone was looked at")
    for problem in bad:
        print(f"FAILED {problem}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
