"""Levels are whole numbers of 1e-9: the contract says that every level is one."""

import math

ONE = 1_000_000_000


def whole(number):
    """The nearest whole number; half away from zero."""
    below = math.floor(abs(number))
    nearest = below + (abs(number) - below >= 0.5)
    return nearest if number >= 0 else -nearest


def to_nano(number):
    """Half away from zero, within [-1, 1]."""
    return whole(max(-1.0, min(1.0, number)) * ONE)


def to_double(nano):
    return nano / ONE


def divide(numerator, denominator):
    """Half away from zero; the denominator is positive."""
    if numerator >= 0:
        return (numerator + denominator // 2) // denominator
    return -((-numerator + denominator // 2) // denominator)
