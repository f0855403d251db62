"""Kafka Connect with Debezium's JDBC sink, as somebody sets it up who knows both.

One worker, one connector for each topic, for their keys differ, each with one task, which is one
connection. Fetched by benchmarks/peers/build.sh connect.
"""

import os
import shutil
import subprocess

from peer_build import SCRIPT
from peer_table import BUILD
from stage import BROKER_SCRIPT

HOME = os.path.join(BUILD, "kafka-connect")
VERSION = "Debezium JDBC 3.6.0.Final on Kafka Connect 4.0.0"
# As the other engines on the Java machine have it (benchmarks/peers/peer_table.py), and room for batches.
JAVA = ("java", "-Xms1g", "-Xmx1g", "-XX:+UseSerialGC")
LOGGING = os.path.join(os.path.dirname(BROKER_SCRIPT), "log4j2.properties")
# Rows of a statement. Of 60,000 rows 500, as it ships, cost a third more, 5,000 as much and 10,000 no less.
BATCH = 2000


def fetch():
    """Why it cannot be had; "" when it is there."""
    if shutil.which("java") is None:
        return "there is no Java"
    done = subprocess.run([SCRIPT, "connect"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return "" if done.returncode == 0 else done.stderr.strip().rsplit("\n", 1)[-1]


def group(name, kind):
    """The consumer group of a connector."""
    return f"connect-{name}-{kind}"


def command(stage, name, topics, database, schema, port):
    """How it is called to bring `topics` {kind: topic} into tables of `schema` that are named by kind; what it must
    know is written into the stage's folder."""
    files = [_properties(stage, f"{name}-worker", _worker(stage, name, port))]
    files += [_properties(stage, f"{name}-{kind}", _connector(name, kind, topic, database, schema))
              for kind, topic in topics.items()]
    return [*JAVA, "-cp", f"{HOME}/lib/*", f"-Dlog4j2.configurationFile={LOGGING}",
            f"-Dpeakend.kafka.log={stage.file(log_of(name))}",
            "org.apache.kafka.connect.cli.ConnectStandalone", *files]


def log_of(name):
    return f"{name}.connect.log"


def key_column(kind):
    return {"contact": "row_id", "journey": "journey_id"}[kind]


def _worker(stage, name, port):
    return {"bootstrap.servers": stage.bootstrap(), "plugin.path": f"{HOME}/plugins",
            "listeners": f"http://127.0.0.1:{port}", "offset.storage.file.filename": stage.file(name + ".offsets"),
            "offset.flush.interval.ms": 1000, "key.converter": "org.apache.kafka.connect.storage.StringConverter",
            "value.converter": "org.apache.kafka.connect.json.JsonConverter", "value.converter.schemas.enable": "true",
            # Parsed schemas, not text: each record has the same.
            "value.converter.schemas.cache.size": 1000}


def _connector(name, kind, topic, database, schema):
    url = (f"jdbc:postgresql://127.0.0.1:{database.port}/{database.name}?currentSchema={schema}"
           "&reWriteBatchedInserts=true")
    return {"name": f"{name}-{kind}", "connector.class": "io.debezium.connector.jdbc.JdbcSinkConnector", "tasks.max": 1,
            "topics": topic, "connection.url": url, "connection.username": database.user,
            "connection.password": database.password, "insert.mode": "upsert", "primary.key.mode": "record_key",
            # Keys are plain text, and it wants named columns.
            "transforms": "key", "transforms.key.type": "org.apache.kafka.connect.transforms.HoistField$Key",
            "transforms.key.field": key_column(kind), "delete.enabled": "true", "schema.evolution": "basic", "quote.identifiers": "true",
            "collection.name.format": kind, "batch.size": BATCH,
            # A statement a batch, which PostgreSQL refuses where a key comes twice: so the last of each is kept.
            "dialect.postgres.unnest.insert.enabled": "true", "use.reduction.buffer": "true",
            "consumer.override.isolation.level": "read_committed", "consumer.override.max.poll.records": BATCH,
            "consumer.override.fetch.min.bytes": 1 << 20, "consumer.override.max.partition.fetch.bytes": 8 << 20,
            "consumer.override.auto.offset.reset": "earliest"}


def _properties(stage, name, values):
    path = stage.file(name + ".properties")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{key}={value}\n" for key, value in values.items())
    return path
