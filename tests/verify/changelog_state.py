"""Damage to what the changelog holds of customers and notices, which O4 must see. changelog_test.py runs it."""

from corruptions import bump, places
from oracle_messages import Alert, CustomerState
from oracle_records import NAMES

CONTACT = "open.contacts.contacts."
# What conditions and impressions of whole journeys come from.
FIELDS = (*(CONTACT + name for name in (
    "queued.event_id", "first_message_ms", "answered_last.hash", "last_message.name", "last_question.at.at_ms",
    "need.started.hash", "need.direction", "need.initiation", "need.started_event_id", "need.chain.hash",
    "need.case_id.hash", "need.intent.at.hash", "need.touchpoint.hash", "promises.statements",
    "promises.made.time_ms", "promises.due.event_id", "promises.kind", "order_only", "tier.name", "tier.at.hash",
    "touchpoint.name", "acts", "forgot_human_answers", "notice.at.hash", "notice.event_id", "notice.notice_id",
    "notice.touchpoint_id", "notice.base_ms", "notice.due_ms", "counted", "baseline.wait_ms", "baseline.at.hash",
    "legs.name", "legs.event_count", "legs.first.hash", "legs.last.at_ms", "legs.queue.name", "ended_by.by",
    "producer.name")),
          "open.rows.bundle.version", "open.rows.bundle.legs", "open.rows.bundle.causes",
          *(f"memory.usual_waits.{name}" for name in ("ms", "channel", "waits")),
          "open.contacts.settlements.time_ms", "open.contacts.settlements.fulfilled", "open.alerts.due_at_ms",
          "open.alerts.stale", "open.alerts.over_budget", "open.alerts.channel", "open.rows.card_version",
          *(f"memory.{name}" for name in (
              "worst", "worst_minute", "best", "best_minute", "end", "end_minute", "unrecovered", "resolved", "channel",
              "last_minute", "intent", "touchpoint", "need_minute", "usual", "usual_journeys")))


def edited(kind, change):
    """Changes the message in a record of the changelog."""
    def apply(record):
        message = kind.FromString(record.value)
        change(message)
        return [record._replace(value=message.SerializeToString(deterministic=True))]
    return apply


class FieldDamage:
    """A field of a customer's record that is not what the engine wrote."""

    def each_field_differs(self, fields):
        for at in range(0, len(fields), 3):  # as many as are shown of one customer
            records, names = self.records, []
            for path in fields[at:at + 3]:
                with self.subTest(path):
                    key = next((key for key, state in self.states.items() if places(state, path)), None)
                    self.assertIsNotNone(key)
                    newest = next(record for record in reversed(records) if record.key == key
                                  and record.offset == self.customers[key].offset and record.topic == NAMES["state"])
                    records = [*(record for record in records if record is not newest),
                               *edited(CustomerState, bump(path))(newest)]
                    names.append(path.rpartition(".")[2])
            _, _, printed = self.verdict(records)
            for name in names:
                with self.subTest(name):
                    self.assertRegex(printed, rf"{name} (is|differs)")


class StateDamage(FieldDamage):
    """Needs what a Damage of changelog_test.py has."""

    @staticmethod
    def is_open(state):
        return state.HasField("open")

    @staticmethod
    def has_tallies(state):
        return any(contact.tallies for contact in state.open.contacts.contacts)

    def test_the_state_itself(self):
        def one_contact_less(state):
            del state.open.contacts.contacts[-1]
        def resolved(state):
            alert = state.open.alerts[0]
            alert.state = Alert.RESOLVED if alert.state != Alert.RESOLVED else Alert.OPEN
        def idle(state):
            state.ClearField("open")
        def more_open(state):
            state.open.open_journeys += 1
        def forgot_an_id(state):
            del state.open.contacts.seen.young[0]
        def felt_otherwise(state):
            contact = next(c for c in state.open.contacts.contacts if c.impressions.latest)
            contact.impressions.latest[0].valence ^= 1
        def written_once_more(state):
            state.open.rows[0].rows[0].version += 1
        def wakes_later(state):
            state.wake_ms += 1
        def last_event_later(state):
            state.last_event_ms += 1
        def previous(state):
            state.previous_journey.low ^= 1
        def forgets(state):
            state.ClearField("memory")
        def withdrawn(state):
            next(rows for rows in state.open.rows if rows.HasField("card_version")).ClearField("card_version")
        damages = (
            (one_contact_less, self.is_open, "open.contacts.contacts has"),
            (resolved, lambda s: s.open.alerts, "open.alerts[0].state"), (idle, self.is_open, "open is missing"),
            (more_open, self.is_open, "open.open_journeys"), (wakes_later, self.is_open, "wake_ms"),
            (forgot_an_id, lambda s: s.open.contacts.seen.young, "seen.young has"),
            (felt_otherwise, lambda s: any(c.impressions.latest for c in s.open.contacts.contacts), "valence"),
            (written_once_more, lambda s: any(rows.rows for rows in s.open.rows[:1]), "version"),
            (last_event_later, lambda s: s.HasField("last_event_ms"), "last_event_ms"),
            (previous, lambda s: s.HasField("previous_journey"), "previous_journey.low"),
            (forgets, lambda s: s.HasField("memory"), "memory is missing"),
            (withdrawn, lambda s: any(rows.HasField("card_version") for rows in s.open.rows), "card_version is missing"))
        for change, wanted, words in damages:
            with self.subTest(change.__name__):
                self.goes_red(self.with_customer(change, wanted), words)

    def test_what_the_service_did(self):
        def counted_once_more(state):
            contact = next(c for c in state.open.contacts.contacts if c.tallies)
            contact.tallies[0].count += 1
        def stated_more(state):
            next(t for c in state.open.contacts.contacts for t in c.tallies if t.HasField("amount")).amount += 1
        def other_event_stands(state):
            next(c for c in state.open.contacts.contacts if c.tallies).tallies[-1].at.hash ^= 1
        def no_tally(state):
            del next(c for c in state.open.contacts.contacts if c.tallies).tallies[0]
        def other_cause(state):
            state.open.alerts[0].cause += 1
        def one_answer_less(state):
            del next(c for c in state.open.contacts.contacts if c.human_answers).human_answers[0]
        damages = (
            (one_answer_less, lambda s: any(c.human_answers for c in s.open.contacts.contacts), "human_answers has"),
            (counted_once_more, self.has_tallies, "count"), (other_event_stands, self.has_tallies, "at.hash"),
            (no_tally, self.has_tallies, "tallies has"), (other_cause, lambda s: s.open.alerts, "alerts[0].cause"),
            (stated_more, lambda s: any(t.HasField("amount") for c in s.open.contacts.contacts for t in c.tallies),
             "amount"))
        for change, wanted, words in damages:
            with self.subTest(change.__name__):
                self.goes_red(self.with_customer(change, wanted), words)

    def test_what_was_said_and_promised(self):
        self.each_field_differs(FIELDS)

    def test_the_notices(self):
        def none(progress):
            del progress.notices[:]
        def one_less(progress):
            del progress.notices[-1]
        def twice(progress):
            progress.notices.append(progress.notices[0])
        def of_nobody(progress):
            progress.notices[0].from_offset += 10**6
        def later(progress):
            progress.notices[-1].said_at_ms += 1
        def withdrawn(progress):
            progress.notices[-1].notice.withdrawn = not progress.notices[-1].notice.withdrawn
        def over(progress):
            progress.notices[-1].to_offset += 1
        def through(progress):
            progress.notices_through += 1
        self.assertGreater(len(self.progress.notices), 1)
        for change, words in ((none, "is missing"), (one_less, "is missing"), (twice, "notices are of"),
                              (of_nobody, "notices are of"), (later, "differs"), (withdrawn, "differs"), (over, "differs"),
                              (through, "notices_through is")):
            with self.subTest(change.__name__):
                self.goes_red(self.with_progress(change), words)
