"""One load played at its own time beside a worker: how late alerts are, and whether it keeps up."""

import time

import load as loads
import result as results
from job import Job, broker_cpu_s, correctness, values
from stage import look
from watch import Watch

DRAIN_S = 120
FEW_RECORDS = 200
# Sustained: the lag grows by at most this share of the rate, and ends below so many seconds of it.
MOST_SLOPE = 0.01
MOST_LAG_S = 2.0
QUANTILES = ("p50", "p90", "p99", "p999", "max")


class Played:
    """What a live run came to; `manifest` is the load's own account."""

    def __init__(self, job, watch, manifest, cost, lag_at_end, warm_up_s, load, page):
        self.job, self.watch, self.manifest, self.cost = job, watch, manifest, cost
        self.lag_at_end, self._warm_up_s, self._load = lag_at_end, warm_up_s, load
        self.slope = watch.lag_slope(warm_up_s)
        self.judged = None
        self._page = page

    def records(self):
        return self.manifest["content"]["records"]

    def sustained(self):
        rate = self._load.rate
        return self.slope <= MOST_SLOPE * rate and (self.lag_at_end or 0) <= MOST_LAG_S * rate

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
        result["driver_lateness"] = _ms(sent["lateness_us"])
        result["warmup_s"], result["measured_s"] = self._warm_up_s, self._load.seconds
        result["lag"] = {"slope": self.slope, "end": self.lag_at_end or 0}
        if sent.get("alert_latency_us", {}).get("count"):
            latency = {"intended": _ms(sent["alert_latency_us"]) | {"count": sent["alert_latency_us"]["count"]}}
            if sent.get("alert_latency_from_send_us", {}).get("count"):
                latency["actual_send"] = _ms(sent["alert_latency_from_send_us"])
            result["latency"] = latency
        result["cpu"] = {"sut_s": self.cost["cpu_s"], "driver_s": self.cost["driver_s"], "broker_s": self.cost["broker_s"],
                         "per_million": self.cost["cpu_s"] * 1e6 / self.records()}
        result["rss"] = {"max": self.cost["rss_mb"]}
        result["series"] = self.watch.series()
        for why in self.manifest.get("void_because", []):
            results.void(result, f"the load: {why}")


def _ms(told):
    return {name: told[name] / 1000 for name in QUANTILES if name in told}


def play(stage, what, load, settings=(), warm_up_s=None, during=None, append_to=None, drain_s=DRAIN_S):
    """Starts a worker, plays `load` beside it, lets it catch up for `drain_s` at most, and stops it.
    `during(job, watch, playing)` is called while it plays, and may disturb. `append_to`: a job whose
    input is gone on with."""
    job = append_to or Job(stage, what, settings, live=True)
    warm_up_s = load.seconds / 4 if warm_up_s is None else warm_up_s
    playing = None
    try:
        if job.process is None:
            job.start()
        job.wait_until_ready()
        with Watch(job) as watch:
            broker_before = broker_cpu_s(stage)
            playing = loads.play(stage, load, job, append=append_to is not None)
            if during:
                during(job, watch, playing)
            driver_s = _wait(playing, job)
            manifest = playing.finish()
            lag = watch.lag()
            _drain(job, watch, drain_s)
            broker_s = broker_cpu_s(stage) - broker_before
            page, worker_cpu_s = job.metrics(), job.process.busiest_thread_s()
            cpu_s, rss_mb = job.stop()
    finally:
        job.end()
        if playing is not None:
            playing.end()
    cost = {"cpu_s": cpu_s, "worker_cpu_s": worker_cpu_s, "rss_mb": rss_mb, "driver_s": driver_s, "broker_s": broker_s}
    return Played(job, watch, manifest, cost, lag, warm_up_s, load, page)


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
    result = stage.result(bench, variant, before, repeat, after=look(), seed=played._load.seed,
                          workload_hash=played.manifest["content"]["digest"],
                          params={"rate": played._load.rate, "seconds": played._load.seconds, "workers": 1, **params})
    result["correctness"] = correctness(judged)
    played.into(result)
    return result
