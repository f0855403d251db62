"""Results of the comparison as files: whole, or not there."""

import json
import os
import tempfile


class WriteFailed(Exception):
    """The file is not there, nor a part of it; the text says which and why."""


def make_folder(folder):
    """Raises WriteFailed."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise WriteFailed(f"cannot make {folder}: {error.strerror}") from error


def write(path, result):
    """Raises WriteFailed, where a disk is full or anything else is wrong: then nothing is left behind."""
    part = None
    try:
        handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=os.path.dirname(path))
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(part, 0o644)
        os.replace(part, path)
        part = None
    except OSError as error:
        raise WriteFailed(f"cannot write {path}: {error.strerror}") from error
    finally:
        if part is not None:
            os.unlink(part)
