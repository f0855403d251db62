"""The records of proto/peer_job.proto as Python classes: Event, Alert, Journey.

protoc writes them into a folder of its own at every start, so nothing generated
lies in the tree and nothing can be older than the proto.
"""

import os
import subprocess
import sys
import tempfile

PROTO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "proto")


def _load():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["protoc", f"--python_out={folder}", f"-I{PROTO}", "peer_job.proto"], check=True)
        sys.path.insert(0, folder)
        try:
            import peer_job_pb2
        finally:
            sys.path.remove(folder)
    return peer_job_pb2


_module = _load()
Event = _module.Event
Alert = _module.Alert
Journey = _module.Journey
CustomerState = _module.CustomerState
