"""Rank correlation: how alike two columns of numbers put the same things in order."""

import math


def ranks(values):
    """Ranks from 1; equal values share the mean of their ranks."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            found[place] = (start + 1 + end) / 2
        start = end
    return found


def pearson(left, right):
    """NaN where one of the columns does not vary."""
    left_mean = sum(left) / len(left) if left else 0.0
    right_mean = sum(right) / len(right) if right else 0.0
    left = [value - left_mean for value in left]
    right = [value - right_mean for value in right]
    spread = math.sqrt(sum(value * value for value in left) * sum(value * value for value in right))
    return sum(a * b for a, b in zip(left, right)) / spread if spread else math.nan


def spearman(left, right):
    return pearson(ranks(left), ranks(right))
