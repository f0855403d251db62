"""Model check of the identity hand-over (docs/identity.md): home and away, labels, exactly once over partitions.

usage: identity_model.py [SEEDS] [--from SEED] [--break RULE] [--stop]     (--break list: the rules)
Customers in P partitions, identities with homes of their own, workers that crash, stall (zombies), lose partitions, abort, and
restore from lazily written records + a replay from the low-water mark. After quiescence:
 log     each partition's committed outputs and records to others are those of one undisturbed run over its log, in order, once
 count   each accepted event is counted in exactly one place, once; place: where the labels of a centrally computed fixpoint say
 rows    what a reader keeps by highest version is what one engine would publish that had seen all events under the final keys,
         whatever the faults and however the partitions' logs interleave (not in the third of the histories where old journeys drop)
 alerts  one alert per event that deserves one, its newest version at the final host;  digest  agrees after each restore
"""
import pickle, random, sys
from collections import Counter

from identity_protocol import *


class Broker:
    """Logs, committed offsets, changelog and outputs; a transaction is one call, seen whole or not at all."""
    def __init__(self, rules):
        n = rules.parts
        self.R, self.log, self.src = rules, [[] for _ in range(n)], [[] for _ in range(n)]
        self.offset, self.outs, self.sent = [0] * n, [[] for _ in range(n)], [[] for _ in range(n)]
        self.changelog = [{} for _ in range(n)]; self.progress = [{"low": 0, "now": -FAR, "dig": 0} for _ in range(n)]
        self.owner = [None] * n
    def append(self, rec, src=None):
        p = self.R.at(rec[0]) if rec[1] != "end" else rec[0]
        self.log[p].append(pickle.dumps(rec)); self.src[p].append(src)

class Owned:
    """A worker's state of one partition; restored, then live."""
    def __init__(self, b, p, stats):
        self.p, self.eng, self.dirty, self.shared = p, Engine(b.R), {}, {}
        self.pend_out, self.pend_send = [], []
        pr = b.progress[p]; applied = {}
        for k, (rec, a) in b.changelog[p].items(): self.eng.c[k] = pickle.loads(rec); applied[k] = a
        self.eng.now = pr["now"]; self.pos = pr["low"]
        while self.pos < b.offset[p]:
            off = self.pos; stats["replayed"] += 1
            _, sends = self.step(b, off, (lambda k: False) if BREAK == "applied" else (lambda k: applied.get(k, -1) >= off))
            if BREAK == "replay": self.pend_send += [x for x in sends if x[0] not in applied]
        stats["restores"] += 1
        if self.digest() != pr["dig"]: raise Violation(f"digest differs after a restore of {p}")
    def digest(self): return sum(s["dig"] for s in self.eng.c.values()) % 2**64
    def step(self, b, off, skip):
        self.shared[off] = self.eng.now
        outs, sends, touched = self.eng.step(pickle.loads(b.log[self.p][off]), skip)
        for k in touched: self.dirty.setdefault(k, off)
        self.pos = off + 1
        return outs, [(k, (to, *what)) for k, to, what in sends]
    def poll(self, b, many):
        while many and self.pos < len(b.log[self.p]):
            o, s = self.step(b, self.pos, lambda k: False)
            self.pend_out += o; many -= 1
            if BREAK == "atomic":
                for _, rec in s: b.append(pickle.loads(pickle.dumps(rec)), self.p)
                b.sent[self.p] += s
            else: self.pend_send += [(k, pickle.loads(pickle.dumps(rec))) for k, rec in s]

class Violation(Exception): pass

class Worker:
    def __init__(self, n): self.n, self.owned, self.asleep = n, {}, 0
    def commit(self, b, r, stats):
        # One transaction for all partitions: fenced as a whole when one of them is somebody else's.
        lost = [p for p in self.owned if b.owner[p] is not self]
        if lost and BREAK != "fence":
            stats["fenced"] += 1
            for p in lost:
                if BREAK == "cause":                            # what goes *to* p is given up, what p caused stays
                    for o in self.owned.values(): o.pend_send = [x for x in o.pend_send if b.R.at(x[1][0]) != p]
                    rest = [o for q, o in self.owned.items() if q not in lost]
                    if rest: rest[0].pend_send += self.owned[p].pend_send
                del self.owned[p]
        if r.random() < .1: stats["aborts"] += 1; return        # nothing is in; the same is sent again with the next
        for p, o in self.owned.items():
            for k, rec in o.pend_send: b.append(rec, p)
            b.sent[p] += o.pend_send; b.outs[p] += o.pend_out
            stats["sent"] += len(o.pend_send); stats["outputs"] += len(o.pend_out)
            for _, rec in o.pend_send: stats[rec[1]] += 1
            o.pend_out, o.pend_send = [], []
            b.offset[p] = o.pos
            for k in [k for k in o.dirty if r.random() < .3]: b.changelog[p][k] = (pickle.dumps(o.eng.c[k]), o.pos - 1); del o.dirty[k]
            low = min(o.dirty.values(), default=o.pos)
            if BREAK == "low_water": low = min(low + 1, o.pos)
            b.progress[p] = {"low": low, "now": o.eng.now if BREAK == "shared_clock" else o.shared.get(low, o.eng.now), "dig": o.digest()}

def script(r, R):
    """The producers' records in order: events of some customers, some of them twice or late, links, `unmerge`."""
    n = r.randint(2, 7)
    keys = [("~" if r.random() < .65 else "") + c for c in r.sample("abcdefghij", n)]
    known = [k for k in keys if k[0] != "~"]
    ids = [f"/i{j}" for j in range(r.randint(1, 5))] + (["=" + r.choice(known)] if known else []) + (["=" + r.choice(known)] if known and r.random() < .4 else [])
    mine = {k: r.sample(ids, min(len(ids), r.choice([0, 1, 1, 2, 3]))) for k in keys}
    if r.random() < .35:                                        # a chain, in any order of keys: long ways, crossing merges, splits
        for j, k in enumerate(keys): mine[k] = [f"/c{j}", f"/c{j + 1}"] + mine[k][:1] * (r.random() < .3)
        ids += [f"/c{j}" for j in range(n + 1)]
    out, t, calm = [], 0, R.keep < FAR
    for j in range(r.randint(8, 50)):
        t += r.choice([0, 1, 2, 5, 12, 30])
        if r.random() < .05: out.append((r.choice(keys), "unmerge")); continue
        if calm and r.random() < .1: out.append((r.choice(keys + ids), "forget")); continue
        if out and r.random() < .1 and not calm: out.append(r.choice(out[-8:])); continue
        k = r.choice(keys)
        late = r.randint(0, 40) if r.random() < .25 else 0
        out.append((k, "ev", (max(1, t - late), f"e{j}", r.randint(-9, 9), tuple(i for i in mine[k] if r.random() < .35))))
    return out

def ideal(R, natives):
    """What should be, from the producers' records alone: {origin: host}, accepted events."""
    links, apart, seen, now, late = {}, set(), set(), {}, set()
    for rec in natives:
        if rec[1] == "forget": continue
        k = rec[0]; links.setdefault(k, set())
        if rec[1] == "unmerge": apart.add(k); continue
        ts, eid, val, ids = rec[2]; p = R.at(k)
        now[p] = max(now.get(p, -FAR), ts)
        links[k] |= set(ids)
        if ts < now[p] - OOO - LATE: late.add((k, eid))
        else: seen.add((ts, k, eid, val))
    nodes = {}
    for k, ids in list(links.items()):
        if sum(i[0] == "=" and i != "=" + k for i in ids) > 1: apart.add(k)
        for i in ids: nodes.setdefault(i, set()).add(k)
    shared = {i for i, cs in nodes.items() if i[0] == "/" and len(cs) > R.most}
    for i in nodes:
        if i[0] == "=" : nodes[i].add(i[1:]); links.setdefault(i[1:], set())
    label = {k: (k, (k,)) for k in links}
    while True:                                                 # rises from nothing, so every label has a true source
        said = {i: None for i in nodes}
        for i, cs in nodes.items():
            for c in cs:
                if i not in shared and c not in apart: said[i] = better(through(label[c], i, R.hops), said[i]) or said[i]
        new = {}
        for k in links:
            new[k] = (k, (k,))
            if k in apart or (k[0] != "~" and not R.known_move): continue
            for i, cs in nodes.items():
                if k in cs: new[k] = better(through(said[i], k, R.hops), new[k])
        if new == label: break
        label = new
    if R.known_move and R.hops == 30:                           # then labels are the smallest keys of the connected groups
        group = {k: k for k in links}
        def root(k):
            while group[k] != k: k = group[k]
            return k
        for i, cs in nodes.items():
            cs = [root(c) for c in cs if c not in apart] if i not in shared else []
            for c in cs: group[root(c)] = min(root(c), root(cs[0]), key=order); group[root(cs[0])] = root(c)
        assert all(label[k][0] == root(k) for k in links), (label, group)
    return {k: label[k][0] for k in links}, seen, late

def run(seed, stats):
    r = random.Random(seed); R = Rules(r)
    natives = script(r, R); b = Broker(R); todo = list(natives)
    left = {p: [x for x in todo if R.at(x[0]) == p] for p in range(R.parts)}
    workers = [Worker(n) for n in range(r.randint(1, 3))]
    calm_after = r.randint(20, 200); steps = 0; ended = False
    while True:
        steps += 1
        if steps > 3000 or sum(map(len, b.log)) > 6000: raise Violation("does not come to rest")
        faulty = steps < calm_after
        if any(left.values()) and r.random() < .7:
            p = r.choice([p for p in left if left[p]])
            for _ in range(r.randint(1, 4)):
                if left[p]: b.append(left[p].pop(0))
        for p in range(R.parts):                                # rebalance: the old owner may not know yet
            if b.owner[p] is None or (faulty and r.random() < .03):
                awake = [w for w in workers if not w.asleep] or workers
                w = r.choice(awake)
                if b.owner[p] is not w or p not in w.owned: b.owner[p] = w; w.owned[p] = Owned(b, p, stats)
        for w in workers:
            if w.asleep: w.asleep -= 1; continue
            if faulty and r.random() < .04:                     # crash: all of its memory is gone
                stats["crashes"] += 1; w.owned = {}
                for p in range(R.parts):
                    if b.owner[p] is w: b.owner[p] = None
                continue
            if faulty and r.random() < .03: w.asleep = r.randint(1, 15); stats["stalls"] += 1; continue
            for p in r.sample(sorted(w.owned), len(w.owned)): w.owned[p].poll(b, r.randint(0, 6) if faulty else 50)
            if r.random() < .4: w.commit(b, r, stats)
        if any(left.values()) or faulty: continue
        if any(o is None for o in b.owner) or any(b.offset[p] < len(b.log[p]) for p in range(R.parts)): continue
        if any(o.pend_send or o.pend_out for w in workers for o in w.owned.values()): continue
        if ended: break
        ended = True
        for p in range(R.parts): b.append((p, "end"))
    judge(R, b, natives, stats)
    stats["most records between keys in one history"] = max(stats["most records between keys in one history"], sum(map(len, b.sent)))

def judge(R, b, natives, stats):
    state = {}
    for p in range(R.parts):                                    # log: a function of the log, once, in order
        e = Engine(R); outs, sends = [], []
        for rec in b.log[p]:
            o, s, _ = e.step(pickle.loads(rec), lambda k: False)
            outs += o; sends += [(to, *what) for _, to, what in s]
        if outs != b.outs[p]: raise Violation(f"outputs of {p} differ: {len(outs)} against {len(b.outs[p])}")
        for q in range(R.parts):
            got = [pickle.loads(rec) for rec, src in zip(b.log[q], b.src[q]) if src == p]
            want = [x for x in sends if R.at(x[0]) == q]
            if len(got) != len(want) or any(g[:3] != x[:3] for g, x in zip(got, want)): raise Violation(f"records from {p} to {q} differ")
        state.update(e.c)
    host, accepted, late = ideal(R, natives)
    forgot = any(x[1] == "forget" for x in natives)             # then places depend on what is said again, and when
    stats["with forgetting"] += forgot
    held = Counter()
    for k, s in state.items():                                  # count and place
        if k[0] in "/=": continue
        want = None if host.get(k, k) == k else ("away", host[k])
        if s["loc"] != want and (not forgot or s["loc"] and s["loc"][0] == "recall"): raise Violation(f"{k} is at {s['loc']}, should be at {want}")
        for g, p in [(k, s["part"]), *s["guests"].items()]:
            if p is None: raise Violation(f"{k} still waits for {g}")
            if p["ev"] and host[g] != k and not forgot: raise Violation(f"events of {g} lie at {k}")
            held.update(e[:3] for e in p["ev"])
        held.update(s["over"])
    if held != Counter(e[:3] for e in accepted): raise Violation(f"{sum(held.values())} events counted, {len(accepted)} accepted")
    if {(k, o[1]) for os in b.outs for k, o in os if o[0] == "late"} != late: raise Violation("late events differ")
    rows, alerts = {}, {}
    for outs in b.outs:
        for k, o in outs:
            if o[0] == "row": rows.setdefault((o[1], o[2]), []).append(o[3:])
            if o[0] == "alert": alerts.setdefault(o[1], []).append(o[2:])
    for a, vs in alerts.items():
        if sorted(v for v, _ in vs) != list(range(1, len(vs) + 1)): raise Violation(f"versions of alert {a}: {vs}")
    if set(alerts) != {(k, e) for _, k, e, v in accepted if v < -6}: raise Violation("alerts differ")
    stats["merged"] += sum(k != h for k, h in host.items()); stats["events"] += len(accepted); stats["late"] += len(late)
    stats["shared"] += sum(s.get("shared", False) for s in state.values()); stats["apart"] += sum(s.get("apart", False) for s in state.values())
    stats["bounced"] += sum(rec[0] == rec[2] for p in range(R.parts) for _, rec in b.sent[p] if rec[1] == "fwd")
    if R.keep < FAR: return                                     # what is over stays where it was when it was over
    for id, vs in rows.items():
        if [v for v, _ in vs] != list(range(1, len(vs) + 1)): raise Violation(f"versions of row {id}: {vs}")
    final = {id: vs[-1][1] for id, vs in rows.items() if vs[-1][1] is not None}
    want = {}
    for h in set(host.values()):
        for one in runs(e for e in accepted if host[e[1]] == h): want[(h, one[0][:3])] = content(one)
    if final != want: raise Violation(f"rows differ: {len(final)} against {len(want)}")
    for a, vs in alerts.items():
        if max(vs)[1] != host[a[0]]: raise Violation(f"alert {a} ends at {max(vs)[1]}")

def main():
    n = next((int(a) for i, a in enumerate(ARGS) if a.isdigit() and (i == 0 or ARGS[i - 1] != "--from")), 2000)
    start = int(ARGS[ARGS.index("--from") + 1]) if "--from" in ARGS else 0
    bad, stats, shown = 0, Counter(), Counter()
    for seed in range(start, start + n):
        try: run(seed, stats)
        except (Violation, RecursionError, KeyError) as e:
            bad += 1; shown[type(e).__name__] += 1
            if bad <= 3: print("seed", seed, str(e)[:160])
            if "--stop" in ARGS: n = seed - start + 1; break
    print(f"{n} histories, {bad} violations" + (f" with {BREAK} broken" if BREAK else ""))
    if not BREAK: print(", ".join(f"{k} {v}" for k, v in sorted(stats.items())))
    sys.exit((bad == 0) if BREAK else (bad > 0))

main()
