"""Cases that random days rarely meet: whom notices address and which of them counts, what people say, and how long
it took after the worst moment. verify_test.py runs them."""

import json
import pathlib
from collections import Counter

import random_events
from random_census import Census

# Whose notices count for 6 minutes after they are due.
WINDOWS = pathlib.Path(__file__).resolve().parent / "windows.yaml"
PATIENCE = WINDOWS.with_name("patience.yaml")  # where 70 s of silence end what is resolved


def ms(at_s):
    return random_events.START_MS + round(at_s * 1000)


def came(customer, at_s, contact="k", segments=(), **more):
    """An event without its id."""
    return {"occurred_at_ms": ms(at_s), "channel": "CHANNEL_VOICE", "contact": {"contact_id": contact},
            "customer": {"customer_id": customer, "segments": segments}, **more}


def notice(name, said_s, due_s=None, tenant="", **more):
    due = {} if due_s is None else {"due_at_ms": ms(due_s)}
    return {"occurred_at_ms": ms(said_s), "tenant_id": tenant,
            "control": {"notice": {"notice_id": name, **due, **more}}}


def agent(customer, at_s, text="", **more):
    return came(customer, at_s, turn={"role": "AGENT", "text": text, **more})


def said(customer, at_s, text="", score=None, **more):
    felt = {} if score is None else {"sentiment": {"score": score}}
    return came(customer, at_s, turn={"role": "CUSTOMER", "text": text, **felt, **more})


def in_touch(name, at_s):
    return came(name, at_s, touchpoint={"touchpoint_id": "n1"}, turn={"role": "CUSTOMER"})


def life(customer, at_s, state, contact="k", **more):
    return came(customer, at_s, contact, lifecycle={"state": state}, **more)


class Announced:
    """Needs `agrees` and the assertions of a test case."""

    def told(self, name, events, partitions=1, policy=WINDOWS):
        """The program agrees on these events, in order of arrival; event ids are e0, e1, ..."""
        census = Census()
        lines = [json.dumps({"event_id": f"e{number}", **event}) for number, event in enumerate(events)]
        self.agrees(name, lines, policy, partitions, census=census)
        return census

    @staticmethod
    def hurt(census):
        """Customers to whom a notice was broken."""
        return {row["customer_id"] for row in census.known.values()
                if any(evidence["cause"] == "notice_broken" for evidence in row.get("evidence", ()))}

    def test_whom_a_notice_addresses(self):
        def at(area, *segments):
            return {"area": area, "segments": segments}
        others = [f"other{number}" for number in range(8)]
        places = {"in": at("north"), "empty": at(""), "below": at("north/riverside"), "beside": at("northern"),
                  "above": at("nor"), "segment": at("", "s1"), "eighth": at("", *others[:7], "s1"),
                  "ninth": at("", *others, "s1"), "nowhere": {}, "tenant": {**at("north"), "tenant_id": "t"}}
        events = [notice("area", 0, 100, areas=["", "north"], segments=["s1"])]
        census = self.told("areas", events + [came(name, 5, **more) for name, more in places.items()], 3)
        self.assertEqual(set(census.noticed), {"in", "below", "segment", "eighth"})
        events = [notice("line", 0, 100, touchpoint_id="n1"), came("elsewhere", 5), in_touch("there", 5)]
        self.assertEqual(self.told("touchpoint", events).noticed, {"there": [("line", False)]})
        self.assertEqual(self.told("all", [notice("all", 0), came("any", 5)], 3).noticed, {"any": [("all", False)]})

    def test_which_notice_counts(self):
        events = [notice("d", 0), notice("c", 0, 50), notice("b", 0, 40), notice("a", 0, 50), came("p", 5),
                  came("q", 45), came("r", 51), came("s", 410)]
        # Of those that are overdue the earliest, though others come first by name; for 6 minutes.
        self.assertEqual(self.told("order", events).noticed, {
            "p": [("b", False)], "q": [("b", True)], "r": [("b", True)], "s": [("a", True)]})
        events = [notice("a", 10, 90), notice("a", 8, 20), came("older", 30), came("early", 9), notice("a", 31, 35),
                  came("moved", 40), notice("a", 41, 35, withdrawn=True), came("withdrawn", 42), notice("a", 42, 43),
                  came("again", 44), notice("a", 44, 43, fulfilled_at_ms=ms(46)), came("before", 45.9), came("at", 46)]
        self.assertEqual(self.told("newest", events).noticed, {
            "older": [("a", False)], "moved": [("a", True)], "again": [("a", True)], "before": [("a", False)]})
        # From its begin lateness is measured, where that is before it was due.
        events = [notice("a", 0, 10, starts_at_ms=ms(10)), came("p", 11), notice("a", 12, 12), came("q", 13)]
        self.assertEqual(self.told("begin", events).noticed, {"p": [("a", True)], "q": [("a", False)]})

    def test_a_notice_that_is_over(self):
        events = [notice("a", 0, 10), came("clock", 300), came("last", 370), came("after", 370.001)]
        self.assertEqual(set(self.told("window", events).noticed), {"clock", "last"})
        # What amends a journey later than allowed, to the millisecond.
        events = [notice("a", 0, 10, touchpoint_id="n1"), came("p", 300), came("q", 300), came("clock", 492),
                  in_touch("p", 369), came("clock", 492.001), in_touch("q", 369)]
        self.assertEqual(self.hurt(self.told("lateness", events)), {"p"})

    def test_a_full_board(self):
        """The hundred and first sends away the one that is over first; what is said again takes no further place."""
        hundred = [notice(f"n{number:03}", 0, 1000 + number) for number in range(100)]
        events = [*hundred, came("full", 1), notice("n001", 1, 1001), came("again", 2), notice("z", 2), came("gone", 3),
                  notice("y", 3, 4000), came("last", 4)]
        self.assertEqual(self.told("full", events).noticed, {
            "full": [("n000", False)], "again": [("n000", False)], "gone": [("n001", False)],
            "last": [("n001", False)]})
        # An older statement of one that went is news; one that is over already takes no place.
        events = [*hundred, notice("z", 2), notice("n000", -1, 999), came("back", 3)]
        self.assertEqual(self.told("back", events).noticed, {"back": [("n000", False)]})
        events = [came("clock", 0), *hundred, notice("z", -500), came("stays", 3)]
        self.assertEqual(self.told("over", events).noticed, {"stays": [("n000", False)]})

    def test_a_heavy_board(self):
        """It holds 256 KiB; what is said again counts with its new size."""
        def heavy(name, said_s, areas, segments=0):
            return notice(name, said_s, 1000, areas=[f"{at:03}" + "a" * 250 for at in range(areas)],
                          segments=[f"{at:03}" + "s" * 250 for at in range(segments)])
        full = [notice("a", 0, 900), *(heavy(f"h{number}", 0, 100) for number in range(10)), came("full", 1)]
        for name, more, left in (("equal", heavy("h3", 1, 99, 1), {"again": [("a", False)]}),
                                 ("more", heavy("h3", 1, 100, 30), {}), ("another", heavy("x", 1, 30), {}),
                                 ("small", heavy("x", 1, 20), {"again": [("a", False)]})):
            census = self.told(name, [*full, more, came("again", 2)])
            self.assertEqual(census.noticed, {"full": [("a", False)], **left})

    def test_what_was_promised_in_person(self):
        """Ranks above what was announced to many, and nobody is hurt by our own call."""
        def promise(customer, at_s, contact, due_s=10**5, **more):
            made = {"promise_id": "p", "kind": "CALLBACK", "due_at_ms": ms(due_s), **more}
            return came(customer, at_s, contact, promise=made)
        names = ("promised", "over", "later", "called", "plain")
        events = [promise("promised", 0, "k"), promise("over", 0, "k", 29), notice("a", 1, 20),
                  promise("over", 25, "k", fulfilled_at_ms=ms(24)), *(life(name, 30, "CONNECTED", "m") for name in names),
                  came("called", 31, "m", direction="DIRECTION_OUTBOUND"), promise("later", 32, "m"),
                  *(came(name, 33, "m") for name in names)]
        census = self.told("promise", events)
        self.assertEqual(self.hurt(census), {"over", "later", "plain"})
        self.assertEqual({rule for rule, _ in census.alerts}, {"promise_at_risk"})  # no event did it

    def test_one_settlement_of_two_promises(self):
        """Two contacts promised the same: of two impressions of one event the worse one is the evidence."""
        def promise(at_s, contact, **more):
            return came("p", at_s, contact, promise={"promise_id": "p", "kind": "CALLBACK", **more})
        self.told("twice", [promise(0, "k", due_at_ms=ms(40)), promise(42, "m", due_at_ms=ms(40)),
                            promise(43, "m", fulfilled_at_ms=ms(43))])

    def test_refused_notices(self):
        events = [notice("", 0), notice("a", 0, areas=["a"] * 101), {**notice("a", 0), "occurred_at_ms": 0},
                  {**notice("a", 0), "event_id": ""}, came("p", 1)]
        census = self.told("refused", events)
        self.assertEqual(census.refused, {"control.notice.notice_id": 1, "control.notice.areas": 1,
                                          "occurred_at_ms": 1})
        self.assertEqual(set(census.noticed), {"p"})

    def test_what_agents_say(self):
        events = [agent("p", 0, "GOOD   morning! You want what?"), said("p", 1, "hi", 0.5), agent("p", 2, "Sorry"),
                  agent("p", 3, "", is_final=False), agent("p", 4, "thanks", is_final=False), agent("p", 5, "我们接下来"),
                  agent("q", 0, "Othello, thanksgiving, goodmorning"), said("q", 1, "hello, thanks", 0.5)]
        acts = self.told("acts", events).acts
        self.assertEqual(set(acts), {("OPENING", "greeting"), ("OPENING", "need_restated"), ("END", "apology"),
                                     ("END", "next_step")})

    def test_what_customers_ask_for(self):
        texts = {"en": "I want A  HUMAN now", "zh": "请转人工好吗", "word": "humane agent_12", "id": "agent_1.",
                 "other": "a human"}
        events = [said(name, 0, text, customer_id="x" if name == "other" else "") for name, text in texts.items()]
        census = self.told("humans", [*events, agent("bot", 1, "a human")])
        self.assertEqual({row["customer_id"] for row in census.known.values() if "gap_responsiveness" in row},
                         {"en", "zh", "id"})
        events = [said("p", 0, "your MANAGER"), said("q", 0, "complain! (legal)", -0.5), said("r", 0, "managers", -0.5),
                  said("s", 0, "投诉", is_final=False), agent("t", 0, "投诉")]
        census = self.told("escalation", events)
        self.assertEqual(census.alerts["escalated", "raised"], 2)

    def test_answers_in_plenty(self):
        """Of more than 16 answers the earliest is known only where one came before the peak."""
        after = {}
        for name, before, later in (("few", 0, 16), ("many", 0, 17), ("known", 3, 15), ("lost", 1, 16)):
            answers = [agent(name, 2 + at) for at in range(before)]
            answers += [agent(name, 10 + at) for at in range(later)]
            events = [said(name, 0), *answers[:before], said(name, 5, score=-0.9), *answers[before:]]
            census = self.told(name, [*events, said(name, 15, score=0.2), said(name, 20, score=0.9)])
            row = next(iter(census.known.values()))
            after[name] = int(row.get("peak_to_response_ms", 0)), int(row["peak_to_recovery_ms"])
        self.assertEqual(after, {"few": (5000, 15000), "many": (0, 15000), "known": (5000, 15000), "lost": (0, 15000)})

    def test_two_channels_without_ids(self):
        """An alert stays with the contact of its channel."""
        hurt = {"role": "CUSTOMER", "sentiment": {"score": -0.9}}
        events = [came("p", 0, "", channel="CHANNEL_CHAT"), came("p", 1, "", turn=hurt),
                  came("p", 41, "", channel="CHANNEL_CHAT", lifecycle={"state": "DISCONNECTED"}), came("p", 46, "")]
        census = self.told("channels", events)
        self.assertGreater(census.alerts["negative_peak", "contact_ended"], 0)

    def test_a_matter_that_is_resolved(self):
        """A shorter silence ends a journey, unless the customer wants something after that."""
        def days(name, *wanted):
            return [life(name, 0, "RESOLVED"), *wanted, came(name, 100, "m")]
        inbound = {"direction": "DIRECTION_INBOUND"}
        events = [*days("over"), *days("asks", said("asks", 1)), *days("same", said("same", 0)),
                  *days("ours", agent("ours", 1)),
                  *days("draft", said("draft", 1, is_final=False)), *days("began", came("began", 1, **inbound)),
                  *days("later", life("later", 2, "QUEUED", "n", **inbound)),
                  *days("twice", said("twice", 1), life("twice", 2, "RESOLVED", "n"))]
        events.sort(key=lambda event: event["occurred_at_ms"])
        census = self.told("grace", events, policy=PATIENCE)
        journeys = Counter(row["customer_id"] for row in census.known.values() if not row.get("is_deleted"))
        del journeys["same"]  # of a tie the hashes decide
        self.assertEqual({name for name, count in journeys.items() if count == 1}, {"asks", "began", "later"})

    def test_the_usual_score(self):
        """Of the journeys before, up to eight of them weigh."""
        events = [said("p", 1000 * day, score=(-0.9, 0.7, 0.11111, -0.5)[day % 4]) for day in range(12)]
        events += [came("p", 12000), said("p", 12001, score=-0.9), came("p", 13000)]
        census = self.told("usual", events)
        self.assertGreater(census.told["usual"], 5)
        self.assertGreater(census.told["delta_to_usual"], 3)
