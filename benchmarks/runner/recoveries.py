"""Benchmarks of what a worker does after it was away: killed, or behind."""

import time

import load as loads
from broker import Broker
from job import Job
from live import play, result_of
from load import Load
from stage import Failed, look

BACK_S = 120
POLL_S = 0.02


def kill(stage, bench, repeat, kept):
    """kill -9 under a live load, restart at once: time to the first output, and to the lag of before."""
    seconds, rate = (6, 1000) if stage.smoke else (40, 5000)
    told = {}

    def during(job, watch, playing):
        time.sleep(seconds / 2)
        follower = Broker(stage.bootstrap()).follower(job.topic("moment_alerts"), job.topic("moments"))
        try:
            _drain(follower)
            watch.mark("kill -9")
            job.process.kill()
            killed = time.monotonic()
            # What was committed before is no sign of life after it.
            _drain(follower)
            job.start()
            told["first_output_s"] = _first(follower, job) - killed
        finally:
            follower.close()
        watch.mark("first output")

    stage.say(f"{bench.name} at {rate:,} events/s, round {repeat}")
    before = look()
    # Of a stable name: its place in the group is free at once, not when its session has run out.
    played = play(stage, bench.name, Load(rate=rate, seconds=seconds), ("kafka.group_instance_id=worker-0",), during=during)
    result = result_of(stage, bench, "kill -9", played, before, repeat)
    result["figures"] = {"first output after": {"value": told["first_output_s"], "unit": "s", "better": "lower"}}
    result["goal"] = [{"name": "first output after kill -9", "goal": "≤ 2", "measured": told["first_output_s"], "unit": "s",
                       "met": told["first_output_s"] <= 2}]
    return [result]


def _drain(follower):
    while follower.consume(10_000, 0.3):
        pass


def _first(follower, job):
    deadline = time.monotonic() + BACK_S
    while time.monotonic() < deadline:
        message = follower.poll(POLL_S)
        if message is not None and message.error() is None:
            return time.monotonic()
        job.check()
    raise Failed(f"no output {BACK_S} s after the restart")


def catch_up(stage, bench, repeat, kept):
    """A worker that was stopped for half an hour starts while events go on coming."""
    rate = stage.sustainable * 0.3 if stage.sustainable else 1500
    away = Load(rate=rate, seconds=1800)
    stage.say(f"{bench.name}: {away.seconds:.0f} s of {rate:,.0f} events/s are waiting")
    job = Job(stage, bench.name, live=True)
    manifest = loads.write(stage, away, job)
    waiting = manifest["content"]["records"]
    told = {}

    def during(job, watch, playing):
        began = time.monotonic()
        job.wait_until_taken(waiting)
        told["drained_s"] = time.monotonic() - began
        watch.mark("caught up")

    before = look()
    played = play(stage, bench.name, Load(rate=rate, seconds=120, seed=8), during=during, append_to=job)
    result = result_of(stage, bench, "half an hour", played, before, repeat, backlog=waiting)
    speed = waiting / told["drained_s"] / rate
    result["figures"] = {"caught up after": {"value": told["drained_s"], "unit": "s", "better": "lower"},
                         "times the rate": {"value": speed, "unit": "x", "better": "higher"}}
    result["goal"] = [{"name": "catching up, times the rate", "goal": "≥ 5", "measured": speed, "unit": "x",
                       "met": speed >= 5}]
    return [result]
