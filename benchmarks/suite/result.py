"""The result of one run of one variant of a benchmark: made, judged, kept and read.

  before = machine.look()
  ...                                                           the run
  result = new_result("latency", "half load", "How soon ...?", before=before, ...)
  result["latency"] = {"intended": {"p50": 3.1, "p99": 11.8}}   see shape.py for the keys
  result["correctness"] = {"expected": 1000, "got": 1000, "lost": 0, "dup": 0, "unexpected": 0}
  write(result, folder)

One JSON file per run; nothing is ever overwritten. Two rules hold whoever writes: a run
whose output was not right keeps no figure (FAILED), and a run whose load was late or
whose machine was shared is VOID by itself. `void` is for reasons that only the
benchmark knows.
"""

import errno
import json
import os
import re
import tempfile
import time
from typing import NamedTuple

import machine
from peer_result import from_peer, is_peer
from shape import FIGURES, SCHEMA, is_clean, validate

LATE_SHARE = 0.1
LEAST_ACHIEVED = 0.995
MOST_STEAL_PERCENT = 2
MOST_FILE_BYTES = 64_000_000
MOST_FILES = 10_000
MOST_SAME_NAME = 10_000
NUMBERS = re.compile(r"\[\n((?:\s*(?:null|-?\d[\d.eE+-]*),?\n)+)\s*\]")


class WriteFailed(Exception):
    """The file is not there, nor a part of it; the text says which and why."""


class Folder(NamedTuple):
    """`results` are pairs (file, result) ordered by bench, variant and repeat; `broken`
    says of each file that was skipped what is wrong with it."""
    results: list
    broken: list


def new_result(bench, variant, question, *, before, after=None, params=None, seed=None, workload_hash="", repeat=1,
               command, repository=None, flags="", versions=None):
    """A result without figures, verdict OK, with everything that must be disclosed.

    `before` is machine.look() from before the run, `after` from its end (default: now).
    `command` is the exact line to run it again; `repository` the git tree that was
    built; `versions` {name: version} of what else ran.
    """
    after = after or machine.look()
    began = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(before.at))
    return {"schema": SCHEMA, "run_id": f"{_slug(bench)}-{_slug(variant)}-{repeat}-{began}", "bench": bench,
            "variant": variant, "question": question, "repeat": repeat, "params": dict(params or {}), "seed": seed,
            "workload_hash": workload_hash, "env": machine.environment(before, after, repository, flags, versions),
            "correctness": None, "verdict": "OK", "command": command}


def void(result, why):
    """Marks the run as worth nothing, in place; a second reason is put after the first. A
    FAILED run stays FAILED."""
    if result["verdict"] == "FAILED":
        return result
    known = result.get("void_reason")
    if known is None or why not in known.split("; "):
        result["void_reason"] = why if known is None else f"{known}; {why}"
    result["verdict"] = "VOID"
    return result


def reasons_to_void(result):
    """What the figures themselves give away: a late load, or a machine that was not ours."""
    found = []
    late = (result.get("driver_lateness") or {}).get("p99")
    told = ((result.get("latency") or {}).get("intended") or {}).get("p99")
    if late is not None and told is not None and late > LATE_SHARE * told:
        found.append(f"the load was late: p99 {late:g} ms, the latency's p99 is {told:g} ms")
    offered, achieved = result.get("offered_rate"), result.get("achieved_rate")
    if offered and achieved is not None and achieved < LEAST_ACHIEVED * offered:
        found.append(f"only {achieved:.0f} of {offered:.0f} events/s were sent")
    steal = result["env"]["steal"]
    if steal > MOST_STEAL_PERCENT:
        found.append(f"the host took {steal:g} % of the processor time")
    return found


def judged(result):
    """A copy that says FAILED and has no figures where the output was not right, and is
    VOID where reasons_to_void finds one."""
    result = dict(result)
    if not is_clean(result.get("correctness")):
        result["verdict"] = "FAILED"
    if result["verdict"] == "FAILED":
        result = {name: value for name, value in result.items() if name not in FIGURES and name != "void_reason"}
        if "goal" in result:
            unmet = {"measured": None, "met": False}
            result["goal"] = [goal | unmet for goal in result["goal"]]
        return result
    for why in reasons_to_void(result):
        void(result, why)
    return result


def write(result, folder):
    """Returns the path of the new file, bench-variant-repeat.json; where that is taken,
    -2, -3 and so on are put behind it. The folder is made where it is missing.

    Raises ValueError, naming the keys, for what is no result, and WriteFailed when the
    file could not be written whole (a full disk): then nothing is left behind.
    """
    result = judged(result)
    problems = validate(result)
    if problems:
        raise ValueError("no result: " + "; ".join(problems[:10]))
    name = f"{_slug(result['bench'])}-{_slug(result['variant'])}-{result['repeat']}"
    part = None
    try:
        os.makedirs(folder, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_text(result))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(part, 0o644)
        return _give_free_name(part, folder, name)
    except OSError as error:
        raise WriteFailed(f"cannot write {os.path.join(folder, name)}.json: {error.strerror}") from error
    finally:
        if part is not None:
            os.unlink(part)


def _text(result):
    text = json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    # A list of numbers on one line: a series is thousands of them. No string has a line's end.
    return NUMBERS.sub(lambda found: "[" + " ".join(found.group(1).split()) + "]", text)


def _give_free_name(part, folder, name):
    # A link, and not a rename: a rename would silently replace what another run wrote.
    for number in range(1, MOST_SAME_NAME + 1):
        path = os.path.join(folder, f"{name}.json" if number == 1 else f"{name}-{number}.json")
        try:
            os.link(part, path)
        except FileExistsError:
            continue
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        return path
    raise OSError(errno.EEXIST, f"there are {MOST_SAME_NAME} files of that name")


def read_folder(folder):
    """All results below `folder`, which may also be one file.

    A file that is no result, contradicts itself, is too large, or repeats a run that
    was read already is skipped and named in `broken`; results of the peers
    (benchmarks/peers) are read as well. Raises FileNotFoundError where nothing is there.
    """
    results, broken, seen = [], [], {}
    for path in _files(folder):
        result, problems = _read(path)
        if not problems and result["run_id"] in seen:
            problems = [f"{path}: run_id: the same run as {seen[result['run_id']]}"]
        if problems:
            broken += problems
            continue
        seen[result["run_id"]] = path
        results.append((path, result))
    results.sort(key=lambda pair: (pair[1]["bench"], pair[1]["variant"], pair[1]["repeat"], pair[0]))
    return Folder(results, broken)


def _files(folder):
    if os.path.isfile(folder):
        return [folder]
    if not os.path.isdir(folder):
        raise FileNotFoundError(f"{folder}: no such file or folder")
    found = [os.path.join(where, name) for where, _, names in os.walk(folder)
             for name in names if name.endswith(".json") and not name.startswith(".")]
    if len(found) > MOST_FILES:
        raise FileNotFoundError(f"{folder}: {len(found)} files, {MOST_FILES} is the most that are read")
    return sorted(found)


def _read(path):
    try:
        if os.path.getsize(path) > MOST_FILE_BYTES:
            return None, [f"{path}: larger than {MOST_FILE_BYTES // 1_000_000} MB"]
        with open(path, encoding="utf-8") as file:
            result = json.load(file)
    except json.JSONDecodeError as error:
        return None, [f"{path}:{error.lineno}:{error.colno}: no JSON: {error.msg}"]
    except (UnicodeDecodeError, RecursionError):
        return None, [f"{path}: no JSON text"]
    except OSError as error:
        return None, [f"{path}: {error.strerror}"]
    if is_peer(result):
        result = from_peer(result, os.path.basename(path))
    if isinstance(result, dict) and "schema" not in result:
        return None, [f"{path}: something else than a result: it has no schema"]
    return result, validate(result, path)


def _slug(name):
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")[:60] or "x"
