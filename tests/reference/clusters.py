#!/usr/bin/python3
"""Paired differences of clustered rows by their definitions, all pairs and one cluster left out at a time, as clusters.h.

    /usr/bin/python3 tests/reference/clusters.py >tests/reference/clusters.h && clang-format -i tests/reference/clusters.h

Recorded with scipy 1.10.1 and numpy 1.24.2 (Debian 12). Not part of a test run. Areas as Obuchowski 1997 (Biometrics 53:567)
writes them, means and shares as ratios of sums by cluster with the jackknife's variance, Tango's interval from the profile
likelihood by root finding at counts divided by the design effect.
"""
import numpy as np
from scipy import optimize, stats

CLUSTERS = 45


def data(rng):
    """Two classifiers; every cluster has rows of both classes and a level of its own."""
    rows = []
    for c in range(CLUSTERS):
        size = rng.integers(4, 10)
        y = rng.integers(0, 2, size)
        y[:2] = 0, 1
        shift = rng.normal(0, 0.25, 2)
        for label in y:
            s = 0.5 + 0.12 * (2 * label - 1) + shift + rng.normal(0, 0.15, 2)
            rows.append((c, label, *np.clip(s, 0.01, 0.99).round(4)))
    rng.shuffle(rows)
    table = np.array(rows)
    return table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2:]


def by_cluster(cluster, value):
    return np.array([value[cluster == c].sum() for c in range(CLUSTERS)])


def leave_one_out(cluster, value, counted):
    """Mean of the counted rows and its standard error, one cluster left out at a time."""
    v, n = by_cluster(cluster, value * counted), by_cluster(cluster, counted.astype(float))
    mean = v.sum() / n.sum()
    moved = (v.sum() - v) / (n.sum() - n) - mean
    return mean, np.sqrt((CLUSTERS - 1) / CLUSTERS * (moved ** 2).sum())


def placements(y, score):
    positive, negative = score[y == 1], score[y == 0]
    kernel = (positive[:, None] > negative[None, :]) + 0.5 * (positive[:, None] == negative[None, :])
    return kernel.mean(), kernel.mean(axis=1), kernel.mean(axis=0)


def obuchowski(cluster, y, score):
    """Difference of two areas and its standard error."""
    area, sums = [], []
    for k in range(2):
        a, v10, v01 = placements(y, score[:, k])
        of_positive, of_negative = np.zeros(len(y)), np.zeros(len(y))
        of_positive[y == 1], of_negative[y == 0] = v10 - a, v01 - a
        area.append(a)
        sums.append((by_cluster(cluster, of_positive), by_cluster(cluster, of_negative)))
    m, n, i = (y == 1).sum(), (y == 0).sum(), CLUSTERS
    d10, d01 = sums[0][0] - sums[1][0], sums[0][1] - sums[1][1]
    s10 = i / (i - 1) / m * (d10 ** 2).sum()
    s01 = i / (i - 1) / n * (d01 ** 2).sum()
    s11 = i / (i - 1) * (d10 * d01).sum()
    return area[0] - area[1], np.sqrt(s10 / m + s01 / n + 2 * s11 / (m * n))


def tango(b, c, n, z):
    def score(d):
        a2, a1, a0 = 2 * n, -b - c + (2 * n - b + c) * d, -c * d * (1 - d)
        q = (np.sqrt(a1 * a1 - 4 * a2 * a0) - a1) / (2 * a2)
        return (b - c - n * d) / np.sqrt(n * (2 * q + d * (1 - d)))
    d = (b - c) / n
    return (optimize.brentq(lambda x: score(x) - z, -0.999, d, xtol=1e-14),
            optimize.brentq(lambda x: score(x) + z, d, 0.999, xtol=1e-14))


def share(cluster, y, score, counted):
    right = ((score >= 0.5) == y[:, None]).astype(float)
    value = right[:, 0] - right[:, 1]
    mean, se = leave_one_out(cluster, value, counted)
    n, b, c = counted.sum(), (value[counted] > 0).sum(), (value[counted] < 0).sum()
    effect = max(1, se ** 2 / ((b + c - (b - c) ** 2 / n) / n ** 2))
    apart = len(set(cluster[counted & (value != 0)]))
    low, high = tango(b / effect, c / effect, n / effect, stats.t.ppf(0.975, apart - 1))
    p = 2 * stats.t.sf(abs(b - c) / effect / np.sqrt((b + c) / effect), apart - 1)
    return mean, low, high, p


def show(name, values):
    print(f"static const double {name}[] = {{{', '.join(repr(float(v)) for v in values)}}};")


def main():
    cluster, y, score = data(np.random.default_rng(11))
    print("/* Written by clusters.py; not to be edited. */\n#include <stddef.h>")
    print(f"static const size_t cluster_code[] = {{{', '.join(map(str, cluster))}}};")
    print(f"static const int cluster_y[] = {{{', '.join(map(str, y))}}};")
    show("cluster_score_a", score[:, 0])
    show("cluster_score_b", score[:, 1])
    everything = np.ones(len(y), bool)
    print("/* difference, 95 % interval, p */")
    show("cluster_accuracy", share(cluster, y, score, everything))
    show("cluster_recall", share(cluster, y, score, y == 1))
    t = stats.t.ppf(0.975, CLUSTERS - 1)
    for name, (d, se) in (("cluster_roc_auc", obuchowski(cluster, y, score)),
                          ("cluster_brier_score_loss",
                           leave_one_out(cluster, (score[:, 0] - y) ** 2 - (score[:, 1] - y) ** 2, everything))):
        show(name, (d, d - t * se, d + t * se, 2 * stats.t.sf(abs(d) / se, CLUSTERS - 1)))


main()
