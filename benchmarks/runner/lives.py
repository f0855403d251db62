"""Benchmarks of a worker under a live load: what it bears, how soon alerts come, what is right then."""

from live import play, result_of
from load import Load, usual_name
from stage import Failed, look

LEAST_RATE, MOST_RATE = 1000, 64_000
# Each halves what is between a rate that was borne and one that was not.
STEPS = 4
# Of what was borne for a moment, the first that is borne for long counts.
CONFIRMED_SHARES = (0.97, 0.9, 0.8, 0.65, 0.5)
# The generator alone must make so many times the rate, else it is measured as well.
LEAST_HEADROOM = 3
# Where sustain has not run: a rate that small machines bear.
USUAL_RATE = 5000
SHARES = (0.5, 0.8, 0.95)
MOST_ATTEMPTS = 5


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
    played, before = _confirmed(stage, bench, best, curve)
    rate = played.load.rate
    result = result_of(stage, bench, usual_name(stage), played, before, repeat)
    result["curve"] = sorted(curve, key=lambda point: point["offered_rate"])
    result["figures"] = {"sustainable rate": {"value": rate, "unit": "ev/s", "better": "higher"}}
    if stage.generated_per_cpu_s:
        headroom = stage.generated_per_cpu_s / rate
        result["goal"] = [{"name": "generator on one core, times this rate", "goal": f"≥ {LEAST_HEADROOM}",
                           "measured": headroom, "unit": "x", "met": headroom >= LEAST_HEADROOM}]
    if not stage.smoke:
        stage.sustainable = rate
    return [result]


def _confirmed(stage, bench, best, curve):
    """(run, look before it) at the highest share of `best` that is borne for minutes, not only for a moment."""
    for share in CONFIRMED_SHARES:
        stage.say(f"{bench.name}: is {share * best:,.0f} events/s borne for long?")
        before = look()
        played = play(stage, bench.name, Load(rate=share * best, seconds=_seconds(stage, 180, 2)))
        if stage.smoke or not played.not_borne():
            return played, before
        stage.say(f"  no: {played.not_borne()}")
        curve.append(_point(played))
    raise Failed(f"{best:,.0f} events/s were borne for a moment, and half of that not for long")


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
    return low, curve


def _step(stage, bench, rate, seconds, curve):
    stage.say(f"{bench.name} at {rate:,.0f} events/s")
    played = play(stage, f"sustain-{rate:.0f}", Load(rate=rate, seconds=seconds))
    curve.append(_point(played))
    return curve[-1]["sustained"]


def _point(played):
    sent = played.manifest["delivery"]
    borne = not played.not_borne() and sent["achieved_rate"] >= 0.995 * sent["offered_rate"]
    point = {"offered_rate": played.load.rate, "sustained": borne, "achieved_rate": sent["achieved_rate"],
             "lag_slope": played.slope, "per_million": played.cost["cpu_s"] * 1e6 / played.records()}
    if played.latency_p99() is not None:
        point["p99"] = played.latency_p99()
    return point


def rate_of(stage):
    """Events a second that this machine bears for long, as far as is known."""
    return 1000 if stage.smoke else stage.sustainable or USUAL_RATE


def under_load(stage, bench, repeat, kept):
    """Alerts at shares of what is sustainable, by commit interval; the points of a calibration."""
    results = []
    for share in SHARES[:1] if stage.smoke else SHARES:
        for interval in ("100ms",) if stage.smoke or share != 0.5 else ("100ms", "20ms"):
            rate = share * rate_of(stage)
            stage.say(f"{bench.name} at {rate:,.0f} events/s, {interval}")
            before = look()
            played = play(stage, bench.name, Load(rate=rate, seconds=_seconds(stage, 160, 2)),
                          (f"worker.commit_interval={interval}",))
            results.append(result_of(stage, bench, f"{share:.0%} {interval}", played, before, repeat,
                                     commit_interval_ms=int(interval.removesuffix("ms"))))
    return results


def accuracy(stage, bench, repeat, kept):
    """Late, doubled, lost and bad records, a hot customer, clocks that differ, at 80 % of the machine or
    what it bears of that: such events are dearer."""
    rate = 0.8 * rate_of(stage)
    for attempt in range(MOST_ATTEMPTS):
        stage.say(f"{bench.name} at {rate:,.0f} events/s")
        before = look()
        played = play(stage, bench.name, Load(rate=rate, seconds=_seconds(stage, 60, 2), preset="adversarial"))
        if stage.smoke or not played.falls_behind():
            break
        rate /= 2
    return [result_of(stage, bench, "adversarial", played, before, repeat)]
