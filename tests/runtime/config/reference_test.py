#!/usr/bin/env python3
"""The pages docs/policy-reference.md, docs/policy-reference.zh.md and docs/load-profile.md are what
the program prints.

    reference_test.py build/release/peakend [--write]

Each field of a policy has a meaning in both languages: whoever adds one says it twice, in the schema, and
writes the pages anew with --write. Exit code 0 = they are the same, 1 = not.
"""

import pathlib
import re
import subprocess
import sys

DOCS = pathlib.Path(__file__).resolve().parents[3] / "docs"
PAGES = {
    "policy-reference.md": ["--policy", "--lang", "en"],
    "policy-reference.zh.md": ["--policy", "--lang", "zh"],
    "load-profile.md": ["--load"],
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def main(arguments):
    if not arguments:
        print(__doc__.strip())
        return 64
    bad = []
    for name, flags in PAGES.items():
        told = subprocess.run([arguments[0], "config", "reference", *flags],
                              capture_output=True, text=True, check=True).stdout
        if "--write" in arguments:
            (DOCS / name).write_text(told, encoding="utf-8")
        elif (DOCS / name).read_text(encoding="utf-8") != told:
            bad.append(f"{name} is not what the program prints: run this test with --write")
        if "zh" in flags:
            rows = [line for line in told.splitlines() if line.startswith("| `")]
            bad += [f"no Chinese meaning: {row}" for row in rows if not CHINESE.search(row.split(" | ")[-1])]
    print(*bad, sep="\n", end="\n" if bad else "")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
