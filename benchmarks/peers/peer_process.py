"""One run of a peer as a process: start, kill, stop, and the lines that it printed."""

import json
import os
import signal
import subprocess

STOP_S = 90


class PeerProcess:
    """Its log is the file `log`, its standard output `log` + ".lines"; both are
    appended to, so that a restart goes on in them."""

    def __init__(self, command, log):
        self.command = command
        self._lines_path = log + ".lines"
        self._process = None
        self._log = log

    def start(self):
        with open(self._log, "a") as errors, open(self._lines_path, "a") as lines:
            # A group of its own: a peer may be a script that starts the engine.
            self._process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=lines, stderr=errors,
                                             start_new_session=True)

    def ended(self):
        return self._process.poll() is not None

    def kill(self):
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self):
        """SIGTERM and wait. Returns the most memory it had in MB, and what is wrong, or None."""
        rss_mb = self.peak_rss_mb()
        self._process.terminate()
        try:
            code = self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
            return rss_mb, f"still running {STOP_S} s after SIGTERM"
        # A Java machine that a signal ends says 128 + 15 though its hooks have run.
        return rss_mb, None if code in (0, 143) else f"ended with {code}, see {os.path.basename(self._log)}"

    def peak_rss_mb(self):
        try:
            with open(f"/proc/{self._process.pid}/status") as status:
                for line in status:
                    if line.startswith("VmHWM:"):
                        return int(line.split()[1]) * 1024 / 1e6
        except OSError:
            pass
        return None

    def lines(self):
        """The figures that it printed; what is no line of figures is passed over."""
        with open(self._lines_path) as file:
            return [line for line in map(_figures, file) if line is not None]


def _figures(text):
    try:
        line = json.loads(text)
    except ValueError:
        return None
    wanted = {"events", "wall_s", "cpu_s", "rss_mb"}
    return line if isinstance(line, dict) and wanted <= line.keys() else None
