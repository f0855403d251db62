"""DuckDB over what `peakend export` writes, and PostgreSQL behind `peakend sink postgres`, give the same answers
through the same views: of one Kafka, which holds seeded rows.

    PEAKEND_TEST_KAFKA=HOST:PORT export_test.py PROGRAM

Run it by with_packages.py, which brings the packages duckdb and confluent-kafka.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import zlib

import duckdb
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

import duckdb_test
import duckdb_views
import seed_rows
import warehouse
from warehouse import MESSAGES

LIMIT_S = 60
PARTITIONS = 3
PROGRAM = ""
BOOTSTRAP = os.environ.get("PEAKEND_TEST_KAFKA", "")
KINDS = {table: table[:-1] for table in MESSAGES}


class Stage:
    """Seeded rows in Kafka, in PostgreSQL, and in a folder. Made once, for all tests."""

    def __init__(self):
        if not BOOTSTRAP:
            raise AssertionError("PEAKEND_TEST_KAFKA names no broker; `./dev kafka up` starts one")
        self.own = f"export-{os.getpid()}-{time.time_ns()}"
        self.temporary = tempfile.TemporaryDirectory(prefix="peakend-export-")
        self.folder = pathlib.Path(self.temporary.name)
        self.warehouse = warehouse.Warehouse(fsync="off")
        self.rows = {}  # table -> rows as they were written
        self._fill()
        self.run("sink", "postgres", "--postgres", self.warehouse.server.conninfo, "--schema", warehouse.SCHEMA,
                 "--group", self.own, "--init-schema", "--exit-at-end")

    def close(self):
        self.warehouse.close()
        self.temporary.cleanup()

    def topic(self, table):
        return f"{self.own}-{KINDS[table]}"

    def _fill(self):
        subprocess.run([sys.executable, "-B", seed_rows.__file__, "--journeys", "800", "--days", "2", self.folder / "seed"],
                       check=True, stdout=subprocess.DEVNULL)
        admin = AdminClient({"bootstrap.servers": BOOTSTRAP})
        made = admin.create_topics([NewTopic(self.topic(table), PARTITIONS, 1) for table in MESSAGES])
        for answer in made.values():
            answer.result(LIMIT_S)
        producer = Producer({"bootstrap.servers": BOOTSTRAP, "linger.ms": 20, "enable.idempotence": True,
                             "queue.buffering.max.messages": 1_000_000})
        for table, message in MESSAGES.items():
            self.rows[table] = []
            for line in (self.folder / "seed" / f"{table}.ndjson").read_text().splitlines():
                row = json.loads(line)
                self.rows[table].append(row)
                key = row[message.key].encode()
                producer.produce(self.topic(table), key=key, value=line, partition=zlib.crc32(key) % PARTITIONS)
        if producer.flush(LIMIT_S) != 0:
            raise AssertionError("Kafka does not take the rows")

    def command(self, *words):
        settings = [f"kafka.bootstrap_servers={BOOTSTRAP}", "admin.enabled=false",
                    *(f"topics.bi_{kind}={self.topic(table)}" for table, kind in KINDS.items()),
                    *(f"bi.{kind}.{field}" for kind in KINDS.values() for field in ("enabled=true", "format=json"))]
        return [PROGRAM, *words, *(part for setting in settings for part in ("-X", setting))]

    def run(self, *words, code=0, text=True):
        done = subprocess.run(self.command(*words), capture_output=True, text=text, timeout=LIMIT_S)
        if done.returncode != code:
            raise AssertionError(f"{words} ended with {done.returncode}: {done.stderr}")
        return done

    def export(self, table, *flags, code=0, text=True):
        return self.run("export", KINDS[table], *flags, code=code, text=text)


STAGE = None


def load(database, message, path):
    """The table, of a file with exactly its columns."""
    kinds = [(field.name, duckdb_views.TYPES[field.sql_type]) for field in message.fields]
    kinds += [(name, duckdb_views.TYPES[kind]) for name, kind in warehouse.row_messages.DELIVERY]
    types = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in kinds) + "}"
    if ".csv" in path.name:
        database.execute(f"CREATE TABLE {message.table} AS SELECT * FROM read_csv('{path}', header = true, columns = {types})")
        return
    columns = ", ".join(f"""nullif("{field.name}", '') AS "{field.name}\"""" if field.is_nullable and field.type == "string"
                        else f'"{field.name}"' for field in message.fields)
    database.execute(f"CREATE TABLE {message.table} AS SELECT {columns}, published_at_ms, row_partition, row_offset "
                     f"FROM read_json('{path}', format = 'newline_delimited', columns = {types})")


class Answers(duckdb_test.SameAnswers):
    """The tests of SameAnswers, of exported files called *SUFFIX."""

    SUFFIX = ".ndjson"
    FLAGS = ()

    @classmethod
    def setUpClass(cls):
        cls.warehouse = STAGE.warehouse
        cls.duckdb = duckdb.connect()
        cls.duckdb.execute("SET TimeZone = 'UTC'")
        for table, message in MESSAGES.items():
            path = STAGE.folder / f"{table}{cls.SUFFIX}"
            STAGE.export(table, "--output", str(path), *cls.FLAGS)
            load(cls.duckdb, message, path)
        duckdb_views.add_views(cls.duckdb)

    def test_every_row_stands_where_its_record_stood(self):
        for table, message in MESSAGES.items():
            query = f"SELECT {message.key}, row_version, published_at_ms, row_partition, row_offset FROM {table}"
            told = sorted(tuple(map(str, row)) for row in self.duckdb.sql(query).fetchall())
            self.assertEqual(told, sorted(self.warehouse.sql(query + " WHERE NOT is_deleted")), table)


class PackedNdjson(Answers):
    SUFFIX = ".ndjson.zst"


class PackedCsv(Answers):
    SUFFIX = ".csv.zst"
    FLAGS = ("--format", "csv")


class PlainCsv(Answers):
    SUFFIX = ".csv"
    FLAGS = ("--format", "csv")


class Export(unittest.TestCase):
    def test_the_same_records_give_the_same_bytes(self):
        first = STAGE.export("moments", "--output", "-").stdout
        self.assertEqual(first, STAGE.export("moments", "--output", "-").stdout)
        places = [(row["row_partition"], row["row_offset"]) for row in map(json.loads, first.splitlines())]
        self.assertEqual(places, sorted(places))
        packed = STAGE.export("moments", "--output", "-", "--zstd", text=False).stdout
        self.assertTrue(packed.startswith(b"\x28\xb5\x2f\xfd"))

    def test_postgres_copies_csv_into_equal_tables(self):
        sql = STAGE.warehouse.sql
        for table in MESSAGES:
            path = STAGE.folder / f"copied-{table}.csv"
            STAGE.export(table, "--format", "csv", "--output", str(path))
            sql(f"CREATE TABLE copied_{table} (LIKE {table})")
            subprocess.run(["psql", "-X", "-q", "-d", STAGE.warehouse.server.conninfo, "-c",
                            f"\\copy bi.copied_{table} FROM '{path}' (FORMAT csv, HEADER)"], check=True, timeout=LIMIT_S)
            ours, copied = f"SELECT * FROM {table} WHERE NOT is_deleted", f"SELECT * FROM copied_{table}"
            self.assertEqual(sql(f"SELECT count(*) FROM (({ours} EXCEPT {copied}) UNION ALL ({copied} EXCEPT {ours})) AS other"),
                             [("0",)], table)
            self.assertNotEqual(sql(f"SELECT count(*) FROM copied_{table}"), [("0",)])

    def test_all_versions_are_every_row_as_it_was_written(self):
        for table in ("journeys", "surveys"):
            rows = [json.loads(line) for line in STAGE.export(table, "--all-versions", "--output", "-").stdout.splitlines()]
            for row in rows:
                for name, _ in warehouse.row_messages.DELIVERY:
                    del row[name]
            by_key = lambda row: (row[MESSAGES[table].key], row["row_version"])
            self.assertEqual(sorted(rows, key=by_key), sorted(STAGE.rows[table], key=by_key))

    def test_days_outside_are_left_out(self):
        rows = [json.loads(line) for line in STAGE.export("contacts", "--since", "2026-03-02", "--output", "-").stdout.splitlines()]
        self.assertGreater(len(rows), 100)
        self.assertEqual({row["business_date"] for row in rows} - {"2026-03-01"}, {row["business_date"] for row in rows})

    def test_a_file_that_is_there_is_replaced_on_demand_only(self):
        path = STAGE.folder / "there.ndjson"
        path.write_text("mine")
        self.assertIn("--force", STAGE.export("surveys", "--output", str(path), code=64).stderr)
        self.assertEqual(path.read_text(), "mine")
        STAGE.export("surveys", "--output", str(path), "--force")
        self.assertEqual(path.read_text(), STAGE.export("surveys", "--output", "-").stdout)

    def test_nothing_is_left_of_an_export_that_failed(self):
        folder = STAGE.folder / "failed"
        folder.mkdir()
        said = STAGE.export("touchpoints", "--most-rows", "100", "--output", str(folder / "a"), code=78).stderr
        self.assertIn("--since", said)
        # Its reader is gone.
        process = subprocess.Popen(STAGE.command("export", "touchpoint", "--output", "-"), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdout.close()
        self.assertIn(process.wait(LIMIT_S), (69, -signal.SIGPIPE))
        process.stderr.close()
        self.assertEqual(list(folder.iterdir()), [])

    def test_nothing_is_left_when_it_is_interrupted(self):
        folder = STAGE.folder / "interrupted"
        folder.mkdir()
        process = subprocess.Popen(STAGE.command("export", "touchpoint", "--output", str(folder / "a")),
                                   stderr=subprocess.PIPE, text=True)
        while not any(folder.iterdir()) and process.poll() is None:
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=LIMIT_S)[1]
        self.assertEqual(process.returncode, 75, said)
        self.assertEqual(list(folder.iterdir()), [])

    def test_what_is_wrong_is_told(self):
        for flags, word in ((("--since", "2026-3-1"), "no date"), (("--format", "xml"), "ndjson"),
                            (("--since", "2026-03-02", "--until", "2026-03-02"), "--since")):
            self.assertIn(word, STAGE.export("surveys", "--output", "-", *flags, code=64).stderr)
        off = STAGE.command("export", "survey", "--output", "-") + ["-X", "bi.survey.enabled=false"]
        done = subprocess.run(off, capture_output=True, text=True, timeout=LIMIT_S)
        self.assertEqual(done.returncode, 78)
        self.assertIn("bi.survey.enabled", done.stderr)


def load_tests(loader, _, __):
    return unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in (PackedNdjson, PackedCsv, PlainCsv, Export))


def main():
    global PROGRAM, STAGE
    PROGRAM = sys.argv.pop(1)
    STAGE = Stage()
    try:
        unittest.main(verbosity=2, exit=False).result.wasSuccessful() or sys.exit(1)
    finally:
        STAGE.close()


if __name__ == "__main__":
    main()
