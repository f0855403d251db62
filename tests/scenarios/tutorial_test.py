#!/usr/bin/env python3
"""The tutorial docs/first-rule.md, and the Chinese one, done as a new user would do it.

    tutorial_test.py build/release/peakend [--show]

Takes rule, stories and events out of the text, follows its steps in an empty folder and compares
what each command prints with what the text says it prints (leading lines where the text leaves
the rest out with "..."). --show prints what the program said instead. Exit code 0 = the same.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
# Of the shipped policy, which grows: its digest, and where a line of it stands.
GROWING = (re.compile(r"(?<=\+)[0-9a-f]{8}\b"), re.compile(r"(?<=my-policy\.yaml:)\d+"), re.compile(r"^\d+(?= \|)", re.MULTILINE))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def files_of(program, blocks, folder):
    """The files that somebody who follows the text ends up with, and those with the mistakes it speaks of."""
    yaml = [text for kind, text in blocks if kind == "yaml"]
    shipped = subprocess.run([program, "config", "example", "--policy"], capture_output=True, text=True, check=True).stdout
    policy = shipped.replace("name: default", "name: water", 1).replace("\nrules:\n", f"\nrules:\n{yaml[0]}\n", 1)
    made = {"my-policy.yaml": policy, "my-stories.yaml": yaml[1],
            "events.ndjson": next(text for kind, text in blocks if kind == "json")}
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {"": policy, "after: 2m": policy.replace("after: 60s", "after: 2m", 1),
            "aftr": policy.replace("    after: 60s", "    aftr: 60s", 1)}


def lasting(text):
    """The lines of what does not change as the shipped policy grows."""
    for part in GROWING:
        text = part.sub("", text)
    return text.rstrip().splitlines()


def said(program, call, folder):
    """What a command of the text prints on both streams."""
    words = call.split()
    done = subprocess.run([program, *words[1:]], cwd=folder, capture_output=True, text=True, check=False)
    return lasting(done.stdout + done.stderr)


def is_as_told(told, lines):
    """`...` alone stands for any lines."""
    if told and told[-1] == "...":
        return lines[:len(told) - 1] == told[:-1]
    return lines == told


def check(program, path, show):
    text = path.read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    bad = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        policies = files_of(program, blocks, folder)
        broken = "aftr"
        for kind, block in blocks:
            if block.startswith("error["):
                call, told, policy = "peakend check --policy my-policy.yaml", lasting(block), policies[broken]
            elif block.startswith("$ peakend") and "config example" not in block:
                call, *told = lasting(block)
                call, _, wrong = call[2:].partition("   # ")
                policy = policies[wrong]
            else:
                continue
            (folder / "my-policy.yaml").write_text(policy, encoding="utf-8")
            lines = said(program, call, folder)
            if show:
                print(f"$ {call}", *lines, sep="\n")
            elif not is_as_told(told, lines):
                bad.append(f"{path.name}: {call}\n  told {told}\n  got  {lines}")
    return bad


def main(arguments):
    if not arguments:
        print(__doc__.strip())
        return 64
    bad = []
    for name in ("first-rule.md", "first-rule.zh.md"):
        bad += check(pathlib.Path(arguments[0]).resolve(), DOCS / name, "--show" in arguments)
    print(*bad, sep="\n", end="\n" if bad else "")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
