"""The chart of other engines: all that ran are there, in order, and the file needs nothing else."""

import itertools
import re
import unittest
import xml.etree.ElementTree

import samples
import peer_chart
from words import Words

SVG = "{http://www.w3.org/2000/svg}"


def runs(**costs):
    return [samples.result("vs-throughput", name, at + 1, cpu={"per_million": cost})
            for name, values in costs.items() for at, cost in enumerate(values)]


def drawn(results):
    ids = itertools.count()
    return peer_chart.peers(results, Words("en"), lambda: f"n{next(ids)}")


class Chart(unittest.TestCase):
    def test_engines_stand_in_the_order_of_their_medians_with_their_ranges(self):
        (caption, drawing), = drawn(runs(slow=[9, 8, 30], peakend=[1, 2, 3], middling=[4, 5, 6]))
        self.assertIn("vs-throughput", caption)
        tree = xml.etree.ElementTree.fromstring(peer_chart.standalone(drawing))
        texts = [element.text for element in tree.iter(SVG + "text")]
        self.assertEqual([text for text in texts if text in ("slow", "peakend", "middling")],
                         ["peakend", "middling", "slow"])
        widths = [float(bar.get("width")) for bar in tree.iter(SVG + "rect")]
        self.assertAlmostEqual(widths[1] / widths[0], 2.5, delta=0.05)
        self.assertAlmostEqual(widths[2] / widths[0], 4.5, delta=0.05)
        whiskers = [line for line in tree.iter(SVG + "line") if line.get("class") == "whisker"]
        self.assertGreater(float(whiskers[2].get("x2")), float(whiskers[2].get("x1")))

    def test_the_file_is_readable_by_itself_and_loads_nothing(self):
        (_, drawing), = drawn(runs(peakend=[1], other=[2]))
        text = peer_chart.standalone(drawing)
        self.assertTrue(text.startswith('<svg xmlns="http://www.w3.org/2000/svg"'))
        self.assertIsNone(re.search(r"href|url\(|@import", text))
        self.assertIn("prefers-color-scheme: dark", text)
        for used in set(re.findall(r"var\((--\w+)\)", text)):
            self.assertIn(used + ":", text)

    def test_one_engine_or_a_wrong_one_is_no_comparison(self):
        self.assertEqual(drawn(runs(peakend=[1])), [])
        self.assertEqual(drawn(runs(peakend=[1]) + [samples.result("vs-throughput", "wrong", verdict="FAILED",
                                                                   correctness=None)]), [])


if __name__ == "__main__":
    unittest.main()
