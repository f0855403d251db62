"""A result of the peers (benchmarks/peers) as a result of the suite.

Their comparison writes files of its own form, with fewer keys. Here they get the
suite's: bench vs-throughput, vs-latency or vs-kill, variant the peer's name. What a
file does not tell (older ones: the processor, the git tree) says so.
"""

from shape import SCHEMA

UNTOLD = "not told"
QUESTIONS = {
    "throughput": ("What does the peers' job cost on this engine?", "同一个作业，在这个引擎上要花多少？"),
    "latency": ("How soon can an alert of the peers' job be read?", "同一个作业，提醒多久之后可以读到？"),
    "kill": ("How soon is the engine back after kill -9?", "被 kill -9 之后，引擎多久恢复？")}
# A floor reads the same input and writes nothing, so that nothing of it was judged.
FLOOR_QUESTION = ("What does it cost to read the peers' input and do nothing with it?", "只读取同一份输入、什么都不做，要花多少？")
BENCH = "vs-"


def is_peer(value):
    return isinstance(value, dict) and "peer" in value and "variant" not in value


def from_peer(found, file):
    """Never raises: a key that is missing or wrong is for shape.validate to find. `file`
    stands for the run's name, which their form does not hold."""
    bench, peer = str(found.get("bench", "")), str(found.get("peer", ""))
    floor = {"floor": True} if found.get("floor") is True else {}
    question, question_zh = FLOOR_QUESTION if floor else QUESTIONS.get(bench, QUESTIONS["throughput"])
    options = _object(found, "options") | floor
    verdict = found.get("verdict")
    result = {"schema": SCHEMA, "run_id": file, "bench": BENCH + bench, "variant": peer, "question": question,
              "question_zh": question_zh, "repeat": found.get("round", 1),
              "params": {"events": found.get("events"), **options}, "seed": None,
              "workload_hash": f"peer-input-{found.get('events')}", "env": _env(_object(found, "environment")),
              "correctness": _correctness(found.get("correctness")), "verdict": "OK" if verdict == "ok" else verdict,
              "command": found.get("command") or UNTOLD}
    if verdict == "VOID":
        result["void_reason"] = found.get("reason") or UNTOLD
    return result if verdict == "FAILED" else result | _figures(found)


def _figures(found):
    rss = _without_nothing({"max": found.get("rss_mb")})
    latency = found.get("latency")
    figures = {"recovery": (found.get("recovery_s"), "s", "lower")}
    kept = {name: {"value": value, "unit": unit, "better": better}
            for name, (value, unit, better) in figures.items() if value is not None}
    return _without_nothing({
        "achieved_rate": found.get("events_per_s"), "rss": rss or None, "figures": kept or None,
        "latency": {"intended": latency} if latency is not None else None,
        "cpu": _without_nothing({"per_million": found.get("cpu_per_million")}) or None})


def _correctness(found):
    if not isinstance(found, dict):
        return None
    # Their reference counts a record that came twice as unexpected.
    seen = {name: found.get(name) for name in ("expected", "got", "lost", "unexpected")}
    return seen | {"dup": 0, "wrong_order": found.get("disordered", 0)}


def _env(told):
    return {"cpu": told.get("processor") or UNTOLD, "cores": told.get("processors", 0),
            "memory_mb": told.get("memory_mb"), "kernel": told.get("kernel") or UNTOLD,
            "governor": told.get("governor") or UNTOLD,
            "loadavg": [told.get("load_before", 0), told.get("load_after", 0)], "steal": told.get("steal_percent", 0),
            "git": told.get("git") or {"sha": UNTOLD, "dirty": True}, "flags": ""}


def _object(found, name):
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def _without_nothing(values):
    return {name: value for name, value in values.items() if value is not None}
