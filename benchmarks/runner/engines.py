"""The engine without Kafka: programs of benchmarks/ that measure parts of it in one process."""

import json
import re
import subprocess

from stage import Failed, look

MICRO = ("step", "record", "deadline")
# One of each program, and briefly.
SMOKE = ("--benchmark_min_time=0.01", "--benchmark_filter=Decode|customers:100$|turns:8$")
LINE = re.compile(r"decode +(\d+) ns/event, engine +(\d+) ns/event, ([\d.]+) outputs/event of (\d+) bytes, digest (\w+)")
IDLE = re.compile(r"^ *2 +\d+ +\d+ +[\d.]+ +([\d.]+) +[\d.]+ +(\d+)", re.MULTILINE)


def _run(stage, name, *arguments):
    done = subprocess.run([stage.program(f"benchmarks/{name}_benchmark"), *map(str, arguments)], capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{name}_benchmark failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def micro(stage, bench, repeat, kept):
    stage.say(f"{bench.name}, round {repeat}")
    before = look()
    figures = {}
    step_allocations = None
    for program in MICRO[:2] if stage.smoke else MICRO:
        told = json.loads(_run(stage, program, "--benchmark_format=json",
                               *(SMOKE if stage.smoke else ())))
        for one in told["benchmarks"]:
            name = one["name"].split("/iterations")[0]
            # DeadlineSet makes a million in each iteration: its milliseconds are nanoseconds each.
            value = one["cpu_time"] * {"ns": 1, "us": 1e3, "ms": 1 if name.startswith("Deadline") else 1e6}[one["time_unit"]]
            figures[name] = {"value": value, "unit": "ns", "better": "lower"}
            if "instructions" in one:
                figures[name + " instructions"] = {"value": one["instructions"], "unit": "instructions", "better": "lower"}
            if name == "StepOfKnownCustomer/customers:100":
                step_allocations = one.get("allocs_per_event")
    result = stage.result(bench, "one process", before, repeat, params={"programs": " ".join(MICRO)})
    result["figures"] = figures
    result["goal"] = [{"name": "allocations of a step", "goal": "≤ 0", "measured": step_allocations,
                       "met": None if step_allocations is None else step_allocations < 0.001}]
    return [result]


def scan_ns(stage):
    """What decoding and checking one event of the usual kind takes."""
    told = json.loads(_run(stage, "step", "--benchmark_format=json", "--benchmark_filter=Decode/Scanner",
                           "--benchmark_min_time=" + ("0.01" if stage.smoke else "0.5")))
    return told["benchmarks"][0]["cpu_time"]


def engine(stage, bench, repeat, kept):
    """Five passes over one input must make one digest: else there is no figure."""
    stage.say(f"{bench.name}, round {repeat}")
    before = look()
    events = 20_000 if stage.smoke else 2_000_000
    lines = [LINE.search(line) for line in _run(stage, "engine", events).splitlines() if LINE.search(line)]
    digests = {line.group(5) for line in lines}
    nanoseconds = sorted(int(line.group(2)) for line in lines)[len(lines) // 2]
    result = stage.result(bench, "contact day", before, repeat, params={"events": events, "customers": 200_000},
                          workload_hash=lines[0].group(5))
    same = len(digests) == 1
    result["correctness"] = {"expected": len(lines), "got": len(lines) if same else 1,
                             "lost": 0 if same else len(lines) - 1, "dup": 0, "unexpected": 0}
    result["cpu"] = {"per_million": nanoseconds / 1e3}
    result["figures"] = {
        "decode": {"value": sorted(int(line.group(1)) for line in lines)[len(lines) // 2], "unit": "ns", "better": "lower"},
        "events a second and core": {"value": 1e9 / nanoseconds, "unit": "ev/s", "better": "higher"}}
    result["goal"] = [{"name": "events a second and core", "goal": "≥ 2000000", "measured": 1e9 / nanoseconds,
                       "unit": "ev/s", "met": 1e9 / nanoseconds >= 2_000_000}]
    return [result]


def keys(stage, bench, repeat, kept):
    results = []
    for customers in (1000, 10_000) if stage.smoke else (10_000, 100_000, 1_000_000, 10_000_000):
        stage.say(f"{bench.name} {customers}, round {repeat}")
        before = look()
        found = IDLE.search(_run(stage, "memory", customers, 2))
        if not found:
            raise Failed("memory_benchmark tells no second round")
        result = stage.result(bench, f"{customers} customers", before, repeat, params={"customers": customers})
        result["cpu"] = {"per_million": int(found.group(2)) / 1e3}
        result["figures"] = {"bytes of an idle customer": {"value": float(found.group(1)), "unit": "B", "better": "lower"}}
        result["goal"] = [{"name": "bytes of an idle customer", "goal": "≤ 300", "measured": float(found.group(1)),
                           "unit": "B", "met": float(found.group(1)) <= 300}]
        results.append(result)
    speed = results[0]["cpu"]["per_million"] / results[-1]["cpu"]["per_million"]
    results[-1]["goal"].append({"name": f"throughput of {results[0]['variant']}", "goal": "≥ 0.5", "measured": speed,
                                "unit": "x", "met": speed >= 0.5})
    for result in results[1:]:
        result["ratios"] = {f"cpu_vs_{results[0]['variant']}":
                            result["cpu"]["per_million"] / results[0]["cpu"]["per_million"]}
    return results
