"""The arithmetic on repeats against naive enumeration of what it stands for."""

import itertools
import math
import random
import unittest

import samples  # Makes benchmarks/suite known.
import repeats

CASES = random.Random(11)


def drawn(count, lowest=0, highest=1000):
    return CASES.sample(range(lowest, highest), count)


def enumerated_p(first, second):
    """Every way to deal the values out to the two sides, and how many are as far off."""
    both, m = first + second, len(first)
    middle = m * len(second) / 2

    def u_of(left, right):
        return sum(a > b for a in left for b in right)
    seen = abs(u_of(first, second) - middle)
    far = total = 0
    for chosen in itertools.combinations(range(len(both)), m):
        left = [both[at] for at in chosen]
        right = [both[at] for at in range(len(both)) if at not in chosen]
        far += abs(u_of(left, right) - middle) >= seen
        total += 1
    return far / total


class MannWhitney(unittest.TestCase):
    def test_p_without_ties_is_the_one_of_all_orders(self):
        for m, n in itertools.product(range(1, 6), range(1, 6)):
            values = drawn(m + n)
            found = repeats.mann_whitney(values[:m], values[m:])
            with self.subTest(m=m, n=n):
                self.assertTrue(found.exact)
                self.assertAlmostEqual(found.p, enumerated_p(values[:m], values[m:]))

    def test_the_least_p_is_that_of_sides_that_are_apart(self):
        for m, n in ((1, 1), (3, 3), (5, 5), (4, 7)):
            found = repeats.mann_whitney(list(range(m)), list(range(100, 100 + n)))
            self.assertAlmostEqual(found.p, repeats.least_p(m, n))

    def test_sides_may_be_exchanged(self):
        for _ in range(50):
            one, other = drawn(5, 0, 12), drawn(6, 0, 12)
            self.assertAlmostEqual(repeats.mann_whitney(one, other).p, repeats.mann_whitney(other, one).p)

    def test_only_the_order_of_values_counts(self):
        one, other = drawn(7), drawn(8)
        self.assertEqual(repeats.mann_whitney(one, other),
                         repeats.mann_whitney([v ** 3 for v in one], [v ** 3 for v in other]))

    def test_ties_give_about_the_p_of_shuffling(self):
        shuffle = random.Random(1)
        for one, other in (([1, 2, 2, 3, 3, 4, 5, 5], [3, 4, 5, 5, 6, 6, 7, 8]), ([1, 3, 3, 4, 6, 7], [3, 5, 6, 6, 8, 9, 9])):
            seen = abs(repeats.mann_whitney(one, other).u - len(one) * len(other) / 2)
            far = 0
            for _ in range(2000):
                both = one + other
                shuffle.shuffle(both)
                u = sum((a > b) + (a == b) / 2 for a in both[:len(one)] for b in both[len(one):])
                far += abs(u - len(one) * len(other) / 2) >= seen - 1e-9
            found = repeats.mann_whitney(one, other)
            self.assertFalse(found.exact)
            self.assertAlmostEqual(found.p, far / 2000, delta=0.03)

    def test_many_ties_narrow_the_spread(self):
        shuffle = random.Random(1)
        one, other = [0] * 22 + list(range(1, 17, 2)), [0] * 18 + [*range(2, 17, 2), 17, 18, 19, 20]
        ranks = [20.5] * 40 + list(range(41, 61))
        rank_of = dict(zip(sorted(one + other), ranks))
        seen, far = abs(sum(rank_of[value] for value in one) - sum(ranks) / 2), 0
        for _ in range(10_000):
            shuffle.shuffle(ranks)
            far += abs(sum(ranks[:30]) - sum(ranks) / 2) >= seen
        self.assertAlmostEqual(repeats.mann_whitney(one, other).p, far / 10_000, delta=0.012)

    def test_equal_values_show_nothing(self):
        self.assertEqual(repeats.mann_whitney([4, 4, 4], [4, 4, 4, 4]).p, 1)

    def test_many_values_are_near_the_exact_p(self):
        values = drawn(42)
        exact = repeats._exact_p(round(repeats.mann_whitney(values[:21], values[21:]).u), 21, 21)
        self.assertAlmostEqual(repeats.mann_whitney(values[:21], values[21:]).p, exact, delta=0.01)


class Middle(unittest.TestCase):
    def test_median(self):
        for values, middle in (([3], 3), ([1, 9], 5), ([9, 1, 2], 2), ([4, 1, 3, 2], 2.5)):
            self.assertEqual(repeats.median(values), middle)

    def test_worst_of_the_middle_three(self):
        for values, lower_wins, higher_wins in (
                ([1, 2, 3, 4, 5], 4, 2), ([5, 1, 4, 2, 3, 6, 7], 5, 3), ([1, 2, 3], 3, 1), ([1, 2], 2, 1), ([1], 1, 1),
                ([1, 2, 3, 4], 4, 1), ([1, 2, 3, 4, 5, 6], 5, 2)):
            with self.subTest(values=values):
                self.assertEqual(repeats.worst_of_middle_three(values, higher_is_better=False), lower_wins)
                self.assertEqual(repeats.worst_of_middle_three(values, higher_is_better=True), higher_wins)

    def test_percentile_is_the_least_value_that_enough_do_not_exceed(self):
        for size in range(1, 30):
            values = drawn(size)
            for share in (0, 0.1, 0.5, 0.9, 0.99, 1):
                wanted = min(v for v in values if sum(w <= v for w in values) >= share * size)
                self.assertEqual(repeats.percentile(values, share), wanted)

    def test_nothing_is_an_error(self):
        for call in (repeats.median, repeats.spread, lambda v: repeats.percentile(v, 0.5), repeats.bootstrap_interval,
                     lambda v: repeats.mann_whitney(v, [1])):
            self.assertRaises(ValueError, call, [])
        self.assertRaises(ValueError, repeats.percentile, [1], 1.5)

    def test_ranges_that_touch_are_not_apart(self):
        self.assertTrue(repeats.apart([1, 2], [3, 4]))
        self.assertTrue(repeats.apart([3, 4], [1, 2]))
        self.assertFalse(repeats.apart([1, 3], [3, 4]))
        self.assertFalse(repeats.apart([1, 9], [3, 4]))


class Bootstrap(unittest.TestCase):
    def test_interval_is_the_one_of_all_resamples(self):
        for values in ([1, 5, 9], [2, 3, 10, 40], [1, 2, 4, 8, 16]):
            medians = [repeats.median(one) for one in itertools.product(values, repeat=len(values))]
            wanted = tuple(repeats.percentile(medians, share) for share in (0.1, 0.9))
            self.assertEqual(repeats.bootstrap_interval(values, confidence=0.8), wanted)

    def test_same_arguments_same_interval(self):
        values = drawn(9)
        self.assertEqual(repeats.bootstrap_interval(values), repeats.bootstrap_interval(values))
        low, high = repeats.bootstrap_interval(values)
        self.assertTrue(min(values) <= low <= repeats.median(values) <= high <= max(values))


class Line(unittest.TestCase):
    def test_a_line_explains_what_lies_on_it_and_no_noise(self):
        self.assertAlmostEqual(repeats.explained([1, 2, 3], [5, 7, 9]), 1)
        self.assertAlmostEqual(repeats.explained([1, 2, 3, 4], [1, -1, -1, 1]), 0)
        self.assertIsNone(repeats.explained([1, 2], [3, 3]))
        self.assertIsNone(repeats.explained([1, 1], [3, 4]))

    def test_no_other_line_is_nearer(self):
        xs, ys = drawn(20), drawn(20)
        found = repeats.line(xs, ys)

        def error(slope, at_zero):
            return math.fsum((y - at_zero - slope * x) ** 2 for x, y in zip(xs, ys))
        best = error(*found)
        for slope, at_zero in itertools.product((-0.01, 0, 0.01), (-1, 0, 1)):
            self.assertLessEqual(best, error(found.slope + slope, found.at_zero + at_zero) + 1e-6)

    def test_a_line_is_found_again(self):
        self.assertEqual(repeats.line([1, 2, 3], [5, 7, 9]), (2, 3))

    def test_no_slope_of_one_x(self):
        self.assertIsNone(repeats.line([2, 2], [1, 5]))
        self.assertIsNone(repeats.line([], []))
        self.assertRaises(ValueError, repeats.line, [1], [])


if __name__ == "__main__":
    unittest.main()
