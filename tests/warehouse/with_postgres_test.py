"""The private server keeps what was committed over stops and kills, passes on what COMMAND says,
and leaves nothing behind."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

import with_postgres
from with_postgres import Postgres, SqlError, Unavailable

SCRIPT = pathlib.Path(with_postgres.__file__)


def run(*command):
    return subprocess.run([sys.executable, "-B", SCRIPT, *command], capture_output=True, text=True)


class Server(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Postgres()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()

    def test_rows_come_as_text_and_null_as_none(self):
        self.assertEqual(self.server.psql("SELECT 1, NULL, '', 'a,\"b\"\nc'; SELECT 2.5;"),
                         [("1", None, "", 'a,"b"\nc'), ("2.5",)])

    def test_an_error_says_what_the_server_said(self):
        with self.assertRaisesRegex(SqlError, "division by zero"):
            self.server.psql("SELECT 1 / 0")

    def test_is_durable_and_without_the_host_s_language(self):
        self.assertEqual(self.server.psql("SHOW fsync; SHOW lc_collate; SHOW server_encoding; SHOW timezone"),
                         [("on",), ("C.UTF-8",), ("UTF8",), ("UTC",)])

    def test_what_was_committed_outlives_every_end(self):
        self.server.psql("CREATE TABLE kept (n int)")
        ends = [lambda: self.server.stop("fast"), lambda: self.server.stop("immediate"), self.server.kill]
        for number, end in enumerate(ends):
            self.server.psql(f"INSERT INTO kept VALUES ({number})")
            end()
            with self.assertRaises(SqlError):
                self.server.psql("SELECT 1")
            end()  # Nothing happens where it is down.
            self.server.start()
            self.assertEqual(self.server.psql("SELECT count(*) FROM kept"), [(str(number + 1),)])
        self.assertIn("was not properly shut down", self.server.log())

    def test_takes_a_password_over_tcp_and_none_without(self):
        psql = [with_postgres.bin_folder() / "psql", "-X", "-A", "-t", "-w", "-c", "SELECT 7"]
        told = subprocess.run([*psql, self.server.tcp_conninfo], capture_output=True, text=True)
        self.assertEqual((told.returncode, told.stdout), (0, "7\n"))
        untold = self.server.tcp_conninfo.partition(" password=")[0]
        self.assertNotEqual(subprocess.run([*psql, untold], capture_output=True).returncode, 0)


class Ends(unittest.TestCase):
    def test_close_leaves_nothing(self):
        for end in (lambda server: None, Postgres.kill):
            server = Postgres()
            server.start()
            segment = (server.folder / "data" / "postmaster.pid").read_text().splitlines()[6].split()[1]
            end(server)
            server.close()
            server.close()
            shared = pathlib.Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
            self.assertNotIn(segment, [line.split()[1] for line in shared])
            self.assertFalse(server.folder.exists())

    def test_the_command_s_status_is_passed_on(self):
        for command, status in ((["sh", "-c", "exit 5"], 5), (["sh", "-c", "kill -9 $$"], 137), (["/no/such/program"], 127),
                                ([], 64)):
            self.assertEqual(run(*command).returncode, status, command)

    def test_the_command_finds_its_database(self):
        told = run("sh", "-c", 'psql -X -A -t "$PEAKEND_TEST_POSTGRES" -c "SELECT current_database()"; '
                   'psql -X -A -t "$PEAKEND_TEST_POSTGRES_TCP" -c "SELECT 2"; echo "$PEAKEND_TEST_POSTGRES"')
        self.assertEqual((told.returncode, told.stdout.splitlines()[:2]), (0, ["peakend", "2"]))
        folder = dict(part.split("=") for part in told.stdout.splitlines()[2].split())["host"]
        self.assertFalse(pathlib.Path(folder).exists())

    def test_sigterm_ends_the_server_too(self):
        process = subprocess.Popen([sys.executable, "-B", SCRIPT, "sh", "-c", 'echo "$PEAKEND_TEST_POSTGRES"; exec cat'],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        folder = dict(part.split("=") for part in process.stdout.readline().split())["host"]
        process.send_signal(signal.SIGTERM)
        process.communicate()
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)
        self.assertFalse(pathlib.Path(folder).exists())


class Installed(unittest.TestCase):
    def test_the_newest_server_is_taken(self):
        with tempfile.TemporaryDirectory() as folder:
            for version in ("9.6", "15", "16", "14"):
                made = pathlib.Path(folder, version, "bin")
                made.mkdir(parents=True)
                (made / "initdb").touch()
            self.assertEqual(with_postgres.bin_folder(pathlib.Path(folder)), pathlib.Path(folder, "16", "bin"))

    def test_none_installed_says_what_to_do(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaisesRegex(Unavailable, "apt-get install"):
            with_postgres.bin_folder(pathlib.Path(folder))

    def test_never_root(self):
        user = with_postgres.server_user()
        self.assertTrue(user.pw_uid != 0 if user else os.geteuid() != 0)


if __name__ == "__main__":
    unittest.main()
