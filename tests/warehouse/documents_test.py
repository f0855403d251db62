"""The queries of docs/bi.md run, and both languages show the same ones; the views that it names are
those that there are."""

import re
import unittest

import warehouse
from warehouse import ROOT

ENGLISH, CHINESE = (ROOT / "docs" / name for name in ("bi.md", "bi.zh.md"))


def blocks(path):
    return re.findall(r"^```(\w*)\n(.*?)^```$", path.read_text(), re.MULTILINE | re.DOTALL)


class Documents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.warehouse = warehouse.Warehouse(fsync="off")
        cls.addClassCleanup(cls.warehouse.close)
        cls.warehouse.migrate()

    def test_ready_queries_run(self):
        queries = [text for language, text in blocks(ENGLISH) if language == "sql"]
        self.assertGreater(len(queries), 5)
        for query in queries:
            self.warehouse.sql(query)  # Raises where it doesn't.

    def test_each_table_of_a_query_has_a_date(self):
        """Or the key of one journey: else a query reads all days."""
        for language, query in blocks(ENGLISH):
            if language == "sql" and "_between(" not in query and "journey_id = '" not in query:
                tables = len(re.findall(r"(?<!DISTINCT )\b(?:FROM|JOIN) \w", query))
                dates = len(re.findall(r"\w+\.?(?:business_date|date) (?:=|>=) |business_date = ", query))
                self.assertGreaterEqual(dates, tables, query)

    def test_both_languages_show_the_same(self):
        self.assertEqual(blocks(CHINESE), blocks(ENGLISH))
        rows = [[line.count("|") for line in path.read_text().splitlines() if line.startswith("|")] for path in (ENGLISH, CHINESE)]
        self.assertEqual(*rows)

    def test_views_are_named(self):
        text = re.sub(r"^```.*?^```$", "", ENGLISH.read_text(), flags=re.MULTILINE | re.DOTALL)
        named = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", text))))
        there = {name for name, in self.warehouse.sql("""SELECT viewname FROM pg_views WHERE schemaname = 'bi'
            UNION SELECT proname FROM pg_proc WHERE pronamespace = 'bi'::regnamespace""")}
        self.assertEqual(there - named, {"survey_evidence"})


if __name__ == "__main__":
    unittest.main()
