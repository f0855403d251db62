"""What people say on a random day: the phrases that windows.yaml knows and what only looks like them, in two languages;
and answers in plenty to who was hurt."""

import string

SECOND = 1_000
OF_AGENTS = ["hello", "good morning", "您好", "you want", "您是要", "sorry", "apologise", "抱歉", "we will", "next step",
             "接下来", "thank you", "thanks", "谢谢", "c3"]
OF_CUSTOMERS = ["a human", "real person", "转人工", "agent_1", "manager", "supervisor", "投诉", "complain!", "(legal)"]
GLUE = ["", "", "", " ", ", ", "x", "X", "_", "7", "！", "é", "好", "\t", "\n", "-"]
GAPS = ["  ", "   ", "", "\t", " \n ", "\r", "\f", "\v", "-", "\u00a0", "\u3000"]


def cased(rng, text):
    return rng.choice([text, text, text.upper(), text.title(), text.swapcase()])


class Words:
    """What is said, by a chance of its own."""

    def __init__(self, rng):
        self.rng = rng
        self.share = rng.choice([0.3, 0.6])
        self.plenty = rng.choice([0, 0.02])  # how often one who was hurt is answered many times
        self.answers = 0  # that are still to come
        self.same = {}  # what tells their contact

    def say(self, turn):
        """Puts phrases into a turn."""
        rng = self.rng
        if not turn or rng.random() >= self.share:
            return
        usual = OF_AGENTS if turn.get("role") == "AGENT" else OF_CUSTOMERS
        phrases = [rng.choice(usual if rng.random() < 0.9 else OF_AGENTS + OF_CUSTOMERS)
                   for _ in range(rng.choice([1, 1, 2]))]
        turn["text"] = turn.get("text", "") + "".join(self.near(phrase) for phrase in phrases)

    def near(self, phrase):
        """As it is, in other letters, with more blanks or less, or as a part of other words."""
        rng = self.rng
        if rng.random() < 0.3:
            phrase = phrase.replace(" ", rng.choice(GAPS))
        elif rng.random() < 0.1:
            phrase = phrase.replace(rng.choice(phrase), rng.choice(string.ascii_letters))
        return rng.choice(GLUE) + cased(rng, phrase) + rng.choice(GLUE)

    def note(self, event):
        """May plan many answers in the contact of one who is hurt."""
        score = event.get("turn", {}).get("sentiment", {}).get("score", 0)
        if isinstance(score, (int, float)) and score < 0 and self.rng.random() < self.plenty:
            self.answers = self.rng.randint(14, 24)
            self.same = {name: event[name] for name in ("customer", "tenant_id", "channel", "contact") if name in event}

    def answer(self):
        """(ms after the event before, what the answer says)"""
        rng = self.rng
        self.answers -= 1
        event = {**self.same, "turn": {"role": "AGENT"}}
        if rng.random() < 0.15:
            event = {**self.same, "lifecycle": {"state": "CONNECTED"},
                     "agent": {"id": "a0", "kind": rng.choice(["KIND_HUMAN", "KIND_BOT"])}}
        if rng.random() < 0.1:
            event = {**self.same, "turn": {"role": "CUSTOMER", "sentiment": {"score": rng.choice([-0.2, 0.4, 0.9])}}}
        return rng.choice([0, 1, SECOND, 3 * SECOND]), event
