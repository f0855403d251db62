"""Benchmarks of what a worker does after it was away: killed, or behind."""

import time

import load as loads
from job import Job, values
from live import play, result_of
from lives import rate_of
from load import Load
from stage import Failed, look

BACK_S = 120
POLL_S = 0.02
AWAY_S = 1800
CATCH_UP_SHARE = 0.15
LEAST_SPEED = 5
# Mails, of which the first seconds of a load see one event each: so many customers a second.
CROWD_RATE, CROWD_A_SECOND = 50_000, 13_000


def kill(stage, bench, repeat, kept):
    """kill -9 under a live load, restart at once, with few customers known and with many."""
    return [_killed(stage, bench, repeat, customers) for customers in ((1000,) if stage.smoke else (10_000, 1_000_000))]


def _killed(stage, bench, repeat, customers):
    rate = 1000 if stage.smoke else min(20_000, 0.6 * rate_of(stage))
    # Killed after a quarter: the rest is for catching up, which is part of the question.
    seconds = 8 if stage.smoke else 120
    stage.say(f"{bench.name}: {customers:,} customers, {rate:,.0f} events/s, round {repeat}")
    # Of a stable name: its place in the group is free at once, not when its session has run out.
    job = Job(stage, f"{bench.name}-{customers}", ("kafka.group_instance_id=worker-0",), live=True)
    known = loads.write(stage, _crowd(customers), job)["content"]
    told = {}

    def during(job, watch, playing):
        job.wait_until_taken(known["records"])
        time.sleep(seconds / 4)
        follower = stage.broker().follower(job.topic("moment_alerts"), job.topic("moments"))
        try:
            _drain(follower)
            behind = watch.lag() or 0
            watch.mark("kill -9")
            job.process.kill()
            killed = time.monotonic()
            # What was committed before is no sign of life after it.
            _drain(follower)
            job.start()
            told.update(_back(follower, job, killed))
        finally:
            follower.close()
        watch.mark("first output")
        while not playing.ended() and (watch.lag() or 0) > behind + rate:
            job.check()
            time.sleep(POLL_S)
        told["live_s"] = time.monotonic() - killed
        watch.mark("live")

    before = look()
    played = play(stage, bench.name, Load(rate=rate, seconds=seconds, seed=8), during=during, append_to=job)
    result = result_of(stage, bench, f"kill -9, {customers:,} customers", played, before, repeat, customers=known["customers"])
    result["figures"] = {f"{what} after": {"value": told[key], "unit": "s", "better": "lower"} for what, key in
                         (("state restored", "restored_s"), ("first output", "first_output_s"), ("lag of before", "live_s"))}
    # From the kill, though the group must let it in first: nothing outside tells when it did.
    result["goal"] = [{"name": "first output after kill -9", "goal": "≤ 2", "measured": told["first_output_s"], "unit": "s",
                       "met": told["first_output_s"] <= 2}]
    return result


def _crowd(customers):
    """A backlog in which about so many are heard of, most of them once."""
    return Load(rate=CROWD_RATE, seconds=max(1, customers / CROWD_A_SECOND), seed=9).turned(
        customers__returns="uniform", customers__count=10 * customers, queues__voice=0, queues__chat=0)


def _back(follower, job, killed):
    """Seconds from `killed` until the worker has its partitions and their state, and until somebody can read
    an output."""
    deadline, told = time.monotonic() + BACK_S, {}
    while time.monotonic() < deadline:
        if "restored_s" not in told and any(values(job.metrics(), "peakend_assigned_partitions")):
            told["restored_s"] = time.monotonic() - killed
        message = follower.poll(POLL_S)
        if message is not None and message.error() is None:
            told["first_output_s"] = time.monotonic() - killed
            # It had them when it wrote.
            return {"restored_s": told["first_output_s"]} | told
        job.check()
    raise Failed(f"no output {BACK_S} s after the restart")


def _drain(follower):
    while follower.consume(10_000, 0.3):
        pass


def catch_up(stage, bench, repeat, kept):
    """A worker that was stopped for half an hour starts while events go on coming."""
    rate = CATCH_UP_SHARE * rate_of(stage)
    away = Load(rate=rate, seconds=AWAY_S)
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
    # As long as it takes, and longer: what is caught up while nothing comes is no feat.
    seconds = 1.5 * AWAY_S / (LEAST_SPEED - 1)
    played = play(stage, bench.name, Load(rate=rate, seconds=seconds, seed=8), during=during, append_to=job)
    result = result_of(stage, bench, "half an hour", played, before, repeat, backlog=waiting)
    speed = waiting / told["drained_s"] / rate
    result["figures"] = {"caught up after": {"value": told["drained_s"], "unit": "s", "better": "lower"},
                         "times the rate": {"value": speed, "unit": "x", "better": "higher"}}
    result["goal"] = [{"name": "catching up, times the rate", "goal": f"≥ {LEAST_SPEED}", "measured": speed, "unit": "x",
                       "met": speed >= LEAST_SPEED}]
    return [result]
