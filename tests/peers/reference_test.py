#!/usr/bin/env python3
"""The reference of the peers' job by hand-made cases, and that the input is the same each time."""

import hashlib
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "benchmarks", "peers"))

import input_events
import reference
from job_messages import Event


def run(*events):
    """`events` are (seconds, valence in thousandths) of one customer."""
    found = reference.Reference()
    for number, (seconds, valence) in enumerate(events):
        found.apply(Event(id=f"e{number}", customer="c", occurred_ms=seconds * 1000, valence_milli=valence))
    return found


class ReferenceTest(unittest.TestCase):
    def test_a_journey_ends_after_more_than_half_an_hour(self):
        self.assertEqual(run((0, 100), (1800, 100)).journeys, [])
        journey, = run((10, 100), (20, -300), (1821, 0)).journeys
        self.assertEqual((journey.start_ms, journey.end_ms, journey.count), (10_000, 20_000, 2))
        self.assertEqual((journey.sum_milli, journey.worst_milli, journey.best_milli), (-200, -300, 100))
        # The tail is 0.75 * 0.1 + 0.25 * -0.3 = 0, the score 0.1 * -0.3.
        self.assertEqual((journey.tail_milli, journey.score_milli), (0, -30))

    def test_alerts_once_until_it_has_recovered(self):
        self.assertEqual(run((0, -400)).alerts, [])  # Not below.
        found = run((0, -500), (1, -900), (2, 1000), (3, 1000), (4, 1000), (5, -1000), (6, -1000), (7, -1000))
        self.assertEqual([alert.cause_event for alert in found.alerts], ["e0", "e7"])
        self.assertEqual({alert.id for alert in found.alerts}, {"c/0/score"})

    def test_a_new_journey_alerts_again(self):
        found = run((0, -500), (5000, -500))
        self.assertEqual([alert.id for alert in found.alerts], ["c/0/score", "c/5000000/score"])

    def test_halves_go_up(self):
        for value, expected in ((0.0005, 1), (-0.0005, 0), (-0.0015, -1), (0.25, 250), (-0.25, -250)):
            with self.subTest(value):
                self.assertEqual(reference.milli(value), expected)


class InputTest(unittest.TestCase):
    def test_is_the_same_each_time(self):
        def digest(**arguments):
            found = hashlib.sha256()
            for event in input_events.events(2000, **arguments):
                found.update(event.SerializeToString())
            return found.hexdigest()

        self.assertEqual(digest(), digest())
        self.assertNotEqual(digest(), digest(seed=8))

    def test_is_what_the_job_says(self):
        last, size, new_day, known = {}, 0, 0, 0
        for event in input_events.events(20_000):
            size += event.ByteSize()
            if event.customer in last:
                self.assertGreaterEqual(event.occurred_ms, last[event.customer])
                known += 1
                new_day += event.occurred_ms - last[event.customer] > reference.SILENCE_MS
            last[event.customer] = event.occurred_ms
        self.assertAlmostEqual(size / 20_000, 170, delta=15)
        self.assertAlmostEqual(new_day / known, 0.066, delta=0.01)


if __name__ == "__main__":
    unittest.main()
