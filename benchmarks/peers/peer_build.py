"""What the peers are made of: which are not built yet, and building them by build.sh."""

import importlib.util
import os
import shutil
import subprocess

import peer_table

SCRIPT = os.path.join(peer_table.ROOT, "benchmarks", "peers", "build.sh")
# What build.sh leaves when a part is whole.
STAMPS = {"java": ".java", "python": ".python"}


class NotBuilt(Exception):
    """Something that is needed is not there; the text says what, and what would help."""


def part_of(row):
    """The part of build.sh that makes the program of `row`."""
    first = row.split()[0]
    return "java" if first == "java" else "python" if "venv" in first else "cpp"


def unbuilt(rows):
    """The parts of build.sh that some of `rows` lack, in order."""
    parts = []
    for row in rows:
        part = part_of(row)
        there = os.path.exists(peer_table.program(row)) and (
            part not in STAMPS or os.path.exists(os.path.join(peer_table.BUILD, STAMPS[part])))
        if not there and part not in parts:
            parts.append(part)
    return parts


def make_ready(rows, may_build, say):
    """Builds what is missing, and looks for what runs it. Raises NotBuilt."""
    rows = list(rows)
    _find_tools(rows)
    parts = unbuilt(rows)
    if not parts:
        return
    command = f"benchmarks/peers/build.sh {' '.join(parts)}"
    if not may_build:
        absent = sorted({_shown(peer_table.program(row)) for row in rows if part_of(row) in parts})
        raise NotBuilt(f"not built: {', '.join(absent)}; build them by {command}, or leave --no-build out")
    say(f"not built yet: {command}")
    build = subprocess.Popen([SCRIPT, *parts], stdin=subprocess.DEVNULL)
    try:
        code = build.wait()
    except KeyboardInterrupt:
        build.wait()  # It ends what it started.
        raise
    left = unbuilt(rows)
    if code != 0 or left:
        raise NotBuilt(f"{command} failed, see above; --peers takes engines that are built")


def _shown(path):
    return os.path.relpath(path, peer_table.ROOT)


def _find_tools(rows):
    missing = [package for module, package in (("confluent_kafka", "python3-confluent-kafka"),
                                               ("google.protobuf", "python3-protobuf")) if not _importable(module)]
    missing += ["protobuf-compiler"] if shutil.which("protoc") is None else []
    missing += (["openjdk-17-jre-headless"]
                if any(part_of(row) == "java" for row in rows) and shutil.which("java") is None else [])
    if missing:
        raise NotBuilt(f"not here: {', '.join(missing)}; './dev setup' installs what is missing")


def _importable(module):
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
