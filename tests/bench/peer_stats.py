#!/usr/bin/python3
"""What tests/bench/stats.c does, by numpy; one JSON line.

usage: peer_stats.py FILE make ROWS | FILE f1|cells|delong
make writes the rows that both sides read. f1: rows drawn with replacement, 200 draws, times 50 for 10,000 of them. cells: the
same by numpy's multinomial over the eight cells, all 10,000. delong: two areas and their covariance by midranks (Sun and Xu).
"""
import json
import sys
import time

import numpy as np

DRAWS, DONE = 10000, 200


def make(path, rows):
    rng = np.random.default_rng(5)
    y = (rng.random(rows) < 0.3).astype(float)
    shared = rng.normal(0, 0.15, rows)
    scores = [0.35 + 0.2 * y + shared + rng.normal(0, s, rows) for s in (0.12, 0.14)]
    np.column_stack([y, *(np.clip(s, 0, 1).round(6) for s in scores)]).tofile(path)
    return {"rows": rows}


def f1(tp, wrong):
    return 2 * tp / (2 * tp + wrong)


def difference(y, a, b):
    return f1((y & a).sum(), (y ^ a).sum()) - f1((y & b).sum(), (y ^ b).sum())


def by_rows(y, a, b):
    rng, n = np.random.default_rng(0), len(y)
    drawn = np.empty(DONE)
    for i in range(DONE):
        row = rng.integers(0, n, n)
        drawn[i] = difference(y[row], a[row], b[row])
    return difference(y, a, b), drawn.std(ddof=1)


def by_cells(y, a, b):
    count = np.bincount(4 * y + 2 * a + b, minlength=8)
    drawn = np.random.default_rng(0).multinomial(len(y), count / len(y), DRAWS)
    cell = np.arange(8)
    cy, ca, cb = cell >> 2 & 1, cell >> 1 & 1, cell & 1
    values = (f1(drawn[:, cy & ca == 1].sum(1), drawn[:, cy ^ ca == 1].sum(1)) -
              f1(drawn[:, cy & cb == 1].sum(1), drawn[:, cy ^ cb == 1].sum(1)))
    return difference(y, a, b), values.std(ddof=1)


def midrank(x):
    order = np.argsort(x, kind="stable")
    s = x[order]
    first = np.flatnonzero(np.r_[True, s[1:] != s[:-1]])
    last = np.r_[first[1:], len(s)]
    rank = np.empty(len(x))
    rank[order] = np.repeat((first + last + 1) / 2, last - first)
    return rank


def delong(y, scores):
    m, n = y.sum(), (1 - y).sum()
    area, v10, v01 = [], [], []
    for s in scores:
        every, positive, negative = midrank(s), midrank(s[y == 1]), midrank(s[y == 0])
        area.append(every[y == 1].sum() / m / n - (m + 1) / 2 / n)
        v10.append((every[y == 1] - positive) / n)
        v01.append(1 - (every[y == 0] - negative) / m)
    c = np.cov(v10) / m + np.cov(v01) / n
    return area[0] - area[1], np.sqrt(c[0, 0] + c[1, 1] - 2 * c[0, 1])


def main():
    path, what = sys.argv[1:3]
    if what == "make":
        print(json.dumps(make(path, int(sys.argv[3]))))
        return
    rows = np.fromfile(path).reshape(-1, 3)
    y, scores = rows[:, 0].astype(np.int64), (rows[:, 1].copy(), rows[:, 2].copy())
    labels = [(s >= 0.5).astype(np.int64) for s in scores]
    wall, cpu = time.perf_counter(), time.process_time()
    d, se = delong(y, scores) if what == "delong" else (by_cells if what == "cells" else by_rows)(y, *labels)
    times = DRAWS / DONE if what == "f1" else 1
    print(json.dumps({"wall_s": (time.perf_counter() - wall) * times, "cpu_s": (time.process_time() - cpu) * times,
                      "difference": d, "se": se}))


main()
