#!/usr/bin/env python3
"""kill -9 and restart of a peer under load: what it wrote is the reference's.

Also that the judge can say no: the same run against a reference that lacks an alert
fails. PEAKEND_TEST_KAFKA names the broker, the first argument is the peer's row: its
program, and options of its own.
"""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "benchmarks", "peers"))

import figures
import peer_run
import reference
from broker import Broker

EVENTS = 20_000
RATE = 4000


class KillTest(unittest.TestCase):
    def test_continues_exactly_once(self):
        broker = Broker(os.environ["PEAKEND_TEST_KAFKA"])
        row = sys.argv[1]
        with tempfile.TemporaryDirectory() as folder:
            with peer_run.Run(broker, row, f"peer-test-{os.getpid()}", folder, EVENTS) as run:
                result = peer_run.kill(run, None, None, RATE)
                expected = reference.of_topic(broker.bootstrap, run.input)
                expected.alerts.pop()
                short = run.difference(expected)
        self.assertGreater(result["correctness"]["expected"], 1000)
        self.assertTrue(figures.is_right(result["correctness"]), result["correctness"])
        self.assertEqual((short["lost"], short["unexpected"]), (0, 1))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
