#!/usr/bin/env python3
"""What `peakend config schema` prints accepts every good file of the project and refuses the bad ones.

    schema_test.py PEAKEND

The bad ones are those of tests/cli/wrong_inputs whose error lies in one value: the program and the
schema must agree on them.
"""
import json
import pathlib
import re
import subprocess
import sys

import yaml

from schema_check import problems

ROOT = pathlib.Path(__file__).resolve().parents[3]
POLICIES = ("deploy/policies/*.yaml", "tests/scenarios/policies/*.yaml", "tests/verify/*.yaml")
# Unknown field, wrong kind, wrong form, out of bounds, not allowed, missing, too many entries.
IN_ONE_VALUE = {"PE0010", "PE0012", "PE0013", "PE0014", "PE0015", "PE0016", "PE0025"}
# Bounds of durations and sizes stand in the descriptions; YAML itself keeps a text from being a key.
BEYOND_THE_SCHEMA = {"duration_too_long", "size_too_small"}


class Yaml12(yaml.SafeLoader):
    """YAML 1.2 as editors read it: `on` is no truth value and 2026-10-01 no date."""


Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in (("bool", "true|false", "tf"), ("null", "null|~|", ["n", "~", ""]),
                            ("int", "[-+]?[0-9]+", "-+0123456789"),
                            ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789")):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^({pattern})$"), first)


def read(text):
    return yaml.load(text, Loader=Yaml12)


def printed(program, *arguments):
    return subprocess.run([program, "config", *arguments], capture_output=True, check=True, text=True).stdout


def good_files(program):
    """(name, is a policy, text)."""
    for pattern in POLICIES:
        for path in sorted(ROOT.glob(pattern)):
            yield str(path.relative_to(ROOT)), True, path.read_text()
    yield "deploy/peakend.example.yaml", False, (ROOT / "deploy/peakend.example.yaml").read_text()
    yield "config example", False, printed(program, "example")
    yield "sections without entries", True, "name: p\nwindows:\nrules:\nversion: 3\n"
    yield "bare zero", True, "name: p\nwindows: {resolution_grace: 0, short_abandon: 0.5s}\n"
    yield "reference", False, "kafka: {security_protocol: '${env:PROTOCOL}'}\n"


def bad_files():
    """(name, is a policy, text)."""
    for path in sorted((ROOT / "tests/cli/wrong_inputs").glob("*.case")):
        text = path.read_text()
        codes = set(re.findall(r"^error\[(PE\d+)\]", text, re.M))
        file = re.search(r"^=== file \S+\n(.*?)^=== ", text, re.M | re.S)
        command = text.splitlines()[0]
        if not file or not codes or not codes <= IN_ONE_VALUE or path.stem in BEYOND_THE_SCHEMA:
            continue
        if " -X " not in command and "=== environment" not in text:
            yield path.stem, "--policy" in command, file[1]
    yield "reference in a policy", True, "name: p\nrules: [{name: a, on: '${env:ON}'}]\n"
    yield "too many identities", True, "name: p\nidentities: [" + "{type: a}, " * 17 + "]\n"
    yield "empty name", True, "name: ''\n"
    yield "bare number of seconds", True, "name: p\nwindows: {journey_gap: 30}\n"


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 64
    program = arguments[0]
    schema_of = {True: json.loads(printed(program, "schema", "--policy", "--format", "json-schema")),
                 False: json.loads(printed(program, "schema"))}
    good, bad, wrong = list(good_files(program)), list(bad_files()), []
    for name, is_policy, text in good:
        wrong += [f"{name}: refused: {problem}" for problem in problems(schema_of[is_policy], read(text))]
    for name, is_policy, text in bad:
        if not problems(schema_of[is_policy], read(text)):
            wrong.append(f"{name}: not refused")
    if len(good) < 15 or len(bad) < 15:
        wrong.append(f"only {len(good)} good and {len(bad)} bad files found")
    print("\n".join(wrong + [f"{len(good)} good files, {len(bad)} bad ones, {len(wrong)} problems"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
