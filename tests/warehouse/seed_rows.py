#!/usr/bin/env python3
"""Makes rows of chance that look like a contact center's, the same for the same seed.

    seed_rows.py --journeys 1000 [--seed 1] [--from 2026-03-01] [--days 30] [--amend 0.2] FOLDER

Writes FOLDER/<table>.ndjson for each table: one row message a line, every field by its name,
numbers as numbers, what is absent as null; in the order of detected_at_ms, so that an amended
version comes after others' rows. A journey has about 1.5 contacts, 11 impressions and 8 moments.
The share --amend of the rows of each kind but surveys is written again with a higher version, a
twentieth of those as deleted. Nothing here is measured: use it for benchmarks and for comparing
two databases. Holds the rows of some five days in memory, 60 kB a journey.
"""

import argparse
import contextlib
import datetime
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "proto" / "peakend" / "bi"))

import row_messages  # noqa: E402, the folder has to be known first.
import seeded_journey  # noqa: E402

TABLES = tuple(row_messages.TABLES)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=pathlib.Path, help="where to write; it is made")
    parser.add_argument("--journeys", type=int, default=1000, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="first", type=datetime.date.fromisoformat, default=datetime.date(2026, 3, 1),
                        help="first business date (default: %(default)s)")
    parser.add_argument("--days", type=int, default=30, help="over how many days (default: %(default)s)")
    parser.add_argument("--amend", type=float, default=0.2, help="share of rows with a second version (default: %(default)s)")
    return parser.parse_args()


def main():
    given = arguments()
    given.folder.mkdir(parents=True, exist_ok=True)
    counts = dict.fromkeys(TABLES, 0)
    with contextlib.ExitStack() as stack:
        files = {table: stack.enter_context(open(given.folder / f"{table}.ndjson", "w")) for table in TABLES}
        for table, row in seeded_journey.rows(given.journeys, given.seed, given.first, given.days, given.amend):
            files[table].write(json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n")
            counts[table] += 1
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
