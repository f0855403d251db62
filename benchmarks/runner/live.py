"""One load played at its own time beside a worker: how late alerts are, and whether it keeps up."""

import time

import load as loads
import result as results
from job import Job, broker_cpu_s, correctness, values
from stage import look
from watch import Watch

DRAIN_S = 120
FEW_RECORDS = 200
# Borne: the lag grows by at most this share of the rate, ends below so many seconds of it, and
# 99 of 100 alerts are there within a second.
MOST_SLOPE = 0.01
MOST_LAG_S = 2.0
MOST_P99_MS = 1000
QUANTILES = ("p50", "p90", "p99", "p999", "max")
# One in a thousand of a shorter run is chance.
P999_FROM_S = 120


class Played:
    """What a live run came to; `manifest` is the load's own account. The load played from `began_s`
    of the watch's time on; its first `warm_up_s` tell nothing."""

    def __init__(self, job, watch, manifest, cost, began_s, warm_up_s, load, page):
        self.job, self.watch, self.manifest, self.cost, self.load = job, watch, manifest, cost, load
        self.warm_s, self.ended_s = began_s + warm_up_s, began_s + load.seconds
        # Not when the load's process ends: that waits for the last alerts, and the lag goes meanwhile.
        self.slope = watch.slope("lag", self.warm_s, self.ended_s)
        self.lag_at_end = watch.at("lag", self.ended_s) or 0
        self.judged = None
        self._page = page

    def records(self):
        return self.manifest["content"]["records"]

    def falls_behind(self):
        """Why the rate is more than the worker can do; "" where it is not."""
        rate = self.load.rate
        if self.slope > MOST_SLOPE * rate:
            return f"the lag grew by {self.slope:,.0f} events/s"
        if self.lag_at_end > MOST_LAG_S * rate:
            return f"{self.lag_at_end:,.0f} events were behind in the end"
        return ""

    def not_borne(self):
        """Why nobody would run a worker at this rate for long; "" where one would."""
        p99 = self.latency_p99()
        late = p99 is not None and p99 > MOST_P99_MS
        return self.falls_behind() or (f"alerts took {p99:,.0f} ms (p99)" if late else "")

    def state(self, metric):
        """The worker's own figure, when it had caught up."""
        return sum(values(self._page, metric))

    def latency_p99(self):
        """Milliseconds; None without alerts."""
        told = self.manifest["delivery"].get("alert_latency_us")
        return told["p99"] / 1000 if told and told.get("count") else None

    def into(self, result):
        """Writes the figures into a result of the suite."""
        sent = self.manifest["delivery"]
        result["offered_rate"], result["achieved_rate"] = sent["offered_rate"], sent["achieved_rate"]
        result["driver_lateness"] = _ms(sent["lateness_us"], self.load)
        warm_up_s = round(self.load.seconds - (self.ended_s - self.warm_s), 3)
        result["warmup_s"], result["measured_s"] = warm_up_s, self.load.seconds - warm_up_s
        result["lag"] = {"slope": self.slope, "end": self.lag_at_end}
        if sent.get("alert_latency_us", {}).get("count"):
            latency = {"intended": _ms(sent["alert_latency_us"], self.load) | {"count": sent["alert_latency_us"]["count"]}}
            if sent.get("alert_latency_from_send_us", {}).get("count"):
                latency["actual_send"] = _ms(sent["alert_latency_from_send_us"], self.load)
            result["latency"] = latency
        result["cpu"] = {"sut_s": self.cost["cpu_s"], "driver_s": self.cost["driver_s"], "broker_s": self.cost["broker_s"],
                         "per_million": self.cost["cpu_s"] * 1e6 / self.records()}
        result["rss"] = {"start": self.watch.at("rss_mb", self.warm_s) or 0, "max": self.cost["rss_mb"],
                         "slope": self.watch.slope("rss_mb", self.warm_s, self.ended_s)}
        result["series"] = self.watch.series()
        behind = self.falls_behind()
        if behind:
            results.void(result, f"more than this machine bears: {behind}")
        for why in self.manifest.get("void_because", []):
            results.void(result, f"the load: {why}")


def _ms(told, load):
    return {name: told[name] / 1000 for name in QUANTILES
            if name in told and (name != "p999" or load.seconds >= P999_FROM_S)}


def play(stage, what, load, settings=(), warm_up_s=None, during=None, append_to=None, beside_others=False,
         drain_s=DRAIN_S, when_ready=None):
    """Starts a worker, plays `load` beside it, lets it catch up for `drain_s` at most, and stops it.
    `when_ready(job)` is called when the worker waits for it, `during(job, watch, playing)` while it plays; it may disturb. `append_to`: a job whose
    input is gone on with; `beside_others`: another load will come into it. Nothing of the first `warm_up_s` (a quarter) is in a figure."""
    job = append_to or Job(stage, what, settings, live=True)
    warm_up_s = load.seconds / 4 if warm_up_s is None else warm_up_s
    playing = None
    try:
        if job.process is None:
            job.start()
        job.wait_until_ready()
        if when_ready:
            when_ready(job)
        with Watch(job) as watch:
            broker_before, began_s = broker_cpu_s(stage), watch.now()
            playing = loads.play(stage, load, job, warm_up_s, beside_others or append_to is not None)
            if during:
                during(job, watch, playing)
            driver_s = _wait(playing, job)
            manifest = playing.finish()
            _drain(job, watch, drain_s)
            broker_s = broker_cpu_s(stage) - broker_before
            page, worker_cpu_s = job.metrics(), job.process.busiest_thread_s()
            cpu_s, rss_mb = job.stop()
    finally:
        job.end()
        if playing is not None:
            playing.end()
    cost = {"cpu_s": cpu_s, "worker_cpu_s": worker_cpu_s, "rss_mb": rss_mb, "driver_s": driver_s, "broker_s": broker_s}
    return Played(job, watch, manifest, cost, began_s, warm_up_s, load, page)


def _wait(playing, job):
    driver_s = 0.0
    while not playing.ended():
        driver_s = max(driver_s, playing.cpu_s())
        job.check()
        time.sleep(0.1)
    return driver_s


def _drain(job, watch, most_s):
    """Until the worker has caught up, so that its output can be judged whole."""
    watch.mark("load ends")
    deadline = time.monotonic() + most_s
    while (watch.lag() or 0) > FEW_RECORDS and time.monotonic() < deadline:
        job.check()
        time.sleep(0.1)


def result_of(stage, bench, variant, played, before, repeat, **params):
    """Judged, and with its figures."""
    judged = played.judged = played.job.judge()
    # What came after its last commit is none of its work: it was stopped, and did not stall.
    judged["left"] = max(0, judged["left"] - FEW_RECORDS)
    result = stage.result(bench, variant, before, repeat, after=look(), seed=played.load.seed,
                          workload_hash=played.manifest["content"]["digest"],
                          params={"rate": played.load.rate, "seconds": played.load.seconds, "workers": 1, **params})
    result["correctness"] = correctness(judged)
    played.into(result)
    return result
