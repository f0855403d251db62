"""What the others are compared with: the generator alone, reading alone, copying alone."""

import json
import time

from drain import rate_of, written
from job import LOOK_EVERY_S, STALL_S, Job
from load import Load, backlog
from process import run
from stage import PARTITIONS, Failed, look

DIGEST_MODULUS = 1 << 64
# The fewest that the loop takes.
FEW_RECORDS = 1000


def generator(stage, bench, repeat, kept):
    """Without a broker: the whole load, and the same in two shards, which must add up to it."""
    load = Load(rate=1000, seconds=20) if stage.smoke else Load(rate=10_000, seconds=60)
    results = []
    for preset in ("telco-peak",) if stage.smoke else ("telco-peak", "chat-zh", "adversarial"):
        results.append(_generated(stage, bench, load._replace(preset=preset), repeat))
    stage.generated_per_cpu_s = results[0]["figures"]["records per second of CPU"]["value"]
    return results


def _generated(stage, bench, load, repeat):
    stage.say(f"{bench.name} {load.preset}, round {repeat}")
    before = look()
    whole, cost = _timed(stage, load, "1/1")
    after = look()
    parts = [_timed(stage, load, shard)[0] for shard in ("1/2", "2/2")]
    records = whole["content"]["records"]
    sums = sum(_digest(part) for part in parts) % DIGEST_MODULUS
    same = sums == _digest(whole) and sum(part["content"]["records"] for part in parts) == records
    result = stage.result(bench, load.preset, before, repeat, after=after, seed=load.seed,
                          workload_hash=whole["content"]["digest"], params={"records": records})
    result["correctness"] = {"expected": records, "got": records if same else 0, "lost": 0 if same else records, "dup": 0,
                             "unexpected": 0}
    result["cpu"] = {"driver_s": cost, "per_million": cost * 1e6 / records}
    result["figures"] = {"records per second of CPU": {"value": records / cost, "unit": "/s", "better": "higher"}}
    return result


def _digest(manifest):
    return int(manifest["content"]["digest"], 16)


def _timed(stage, load, shard):
    """(manifest, CPU seconds), what is under way at the beginning included."""
    done = run([stage.peakend(), "load", "--preset", load.preset, "--rate", f"{load.rate:g}", "--seed", str(load.seed),
                "--duration", f"{load.seconds}s", "--shard", shard, "--dry-run"])
    if done.code != 0:
        raise Failed(f"the generator failed: {done.stderr.strip()}")
    return json.loads(done.stdout), done.cpu_s


def copy(stage, bench, repeat, kept):
    if stage.client().get("security.protocol", "plaintext") != "plaintext":
        raise Failed("the loops that only read and copy know plaintext listeners alone; leave null out")
    load = backlog(stage)
    holder, manifest = written(stage, load, PARTITIONS, kept)
    results = [_floor(stage, bench, name, repeat, load, manifest, loop, holder)
               for name, loop in (("consume", consume), ("copy", _copy))]
    ratio = results[1]["cpu"]["per_million"] / results[0]["cpu"]["per_million"]
    results[1]["ratios"] = {"cpu_vsconsume": ratio}
    return results


def _floor(stage, bench, name, repeat, load, manifest, loop, holder):
    stage.say(f"{bench.name} {name}, round {repeat}")
    records = manifest["content"]["records"]
    before = look()
    cost = loop(stage, holder, records)
    result = stage.result(bench, name, before, repeat, seed=load.seed, workload_hash=manifest["content"]["digest"],
                          params={"records": records, "partitions": PARTITIONS})
    got = cost["got"]
    result["correctness"] = {"expected": records, "got": got, "lost": max(0, records - got), "dup": max(0, got - records),
                             "unexpected": 0}
    result["cpu"] = {"sut_s": cost["cpu_s"], "per_million": cost["cpu_s"] * 1e6 / records}
    if cost.get("rate"):
        result["achieved_rate"] = cost["rate"]
    return result


def consume(stage, holder, records):
    """A loop that does nothing but read the first `records` of the input of `holder`: what that costs."""
    done = run([stage.program("benchmarks/pipeline"), "--role", "consume", "--broker", stage.bootstrap(), "--topic",
                holder.input, "--partitions", str(holder.partitions), "--events", str(records)])
    # It ends by itself when it has read so many, and fails when they do not come.
    if done.code != 0:
        raise Failed(f"the consume loop failed: {done.stderr.strip()}")
    return {"cpu_s": done.cpu_s, "got": records}


def consume_us(stage, holder, records):
    """Microseconds of processor time for each record that is read, the loop's start left out.

    0 when there are so few records that reading them is lost in the start.
    """
    whole, start = (consume(stage, holder, count)["cpu_s"] for count in (records, FEW_RECORDS))
    return max(0.0, whole - start) * 1e6 / (records - FEW_RECORDS)


def _copy(stage, holder, records):
    job = Job(stage, "copy", read=holder)
    process = stage.start([stage.program("benchmarks/latency"), "--copy", "--broker", stage.bootstrap(), "--topic",
                       holder.input, "--name", job.name, "--partitions", str(holder.partitions), "--set",
                       "delivery=exactly_once"], stage.file(job.name + ".log"))
    try:
        seen = _until_committed(stage, job, records, process)
        cpu_s = process.cpu_s()
        _, wrong = process.stop()
    finally:
        if not process.ended():
            process.kill()
    if wrong:
        raise Failed(f"the copy: {wrong}")
    got = sum(1 for _ in stage.broker().committed_messages(job.topic("moments")))
    return {"cpu_s": cpu_s, "got": got, "rate": rate_of(seen)}


def _until_committed(stage, job, records, process):
    group = stage.broker().group(job.name, job.input)
    try:
        began = time.monotonic()
        seen = [(began, 0)]
        while seen[-1][1] < records:
            done, now = group.committed(), time.monotonic()
            if done > seen[-1][1]:
                seen.append((now, done))
            if process.ended() or now - seen[-1][0] > STALL_S:
                raise Failed(f"the copy stands still at {seen[-1][1]} of {records} records")
            time.sleep(LOOK_EVERY_S)
        return seen
    finally:
        group.close()
