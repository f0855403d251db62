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

RULES = {
    "fence": "a zombie's transaction does not carry the offsets of its partitions, so it is not fenced",
    "cause": "outputs are given up by the partition they go to, not by the one that caused them (the code as it is)",
    "atomic": "records to other partitions are sent at once, outside the transaction",
    "replay": "a replay sends what it computes once more",
    "applied": "a replay applies what a restored customer holds already",
    "low_water": "the replay starts one record too late",
    "shared_clock": "the replay starts with the clock of the committed offset",
    "clock": "forwarded events advance the clock of the host's partition",
    "late": "the host judges by its own clock whether a forwarded event is late",
    "judged": "an event that is late where it arrived is forwarded instead of set aside",
    "seen": "the ids that were taken in stay behind when a part moves",
    "bounce": "a host takes in what reaches it after it gave the part back",
    "direct": "a customer who moves on does not come home first: the next host gets nothing of what lies at the last one",
    "last": "who is recalled is home with the first piece",
    "closed": "the host forgets at once that somebody left",
    "keep_local": "a recalled customer takes events in before the part is back",
    "smaller": "a customer follows what they heard last, not the smallest",
    "path": "a label does not know which way it came",
    "report": "a changed label is told to the newest neighbour only",
    "newcomer": "the one who makes an identity shared counts, but the earlier ones are not told",
    "count": "an identity counts statements, not customers",
    "sticky": "a shared identity forgets that it was shared",
    "mix": "a host merges a guest's part into its own",
    "versions": "versions of withdrawn rows are forgotten",
    "withdraw": "whoever leaves does not withdraw their rows",
    "forget": "a customer is forgotten while their part is under way or has something to amend",
    "repoint": "alerts do not move with the part",
    "apart": "`unmerge` is not told to the neighbours",
    "device": "a customer who named two accounts is merged all the same",
}
ARGS = sys.argv[1:]
BREAK = ARGS[ARGS.index("--break") + 1] if "--break" in ARGS else None
if BREAK == "list": print("\n".join(f"{k:13}{v}" for k, v in RULES.items())); sys.exit()
assert BREAK is None or BREAK in RULES, "unknown rule"
GAP, OOO, LATE, FAR, END = 20, 3, 15, 10**9, 10**12

def dig(x): return hash(x) & (2**64 - 1)
def order(key): return (key[0] == "~", key)                    # known before anonymous, then by bytes
def better(a, b): return a if b is None or (a and (order(a[0]), len(a[1]), a[1]) < (order(b[0]), len(b[1]), b[1])) else b
def through(label, k, most):
    """What a neighbour's label is at k: one step longer; nothing when it went through k before, or too far."""
    if not label or label == "shared": return None
    if BREAK == "path": return (label[0], label[1] + (k,))
    return None if k in label[1] or len(label[1]) >= most else (label[0], label[1] + (k,))

class Rules:
    """What all workers agree on: partition of a key, most customers of an identity, hop limit, whether known customers move."""
    def __init__(self, r):
        self.parts = r.choice([1, 2, 2, 3, 4]); self.most = r.choice([2, 2, 3]); self.hops = r.choice([3, 5, 30])
        self.known_move = r.random() < .5; self.keep = r.choice([FAR, FAR, 60]); self.place = {}
        self.r = random.Random(r.random())
    def at(self, key):
        if key not in self.place: self.place[key] = self.r.randrange(self.parts)
        return self.place[key]

def customer(): return {"dig": 0, "links": {}, "apart": False, "loc": None, "part": part(), "guests": {}, "rows": {}, "over": []}
def part(): return {"seen": set(), "ev": [], "al": {}}
def identity(): return {"dig": 0, "of": {}, "shared": False, "told": None, "n": 0}
def pieces(p):
    """A part as records of bounded size: each is a part of its own, since to join is all that is done with it."""
    most, out = 6, []
    for i in range(0, len(p["ev"]), most):
        ev = p["ev"][i:i + most]; ids = {e[1:3] for e in ev}
        out.append({"seen": {e[2] for e in ev}, "ev": ev, "al": {a: v for a, v in p["al"].items() if a in ids}})
    rest = p["seen"] - {e[2] for e in p["ev"]}
    if BREAK == "seen": return [{**x, "seen": set()} for x in out] or [part()]
    return out[:-1] + [{**out[-1], "seen": out[-1]["seen"] | rest}] if out else [{**part(), "seen": rest}]
def join(a, b): return {"seen": a["seen"] | b["seen"], "ev": a["ev"] + b["ev"], "al": {**a["al"], **b["al"]}}

class Engine:
    """One partition: a function of its log. out = outputs, send = records for other keys; both in order."""
    def __init__(self, rules): self.R, self.c, self.now = rules, {}, -FAR
    def get(self, k):
        if k not in self.c: self.c[k] = identity() if k[0] in "/=" else customer()
        return self.c[k]
    def emit(self, k, o): self.out.append((k, o)); self.c[k]["dig"] = (self.c[k]["dig"] + dig((k, o))) % 2**64; self.touched.add(k)
    def tell(self, k, to, *what): self.send.append((k, to, what)); self.c[k]["dig"] = (self.c[k]["dig"] + dig((k, to, repr([sorted(x["seen"]) + x["ev"] + sorted(x["al"].items()) if isinstance(x, dict) else x for x in what])))) % 2**64

    def step(self, rec, skip):
        self.out, self.send, self.touched = [], [], set()
        key, kind = rec[0], rec[1]
        wm = self.now - OOO
        if kind == "ev": self.advance(rec[2][0], skip)
        elif kind == "end": self.advance(END, skip)
        elif kind == "fwd" and BREAK == "clock": self.advance(rec[3][0], skip)
        if kind != "end" and not skip(key):
            self.touched.add(key)
            getattr(self, "on_" + kind)(key, self.get(key), *rec[2:])
        return self.out, self.send, self.touched
    def advance(self, t, skip):
        if t <= self.now: return
        self.now = t
        for k in sorted(self.c):
            if k[0] not in "/=" and not skip(k): self.publish(k)

    # --- a customer's own log: events, links, where the part is
    def on_ev(self, k, s, ev):
        ts, eid, val, ids = ev
        for i in ids: self.link(k, s, i)
        if ts < self.now - OOO - LATE and not (BREAK == "judged" and s["loc"]): return self.emit(k, ("late", eid))
        self.take(k, s, (ts, eid, val))
    def take(self, k, s, e):
        if s["loc"] and not (BREAK == "keep_local" and s["loc"][0] == "recall"): return self.tell(k, s["loc"][1], "fwd", k, e)
        self.apply(k, s, s["part"], k, e)
    def apply(self, k, s, p, origin, e):
        if e[1] in p["seen"]: return
        p["seen"].add(e[1]); p["ev"].append((e[0], origin, e[1], e[2]))
        if e[2] < -6: p["al"][(origin, e[1])] = 1; self.emit(k, ("alert", (origin, e[1]), 1, k))
        self.publish(k)
    def link(self, k, s, i):
        if i in s["links"]:
            if BREAK == "count": self.tell(k, i, "label", k, self.label(k, s))
            return
        s["links"][i] = None
        if sum(j[0] == "=" and j != "=" + k for j in s["links"]) > 1 and BREAK != "device": s["apart"] = True
        self.tell(k, i, "label", k, self.label(k, s), True); self.relabel(k, s)
    def label(self, k, s):
        """(smallest key, the way from it to k) to say to neighbours; None = apart."""
        if s["apart"] and BREAK != "apart": return None
        return self.heard(k, s)
    def heard(self, k, s):
        best = (k, (k,))
        if s["apart"] or (k[0] != "~" and not self.R.known_move): return best
        for l in s["links"].values():
            l = through(l, k, self.R.hops)
            best = l if BREAK == "smaller" and l else better(l, best)
        return best
    def relabel(self, k, s):
        l = self.label(k, s)
        if s.get("told", (k, (k,))) != l:
            s["told"] = l
            for i in list(s["links"])[-1:] if BREAK == "report" else s["links"]:
                if s["links"][i] != "shared": self.tell(k, i, "label", k, l)
        self.move(k, s)
    def move(self, k, s):
        to = self.heard(k, s)[0]
        if s["loc"] is None and to != k:
            p = s["part"]; s["part"] = part(); s["loc"] = ("away", to)
            self.publish(k)
            if BREAK == "seen": s["part"]["seen"] = p["seen"]
            if BREAK == "repoint": p = {**p, "al": {}}
            for piece in pieces(p): self.tell(k, to, "hand", k, piece)
        elif s["loc"] and s["loc"][0] == "away" and to != s["loc"][1]:
            if BREAK == "direct": s["loc"] = ("away", to) if to != k else None
            else: self.tell(k, s["loc"][1], "recall", k); s["loc"] = ("recall", s["loc"][1])
    def on_label(self, k, s, frm, l, ask=False):
        if k[0] in "/=": return self.on_identity(k, s, frm, l, ask)
        if s["links"].get(frm) == "shared": return
        if frm not in s["links"]: self.tell(k, frm, "label", k, self.label(k, s))   # we were named, and are asked
        s["links"][frm] = l
        if BREAK == "smaller": s["links"] = {**{i: x for i, x in s["links"].items() if i != frm}, frm: l}
        self.relabel(k, s)
    def on_forget(self, k, s):
        """Nothing was heard for long; in the engine the clock says so. Never while a part is under way, nor while it has one."""
        if k[0] in "/=": self.c[k] = {**identity(), "dig": s["dig"]}; return
        busy = s["part"]["ev"] or (s["loc"] and s["loc"][0] == "recall") or any(g is None or g["ev"] for g in s["guests"].values())
        if not busy or BREAK == "forget": self.c[k] = {**customer(), "dig": s["dig"], "over": s["over"], "rows": s["rows"]}
    def on_unmerge(self, k, s): s["apart"] = True; self.relabel(k, s)
    def on_back(self, k, s, frm, p, last):
        s["part"] = join(s["part"], p); self.repoint(k, s, p)
        if not (last or BREAK == "last"): return self.publish(k)
        s["loc"] = None; self.tell(k, frm, "closed", k); self.publish(k); self.move(k, s)

    # --- a host's log: parts of others
    def on_hand(self, k, s, frm, p):
        if BREAK == "mix": s["part"] = join(s["part"], p); s["guests"][frm] = part()
        else: s["guests"][frm] = join(s["guests"].get(frm) or part(), p)
        self.repoint(k, s, p); self.publish(k)
    def repoint(self, k, s, p):
        for a in sorted(p["al"]):
            for q in [s["part"], *s["guests"].values()]:
                if q and a in q["al"]: q["al"][a] += 1; self.emit(k, ("alert", a, q["al"][a], k))
    def on_fwd(self, k, s, frm, e):
        if frm == k: return self.take(k, s, e)                  # bounced: where the part is now is ours to say
        g = s["guests"].get(frm, 0)
        if g is None and BREAK != "bounce": return self.tell(k, frm, "fwd", frm, e)
        if BREAK == "late" and e[0] < self.now - OOO - LATE: return self.emit(k, ("late", e[1]))
        if not g: g = s["guests"][frm] = part()
        if BREAK == "mix": g = s["part"]
        self.apply(k, s, g, frm, e)
    def on_recall(self, k, s, frm):
        g = s["guests"].get(frm) or part()
        s["guests"][frm] = None
        if BREAK == "closed": del s["guests"][frm]
        for i, piece in enumerate(all := pieces(g)): self.tell(k, frm, "back", k, piece, i + 1 == len(all))
        self.publish(k)
    def on_closed(self, k, s, frm): s["guests"].pop(frm, None)

    # --- an identity's log
    def on_identity(self, k, s, frm, l, ask):
        s["n"] += BREAK == "count"
        if s["shared"]: return self.tell(k, frm, "label", k, "shared")
        new = not s["of"] and k[0] == "="
        if new and frm != k[1:]: s["of"][k[1:]] = None; self.tell(k, k[1:], "label", k, None)   # the named customer is asked
        s["of"][frm] = l
        if k[0] == "/" and max(len(s["of"]), s["n"]) > self.R.most:   # who is named is one customer, however many say it
            for c in [frm] if BREAK == "newcomer" else list(s["of"]): self.tell(k, c, "label", k, "shared")
            if BREAK == "sticky": s["of"] = {}
            else: s["of"], s["shared"] = {}, True
            s["told"] = None
            return
        best = None
        for x in s["of"].values():
            best = better(through(x, k, self.R.hops), best) or best
        if best != s["told"]:
            s["told"] = best
            for c in s["of"]: self.tell(k, c, "label", k, best)
        elif ask: self.tell(k, frm, "label", k, best)

    # --- rows: a journey is a run of events of all parts, published when its gap has passed by this partition's clock
    def publish(self, k):
        s, wm = self.c[k], self.now - OOO
        parts = [s["part"]] + [g for _, g in sorted(s["guests"].items()) if g]
        live = {}
        for run in runs(e for p in parts for e in p["ev"]):
            if run[-1][0] + self.R.keep < wm and self.now < END:  # too old to be amended: it is over
                gone = {e[:3] for e in run}; s["over"] += sorted(gone); self.touched.add(k)
                for p in parts:
                    p["ev"] = [e for e in p["ev"] if e[:3] not in gone]
                    p["al"] = {a: v for a, v in p["al"].items() if not any(a == g[1:3] for g in gone)}
                s["rows"].pop(run[0][:3], None)
                continue
            live[run[0][:3]] = content(run) if run[-1][0] + GAP < wm else None
        for g in [g for g, p in s["guests"].items() if p and not p["ev"] and not p["al"] and self.R.keep < FAR]: del s["guests"][g]; self.touched.add(k)
        for first in sorted(live):
            row = s["rows"].get(first, (0, None))
            if live[first] is not None and row[1] != live[first]:
                s["rows"][first] = (row[0] + 1, live[first]); self.emit(k, ("row", k, first, row[0] + 1, live[first]))
        for first in sorted(set(s["rows"]) - set(live)) if BREAK != "withdraw" or not s["loc"] else ():
            v, what = s["rows"][first]
            if what is not None: s["rows"][first] = (v + 1, None); self.emit(k, ("row", k, first, v + 1, None))
            if BREAK == "versions": del s["rows"][first]

def runs(events):
    out = []
    for e in sorted(events):
        if out and e[0] - out[-1][-1][0] <= GAP: out[-1].append(e)
        else: out.append([e])
    return out
def content(run): return (len(run), sum(e[3] for e in run), run[-1][0], dig(tuple(run)))

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
