"""Benchmarks of a worker under a live load: what it bears, how soon alerts come, what it does in a burst."""

import time

import load as loads
from live import play, result_of
from load import Load
from stage import Failed, look

LEAST_RATE, MOST_RATE = 1000, 64_000
STEPS = 3
# Where sustain has not run: a rate that small machines bear.
USUAL_RATE = 5000
SHARES = (0.5, 0.8, 0.95)


def _seconds(stage, full, smoke):
    return smoke if stage.smoke else full


def sustain(stage, bench, repeat, kept):
    """Doubles the rate until it is not borne, then halves the gap; the curve, and a run at the best rate."""
    seconds = _seconds(stage, 20, 3)
    if stage.smoke:
        best, curve = 1000, []
    else:
        best, curve = _search(stage, bench, seconds)
    if best is None:
        raise Failed(f"{LEAST_RATE} events/s are more than this machine bears for long")
    before = look()
    played = play(stage, "sustain", Load(rate=0.97 * best, seconds=_seconds(stage, 60, 2)))
    result = result_of(stage, bench, "telco-peak", played, before, repeat)
    result["curve"] = curve
    result["figures"] = {"sustainable rate": {"value": 0.97 * best, "unit": "ev/s", "better": "higher"}}
    stage.sustainable = 0.97 * best
    return [result]


def _search(stage, bench, seconds):
    curve, low, high = [], None, None
    rate = LEAST_RATE * 4
    while LEAST_RATE <= rate <= MOST_RATE and high is None:
        borne = _step(stage, bench, rate, seconds, curve)
        low, high = (rate, high) if borne else (low, rate)
        rate = rate * 2 if borne else rate
    while low is None and rate > LEAST_RATE:
        rate /= 2
        low, high = (rate, high) if _step(stage, bench, rate, seconds, curve) else (None, rate)
    for _ in range(STEPS if low and high else 0):
        middle = (low + high) / 2
        low, high = (middle, high) if _step(stage, bench, middle, seconds, curve) else (low, middle)
    return low, sorted(curve, key=lambda point: point["offered_rate"])


def _step(stage, bench, rate, seconds, curve):
    stage.say(f"{bench.name} at {rate:,.0f} events/s")
    played = play(stage, f"sustain-{rate:.0f}", Load(rate=rate, seconds=seconds))
    sent = played.manifest["delivery"]
    borne = played.sustained() and sent["achieved_rate"] >= 0.995 * sent["offered_rate"]
    point = {"offered_rate": rate, "sustained": borne, "achieved_rate": sent["achieved_rate"],
             "lag_slope": played.slope, "per_million": played.cost["cpu_s"] * 1e6 / played.records()}
    if played.latency_p99() is not None:
        point["p99"] = played.latency_p99()
    curve.append(point)
    return borne


def _rate(stage):
    return 1000 if stage.smoke else stage.sustainable or USUAL_RATE


def under_load(stage, bench, repeat, kept):
    """Alerts at shares of what is sustainable, by commit interval; the points of a calibration."""
    results = []
    for share in SHARES[:1] if stage.smoke else SHARES:
        for interval in ("100ms",) if stage.smoke or share != 0.5 else ("100ms", "20ms"):
            rate = share * _rate(stage)
            stage.say(f"{bench.name} at {rate:,.0f} events/s, {interval}")
            before = look()
            played = play(stage, bench.name, Load(rate=rate, seconds=_seconds(stage, 60, 2)),
                          (f"worker.commit_interval={interval}",))
            results.append(result_of(stage, bench, f"{share:.0%} {interval}", played, before, repeat,
                                     commit_interval_ms=int(interval.removesuffix("ms"))))
    return results


def accuracy(stage, bench, repeat, kept):
    """Late, doubled, lost and bad records, a hot customer, clocks that differ, at 80 % of the machine."""
    rate = 0.8 * _rate(stage)
    stage.say(f"{bench.name} at {rate:,.0f} events/s")
    before = look()
    played = play(stage, bench.name, Load(rate=rate, seconds=_seconds(stage, 60, 2), preset="adversarial"))
    return [result_of(stage, bench, "adversarial", played, before, repeat)]


def burst(stage, bench, repeat, kept):
    """Ten times as much for a while, over 40 % of what is borne; how long the lag takes to go."""
    seconds, base = _seconds(stage, 60, 3), 0.4 * _rate(stage)
    surge = Load(rate=9 * base, seconds=seconds, seed=8)
    bound = 1.2 * seconds * (10 * base) / max(1.0, _rate(stage) - base)
    # Events go on coming until it should have recovered.
    load = Load(rate=base, seconds=seconds * 2 if stage.smoke else seconds * 1.5 + bound)
    told = {}

    def during(job, watch, playing):
        time.sleep(seconds / 2)
        watch.mark("burst")
        extra = loads.play(stage, surge, job, append=True)
        try:
            extra.finish()
        finally:
            extra.end()
        watch.mark("burst ends")
        ended = watch.now()
        while not playing.ended() and (watch.lag() or 0) > 2 * base:
            job.check()
            time.sleep(0.2)
        told["recovered_s"] = watch.now() - ended
        watch.mark("recovered")

    stage.say(f"{bench.name} of {10 * base:,.0f} over {base:,.0f} events/s")
    before = look()
    played = play(stage, bench.name, load, during=during, drain_s=2 * bound)
    result = result_of(stage, bench, "10 x", played, before, repeat, burst_rate=10 * base, burst_seconds=seconds)
    result["figures"] = {"recovered after": {"value": told["recovered_s"], "unit": "s", "better": "lower"},
                         "most lag": {"value": played.watch.most("lag") or 0, "unit": "events", "better": "lower"}}
    result["goal"] = [{"name": "recovered after", "goal": f"≤ {bound:.0f}", "measured": told["recovered_s"], "unit": "s",
                       "met": told["recovered_s"] <= bound}]
    return [result]


def soak(stage, bench, repeat, kept):
    """Ten minutes at 60 %: what grows after the first third must not go on."""
    seconds, rate = 600, 0.6 * _rate(stage)
    stage.say(f"{bench.name}: {seconds} s at {rate:,.0f} events/s")
    before = look()
    played = play(stage, bench.name, Load(rate=rate, seconds=seconds))
    result = result_of(stage, bench, "60 %", played, before, repeat)
    return [result]
