"""The dictionary of BI columns says what the row messages say, and the reader of the messages lets
nothing pass that it doesn't understand."""

import subprocess
import sys
import unittest

from warehouse import MESSAGES, ROOT, row_messages

SCRIPT = ROOT / "proto" / "peakend" / "bi" / "dictionary.py"
SMALL = """// One thing.
//
// Topic `peakend.bi.thing.v1`, key = thing_id,
// partition of the customer.
syntax = "proto3";

package peakend.bi.v1;

message ThingRow {
  // Its
  // key.
  string thing_id = 1;
  // Null = unknown.
  optional double score = 2;
}
"""


class Dictionary(unittest.TestCase):
    def test_the_committed_one_is_current(self):
        made = subprocess.run([sys.executable, "-B", SCRIPT], capture_output=True, text=True, check=True).stdout
        self.assertEqual((ROOT / "docs" / "bi-columns.md").read_text(), made,
                         "run proto/peakend/bi/dictionary.py > docs/bi-columns.md")

    def test_it_names_every_column(self):
        text = (ROOT / "docs" / "bi-columns.md").read_text()
        for message in MESSAGES.values():
            self.assertIn(f"\n## {message.table}\n", text)
            for field in message.fields:
                self.assertIn(f"\n| `{field.name}` |", text)


class Reader(unittest.TestCase):
    def test_a_message(self):
        message = row_messages.parse("things", SMALL)
        self.assertEqual((message.name, message.topic, message.key), ("ThingRow", "peakend.bi.thing.v1", "thing_id"))
        self.assertEqual(message.comment, "One thing.\n\nTopic `peakend.bi.thing.v1`, key = thing_id, partition of the customer.")
        self.assertEqual([(field.name, field.comment, field.is_nullable) for field in message.fields],
                         [("thing_id", "Its key.", False), ("score", "Null = unknown.", True)])

    def test_what_it_does_not_understand_is_an_error(self):
        for line in ("repeated string tags = 3;", "Other other = 3;", "oneof what {", "map<string, string> more = 3;",
                     "reserved 9;", "string uncommented = 3;"):
            above = "" if "uncommented" in line else "  // Something.\n"
            with self.assertRaisesRegex(ValueError, "not a scalar field below its comment"):
                row_messages.parse("things", SMALL.replace("}\n", f"{above}  {line}\n}}\n"))

    def test_numbers_and_shared_fields(self):
        """Fields 1 to 12 are the same in all messages but for the key; numbers rise and are never used twice."""
        shared = {tuple((field.name, field.type) for field in message.fields[1:12]) for message in MESSAGES.values()}
        self.assertEqual(len(shared), 1)
        for message in MESSAGES.values():
            numbers = [field.number for field in message.fields]
            self.assertEqual(numbers, sorted(set(numbers)))
            self.assertEqual(numbers[:12], list(range(1, 13)))
            self.assertIn(f"key = {message.key},", message.comment)


if __name__ == "__main__":
    unittest.main()
