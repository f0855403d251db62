"""One field of one row is wrong, and the tool sees it."""

import unittest

from corruption_records import DAMAGED_SEED, Records
from corruptions import (add_to_evidence, add_to_field, bump, evidence_of, of_basis, of_grade, of_rule, reworded, saying,
                         with_field, with_other_basis)
from oracle_causes import DIMENSIONS
from oracle_messages import MomentKind
from oracle_records import NAMES, ROWS


class Content(Records, unittest.TestCase):
    """One field of one row is wrong; many rows at once, as one reading names them all."""

    seed, count = DAMAGED_SEED, 1400

    def test_a_wrong_service_impression(self):
        self.each_goes_red([
            (f"{cause}.{field}", "moments", add_to_evidence(cause, field, amount), evidence_of(cause))
            for cause, field, amount in (
                ("queue_wait", "valence", 1e-4), ("queue_wait", "gap", 1e-4), ("queue_wait", "actual", 1),
                ("queue_wait", "desired", 1), ("queue_wait", "adequate", 1), ("queue_wait", "basis", "s"),
                ("announced_wait_exceeded", "cause", "s"), ("hold", "confidence", 1e-4), ("hold", "at_ms", 1),
                ("authenticated_again", "count", 1), ("dropped", "servqual", "s"), ("wrong_skill", "kano", "s"),
                ("hung_up_on_hold", "at_ms", 1), ("silence", "event_id", "s"), ("promise_kept", "actual", 1),
                ("promise_broken", "at_ms", 1), ("first_response", "desired", 1), ("next_response", "valence", 1e-4),
                ("unanswered", "count", 1), ("left_unanswered", "at_ms", 1), ("repeat_contact", "confidence", 1e-4),
                ("followed_up", "gap", 1e-4), ("recovered", "kano", "s"), ("notice_broken", "actual", 1),
                ("notice_broken", "desired", 1), ("notice_broken", "at_ms", 1), ("order_returned", "count", 1),
                ("order_cancelled", "gap", 1e-4), ("left_service", "servqual", "s"), ("renewed", "valence", 1e-4))])

    def test_a_wrong_sum_of_service(self):
        self.each_goes_red([
            (field, "journeys", add_to_field(field), with_field(field))
            for field in (*(f"gap_{name}" for name in DIMENSIONS), "score_affect", "count_affect", "promises_made",
                          "promises_kept", "promises_broken", "promises_open", "repeat_contacts",
                          "peak_to_response_ms", "peak_to_recovery_ms")])

    def test_a_time_after_no_peak(self):
        def forgotten(message):
            message.ClearField("peak_to_response_ms")
        def invented(message):
            message.peak_to_recovery_ms = 1
        def without(record):
            message = ROWS["journeys"].FromString(record.value)
            return not message.is_deleted and not message.HasField("peak_to_recovery_ms")
        self.each_goes_red([
            ("forgotten", "journeys", reworded("journeys", forgotten), with_field("peak_to_response_ms")),
            ("invented", "journeys", reworded("journeys", invented), without)])

    def test_an_act_on_the_wrong_moment(self):
        def none(message):
            del message.agent_acts[:]
        def one_more(message):
            message.agent_acts.append("thanks")
        def turned_round(message):
            message.agent_acts[:] = message.agent_acts[::-1]
        def of_kind(kind, least):
            def wanted(record):
                message = ROWS["moments"].FromString(record.value)
                return (not message.is_deleted and message.kind == MomentKind.Value(kind)
                        and len(message.agent_acts) >= least and "thanks" not in message.agent_acts[:1])
            return wanted
        self.each_goes_red([
            (f"{change.__name__} {kind}", "moments", reworded("moments", change), of_kind(kind, least))
            for change, kind, least in ((none, "OPENING", 1), (none, "END", 1), (one_more, "OPENING", 0),
                                        (one_more, "PEAK_NEGATIVE", 0), (one_more, "PEAK_POSITIVE", 0),
                                        (turned_round, "END", 2))])

    def test_a_wrong_condition(self):
        def stale(message):
            message.stale = not message.stale
        def later(message):
            message.occurred_at_ms += 1
        def other_moment(message):
            message.moment_kind += 1
        def waited_less(message):
            message.evidence[0].at_ms -= 1
        self.each_goes_red([
            (f"{change.__name__} {rule}", "alerts", reworded("alerts", change), of_rule(rule))
            for change, rules in (
                (stale, ("silence_of_ours", "promise_broken", "overdue", "waits", "left_alone", "back_again")),
                (later, ("silence_of_ours", "overdue", "waits", "left_alone", "back_again")),
                (other_moment, ("promise_at_risk", "overdue", "left_alone", "back_again")),
                (waited_less, ("silence_of_ours", "promise_broken", "overdue"))) for rule in rules])

    def test_a_wrong_card(self):
        paths = ("reason", "journey_id", "contact_id", "channel", "queue_id", "opened_at_ms", "say_en", "say_zh",
                 "contacts_before", *(f"memory.{name}" for name in (
                     "worst", "best", "end", "worst_at_ms", "best_at_ms", "end_at_ms", "unrecovered", "resolved",
                     "last_channel", "last_contact_at_ms", "usual", "usual_journeys")),
                 *(f"open_promises.{name}" for name in ("promise_id", "kind", "due_at_ms", "overdue")),
                 *(f"notice.{name}" for name in ("notice_id", "touchpoint_id", "due_at_ms", "overdue")))
        def no_memory(message):
            message.ClearField("memory")
        def one_promise_less(message):
            del message.open_promises[-1]
        def no_notice(message):
            message.ClearField("notice")
        def still_speaks(message):
            message.reason = "known"
        self.each_goes_red([
            *((path, "cards", reworded("cards", bump(path)), saying("cards", path)) for path in paths),
            ("no memory", "cards", reworded("cards", no_memory), saying("cards", "memory.last_channel")),
            ("one promise less", "cards", reworded("cards", one_promise_less), saying("cards", "open_promises.kind")),
            ("no notice", "cards", reworded("cards", no_notice), saying("cards", "notice.notice_id")),
            ("withdrawn, but speaks", "cards", reworded("cards", still_speaks), saying("cards", "is_deleted"))])

    def test_a_wrong_grade(self):
        def other(message):
            message.end_grade ^= 1
        def graded(message):
            message.end_grade = 3
        self.each_goes_red([
            *((grade, "journeys", reworded("journeys", other), of_grade("journeys", grade))
              for grade in ("JOURNEY_END_PROVISIONAL", "JOURNEY_END_FINAL")),
            *((f"end {grade}", "moments", reworded("moments", other), of_grade("moments", grade, "END"))
              for grade in ("CONTACT_END", "JOURNEY_END_PROVISIONAL", "JOURNEY_END_FINAL")),
            *((kind, "moments", reworded("moments", graded), of_grade("moments", "END_GRADE_UNSPECIFIED", kind))
              for kind in ("OPENING", "PEAK_POSITIVE", "PEAK_NEGATIVE"))])

    def test_a_wrong_tier_or_touchpoint(self):
        self.each_goes_red([
            (f"{role}.{path}", role, reworded(role, bump(path)), saying(role, path))
            for role, path in (("moments", "tier"), ("moments", "touchpoint_id"), ("alerts", "tier"),
                               ("alerts", "touchpoint_id"), ("journeys", "tier"))])

    def test_a_wrong_basis(self):
        self.each_goes_red([
            (f"{basis} for {other} in {role}", role, reworded(role, with_other_basis(basis, other)), of_basis(role, basis))
            for role in ("journeys", "moments", "alerts") for basis, other in (
                ("sla", "policy"), ("policy", "sla"), ("notice", "promise"), ("history", "baseline"))
            if (role, basis) != ("alerts", "notice")])  # what was announced to many is in no alert

    def test_a_wrong_budget(self):
        def flipped(message):
            message.over_budget = not message.over_budget
        def interrupts(message):
            message.urgency = 3 - message.urgency
        def over(record):
            return ROWS["alerts"].FromString(record.value).over_budget
        def granted(record):
            return ROWS["alerts"].FromString(record.value).urgency == 1
        self.each_goes_red([(f"{change.__name__} {wanted.__name__}", "alerts", reworded("alerts", change), wanted)
                            for change in (flipped, interrupts) for wanted in (over, granted)])

    def test_a_wrong_memory_of_an_alert(self):
        paths = ("worst", "end", "worst_at_ms", "unrecovered", "resolved", "last_channel", "last_contact_at_ms",
                 "usual")
        def other_days(message):
            message.message_params["days"] += "0"
        def no_memory(message):
            message.ClearField("memory")
        def returns(record):
            return ROWS["alerts"].FromString(record.value).HasField("memory")
        self.each_goes_red([
            *((name, "alerts", reworded("alerts", bump(f"memory.{name}")), saying("alerts", f"memory.{name}"))
              for name in paths),
            ("delta", "alerts", reworded("alerts", bump("delta_to_usual")), saying("alerts", "delta_to_usual")),
            ("days", "alerts", reworded("alerts", other_days), returns),
            ("no memory", "alerts", reworded("alerts", no_memory), returns)])
