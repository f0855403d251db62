#!/usr/bin/python3
"""What the campaigns measure and plan, on made-up facts: a slope that is there is found."""

import types
import unittest

from campaign import is_linked
from crowd import GOALS, Crowd, Strangers
from links import LinkedDay
from load import PROMISES_KEPT, REPEATED_FROM, LiveDay
from lost_logs import LOST
from oracle_messages import InteractionEvent
from soak import LEAST_LIFE_S, WARM_UP_S, Pauses, slope_mib_per_hour, thinned
from tally import AMOUNTS, expand, plan


def life(begin_s, last_s, level_mib, mib_per_hour):
    return [(at, level_mib + (at - begin_s) * mib_per_hour / 3600) for at in range(begin_s, begin_s + last_s + 1, 5)]


class Slope(unittest.TestCase):
    def test_growth_is_found(self):
        self.assertEqual(slope_mib_per_hour([life(0, 600, 80, 60)]), 60)

    def test_growth_is_found_over_lives_of_other_levels(self):
        self.assertEqual(slope_mib_per_hour([life(0, 300, 400, 12), life(300, 300, 50, 12)]), 12)

    def test_a_smaller_successor_does_not_look_like_shrinking(self):
        self.assertEqual(slope_mib_per_hour([life(0, 300, 400, 0), life(300, 300, 50, 0)]), 0)

    def test_the_beginning_of_a_life_does_not_count(self):
        start = [(at, at * 10) for at in range(0, WARM_UP_S, 5)]
        rest = [(at, 300) for at in range(WARM_UP_S, 300, 5)]
        self.assertEqual(slope_mib_per_hour([start + rest]), 0)

    def test_short_lives_say_nothing(self):
        self.assertIsNone(slope_mib_per_hour([life(0, LEAST_LIFE_S - 5, 80, 600), []]))

    def test_samples_are_thinned(self):
        self.assertLessEqual(len(thinned(list(range(1441)), 300)), 300)
        self.assertEqual(thinned([1, 2, 3], 300), [1, 2, 3])


class Standstill(unittest.TestCase):
    def test_one_partition_that_stands_still_is_seen_beside_one_that_moves(self):
        pauses = Pauses()
        for second in range(10):
            pauses.see({0: second, 1: max(second, 7)}, second, "F1" if second < 5 else "F2")
        self.assertEqual(pauses.longest, {"F1": 4, "F2": 8})

    def test_a_broker_that_does_not_answer_is_a_pause_too(self):
        pauses = Pauses()
        for second, committed in ((0, {0: 1}), (6, {}), (9, {0: 2}), (10, {0: 3})):
            pauses.see(committed, second, "F2")
        self.assertEqual(pauses.longest, {"F2": 9})

    def test_without_load_nothing_stands_still(self):
        pauses = Pauses()
        pauses.see({0: 1}, 0, "F1b")
        pauses.forget()
        pauses.see({0: 1}, 60, "F1b")
        self.assertEqual(pauses.longest, {"F1b": 0})


class Plan(unittest.TestCase):
    def test_a_number_stands_for_its_letters(self):
        self.assertEqual(expand(["F14"]), ["F14a", "F14b", "F14c"])
        self.assertEqual(expand(["F1"]), ["F1"])
        self.assertEqual(expand([]), [])
        with self.assertRaises(ValueError):
            expand(["F99"])

    def test_faults_with_jobs_of_their_own_are_alone(self):
        for amount, counts in AMOUNTS.items():
            campaigns = plan(amount, 1, [])
            self.assertEqual(sum(map(len, campaigns)), sum(counts.values()))
            for names in campaigns:
                if {"F14c", "F15", "F16"} & set(names):
                    self.assertEqual(len(set(names)), 1)

    def test_what_is_asked_for_by_name_is_done(self):
        self.assertNotIn("F16", AMOUNTS["commit"])
        self.assertEqual(plan("commit", 1, ["F16"]), [["F16"]])

    def test_one_campaign_of_a_commit_is_linked(self):
        options = types.SimpleNamespace(previous=None)
        for seed in range(20):
            linked = [is_linked(number, names, options) for number, names in enumerate(plan("commit", seed, []))]
            self.assertEqual(linked, [False, True, False])

    def test_an_older_program_is_not_asked_to_link(self):
        options = types.SimpleNamespace(previous="old/peakend")
        self.assertFalse(is_linked(1, ["F1", "F14a"], options))
        self.assertTrue(is_linked(1, ["F1"], options))


class Events(unittest.TestCase):
    def test_strangers_are_events_of_somebody_new(self):
        strangers = Strangers()
        strangers.move(1_800_000_000_123)
        events = [(key, InteractionEvent.FromString(value)) for key, value in (strangers.next() for _ in range(3))]
        self.assertEqual([key for key, _ in events], [f"/{event.customer.customer_id}".encode() for _, event in events])
        self.assertEqual(len({event.event_id for _, event in events}), 3)
        self.assertEqual({event.occurred_at_ms for _, event in events}, {1_800_000_000_123})

    def test_a_day_without_end_keeps_a_bounded_memory_of_itself(self):
        day = LiveDay("1", 100)
        for number in range(7_000):
            day.move(1_800_000_000_000 + 10 * number)
            day.good()
        self.assertLessEqual(len(day.made), REPEATED_FROM)
        self.assertLessEqual(len(day.promises.made), PROMISES_KEPT + 1)
        self.assertLessEqual(len(day.habits), 100)

    def test_customers_say_who_they_are(self):
        day = LinkedDay("1", 100_000)
        said, unmerged = {}, 0
        for number in range(10_000):
            day.move(1_800_000_000_000 + 20 * (number // 10))
            key, value, _ = day.good()
            event = InteractionEvent.FromString(value)
            self.assertEqual(key, f"{event.tenant_id}/{event.customer.customer_id}".encode())
            unmerged += event.control.identity.HasField("unmerge")
            for one in event.customer.identities:
                said.setdefault((event.tenant_id, one.type, one.value), set()).add(event.customer.customer_id)
        together = {(kind, len(customers)) for (_, kind, _), customers in said.items()}
        # Who logs in, two of a household, three where two are too many already.
        self.assertLessEqual({("customer", 1), ("phone", 2), ("device", 3)}, together)
        self.assertGreater(unmerged, 0)


class Words(unittest.TestCase):
    def test_the_lost_range_is_read(self):
        said = ("partition 2: records 7 to 415, which the state still needs, were removed from the log; "
                "`peakend run --accept-loss` goes on without")
        self.assertEqual(LOST.findall(said), [("2", "7", "415")])

    def test_a_missed_goal_is_told(self):
        crowd = Crowd.__new__(Crowd)
        crowd.figures = [{"warm": {"assigned_to_commit_s": 1}, "cold": {"records_s": 400_000},
                          "failover": {"death_to_commit_s": 6}},
                         {"warm": {"assigned_to_commit_s": 3}, "cold": {"records_s": 600_000},
                          "failover": {"death_to_commit_s": 5}}]
        told = crowd.against_goals()
        self.assertEqual(told["warm_s"], {"worst": 3, "goal": GOALS["warm_s"], "reached": False})
        self.assertEqual(told["cold_records_s"]["worst"], 400_000)
        self.assertTrue(told["failover_s"]["reached"])


if __name__ == "__main__":
    unittest.main()
