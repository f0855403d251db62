#!/usr/bin/env python3
"""The JUnit file of `peakend test` is XML that a parser reads, whatever a scenario says.

    junit_test.py build/release/peakend
"""

import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

STORIES = """
- {name: good, why: w, events: [{turn: agent}], expect: {late: 0}}
- {name: 'a <b> & "c"', why: 'so ]]> \\x 好 𠀀', events: [{turn: customer, text: '<&>'}],
   expect: {late: 7, nowhere: ['p1']}}
"""


def main(arguments):
    if len(arguments) != 1:
        print(__doc__.strip())
        return 64
    with tempfile.TemporaryDirectory() as folder:
        stories, report = pathlib.Path(folder) / "stories.yaml", pathlib.Path(folder) / "report.xml"
        stories.write_text(STORIES, encoding="utf-8")
        done = subprocess.run([arguments[0], "test", str(stories), "--junit", str(report)], capture_output=True,
                              timeout=60, check=False)
        assert done.returncode == 1, done
        suites = xml.etree.ElementTree.parse(report).getroot()
    cases = suites.findall("testsuite/testcase")
    assert suites.attrib == {"tests": "2", "failures": "1"}, suites.attrib
    assert [case.get("name") for case in cases] == ["good", 'a <b> & "c"'], cases
    assert [len(case.findall("failure")) for case in cases] == [0, 1], cases
    failure = cases[1].find("failure")
    assert failure.get("message") == "so ]]> \\x 好 𠀀", failure.attrib
    assert "expected 7" in failure.text and "no output with \"p1\"" in failure.text, failure.text
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
