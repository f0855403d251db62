"""What the capacity planner must know of this machine: one result that holds `calibration`, and a
second run at a rate between, by which the planner's error can be told."""

import re
import subprocess

from live import play, result_of
from load import Load
from stage import Failed, look

# Shares of what is sustainable; the planner fits latency through them. The last one checks it.
LOADS = (0.15, 0.3, 0.5)
CHECK = 0.4
COMMIT_MS = 100
IDLE_CUSTOMERS = 1_000_000


def calibrate(stage, bench, repeat, kept):
    seconds, best = (3, 1000) if stage.smoke else (40, stage.sustainable or 5000)
    runs = [_run(stage, bench, share * best, seconds, repeat) for share in (LOADS[:2] if stage.smoke else LOADS)]
    calibration = _calibration(stage, [result for result, _ in runs], runs[-1][1])
    result = runs[-1][0]
    result["variant"] = "calibration"
    result["run_id"] = result["run_id"].replace("-load-", "-calibration-")
    result["calibration"] = calibration
    if stage.smoke:
        return [result]
    check, _ = _run(stage, bench, CHECK * best, seconds, repeat)
    return [result, check]


def _run(stage, bench, rate, seconds, repeat):
    stage.say(f"{bench.name} at {rate:,.0f} events/s")
    before = look()
    played = play(stage, bench.name, Load(rate=rate, seconds=seconds))
    state = {name: played.state(f"peakend_{name}") for name in ("customers", "journeys_open", "state_bytes")}
    result = result_of(stage, bench, f"load {rate:.0f}", played, before, repeat, commit_interval_ms=COMMIT_MS,
                       open_customers=state["journeys_open"],
                       idle_customers=max(0, state["customers"] - state["journeys_open"]))
    return result, {"state": state, "judged": played.judged, "worker_cpu_s": played.cost["worker_cpu_s"],
                    "rss_mb": played.cost["rss_mb"], "records": played.records()}


def _calibration(stage, results, last):
    state, judged, records = last["state"], last["judged"], last["records"]
    idle = _idle_bytes(stage)
    opened = max(1, state["journeys_open"])
    return {
        "cpu_us_per_event": results[-1]["cpu"]["per_million"],
        "worker_cpu_us_per_event": last["worker_cpu_s"] * 1e6 / records,
        "bytes_in_per_event": judged["input_bytes"] / records, "bytes_out_per_event": judged["output_bytes"] / records,
        "changelog_bytes_per_event": judged["state_bytes"] / records,
        "bytes_per_record": judged["state_bytes"] / max(1, judged["state_records"]),
        "rss_base_mb": max(0.0, last["rss_mb"] - state["state_bytes"] / 1e6),
        "bytes_per_open": max(0.0, state["state_bytes"] - idle * (state["customers"] - state["journeys_open"])) / opened,
        "bytes_per_idle": idle, "commit_interval_ms": COMMIT_MS, "workers": 1,
        "alert_latency": [{"rate": result["offered_rate"], "p50": result["latency"]["intended"]["p50"],
                           "p99": result["latency"]["intended"]["p99"]} for result in results if "latency" in result]}


def _idle_bytes(stage):
    """Of a customer who is known and nothing else, in this engine."""
    customers = 10_000 if stage.smoke else IDLE_CUSTOMERS // 10
    told = subprocess.run([stage.program("benchmarks/memory_benchmark"), str(customers), "1"], capture_output=True,
                          text=True, check=False).stdout
    found = re.search(r"([\d.]+) B per idle customer", told)
    if not found:
        raise Failed("memory_benchmark tells no bytes of an idle customer")
    return float(found.group(1))
