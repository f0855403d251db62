#!/usr/bin/env python3
"""Policy files that are made to hurt: each is answered clearly, within the limits of one small process.

    hostile_policies_test.py PEAKEND

Each runs `peakend check --policy` with at most MEMORY bytes of address space and CPU_SECONDS of processor
time, which the system enforces, and may say at most OUTPUT bytes.
"""
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

MEMORY = 512 << 20
CPU_SECONDS = 30
OUTPUT = 64 << 10
OK, CONFIG_ERROR = 0, 78


def lines(*parts):
    return "\n".join(parts).encode() + b"\n"


def rules(count, fields="on: score"):
    return [f"  - {{name: r{i}, {fields}}}".replace("LEVEL", f"-0.{5000 + i}") for i in range(count)]


def bomb():
    """Ten times itself at each step: 10^9 values."""
    yield "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"
    for i in range(1, 10):
        yield f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 10) + "]"


# (name, bytes of the file, how the check ends, what it says)
CASES = [
    ("10,000 rules", lines("name: p", "rules:", *rules(10_000)), CONFIG_ERROR, "error[PE0025]"),
    ("1,000 rules that are alike", lines("name: p", "rules:", *rules(1_000)), OK, "warning[PE0057]"),
    ("rules with many scopes that are alike",
     lines("name: p", "rules:", *rules(300, "on: score, enter: LEVEL, only: [" + "{queue: q}, " * 100 + "]")), OK, "warning[PE0058]"),
    ("10,000 expectations",
     lines("name: p", "expectations:", *["  - {cause: hold, desired: 1s, adequate: 2s}"] * 10_000),
     CONFIG_ERROR, "error[PE0025]"),
    ("1,000 expectations of which one counts",
     lines("name: p", "expectations:", *["  - {cause: hold, desired: 1s, adequate: 2s}"] * 1_000), OK, "warning[PE0058]"),
    ("40,000 unknown keys", lines("name: p", *[f"key{i}: 1" for i in range(40_000)]), CONFIG_ERROR, "error[PE0012]"),
    ("200,000 keys", lines("name: p", *[f"key{i}: 1" for i in range(200_000)]), CONFIG_ERROR, "error[PE0006]"),
    ("the largest file", b"# " + b"x" * (5_000_000 - 11) + b"\nname: p\n", OK, "policy ok"),
    ("a byte more than the largest file", b"# " + b"x" * (5_000_000 - 10) + b"\nname: p\n", CONFIG_ERROR, "error[PE0002]"),
    ("50 MB", b"x" * 50_000_000, CONFIG_ERROR, "error[PE0002]"),
    ("a name of 4 MB", b"name: " + b"n" * 4_000_000, CONFIG_ERROR, "error[PE0062]"),
    ("braces of 4 MB", b"name: p\nrules: [{name: a, on: score, message_en: '" + b"{x" * 2_000_000 + b"'}]\n", CONFIG_ERROR, "error[PE0062]"),
    ("placeholders of 4 MB", b"name: p\nrules: [{name: a, on: score, message_en: '" + b"{x}" * 1_300_000 + b"'}]\n",
     CONFIG_ERROR, "error[PE0062]"),
    ("900 messages full of placeholders",
     lines("name: p", "rules:", *rules(900, "on: score, enter: LEVEL, message_en: '" +
                                       "".join(f"{{n{'x' * (i % 60)}}}" for i in range(120)) + "'")), OK, "warning[PE0060]"),
    ("an alias bomb", lines("name: p", *bomb()), CONFIG_ERROR, "error[PE0006]"),
    ("an alias of itself", lines("name: p", "rules: &r [*r]"), CONFIG_ERROR, "error[PE0006]"),
    ("100,000 brackets", b"name: p\nrules: " + b"[" * 100_000, CONFIG_ERROR, "error[PE0005]"),
    ("200,000 indents", b"name: p\n" + b"- " * 200_000, CONFIG_ERROR, "error[PE0"),
    ("bytes that are not UTF-8", b"name: p\nversion: \xff\xfe\n", CONFIG_ERROR, "error[PE0003]"),
    ("half a character", "name: 策".encode()[:-1], CONFIG_ERROR, "error[PE0003]"),
    ("zero bytes", b"\0" * 1_000_000, CONFIG_ERROR, "error[PE0003]"),
    ("a negative window", lines("name: p", "windows: {journey_gap: -1s}"), CONFIG_ERROR, "p.yaml:2:24"),
    ("a window of nothing", lines("name: p", "windows: {contact_gap: 0s}"), CONFIG_ERROR, "p.yaml:2:24"),
    ("phrases of 4 MB", b"name: p\nphrases: [{class: thanks, says: '" + b"a|" * 2_000_000 + b"a'}]\n", CONFIG_ERROR,
     "error[PE0038]"),
    ("300,000 phrases in rows that are allowed",
     lines("name: p", "phrases:", *["  - {class: thanks, says: '" + "a|" * 99 + "a'}"] * 3_000), CONFIG_ERROR, "error[PE0038]"),
]


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def problem_of(program, folder, content, code, said):
    """What is wrong with the answer; empty = nothing."""
    pathlib.Path(folder, "p.yaml").write_bytes(content)
    call = subprocess.run([program, "check", "--policy", "p.yaml"], cwd=folder, capture_output=True,
                          preexec_fn=limit, check=False)
    answer = (call.stdout + call.stderr).decode(errors="replace")
    if call.returncode != code:
        return f"ended with {call.returncode}, not {code}: {answer[:300]}"
    if said not in answer:
        return f"does not say {said}: {answer[:300]}"
    return f"says {len(answer)} bytes" if len(answer) > OUTPUT else ""


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 64
    program, failed = os.path.abspath(arguments[0]), 0
    with tempfile.TemporaryDirectory() as folder:
        for name, content, code, said in CASES:
            problem = problem_of(program, folder, content, code, said)
            failed += bool(problem)
            print(f"{name}: {problem or 'ok'}")
    print(f"{len(CASES)} cases, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
