"""The tables of a report as values, for a page and for Markdown alike. Pure.

Each takes results and words and returns a Table, or None where no result has what it
shows. Figures are of OK runs only; only `excluded` and `correctness` tell of the others.
"""

import metrics
import peer_goals
import repeats
from shape import is_clean
from table import Table

BASE = "peakend"
PEERS = "vs"


def questions(results, words):
    """One row a benchmark, or more where its variants ask different things."""
    rows = dict.fromkeys((result["bench"], words.question(result)) for result in results)
    return Table([words("benchmark"), words("question")], [list(row) for row in rows]) if rows else None


def goals(results, words):
    """One row a goal: of its repeats the worst of the middle three, and how many met it.
    More is better where the text of a goal begins with ≥, > or "at least". A VOID run says
    nothing for or against a goal; a FAILED one did not meet it."""
    found = {}
    for result in results:
        for goal in result.get("goal", []) if result["verdict"] != "VOID" else []:
            found.setdefault((result["bench"], result["variant"], goal["name"], goal["goal"]), []).append(goal)
    rows = [[bench, variant, name, wanted, *_goal_cells(group, words)]
            for (bench, variant, name, wanted), group in found.items()]
    rows += [[judged.bench, peer_goals.OURS, judged.name, judged.goal, f"{metrics.short(judged.measured)} {judged.unit}",
              words("yes" if judged.met else "no")] for judged in peer_goals.judge(results)]
    return Table([words("benchmark"), words("variant"), words("metric"), words("goal"), words("measured"), words("met")],
                 rows, frozenset({4})) if rows else None


def _goal_cells(group, words):
    numbers = [goal["measured"] for goal in group if isinstance(goal["measured"], (int, float))]
    texts = [goal["measured"] for goal in group if isinstance(goal["measured"], str)]
    higher = group[0]["goal"].lstrip().startswith(("≥", ">", "at least"))
    measured = metrics.short(repeats.worst_of_middle_three(numbers, higher)) if numbers else (texts or ["–"])[0]
    unit = next((goal["unit"] for goal in group if goal.get("unit")), "") if numbers else ""
    return [f"{measured} {unit}".strip(), _met(group, words)]


def _met(group, words):
    known = [goal["met"] for goal in group if goal["met"] is not None]
    if not known:
        return words("open")
    verdict = words("yes") if all(known) else words("no")
    return verdict if len(known) == 1 else f"{verdict} – {words('runs_met', met=sum(known), runs=len(known))}"


def goals_met(results):
    """(met, all) in goals, each over all its repeats."""
    found = {}
    for result in results:
        for goal in result.get("goal", []) if result["verdict"] != "VOID" else []:
            found.setdefault((result["bench"], result["variant"], goal["name"]), []).append(goal["met"])
    peers = [judged.met for judged in peer_goals.judge(results)]
    return sum(all(met is True for met in group) for group in found.values()) + sum(peers), len(found) + len(peers)


def base_of(variants):
    """The engine that ratios are to: peakend where it ran, else the first by name."""
    ordered = sorted(variants)
    return next((name for name in ordered if name.split()[0:1] == [BASE] or name.startswith(BASE)), ordered[0])


def peers(results, words):
    """[(bench, base, Table)] of the benchmarks that run other engines."""
    found = []
    groups = metrics.groups([one for one in results if one["verdict"] == "OK" and one["bench"].startswith(PEERS)])
    for bench in dict.fromkeys(bench for bench, _ in groups):
        engines = {variant: (metrics.by_metric(runs), len(runs)) for (name, variant), runs in groups.items()
                   if name == bench}
        base = base_of(engines)
        columns = list(dict.fromkeys(metric for values, _ in engines.values() for metric in values))
        if columns:
            found.append((bench, base, _peer_table(engines, base, columns, words)))
    return found


def _peer_table(engines, base, columns, words):
    first = columns[0]

    def order(name):
        values = engines[name][0].get(first)
        rank = repeats.median(values) * (-1 if first.higher else 1) if values else float("inf")
        return name != base, rank
    head, rows = [words("engine"), words("runs")], []
    for metric in columns:
        head += [words.metric(metric), "×"]
    for name in sorted(engines, key=order):
        values, count = engines[name]
        row = [name, str(count)]
        for metric in columns:
            row += [metrics.range_text(values.get(metric)),
                    _ratio(values.get(metric), engines[base][0].get(metric), name == base, words)]
        rows.append(row)
    return Table(head, rows, frozenset(range(1, len(head))))


def _ratio(values, base, is_base, words):
    if is_base and values:
        return "1"
    if not values or not base or repeats.median(base) == 0:
        return "–"
    ratio = f"{repeats.median(values) / repeats.median(base):.2f}"
    return ratio if repeats.apart(values, base) else f"{ratio} ({words('overlap')})"


def figures(results, words):
    rows = []
    for (bench, variant), group in metrics.groups(results).items():
        for metric, values in metrics.by_metric(group).items():
            interval = map(metrics.short, repeats.bootstrap_interval(values)) if len(values) >= 5 else ["–"]
            rows.append([bench, variant, words.metric(metric), metrics.range_text(values),
                         metrics.short(repeats.worst_of_middle_three(values, metric.higher)),
                         " – ".join(interval), str(len(values))])
    return Table([words("benchmark"), words("variant"), words("metric"), words("values"), words("headline"),
                  words("interval"), words("runs")], rows, frozenset({3, 4, 5, 6})) if rows else None


def correctness(results, words):
    """Sums over the runs of a variant, VOID ones too: a wrong output is wrong on any machine."""
    rows = []
    for (bench, variant), group in metrics.groups(results).items():
        seen = [result["correctness"] for result in group if result["correctness"] is not None]
        if not seen:
            rows.append([bench, variant, str(len(group)), *["–"] * 7, words("unchecked")])
            continue
        right = all(is_clean(one) for one in seen) and not any(one["verdict"] == "FAILED" for one in group)
        sums = [f"{sum(one.get(name, 0) for one in seen):,.0f}" for name in
                ("expected", "got", "lost", "dup", "unexpected", "late_dropped", "wrong_order")]
        rows.append([bench, variant, str(len(seen)), *sums, words("right" if right else "wrong")])
    return Table([words("benchmark"), words("variant"), words("runs"), words("expected"), words("got"), words("lost"),
                  words("dup"), words("unexpected"), words("late"), words("order"), words("verdict")], rows,
                 frozenset(range(2, 10))) if rows else None


def excluded(results, broken, words):
    rows = [[result["bench"], result["variant"], str(result["repeat"]), result["verdict"],
             result.get("void_reason", words("output_differs"))] for result in results if result["verdict"] != "OK"]
    rows += [["–", "–", "–", words("broken"), problem] for problem in broken]
    head = [words(key) for key in ("benchmark", "variant", "run", "verdict", "why")]
    return Table(head, rows) if rows else None


def machines(results):
    """How many different ones."""
    return len({(one["env"]["cpu"], one["env"]["cores"], one["env"]["governor"]) for one in results})


def mixed(results):
    """Names of the variants whose OK runs are no repeats of one thing: other parameters,
    workload or commit."""
    good = [result for result in results if result["verdict"] == "OK"]
    return [" / ".join(key) for key, group in metrics.groups(good).items()
            if any((one["params"], one["workload_hash"], one["env"]["git"]["sha"])
                   != (group[0]["params"], group[0]["workload_hash"], group[0]["env"]["git"]["sha"]) for one in group)]


def disclosure(results, words):
    """One row a fact; where runs differ all that was seen, ranges of what is a number."""
    if not results:
        return None
    envs = [result["env"] for result in results]
    loads = [load for env in envs for load in env["loadavg"]]
    seen = [
        ("cpu", [env["cpu"] for env in envs]), ("cores", [str(env["cores"]) for env in envs]),
        ("memory", [f"{env['memory_mb'] / 1000:.1f} GB" for env in envs if env.get("memory_mb")]),
        ("kernel", [env["kernel"] for env in envs]), ("governor", [env["governor"] for env in envs]),
        ("load", [f"{min(loads):g} – {max(loads):g}"] if loads else []),
        ("steal", [f"{max(env['steal'] for env in envs):g} %"]),
        ("git", [env["git"]["sha"] + (f" ({words('with_changes')})" if env["git"]["dirty"] else "") for env in envs]),
        ("flags", [env["flags"] for env in envs]),
        ("versions", [f"{name} {version}" for env in envs for name, version in env.get("versions", {}).items()]),
        ("broker", [_settings(result.get("broker")) for result in results]),
        ("seed", [str(result["seed"]) for result in results if result["seed"] is not None]),
        ("workload", [result["workload_hash"] for result in results])]
    rows = [[words(key), "; ".join(dict.fromkeys(value for value in values if value))] for key, values in seen]
    return Table([words("key"), words("value")], [row for row in rows if row[1]])


def _settings(broker):
    return ", ".join(f"{name} {value}" for name, value in (broker or {}).items() if value is not None)


def commands(results, words):
    """Of each variant the command of its first run; those of the others are in the results."""
    rows = [[*key, str(len(group)), group[0]["command"]] for key, group in metrics.groups(results).items()]
    head = [words(key) for key in ("benchmark", "variant", "runs", "command")]
    return Table(head, rows, frozenset({2})) if rows else None
