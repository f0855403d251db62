"""The input's writer as a process beside the peer: it must not wait for this one."""

import json
import os
import subprocess
import sys

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "input_writer.py")


class WriterFailed(Exception):
    """The input is not whole; what the writer said stands on standard error."""


class LiveInput:
    def __init__(self, broker, topic, events, rate=0, first=0):
        """Starts to write; `rate` 0 is as fast as possible. After the `first` events it
        waits for `go`."""
        self._process = subprocess.Popen(
            [sys.executable, "-B", PROGRAM, "--bootstrap", broker.bootstrap, "--topic", topic, "--events", str(events),
             "--rate", str(rate), "--first", str(first)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            start_new_session=True)  # An interrupt at the terminal is not for it: whoever waits ends it.

    def go(self):
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def schedule(self):
        """Waits for the end; returns what the writer says of itself (input_writer.py). Raises
        WriterFailed."""
        text, _ = self._process.communicate()
        if self._process.returncode != 0:
            raise WriterFailed("the input's writer failed, see above")
        return json.loads(text)

    def end(self):
        """Stops it where it is, if it still writes."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
