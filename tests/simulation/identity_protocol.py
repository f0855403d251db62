"""The protocol of the identity hand-over (docs/identity.md): what one partition does with its log."""
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
        for i in ids: self.link(k, s, i, int(eid[1:]) % 3 == 0)
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
    def link(self, k, s, i, again):
        """`again`: it was last said long ago; in the engine the clock says so."""
        if i in s["links"]:
            if BREAK == "count": self.tell(k, i, "label", k, self.label(k, s))
            elif again: self.tell(k, i, "label", k, self.label(k, s), True)
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
        if frm not in s["links"] or ask: self.tell(k, frm, "label", k, self.label(k, s))   # we were named, and are asked
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
        if new and frm != k[1:]: s["of"][k[1:]] = None; self.tell(k, k[1:], "label", k, None, True)   # the named customer is asked
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
