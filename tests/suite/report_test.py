"""The report is one file that needs nothing else, whatever stands in the results."""

import contextlib
import html.parser
import io
import itertools
import json
import pathlib
import random
import re
import tempfile
import unittest
import xml.etree.ElementTree

import samples
import charts
import page
import report
import report_tables
import result as results
import series_chart
import spectrum
import svg
import words as report_words
from words import SERIES, WORDS, Words

EN = Words("en")
VOID_TAGS = {"meta", "br", "hr", "link", "img", "input"}


class Tree(html.parser.HTMLParser):
    """Checks that tags are balanced, and keeps ids, tags, attributes and text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.tags, self.problems, self.words = [], [], [], [], []
        self.feed(text)
        self.close()
        self.problems += [f"{tag} is never closed" for tag in self.open]

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        self.words.append(data)


def drawn(made=None, broken=(), language="en"):
    return page.page(samples.all_kinds() if made is None else made, list(broken), Words(language))


class Page(unittest.TestCase):
    def test_it_is_well_formed_in_both_languages(self):
        for language in report_words.LANGUAGES:
            tree = Tree(drawn(language=language))
            self.assertEqual(tree.problems, [])
            self.assertEqual(len(tree.ids), len(set(tree.ids)))
            self.assertGreater(len(tree.ids), 20)

    def test_it_loads_nothing(self):
        text = drawn()
        self.assertIsNone(re.search(r"https?://|//[a-z]+\.|url\(|@import|\bsrc=|\bhref=", text))
        self.assertTrue(any(attrs.get("http-equiv") == "Content-Security-Policy" for _, attrs in Tree(text).tags))

    def test_every_drawing_says_what_it_is(self):
        tree = Tree(drawn())
        drawings = [attrs for tag, attrs in tree.tags if tag == "svg" and attrs.get("class") != "panel"]
        self.assertGreaterEqual(len(drawings), 6)
        for attrs in drawings:
            self.assertEqual(attrs["role"], "img")
            self.assertLessEqual(set(attrs["aria-labelledby"].split()), set(tree.ids))

    def test_drawings_are_xml_with_finite_places(self):
        for drawing in re.findall(r"<svg viewBox.*?role=\"img\".*?</svg>(?=</figure>|<p class=\"buttons)", drawn(), re.S):
            xml.etree.ElementTree.fromstring(drawing)
            self.assertIsNone(re.search(r"\b(nan|inf)\b", drawing))

    def test_the_results_are_inside(self):
        made = samples.all_kinds()
        made[0]["command"] = "x </script><!-- <script> & \u2028 中文"
        inside = re.search(r'<script type="application/json" id="results">(.*?)</script>', drawn(made), re.S).group(1)
        self.assertEqual(json.loads(inside), made)

    def test_what_is_hostile_stays_text(self):
        evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>\x00'
        made = samples.all_kinds()
        for one in made:
            one.update(bench=one["bench"] + evil, variant=evil, command=evil)
            for goal in one.get("goal", []):
                goal.update(name=evil, goal=evil)
            if "series" in one:
                one["series"]["marks"][0]["label"] = evil
                one["series"]["columns"][evil] = one["series"]["columns"].pop("rate")
            for part in one.get("cost", []):
                part["part"] = evil
        made += [{**one, "bench": one["bench"].replace(evil, "")} for one in made]
        tree = Tree(drawn(made, broken=[evil]))
        self.assertEqual(tree.problems, [])
        self.assertEqual([tag for tag, _ in tree.tags].count("script"), 2)
        self.assertNotIn("img", [tag for tag, _ in tree.tags])

    def test_sections_without_results_are_left_out(self):
        titles = {key: f">{EN(key)}</h2>" for key in ("goals", "peers", "capacity", "spectrum", "series", "scaling", "cost",
                                                      "excluded")}
        whole = drawn()
        self.assertTrue(all(title in whole for title in titles.values()))
        small = drawn([samples.result(cost=[{"part": "all", "ns": 5}])])
        self.assertEqual([key for key, title in titles.items() if title in small], ["cost"])

    def test_no_results_and_strange_ones_are_survived(self):
        self.assertIn(EN("empty"), drawn([]))
        odd = [dict(latency={"intended": {}}), dict(latency={"intended": {"p99": 0}}), dict(curve=[]), dict(cost=[]), dict(series={
            "t": [], "columns": {}}), dict(series={"t": [5], "columns": {"rate": [1]}}), dict(series={
                "t": [0, 1], "columns": {"rate": [None, None]}}), dict(cost=[{"part": "x", "ns": 0}]),
            dict(curve=[{"offered_rate": 0, "p99": 0, "sustained": False}]), dict(goal=[{
                "name": "x", "goal": "y", "measured": None, "met": None}]), dict(latency={"intended": {
                    "p50": 5, "p99": 5}}), dict(bench="vs-latency"), dict(correctness=None), dict(params={
                        "partitions": "many"}, bench="parts", achieved_rate=5), dict(series={
                            "t": [0, 1e9], "columns": {"x": [1e-9, 1e12]}, "marks": [{"t": 5e9, "label": "after"}]})]
        made = [samples.result(variant=str(at), **keys) for at, keys in enumerate(odd)]
        for one in made:
            self.assertEqual(results.validate(one), [])
            self.assertEqual(Tree(drawn([one])).problems, [])
        self.assertEqual(Tree(drawn(made)).problems, [])

    def test_a_dirty_tree_and_other_machines_are_told(self):
        env = {**samples.ENV, "cpu": "Other", "git": {"sha": "ff", "dirty": True}}
        text = drawn([samples.result(), samples.result(repeat=2, env=env)])
        self.assertIn(EN("machines", count=2), text)
        self.assertIn(EN("dirty"), text)


    def test_runs_that_are_no_repeats_are_told(self):
        self.assertNotIn("Not repeats", drawn([samples.result(), samples.result(repeat=2)]))
        for keys in ({"params": {"rate": 1}}, {"workload_hash": "zz"},
                     {"env": {**samples.ENV, "git": {"sha": "ff", "dirty": False}}}):
            self.assertIn(EN("mixed", names="latency / half load"), drawn([samples.result(), samples.result(**keys)]))


class Tables(unittest.TestCase):
    def test_void_runs_are_in_no_figure(self):
        void = results.void(samples.result(rss={"max": 987654}), "late")
        made = [samples.result(rss={"max": 5}), void]
        self.assertNotIn("987,654", str(report_tables.figures(made, EN)))
        self.assertIn("late", str(report_tables.excluded(made, [], EN)))

    def goals(self, *mets, measured=(1, 2, 3, 4, 5), goal="≤ 4 ms"):
        made = [samples.result(repeat=at, goal=[{"name": "p99", "goal": goal, "measured": value, "unit": "ms", "met": met}])
                for at, (met, value) in enumerate(zip(mets, measured))]
        return report_tables.goals(made, EN).rows[0]

    def test_a_goal_is_met_by_all_runs_or_not(self):
        self.assertEqual(self.goals(True, True, True, True, True)[4:], ["4 ms", "✓ yes – 5 of 5 runs"])
        self.assertEqual(self.goals(True, True, True, True, False)[5], "✗ no – 4 of 5 runs")
        self.assertEqual(self.goals(None, None)[5], "– not measured")
        self.assertEqual(self.goals(True, True, True, True, True, goal="≥ 1 ms")[4], "2 ms")

    def test_peers_are_held_against_peakend(self):
        (bench, base, table), = report_tables.peers([
            samples.result("vs-throughput", name, at, cpu={"per_million": cost + at})
            for name, cost in (("flink", 20.0), ("naive", 2.5), ("peakend", 2.0)) for at in (0, 1)], EN)
        self.assertEqual((bench, base), ("vs-throughput", "peakend"))
        self.assertEqual([(row[0], row[3]) for row in table.rows],
                         [("peakend", "1"), ("naive", "1.20 (overlap)"), ("flink", "8.20")])

    def test_without_peakend_the_first_by_name_is_the_base(self):
        self.assertEqual(report_tables.base_of(["naive", "flink"]), "flink")
        self.assertEqual(report_tables.base_of(["flink", "peakend --commit 20"]), "peakend --commit 20")

    def test_what_was_not_checked_is_not_called_right(self):
        rows = report_tables.correctness([samples.result(correctness=None), samples.result(variant="b")], EN).rows
        self.assertEqual([row[-1] for row in rows], ["not checked", "✓ right"])


class Drawing(unittest.TestCase):
    def test_scales_keep_values_inside_and_ticks_rise(self):
        draw = random.Random(2)
        for log in (False, True):
            for _ in range(300):
                values = [10 ** draw.uniform(-6, 9) for _ in range(draw.randint(1, 5))]
                scale = svg.scale_of(values, 60, 500, log=log)
                self.assertTrue(all(60 <= scale.at(value) <= 500 for value in values))
                ticks = scale.ticks()
                self.assertEqual(ticks, sorted(set(ticks)))
                self.assertTrue(all(scale.low <= tick <= scale.high * (1 + 1e-9) for tick in ticks))
                self.assertLessEqual(len(ticks), 20)
                self.assertTrue(log or len(ticks) >= 2)

    def test_scales_of_nothing_or_one_value(self):
        for values in ([], [0], [5, 5], [-3], [float("inf")]):
            scale = svg.scale_of(values, 0, 100)
            self.assertLess(scale.low, scale.high)

    def test_thinning_keeps_the_peaks_and_the_order(self):
        draw = random.Random(4)
        values = [draw.gauss(0, 1) for _ in range(10_000)]
        values[1234], values[7777], values[5000] = 99, -99, None
        pairs = series_chart.thinned(list(range(10_000)), values, 600)
        self.assertLessEqual(len(pairs), 600)
        self.assertEqual([t for t, _ in pairs], sorted(t for t, _ in pairs))
        self.assertEqual((max(v for _, v in pairs), min(v for _, v in pairs)), (99, -99))

    def test_labels_of_marks_do_not_cover_each_other(self):
        draw = random.Random(6)
        scale = svg.Scale(0, 100, series_chart.LEFT, series_chart.RIGHT)
        for _ in range(50):
            marks = [{"t": draw.uniform(0, 100), "label": "x" * draw.randint(1, 25)} for _ in range(12)]
            spans = [(row, at - svg.text_width(text) if anchor == "end" else at,
                      at if anchor == "end" else at + svg.text_width(text))
                     for at, row, anchor, text, _ in series_chart._spans(marks, scale)]
            for (row, low, high), (other, other_low, other_high) in itertools.combinations(spans, 2):
                self.assertTrue(row != other or high < other_low or other_high < low)

    def test_the_drawn_run_is_the_worst_of_the_middle_three(self):
        runs = [samples.result(repeat=at, rss={"max": value}) for at, value in enumerate((9, 1, 5, 3, 7))]
        self.assertEqual(charts.headline(runs, lambda run: run["rss"]["max"])["repeat"], 4)
        self.assertEqual(charts.headline(runs, lambda run: run["rss"]["max"], True)["repeat"], 3)

    def test_a_histogram_is_read_and_nonsense_is_not(self):
        text = samples.latency()["hgrm"]["intended"]
        found = spectrum.of_hgrm(text + "\nx y z\n5.0 0.1 3\n")
        self.assertEqual([share for share, _ in found], [0.5, 0.75, 0.9, 0.99, 0.999, 0.9999])
        self.assertEqual(spectrum.points({"intended": {"p50": 1, "p99": 3, "max": 9}}, "intended"), [(0.5, 1), (0.99, 3)])


class Language(unittest.TestCase):
    def test_every_sentence_is_there_twice_with_the_same_places(self):
        for key, pair in {**WORDS, **SERIES}.items():
            self.assertEqual(len(pair), 2, key)
            places = [sorted(re.findall(r"{(\w+)}", text)) for text in pair]
            self.assertEqual(places[0], places[1], key)
            self.assertEqual(bool(pair[0]), bool(pair[1]), key)

    def test_the_chinese_report_is_chinese(self):
        text = drawn(language="zh")
        self.assertIn('<html lang="zh-CN">', text)
        heads = re.findall(r"<h2[^>]*>(.*?)</h2>", text)
        self.assertTrue(heads and all(re.search("[\u4e00-\u9fff]", head) for head in heads))


class Main(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)
        results.write(samples.result(rss={"max": 77}), self.folder / "in")

    def call(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = report.main([str(word) for word in arguments])
            except SystemExit as end:
                code = end.code
        return code, out.getvalue(), err.getvalue()

    def test_a_file_is_written_whole(self):
        target = self.folder / "report.html"
        self.assertEqual(self.call(self.folder / "in", "--output", target), (0, "", ""))
        self.assertEqual(Tree(target.read_text(encoding="utf-8")).problems, [])
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["in", "report.html"])

    def test_markdown(self):
        code, out, _ = self.call(self.folder / "in", "--markdown")
        self.assertEqual(code, 0)
        self.assertIn("| latency | half load | memory, most [MB] | 77 |", out)

    def test_a_run_counts_once(self):
        _, once, _ = self.call(self.folder / "in", "--markdown")
        self.assertEqual(self.call(self.folder / "in", self.folder / "in", "--markdown")[1], once)

    def test_broken_files_are_told(self):
        (self.folder / "in" / "x.json").write_text("{")
        code, out, err = self.call(self.folder / "in")
        self.assertEqual(code, 0)
        self.assertIn("x.json:1:2: no JSON", err)
        self.assertIn("x.json:1:2: no JSON", out)

    def test_what_cannot_be_written_leaves_nothing(self):
        target = self.folder / "taken"
        (target / "full").mkdir(parents=True)
        code, _, err = self.call(self.folder / "in", "--output", target)
        self.assertEqual((code, err), (74, f"cannot write {target}: Is a directory\n"))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["in", "taken"])

    def test_wrong_calls(self):
        self.assertEqual(self.call()[0], 64)
        self.assertEqual(self.call(self.folder / "none")[0], 66)
        self.assertEqual(self.call(self.folder / "in", "--output", self.folder / "no" / "x.html")[0], 74)


if __name__ == "__main__":
    unittest.main()
