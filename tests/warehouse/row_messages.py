"""The row messages, made from the .proto files when a test starts, and the tables they go to."""

import importlib
import pathlib
import subprocess
import sys
import tempfile

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"
KINDS = ("touchpoint", "moment", "contact", "journey", "alert", "promise", "survey")


def _load():
    with tempfile.TemporaryDirectory(prefix="peakend-rows-") as folder:
        subprocess.run(["protoc", f"--proto_path={PROTO}", f"--python_out={folder}",
                        *(f"peakend/bi/v1/{kind}_row.proto" for kind in KINDS)], check=True)
        sys.path.insert(0, folder)
        sys.dont_write_bytecode = True
        try:
            modules = {kind: importlib.import_module(f"peakend.bi.v1.{kind}_row_pb2") for kind in KINDS}
        finally:
            sys.path.remove(folder)
    return {kind: getattr(module, f"{kind.capitalize()}Row") for kind, module in modules.items()}


ROWS = _load()


def table_of(kind):
    return {"journey": "journeys"}.get(kind, f"{kind}s")


REQUIRED_TEXT = {"tenant_id", "customer_key", "source_topic", "amend_reason"}


def columns_of(row):
    """What the row's table must hold, by column: empty text is None where it may be."""
    columns = {}
    for field in row.DESCRIPTOR.fields:
        value = getattr(row, field.name)
        if field.containing_oneof is not None and not row.HasField(field.name):
            value = None
        elif value == "" and field.number != 1 and field.name not in REQUIRED_TEXT:
            value = None
        columns[field.name] = value
    return columns


def erased(columns, row):
    """What is left of a row after a tombstone."""
    left = dict(columns, is_deleted=True, customer_key="")
    for field in row.DESCRIPTOR.fields:
        if field.number <= 12:
            continue
        optional = field.containing_oneof is not None or field.cpp_type == field.CPPTYPE_STRING
        left[field.name] = None if optional else type(getattr(row, field.name))()
    return left
