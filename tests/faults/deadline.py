"""Waiting for a fact, and for no longer than it may take."""

import time


class Late(Exception):
    """A fact that did not come true in its time: a hang, unless the time is wrong."""


def wait_for(fact, seconds, what):
    """Asks until `fact()` holds; returns the seconds it took. Raises Late."""
    begin = time.monotonic()
    while not fact():
        if time.monotonic() - begin > seconds:
            raise Late(f"{what}: not within {seconds} s")
        time.sleep(0.02)
    return time.monotonic() - begin
