#!/usr/bin/env python3
"""Runs a Python script with the packages of requirements.txt, which it installs once.

    with_packages.py SCRIPT [ARGUMENT...]

They go into an environment of their own, .deps/warehouse-python, made anew when requirements.txt
or the interpreter changes. Needs Python's venv (python3-venv), and a package index the first time.
"""

import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"
ENVIRONMENT = HERE.parents[1] / ".deps" / "warehouse-python"
INSTALL_LIMIT_S = 600


def stamp():
    return hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()


def install():
    """Returns the environment's interpreter. Of several at once, one installs and the others wait."""
    ENVIRONMENT.parent.mkdir(parents=True, exist_ok=True)
    python = ENVIRONMENT / "bin" / "python"
    complete = ENVIRONMENT / ".complete"
    with open(f"{ENVIRONMENT}.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if complete.exists() and complete.read_text(encoding="ascii") == stamp():
            return python
        print(f"with_packages: installing {REQUIREMENTS.name} into {ENVIRONMENT}", file=sys.stderr)
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        for command in ([sys.executable, "-m", "venv", ENVIRONMENT],
                        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                         "-r", REQUIREMENTS]):
            subprocess.run(command, check=True, timeout=INSTALL_LIMIT_S, stdin=subprocess.DEVNULL)
        complete.write_text(stamp(), encoding="ascii")
        return python


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        python = install()
    except (subprocess.SubprocessError, OSError) as error:
        sys.exit(f"with_packages: cannot install the packages: {error}")
    os.execv(python, [str(python), "-B", *sys.argv[1:]])


if __name__ == "__main__":
    main()
