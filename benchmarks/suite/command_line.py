"""What the programs of the suite have in common on the command line.

Exit codes: 0 done, 1 done and something is wrong with what was measured, 64 wrong call,
66 nothing to read, 74 cannot write.
"""

import argparse
import os
import re
import sys

OK, WRONG, USAGE, NO_INPUT, NO_OUTPUT = 0, 1, 64, 66, 74
UNITS_MS = {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
MULTIPLES = {"": 1, "k": 1000, "M": 1_000_000}


class Parser(argparse.ArgumentParser):
    """Shows the whole of the text with its examples, and ends a wrong call with 64. `program` is
    what users call; unless named, the running file's name as a word of `peakend bench`, and
    so it is shown where the text has that file."""

    def __init__(self, text, program=None):
        file = os.path.basename(sys.argv[0])
        program = program or f"peakend bench {file.removesuffix('.py')}"
        text = text.replace(f"  {file} ", f"  {program} ")
        super().__init__(prog=program, description=text, formatter_class=argparse.RawDescriptionHelpFormatter,
                         allow_abbrev=False)

    def error(self, message):
        self.print_usage()
        self.exit(USAGE, f"{self.prog}: {message}\n")


def milliseconds(text):
    """"50ms", "1.5s", "7d". For argparse: says what is wrong by ArgumentTypeError."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([a-z]+)", text)
    if not found or found.group(2) not in UNITS_MS:
        raise argparse.ArgumentTypeError(f"'{text}' is no duration: a number and one of {', '.join(UNITS_MS)}, "
                                         "as 50ms")
    return float(found.group(1)) * UNITS_MS[found.group(2)]


def amount(text):
    """"20000", "20k", "1.5M"; at least 0."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([kM]?)", text.replace("_", "").replace(",", ""))
    if not found:
        raise argparse.ArgumentTypeError(f"'{text}' is no number: digits, and k or M behind them, as 20k")
    return float(found.group(1)) * MULTIPLES[found.group(2)]
