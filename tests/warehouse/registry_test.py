#!/usr/bin/env python3
"""Rows in every framing, under ids of a real schema registry, read by clients of others.

    with_packages.py registry_test.py FRAMED_ROWS PROTOC

FRAMED_ROWS (framed_rows.cc) writes and reads rows as workers and sinks do. The other side is
Confluent's Python client, with messages that protoc made of the .proto files, and json.
"""

import base64
import collections
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

from confluent_kafka.schema_registry import Schema, SchemaRegistryClient, SchemaRegistryError
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ROOT = pathlib.Path(__file__).resolve().parents[2]
REGISTRY = ROOT / "deploy" / "registry" / "registry.sh"
KINDS = ("touchpoint", "moment", "contact", "journey", "alert", "promise", "survey")
START_LIMIT_S = 900  # The first time it is fetched.
CALL_LIMIT_S = 60
FORMAT = {"use.deprecated.format": False}
CONNECT_TYPES = {"string": str, "boolean": bool, "int32": int, "int64": int, "double": (int, float)}

Line = collections.namedtuple("Line", "kind framing topic schema_id filling value")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def message_class(protoc, folder, proto):
    """The first message of the file `proto` in `folder`."""
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run([protoc, "-I", folder, "--descriptor_set_out", out.name, proto],
                       check=True, timeout=CALL_LIMIT_S)
        file = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(out.name).read_bytes()).file[0]
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(
        pool.FindMessageTypeByName(f"{file.package}.{file.message_type[0].name}"))


def expected_value(field):
    """What framed_rows.cc puts into `field` of a full row."""
    if field.cpp_type == field.CPPTYPE_INT32:
        return -field.number
    if field.cpp_type == field.CPPTYPE_INT64:
        return 2**53 + field.number
    if field.cpp_type == field.CPPTYPE_DOUBLE:
        return field.number / 7
    if field.cpp_type == field.CPPTYPE_BOOL:
        return True
    return f'{field.name} "关\\\n{field.number}'


def expected_row(descriptor, filling):
    """Name -> value of all fields; None where an optional one is absent."""
    if filling == "full":
        return {field.name: expected_value(field) for field in descriptor.fields}
    return {field.name: None if field.has_presence else field.default_value for field in descriptor.fields}


def row_of(message):
    return {field.name: None if field.has_presence and not message.HasField(field.name)
            else getattr(message, field.name) for field in message.DESCRIPTOR.fields}


class RegistryTest(unittest.TestCase):
    maxDiff = None
    program = protoc = None  # by main

    @classmethod
    def setUpClass(cls):
        cls.run_folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.run_folder.cleanup)
        cls.environment = {**os.environ, "PEAKEND_REGISTRY_PORT": str(free_port()),
                           "PEAKEND_REGISTRY_RUN": cls.run_folder.name}
        cls.addClassCleanup(cls.registry, "down")
        cls.url = cls.registry("up").strip()
        cls.client = SchemaRegistryClient({"url": cls.url})
        cls.messages = {kind: message_class(cls.protoc, ROOT / "proto", f"peakend/bi/v1/{kind}_row.proto")
                        for kind in KINDS}
        cls.lines = cls.written("rows")

    @classmethod
    def registry(cls, verb):
        return subprocess.run([REGISTRY, verb], env=cls.environment, check=True, text=True,
                              stdout=subprocess.PIPE, timeout=START_LIMIT_S).stdout

    @classmethod
    def call(cls, *arguments, stdin=b""):
        return subprocess.run([cls.program, *arguments], input=stdin, capture_output=True,
                              timeout=CALL_LIMIT_S, check=False)

    @classmethod
    def written(cls, prefix):
        done = cls.call("write", cls.url, prefix)
        if done.returncode != 0:
            raise AssertionError(done.stderr.decode())
        parts = [line.split("\t") for line in done.stdout.decode().splitlines()]
        return [Line(*part[:3], int(part[3]), part[4], base64.b64decode(part[5])) for part in parts]

    def lines_in(self, framing):
        found = [line for line in self.lines if line.framing == framing]
        self.assertEqual(len(found), 2 * len(KINDS))
        return found

    def error_of(self, *arguments, stdin=b""):
        done = self.call(*arguments, stdin=stdin)
        self.assertEqual(done.returncode, 1, done.stdout)
        return done.stderr.decode()

    def test_bare_rows_are_messages(self):
        for line in self.lines_in("protobuf"):
            message = self.messages[line.kind].FromString(line.value)
            self.assertEqual(row_of(message), expected_row(message.DESCRIPTOR, line.filling))

    def registered(self, schema_id):
        """The message of the schema that the registry has under `schema_id`."""
        with tempfile.TemporaryDirectory() as folder:
            text = self.client.get_schema(schema_id).schema_str
            pathlib.Path(folder, "registered.proto").write_text(text, encoding="utf-8")
            return message_class(self.protoc, folder, "registered.proto")

    # By the schema that the registry gives for the id in the value: neither id nor schema is ours.
    def test_confluents_client_reads_framed_rows(self):
        for line in self.lines_in("protobuf_confluent"):
            read = ProtobufDeserializer(self.registered(int.from_bytes(line.value[1:5], "big")), FORMAT)
            message = read(line.value, SerializationContext(line.topic, MessageField.VALUE))
            self.assertEqual(message.DESCRIPTOR.full_name, self.messages[line.kind].DESCRIPTOR.full_name)
            self.assertEqual(row_of(message), expected_row(self.messages[line.kind].DESCRIPTOR, line.filling))

    def test_framed_rows_read_those_of_confluents_client(self):
        for kind, message_class_of_kind in self.messages.items():
            write = ProtobufSerializer(message_class_of_kind, self.client, FORMAT)
            value = write(message_class_of_kind(row_version=5, tenant_id="t"),
                          SerializationContext(f"python-{kind}", MessageField.VALUE))
            schema_id = self.client.get_latest_version(f"python-{kind}-value").schema_id
            done = self.call("read", kind, "protobuf_confluent", str(schema_id), stdin=value)
            self.assertEqual(done.returncode, 0, done.stderr)
            read = {name: value for name, value in json.loads(done.stdout).items() if value}
            self.assertEqual(read, {"row_version": 5, "tenant_id": "t"})

    def test_each_kind_has_its_schema_under_its_topic(self):
        for kind in KINDS:
            latest = self.client.get_latest_version(f"rows-{kind}-value")
            self.assertEqual((latest.version, latest.schema.schema_type), (1, "PROTOBUF"))
            self.assertEqual({latest.schema_id}, {line.schema_id for line in self.lines if line.kind == kind})
        self.assertEqual(len({line.schema_id for line in self.lines}), len(KINDS))

    def test_a_second_start_registers_nothing(self):
        self.assertEqual(self.written("rows"), self.lines)
        self.assertEqual(self.client.get_versions("rows-journey-value"), [1])

    def test_json_has_every_column(self):
        for line in self.lines_in("json"):
            descriptor = self.messages[line.kind].DESCRIPTOR
            row = json.loads(line.value)
            self.assertEqual(row, expected_row(descriptor, line.filling))
            self.assertEqual(list(row), [field.name for field in descriptor.fields])

    def test_connect_json_payload_fits_its_schema(self):
        for line in self.lines_in("connect_json"):
            descriptor = self.messages[line.kind].DESCRIPTOR
            envelope = json.loads(line.value)
            self.assertEqual(list(envelope), ["schema", "payload"])
            schema, payload = envelope["schema"], envelope["payload"]
            self.assertEqual((schema["type"], schema["name"], schema["optional"]),
                             ("struct", descriptor.full_name, False))
            self.assertEqual(payload, expected_row(descriptor, line.filling))
            self.assertEqual([field["field"] for field in schema["fields"]], list(payload))
            for field in schema["fields"]:
                value = payload[field["field"]]
                self.assertEqual(field["optional"], descriptor.fields_by_name[field["field"]].has_presence)
                if not (value is None and field["optional"]):
                    self.assertIsInstance(value, CONNECT_TYPES[field["type"]])
                    self.assertEqual(isinstance(value, bool), field["type"] == "boolean")

    def test_a_wrong_schema_id_is_named(self):
        line = self.lines_in("protobuf_confluent")[0]
        self.assertEqual(self.error_of("read", line.kind, line.framing, "999", stdin=line.value),
                         f"schema id {line.schema_id} instead of 999\n")
        with self.assertRaises(SchemaRegistryError):
            self.registered(999_999)

    def test_values_in_another_framing_are_refused(self):
        bare = next(line for line in self.lines_in("protobuf") if line.filling == "full")
        self.assertEqual(self.error_of("read", bare.kind, "protobuf_confluent", "0", stdin=bare.value),
                         "the first byte is 10 instead of 0: not under a schema id\n")
        framed = next(line for line in self.lines_in("protobuf_confluent") if line.filling == "full")
        self.assertEqual(self.error_of("read", framed.kind, "protobuf", "0", stdin=framed.value),
                         "no TouchpointRow in protobuf\n")

    def test_an_incompatible_schema_is_refused_with_a_remedy(self):
        subject = "strict-survey-value"
        self.client.register_schema(subject, Schema(
            'syntax = "proto3"; package peakend.bi.v1; message SurveyRow { int64 survey_key = 1; }', "PROTOBUF"))
        self.client.set_compatibility(subject, "BACKWARD")
        error = self.error_of("write", self.url, "strict")
        self.assertIn(f"subject {subject}: its rows are not compatible with the latest schema there", error)
        self.assertIn("give the rows a topic of another name", error)
        self.assertEqual(self.client.get_versions(subject), [1])

    def test_a_registry_that_is_away_is_named(self):
        port = free_port()
        self.assertIn(f"schema registry 127.0.0.1:{port}: it cannot be reached: Connection refused; "
                      "check bi.registry.url", self.error_of("write", f"http://127.0.0.1:{port}", "rows"))

    def test_a_url_that_is_not_the_root_of_the_api_is_named(self):
        root = self.url.removesuffix("/apis/ccompat/v7")
        self.assertIn("bi.registry.url must name the root of a Confluent-compatible API",
                      self.error_of("write", root, "rows"))


if __name__ == "__main__":
    RegistryTest.program, RegistryTest.protoc = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
