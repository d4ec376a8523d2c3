"""Hybrid intervals of Andrews, Kitagawa and McCloskey (2024) by scipy, as tests/stats/test_best_of_many.c has them."""

from math import inf

from scipy.optimize import brentq
from scipy.stats import norm, truncnorm

SIMULTANEOUS = 0.005
TAIL = (0.05 - SIMULTANEOUS) / (1 - SIMULTANEOUS) / 2


def interval(x, se, low, high, among):
    x, low, high = x / se, low / se, high / se
    c = norm.isf(SIMULTANEOUS / (2 * among))

    def mean_for(p):
        def off(mean):
            return truncnorm.cdf(x, max(low, mean - c) - mean, min(high, mean + c) - mean, loc=mean) - p

        return brentq(off, x - c + 1e-9, x + c - 1e-9, xtol=1e-13)

    return se * mean_for(1 - TAIL), se * mean_for(TAIL)


def c_number(x):
    return {inf: "HUGE_VAL", -inf: "-HUGE_VAL"}.get(x, repr(x))


for case in [
    (0.86, 0.01, -inf, inf, 1),
    (0.86, 0.01, 0.855, inf, 5),
    (0.86, 0.01, 0.8599, inf, 50),
    (0.86, 0.01, 0.80, inf, 50),
    (0.86, 0.01, 0.85, 0.861, 500),
    (-0.13, 0.009, -0.139, inf, 31),
]:
    print("\t{%s, %.12f, %.12f}," % (", ".join(c_number(x) for x in case), *interval(*case)))
