"""Is a record what a scenario expects? Differences come as readable lines.

An expectation is a subset: only the members it names are compared. Numbers agree
within 1e-6. Beside plain values there are

  "@20s"              the time 20 s after the scenario's start, in ms
  {"above": x}, {"below": x}
  "absent": [names]   members that must not be there

Lists are compared whole and in order, element by element.
"""

from scenario_events import START_MS, duration_ms

TOLERANCE = 1e-6


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def show(value):
    return f"{value:.9g}" if isinstance(value, float) else repr(value)


def match_range(want, got, where):
    bad = []
    if not is_number(got):
        return [f"{where}: expected {want}, got {show(got)}"]
    if "above" in want and not got > want["above"]:
        bad.append(f"{where}: expected above {want['above']}, got {show(got)}")
    if "below" in want and not got < want["below"]:
        bad.append(f"{where}: expected below {want['below']}, got {show(got)}")
    return bad


def match(want, got, where):
    """Differences between the expectation and what is there."""
    if isinstance(want, dict) and want and set(want) <= {"above", "below"}:
        return match_range(want, got, where)
    if isinstance(want, dict):
        return match_object(want, got, where)
    if isinstance(want, list):
        return match_list(want, got, where)
    if isinstance(want, str) and want.startswith("@"):
        want = START_MS + duration_ms(want[1:])
    if is_number(want) and is_number(got):
        equal = abs(want - got) <= TOLERANCE
    else:
        equal = type(want) is type(got) and want == got
    return [] if equal else [f"{where}: expected {show(want)}, got {show(got)}"]


def match_object(want, got, where):
    if not isinstance(got, dict):
        return [f"{where}: expected an object, got {show(got)}"]
    bad = [f"{where}.{name}: expected to be absent, got {show(got[name])}"
           for name in want.get("absent", []) if name in got]
    for name, value in want.items():
        if name == "absent":
            continue
        if name in got:
            bad += match(value, got[name], f"{where}.{name}")
        else:
            bad.append(f"{where}.{name}: expected {show(value)}, but it is absent")
    return bad


def match_list(want, got, where):
    if not isinstance(got, list):
        return [f"{where}: expected a list, got {show(got)}"]
    if len(want) != len(got):
        return [f"{where}: expected {len(want)} elements, got {len(got)}"]
    return [line for i, (w, g) in enumerate(zip(want, got)) for line in match(w, g, f"{where}[{i}]")]
