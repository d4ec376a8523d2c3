#!/usr/bin/python3
"""Figures of scipy, statsmodels and R for tests/stats/test_repeated.c, test_power.c and test_paired.c, written as repeated.h.

    /usr/bin/python3 tests/reference/record_repeated.py >tests/reference/repeated.h

Recorded with scipy 1.10.1, statsmodels 0.13.5, numpy 1.24.2, R 4.2.2 and pROC 1.18.0 (Debian 12: python3-statsmodels, r-cran-proc).
Not part of a test run.
"""
import os
import subprocess

import numpy as np
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.power import normal_sample_size_one_tail
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW, ttost_paired


def numbers(values, form="%.17g"):
    return "{" + ", ".join(form % v for v in values) + "}"


def array(name, values, form="%.17g", kind="double"):
    print("static const %s %s[] = %s;" % (kind, name, numbers(values, form)))


def midp(fixed, broken):
    """The exact conditional p of statsmodels less the chance of what was seen; of equal counts Fagerland's own rule."""
    seen = stats.binom.pmf(min(fixed, broken), fixed + broken, 0.5)
    if fixed == broken:
        return 1 - seen / 2
    return mcnemar([[0, fixed], [broken, 0]], exact=True).pvalue - seen


def proc(y, a, b):
    rows = "\n".join("%d %.17g %.17g" % row for row in zip(y, a, b))
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "record_proc.R")
    out = subprocess.run(["Rscript", script], input=rows + "\n", text=True, check=True, capture_output=True).stdout
    return [float(line) for line in out.split()]


def equivalence_rows(sd, margin, alpha):
    """Rows at which two one-sided tests show a true difference of 0 to lie within the margin with power 0.8."""
    def short(n):
        return 2 * stats.norm.cdf(margin / (sd / np.sqrt(n)) - stats.norm.isf(alpha)) - 1 - 0.8
    return optimize.brentq(short, 10, 1e9)


def main():
    rng = np.random.default_rng(5)
    print("/* Written by record_repeated.py, see there; never by hand. */")
    print("/* clang-format off */")
    print("/* fixed, broken, mid-P; the first is the example of Fagerland et al. 2013, where it is 0.039 */")
    print("static const double reference_midp[][3] = {")
    for fixed, broken in [(1, 7), (7, 1), (0, 5), (6, 6), (59, 41), (1200, 1100)]:
        print("\t" + numbers((fixed, broken, midp(fixed, broken))) + ",")
    print("};")

    print("/* Welch's test of five values against three: difference, se, df, p, low, high */")
    a, b = np.round(rng.normal(0.20, 0.004, 5), 4), np.round(rng.normal(0.21, 0.007, 3), 4)
    test = stats.ttest_ind(a, b, equal_var=False)
    means = CompareMeans(DescrStatsW(a), DescrStatsW(b))
    se = np.sqrt(a.var(ddof=1) / 5 + b.var(ddof=1) / 3)
    low, high = means.tconfint_diff(usevar="unequal")
    array("welch_a", a)
    array("welch_b", b)
    array("welch_result", (a.mean() - b.mean(), se, means.dof_satt(), test.pvalue, low, high))

    print("/* corrected resampled t, ten splits, test over training rows 0.25: difference, se, p, low, high */")
    a = np.round(rng.normal(0.81, 0.006, 10), 3)
    b = np.round(a - rng.normal(0.005, 0.004, 10), 3)
    d = a - b
    se = np.sqrt(d.var(ddof=1) * (1 / 10 + 0.25))
    low, high = stats.t.interval(0.95, 9, d.mean(), se)
    array("splits_a", a)
    array("splits_b", b)
    array("splits_result", (d.mean(), se, 2 * stats.t.sf(abs(d.mean()) / se, 9), low, high))

    print("/* two one-sided t tests on 200 paired losses: the interval at 90 %, and p of equivalence at its wider end */")
    x = np.round(rng.random(200), 4)
    y = np.round(x + rng.normal(0.004, 0.05, 200), 4)
    low, high = DescrStatsW(x - y).tconfint_mean(alpha=0.1)
    margin = max(-low, high)
    array("tost_x", x)
    array("tost_y", y)
    array("tost_result", (low, high, margin, ttost_paired(x, y, -margin, margin)[0]))

    print("/* DeLong by pROC on 80 rows with ties: areas of a and b, z, p, low, high */")
    y = (rng.random(80) < 0.4).astype(int)
    a = np.round(np.clip(rng.normal(0.4 + 0.2 * y, 0.2), 0, 1), 2)
    b = np.round(np.clip(0.5 * a + rng.normal(0.2 + 0.05 * y, 0.1), 0, 1), 2)
    array("proc_y", y, "%d", "int")
    array("proc_a", a)
    array("proc_b", b)
    array("proc_result", proc(y, a, b))

    print("/* rows: standard deviation of a row's difference, margin, family, rows for a difference, for equivalence */")
    print("static const double power_rows[][5] = {")
    for sd, margin, family in [(0.4, 0.01, 1), (0.25, 0.02, 6), (1, 0.005, 31)]:
        difference = normal_sample_size_one_tail(margin, 0.8, 0.025 / family, std_null=sd, std_alternative=sd)
        print("\t" + numbers((sd, margin, family, difference, equivalence_rows(sd, margin, 0.05 / family))) + ",")
    print("};")


if __name__ == "__main__":
    main()
