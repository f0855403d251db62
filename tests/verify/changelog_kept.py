"""Damage to the rows of statistics and the baselines that the changelog holds, which O4 must see. changelog_test.py runs
it."""

from changelog_state import edited
from corruptions import bump, places
from oracle_changelog import kind_of
from oracle_messages import Baseline, TouchpointStatistics
from oracle_records import NAMES


class KeptDamage:
    """Needs what a Damage of changelog_test.py has."""

    def kept(self, kind):
        """The newest records of a kind that count, by key."""
        newest = {record.key: record for record in self.records if record.topic == NAMES["state"]}
        return {key: record for key, record in newest.items() if record.value is not None and kind_of(key) is kind}

    def test_open_statistics(self):
        rows = list(self.kept(TouchpointStatistics).values())
        self.assertGreater(len(rows), 1)
        self.goes_red(self.without(self.history(rows[0].key)), "is missing")
        self.goes_red([*self.records, rows[0]._replace(offset=10**6, value=None)], "is missing")
        self.goes_red([*self.records, rows[0]._replace(offset=10**6, value=rows[-1].value)], "differs")
        self.goes_red([*self.records, rows[0]._replace(offset=10**6, value=b"\xff")], "is not what this topic should hold")
        for path in ("contacts", "waits", "gap_sum", "score_sum", "answered_after.sum", "window_end_ms", "channel"):
            with self.subTest(path):
                row = next(row for row in rows if places(TouchpointStatistics.FromString(row.value), path))
                self.goes_red(self.without([row], edited(TouchpointStatistics, bump(path))(row)), path.split(".")[-1])

    def test_statistics_that_left(self):
        """Their records are to be gone."""
        rows = [record for record in self.records if record.topic == NAMES["state"] and record.value is not None
                and kind_of(record.key) is TouchpointStatistics and record.key not in self.kept(TouchpointStatistics)]
        self.assertGreater(len(rows), 5)
        self.goes_red([*self.records, rows[0]._replace(offset=10**6)], "should not be there any more")

    def test_baselines(self):
        kept = list(self.kept(Baseline).values())
        self.assertGreater(len(kept), 0)
        for record in kept:
            self.goes_red(self.without(self.history(record.key)), "is missing")
        def other_version(message):
            message.version += "x"
        def one_cell_less(message):
            del message.cells[-1]
        record = next(one for one in kept if Baseline.FromString(one.value).cells)
        for change, words in ((other_version, "version differs"), (one_cell_less, "cells has"),
                              (bump("cells.wait_ms"), "wait_ms is"), (bump("cells.queue_id"), "queue_id differs")):
            self.goes_red(self.without([record], edited(Baseline, change)(record)), words)
        self.goes_red([*self.records, record._replace(offset=10**6, key=b"baseline 1000000")], "should not be there")

    def test_baselines_that_count_no_longer(self):
        """Of those before the low-water mark only the newest is kept."""
        gone = [record for record in self.records if record.topic == NAMES["state"] and record.value is not None
                and kind_of(record.key) is Baseline and record.key not in self.kept(Baseline)]
        self.assertGreater(len(gone), 0)
        self.goes_red([*self.records, gone[0]._replace(offset=10**6)], "should not be there any more")
