"""Benchmarks of a worker that is strained: ten times as much for a while, and the same for long."""

import os
import time

import load as loads
import repeats
import result as results
from job import values
from live import play, result_of
from lives import rate_of
from load import Load
from stage import look

BURST_S, SMOKE_BURST_S = 60, 3
BASE_SHARE = 0.4
# What librdkafka may hold of records that were fetched, by the default settings of its version 2.0.2.
FETCH_QUEUE_MB = 420
# In a burst alerts are raised for what happens, and for nothing that is over.
MOST_ALERTS = 1.2
SOAK_S, SOAK_SHARE = 600, 0.6
# Over the last two thirds of a soak, of what was there before; and alerts in its last third beside
# those in the second.
MOST_GROWTH = 0.05
MOST_DRIFT = 1.5


def burst(stage, bench, repeat, kept):
    """Ten times as much for a while, over 40 % of what is borne; how long the lag takes to go."""
    seconds, base = SMOKE_BURST_S if stage.smoke else BURST_S, BASE_SHARE * rate_of(stage)
    surge = Load(rate=9 * base, seconds=seconds, seed=8)
    bound = 1.2 * seconds * (10 * base) / max(1.0, rate_of(stage) - base)
    # Events go on coming until it should have recovered.
    load = Load(rate=base, seconds=seconds * 2 if stage.smoke else seconds * 1.5 + bound)
    told = {}

    def during(job, watch, playing):
        time.sleep(seconds / 2)
        told["before"] = _Sight(job)
        watch.mark("burst")
        extra = loads.play(stage, surge, job, beside_others=True)
        try:
            told["surge"] = extra.finish()
        finally:
            extra.end()
        watch.mark("burst ends")
        ended = watch.now()
        while not playing.ended() and (watch.lag() or 0) > 2 * base:
            job.check()
            time.sleep(0.2)
        told["recovered_s"] = watch.now() - ended
        told["after"] = _Sight(job)
        watch.mark("recovered")

    stage.say(f"{bench.name} of {10 * base:,.0f} over {base:,.0f} events/s")
    before = look()
    played = play(stage, bench.name, load, during=during, beside_others=True, drain_s=2 * bound)
    result = result_of(stage, bench, "10 x", played, before, repeat, burst_rate=10 * base, burst_seconds=seconds)
    _void_as_the_surge(result, told["surge"])
    _tell_burst(result, played, told, bound)
    return [result]


def _void_as_the_surge(result, manifest):
    sent = manifest["delivery"]
    for why in manifest.get("void_because", []):
        results.void(result, f"the burst: {why}")
    if sent["achieved_rate"] < 0.9 * sent["offered_rate"]:
        results.void(result, f"only {sent['achieved_rate']:,.0f} of {sent['offered_rate']:,.0f} events/s of the burst came")


def _tell_burst(result, played, told, bound):
    before, after = told["before"], told["after"]
    memory = played.watch.most("rss_mb") or 0
    alerts = after.alerts_since(before) / before.alerts_an_event() if before.alerts else None
    result["figures"] = {
        "recovered after": {"value": told["recovered_s"], "unit": "s", "better": "lower"},
        "most lag": {"value": played.watch.most("lag") or 0, "unit": "events", "better": "lower"},
        "memory before the burst": {"value": before.rss_mb, "unit": "MB", "better": "lower"}}
    result["goal"] = [
        {"name": "recovered after", "goal": f"≤ {bound:.0f}", "measured": told["recovered_s"], "unit": "s",
         "met": told["recovered_s"] <= bound},
        {"name": "memory at most", "goal": f"≤ {before.rss_mb + FETCH_QUEUE_MB:.0f} + state", "measured": memory,
         "unit": "MB", "met": memory <= before.rss_mb + FETCH_QUEUE_MB + after.state_mb - before.state_mb},
        {"name": "alerts an event, times those before the burst", "goal": f"≤ {MOST_ALERTS:g}", "measured": alerts,
         "unit": "x", "met": None if alerts is None else alerts <= MOST_ALERTS}]


class _Sight:
    """What the worker says of itself at a time."""

    def __init__(self, job):
        page = job.metrics()
        self.events = sum(values(page, "peakend_events_total{"))
        self.alerts = sum(values("\n".join(line for line in page.splitlines() if 'state="open"' in line),
                                 "peakend_alerts_total{"))
        self.state_mb = sum(values(page, "peakend_state_bytes")) / 1e6
        self.rss_mb = job.process.rss_mb() or 0
        self.files = len(os.listdir(f"/proc/{job.process.pid}/fd"))

    def alerts_an_event(self):
        return self.alerts / max(1, self.events)

    def alerts_since(self, before):
        """Alerts an event between the two."""
        return (self.alerts - before.alerts) / max(1, self.events - before.events)


def soak(stage, bench, repeat, kept):
    """Ten minutes at 60 %: what grows in the first third must not go on."""
    rate = SOAK_SHARE * rate_of(stage)
    stage.say(f"{bench.name}: {SOAK_S} s at {rate:,.0f} events/s")
    told = {}

    def during(job, watch, playing):
        time.sleep(SOAK_S / 3)
        told["first"] = _Sight(job)
        watch.mark("a third")
        time.sleep(SOAK_S * 2 / 3 - 5)
        told["last"] = _Sight(job)

    before = look()
    played = play(stage, bench.name, Load(rate=rate, seconds=SOAK_S), warm_up_s=SOAK_S / 3, during=during)
    result = result_of(stage, bench, "60 %", played, before, repeat)
    first, last = told["first"], told["last"]
    # State grows with the customers who come, and is not what a soak looks for.
    growth = (last.rss_mb - first.rss_mb - (last.state_mb - first.state_mb)) / first.rss_mb
    result["figures"] = {
        "state at the end": {"value": last.state_mb, "unit": "MB", "better": "lower"},
        "open files": {"value": last.files, "unit": "files", "better": "lower"}}
    result["goal"] = [
        {"name": "memory beside the state, growth after a third", "goal": f"≤ {MOST_GROWTH:g}", "measured": growth,
         "unit": "", "met": growth <= MOST_GROWTH},
        {"name": "open files, more than after a third", "goal": "≤ 0", "measured": last.files - first.files, "unit": "files",
         "met": last.files <= first.files}]
    drift = _drift(played.watch, played.warm_s, played.ended_s)
    if drift is not None:
        result["goal"].append({"name": "p99 of the last third, times that of the second", "goal": f"≤ {MOST_DRIFT:g}",
                               "measured": drift, "unit": "x", "met": drift <= MOST_DRIFT})
    return [result]


def _drift(watch, since_s, until_s):
    """How much later alerts are in the second half of a time than in the first; None of too few."""
    middle_s = (since_s + until_s) / 2
    halves = [watch.values("p99_ms", since_s, middle_s), watch.values("p99_ms", middle_s, until_s)]
    return repeats.median(halves[1]) / repeats.median(halves[0]) if all(halves) else None
