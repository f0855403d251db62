#!/usr/bin/python3
"""What the campaigns plan, keep and read, on made-up facts."""

import unittest

from load import PROMISES_KEPT, REPEATED_FROM, LiveDay
from lost_logs import LOST
from tally import AMOUNTS, expand, plan


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
                if {"F14c"} & set(names):
                    self.assertEqual(len(set(names)), 1)


class Events(unittest.TestCase):
    def test_a_day_without_end_keeps_a_bounded_memory_of_itself(self):
        day = LiveDay("1", 100)
        for number in range(7_000):
            day.move(1_800_000_000_000 + 10 * number)
            day.good()
        self.assertLessEqual(len(day.made), REPEATED_FROM)
        self.assertLessEqual(len(day.promises.made), PROMISES_KEPT + 1)
        self.assertLessEqual(len(day.habits), 100)


class Words(unittest.TestCase):
    def test_the_lost_range_is_read(self):
        said = ("partition 2: state needs the records from offset 7 on, but the log starts at 416: records 7 to "
                "415 are lost; --accept-loss goes on without them")
        self.assertEqual(LOST.findall(said), [("2", "7", "415")])



if __name__ == "__main__":
    unittest.main()
