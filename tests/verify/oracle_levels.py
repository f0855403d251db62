"""Levels are whole numbers of 1e-9: the contract says that every level is one."""

import math

ONE = 1_000_000_000


def to_nano(number):
    """Half away from zero, within [-1, 1]."""
    scaled = max(-1.0, min(1.0, number)) * ONE
    whole = math.floor(abs(scaled))
    whole += abs(scaled) - whole >= 0.5
    return whole if scaled >= 0 else -whole


def to_double(nano):
    return nano / ONE


def divide(numerator, denominator):
    """Half away from zero; the denominator is positive."""
    if numerator >= 0:
        return (numerator + denominator // 2) // denominator
    return -((-numerator + denominator // 2) // denominator)
