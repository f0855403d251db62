"""Customers who come back on a random day, for the same or something else, and are called back."""

import random_service

INBOUND = [{"direction": "DIRECTION_INBOUND"}, {"direction": "DIRECTION_INBOUND", "initiation": "INITIATION_CUSTOMER"},
           {"initiation": "INITIATION_CUSTOMER"}]
OUTBOUND = [{"direction": "DIRECTION_OUTBOUND"}, {"initiation": "INITIATION_CALLBACK"},
            {"direction": "DIRECTION_OUTBOUND", "initiation": "INITIATION_CALLBACK"},
            {"direction": "DIRECTION_OUTBOUND", "initiation": "INITIATION_SURVEY"}]
IN = [["queued", "ABANDONED"], ["queued", "hurt", "agent"], ["hurt", "agent", "RESOLVED"], ["queued", "CONNECTED"],
      ["hurt", "hurt", "EXPIRED"], ["hurt", "agent", "pleased", "DISCONNECTED"], ["hurt", "HUMAN_REQUESTED"],
      ["pleased"], ["hurt", "promise", "hurt"], ["pleased", "promise", "RESOLVED"], ["agent", "promise", "DISCONNECTED"],
      ["hurt", "agent", "survey"]]
OUT = [["agent", "RESOLVED"], ["CONNECTED", "pleased"], ["agent", "agent"], ["CONNECTED", "hurt", "RESOLVED"],
       ["pleased"]]
LASTING = [20_000, 400_000, 3_600_000, 86_400_000]  # until what was promised is due, in ms


class Visits:
    """A few customers, each with one visit after the other; events in the order in which they happen."""

    def __init__(self, rng, promises):
        """`promises`: (what tells whose it is, promise id), where what is promised here is noted."""
        self.rng = rng
        self.promises = promises
        self.count = 0
        self.ahead = []  # what is still to come of this customer's visits

    def next(self):
        """What the next event says beside its id and time."""
        if not self.ahead:
            customer = f"v{self.rng.randrange(2)}"
            for _ in range(self.rng.choice([2, 3, 4, 5])):
                self.visit(customer)
        return self.ahead.pop(0)

    def visit(self, customer):
        rng = self.rng
        self.count += 1
        channel = rng.choice(["CHANNEL_VOICE", "CHANNEL_CHAT", "CHANNEL_EMAIL"])
        said = {"customer": {"customer_id": customer}, "channel": channel, "contact": {"contact_id": f"v{self.count}"}}
        if rng.random() < 0.15:
            said["contact"] = {}
        if rng.random() < 0.1:
            said["time_quality"] = "TIME_QUALITY_ORDER_ONLY"
        beginning, courses = (INBOUND, IN) if rng.random() < 0.6 else (OUTBOUND, OUT)
        beginning = rng.choice(beginning)
        about = {member: {name: f"{name}{rng.randrange(2)}" for name in names if rng.random() < share}
                 for member, names, share in (("contact", ("chain_id", "case_id"), 0.3),
                                              ("touchpoint", ("intent", "touchpoint_id"), 0.4))}
        for place, what in enumerate(rng.choice(courses)):
            event = {**said, "contact": dict(said["contact"])}
            if place == 0 or rng.random() < 0.2:
                event.update(beginning)
            if place == rng.choice([0, 0, 1]):
                event["contact"].update(about["contact"])
                event["touchpoint"] = about["touchpoint"]
            event.update(self.promise(said["customer"]) if what == "promise" else self.payload(what))
            self.ahead.append(event)

    def promise(self, customer):
        name = self.rng.choice([f"v{self.count}", f"v{self.count}", "moving"])
        self.promises.append(({"customer": customer}, name))
        return {"promise": {"promise_id": name, "kind": self.rng.choice(["CALLBACK", "DELIVERY", "REFUND", 99]),
                            "max_duration_ms": self.rng.choice(LASTING)}}

    def payload(self, what):
        rng = self.rng
        if what in ("hurt", "pleased"):
            score = rng.choice([1, *[rng.uniform(0.3, 1)] * 4]) * (-1 if what == "hurt" else 1)
            return {"turn": {"role": "CUSTOMER", "sentiment": {"score": score}}}
        if what == "agent":
            return {"turn": {"role": rng.choice(["AGENT", "AGENT", "BOT"]), "text": rng.choice(["", "Anything else?"])}}
        if what == "survey":
            return {"survey": {"kind": "CSAT", "status": "ANSWERED", "raw": rng.randint(1, 5), "raw_min": 1, "raw_max": 5}}
        if what == "HUMAN_REQUESTED":
            return {"signal": {"kind": what}}
        return {"lifecycle": random_service.lifecycle(rng, what.upper())}
