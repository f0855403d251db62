"""Curves rise, meet what rises already, and are as near to the rest as any rising ones."""

import itertools
import random
import unittest

import samples  # noqa: F401, finds the suite
import plan_curve


def distance(curve, points):
    at = dict(curve)
    return sum(abs(at[x] - y) for x, y in points)


class Rising(unittest.TestCase):
    def test_what_rises_already_is_met_exactly(self):
        points = [(1, 5), (2, 5), (4, 9)]
        self.assertEqual(plan_curve.rising(points), points)

    def test_one_stall_among_others_moves_nothing(self):
        self.assertEqual([y for _, y in plan_curve.rising([(1, 10), (2, 90), (3, 11), (4, 12)])], [10, 12, 12, 12])

    def test_points_of_one_x_have_their_median(self):
        self.assertEqual(plan_curve.rising([(2, 7), (2, 1), (2, 3)]), [(2, 3)])

    def test_it_never_falls_and_no_rising_one_is_nearer(self):
        for ys in itertools.product(range(4), repeat=5):
            points = list(enumerate(ys))
            curve = plan_curve.rising(points)
            values = [y for _, y in curve]
            self.assertEqual(values, sorted(values))
            nearest = min(distance(enumerate(other), points)
                          for other in itertools.combinations_with_replacement(range(4), 5))
            self.assertEqual(distance(curve, points), nearest, ys)


class Between(unittest.TestCase):
    CURVE = [plan_curve.Point(*point) for point in ((10, 1), (20, 3), (30, 3), (40, 7))]

    def test_straight_between_two_points_and_level_before_the_first(self):
        for x, y in ((0, 1), (10, 1), (15, 2), (20, 3), (25, 3), (39, 6.6), (40, 7)):
            self.assertAlmostEqual(plan_curve.at(self.CURVE, x), y)

    def test_the_furthest_is_the_inverse(self):
        self.assertIsNone(plan_curve.furthest(self.CURVE, 0.5))
        for y, x in ((1, 10), (2, 15), (3, 30), (5, 35), (7, 40), (99, 40)):
            self.assertAlmostEqual(plan_curve.furthest(self.CURVE, y), x)

    def test_random_curves_there_and_back(self):
        draw = random.Random(4)
        for _ in range(500):
            curve = plan_curve.rising([(draw.randrange(50), draw.randrange(50)) for _ in range(draw.randint(1, 9))])
            y = draw.uniform(-1, 51)
            x = plan_curve.furthest(curve, y)
            if x is None:
                self.assertGreater(curve[0].y, y)
                continue
            self.assertLessEqual(plan_curve.at(curve, x), y + 1e-9)
            further = min(x + 1e-3, curve[-1].x)
            self.assertTrue(further <= x or plan_curve.at(curve, further) > y)


if __name__ == "__main__":
    unittest.main()
