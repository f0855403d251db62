#!/usr/bin/env python3
"""Gate: what the program's numbers are worth, on conversations that customers rated.

    quality_gate.py build/release/peakend [--shuffled] [FILE...]

1. Spearman's correlation of the outcome (the rating of the whole conversation, which is
   never part of the stream) with the score, and with plainer numbers beside it. Reported,
   no claim: they must be finite, and of every conversation with an outcome and a rated turn.
2. The live rule score_low as a forecast of "outcome in the lowest third", which is: outcome
   <= v, for the value v whose share of conversations (ties included) comes closest to 1/3.
   Of the thresholds tried on taobao-clothes.dev the most precise one with recall >= .70 must
   have precision >= .80.
3. Lead: the median share of turns (of both roles) still to come at a conversation's first
   alert, where it foretold rightly, must be half; also without the alerts that the
   customer's first turn raised. No alert may know a turn that is still to come.
4. Alerts per 100 conversations under the shipped policy. Reported, never failed.

--shuffled deals the outcomes out at random: a control that has to fail.
Files and exit codes are those of score_gate.py.
"""

import collections
import math
import pathlib
import random
import sys
import tempfile

import live_alerts
import score_gate
from correlation import spearman

COLUMNS = ("score", "mean", "classical", "last", "worst")
RULE = "score_low"
MEASURED = "taobao-clothes.dev"
SHIPPED = "shipped"
EXIT_ABOVE = 0.2

PRECISION, RECALL, LEAD = 0.80, 0.70, 0.50
INTERRUPTS_PER_100 = 5
# What was found at each threshold on the measured file (precision, recall). A number that
# falls by more than SLACK is a regression, also where the goals still hold.
FOUND = {-0.3: (0.693, 0.833), -0.4: (0.779, 0.803), -0.5: (0.806, 0.768), -0.6: (0.843, 0.732)}
SLACK = 0.02
# The shipped rule stands at -0.4: more recall than the goal asks for, precision just short of
# it. It may move along the frontier, and not below what it was found to be worth.
SHIPPED_FLOOR = (FOUND[-0.4][0] - SLACK, RECALL)


def outcomes_of(conversations):
    """conversation_id -> outcome in [-1, 1], of the conversations that have one."""
    found = {}
    for conversation in conversations:
        ratings = conversation.get("outcome")
        if ratings:
            low, high = conversation["outcome_scale"]
            mean = sum(ratings) / len(ratings)
            found[conversation["conversation_id"]] = (mean - (low + high) / 2) / ((high - low) / 2)
    return found


def shuffled(outcomes):
    dealt = list(outcomes.values())
    random.Random(score_gate.SEED).shuffle(dealt)
    return dict(zip(outcomes, dealt))


def classical(journey):
    """The textbook rule: half way between the stronger peak and the end."""
    positive, negative = journey.get("peak_positive") or 0.0, journey.get("peak_negative") or 0.0
    dominant = negative if abs(negative) >= abs(positive) else positive
    return (dominant + journey["end"]) / 2


def lowest_third(outcomes):
    """conversation_id -> whether its outcome is in the lowest third."""
    if not outcomes:
        return {}
    values = list(outcomes.values())
    cut = min(sorted(set(values)),
              key=lambda cut: abs(sum(value <= cut for value in values) / len(values) - 1 / 3))
    return {name: outcome <= cut for name, outcome in outcomes.items()}


def label(path):
    return path.name.removesuffix(".gz").removesuffix(".jsonl")


class Corpus:
    """A file of conversations and what the shipped policy makes of it."""

    def __init__(self, program, path, is_shuffled):
        self.path = path
        self.name = label(path)
        self.conversations = score_gate.read_conversations(path)
        self.outcomes = outcomes_of(self.conversations)
        if is_shuffled:
            self.outcomes = shuffled(self.outcomes)
        self.bad = lowest_third(self.outcomes)
        self.run = live_alerts.run_program(program, path)

    def per_100(self, count):
        return 100 * count / max(1, len(self.conversations))

    def report_correlations(self):
        problems = []
        journeys = score_gate.by_customer({j["journey_id"]: j for j in self.run.journeys}, problems)
        pairs, silent = [], 0
        for conversation in self.conversations:
            outcome = self.outcomes.get(conversation["conversation_id"])
            if outcome is None:
                continue
            if score_gate.expected(conversation)["count"] == 0:
                silent += 1
                continue
            journey = journeys.get(conversation["customer_id"], {})
            if journey.get("score") is None:
                problems.append(f"{conversation['conversation_id']}: no score")
                continue
            pairs.append((outcome, {**journey, "classical": classical(journey)}))
        judged = [outcome for outcome, _ in pairs]
        found = {column: spearman(judged, [journey[column] for _, journey in pairs]) for column in COLUMNS}
        print(f"{self.name:<22} {len(self.conversations):>6} {len(self.outcomes):>8} {silent:>8} "
              + " ".join(f"{found[column]:>9.3f}" for column in COLUMNS), flush=True)
        if len(pairs) + silent != len(self.outcomes) or not pairs:
            problems.append(f"{len(pairs)} conversations compared, {silent} without a rated turn, "
                            f"expected {len(self.outcomes)}")
        problems += [f"{column}: {value}" for column, value in found.items() if not math.isfinite(value)]
        return [f"{self.name}: {problem}" for problem in problems]

    def report_forecast(self, threshold, alerts, rule):
        found = live_alerts.forecast(self.conversations, self.bad, alerts, rule)
        share = 100 * found.bad / max(1, len(self.bad))
        print(f"{self.name:<22} {threshold:>9} {share:>7.1f} {self.per_100(found.alerted):>9.1f} "
              f"{found.precision:>9.3f} {found.recall:>7.3f} {found.lead:>7.3f} {found.later_lead:>7.3f} "
              f"{len(found.later_leads):>5}/{found.foretold}", flush=True)
        return found, live_alerts.foreknowing(self.conversations, alerts, rule)


def write_thresholds(folder):
    """A policy with one score rule per threshold: they know nothing of each other."""
    rules = "".join(f"  - {{name: {RULE}{enter}, on: score, enter: {enter}, exit: {enter + EXIT_ABOVE:.1f}}}\n"
                    for enter in FOUND)
    path = pathlib.Path(folder) / "thresholds.yaml"
    path.write_text(f"name: q\nrules:\n{rules}", encoding="utf-8")
    return path


def report_thresholds(program, corpus):
    """Returns the forecast of every threshold, and what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        alerts = live_alerts.run_program(program, corpus.path, write_thresholds(folder)).alerts
    found, problems = {}, []
    for enter in FOUND:
        found[enter], wrong = corpus.report_forecast(enter, alerts, f"{RULE}{enter}")
        problems += wrong
    return found, problems


def short_of(name, forecast, floor):
    values = zip(("precision", "recall"), (forecast.precision, forecast.recall), floor)
    return [f"{name}: {what} {value:.3f}, at least {least:.3f} expected"
            for what, value, least in values if not value >= least]


def late(name, forecast):
    values = (("lead", forecast.lead), ("lead without first turns", forecast.later_lead))
    return [f"{name}: {what} {value:.3f}, goal {LEAD}" for what, value in values if not value >= LEAD]


def judge_live(shipped, thresholds):
    """What the measured file says about the goals."""
    problems = short_of(SHIPPED, shipped, SHIPPED_FLOOR) + late(SHIPPED, shipped)
    for enter, forecast in thresholds.items():
        problems += short_of(enter, forecast, [value - SLACK for value in FOUND[enter]])
    recalling = [enter for enter in thresholds if thresholds[enter].recall >= RECALL]
    if not recalling:
        return [*problems, f"no threshold has recall {RECALL}"]
    best = max(recalling, key=lambda enter: thresholds[enter].precision)
    missed = short_of(f"best threshold {best}", thresholds[best], (PRECISION, RECALL))
    print(f"\ngoal: precision >= {PRECISION:.2f} at recall >= {RECALL:.2f}, lead >= {LEAD:.2f} twice. "
          f"Best threshold {best}: {'missed' if missed else 'reached'}; "
          f"the shipped rule: {'missed' if short_of('', shipped, (PRECISION, RECALL)) else 'reached'}")
    return problems + missed + late(f"best threshold {best}", thresholds[best])


def report_live(program, corpora):
    """The thresholds are tried on the measured file; without it on the first, and not judged."""
    measured = next((corpus for corpus in corpora if corpus.name == MEASURED), corpora[0])
    print(f"\n2, 3. {RULE} as a forecast of an outcome in the lowest third. % bad: the share in it, which is\n"
          "the precision of guessing; alerted: per 100 conversations; lead: median share of turns still to come;\n"
          "later: the same without alerts at the customer's first turn, and of how many foretold\n"
          f"{'file':<22} {'enter':>9} {'% bad':>7} {'alerted':>9} {'precision':>9} {'recall':>7} {'lead':>7} "
          f"{'later':>7}        of")
    problems, shipped = [], {}
    for corpus in corpora:
        shipped[corpus], wrong = corpus.report_forecast(SHIPPED, corpus.run.alerts, RULE)
        problems += wrong
    thresholds, wrong = report_thresholds(program, measured)
    problems += wrong
    if measured.name != MEASURED:
        print(f"\n{MEASURED} is absent: no goal is judged")
        return problems
    return problems + judge_live(shipped[measured], thresholds)


def report_load(corpora):
    print("\n4. Alerts per 100 conversations, shipped policy (! = interrupts)")
    width = max(len(corpus.name) for corpus in corpora) + 1
    print(f"{'rule':<24}" + "".join(f"{corpus.name:>{width}}" for corpus in corpora))
    counts = {corpus: collections.Counter((alert["rule"], alert["urgency"] == "INTERRUPT")
                                          for alert in corpus.run.alerts) for corpus in corpora}
    for rule, interrupts in sorted(set().union(*counts.values())):
        print(f"{rule + (' !' if interrupts else ''):<24}"
              + "".join(f"{corpus.per_100(counts[corpus][rule, interrupts]):>{width}.1f}" for corpus in corpora))
    loads = [corpus.per_100(sum(n for (_, interrupts), n in counts[corpus].items() if interrupts))
             for corpus in corpora]
    print(f"{'interrupts':<24}" + "".join(f"{load:>{width}.1f}" for load in loads))
    for corpus, load in zip(corpora, loads):
        verdict = "above the goal" if load > INTERRUPTS_PER_100 else "holds"
        print(f"    {corpus.name:<22} {load:>6.1f} interrupts per 100, goal <= {INTERRUPTS_PER_100}: {verdict}")
    print("    (not failed: thresholds do not travel between corpora, a policy sets them for its own customers)")


def main(arguments):
    is_shuffled = "--shuffled" in arguments
    arguments = [argument for argument in arguments if argument != "--shuffled"]
    if not arguments or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 64
    program, *named = arguments
    files = [pathlib.Path(name) for name in named] or score_gate.files_to_check()
    print("1. Spearman's correlation with the outcome" + (", OUTCOMES DEALT AT RANDOM" if is_shuffled else ""))
    print(f"{'file':<22} {'n':>6} {'outcomes':>8} {'no turns':>8} " + " ".join(f"{c:>9}" for c in COLUMNS))
    corpora, problems = [], []
    for path in files:
        corpora.append(Corpus(program, path, is_shuffled))
        problems += corpora[-1].report_correlations()
    problems += report_live(program, corpora)
    report_load(corpora)
    print("\n" + (f"FAILED: {len(problems)} problems" if problems else "passed"))
    for problem in problems[:20]:
        print(f"    {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
