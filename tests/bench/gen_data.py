#!/usr/bin/python3
"""Writes the data sets of make bench as CSV.   usage: gen_data.py FOLDER higgs_100k|mixed_na_200k

Header, the target is the last column `y`, rows are shuffled.
  higgs_100k      28 numeric columns of make_classification: the first 100,000 of a million rows, %.6g
  mixed_na_200k   8 text columns (2..50 levels, Zipf 0.8) and 6 numeric, 3 classes; 8 % of the cells of five columns empty
"""
import os
import sys

import numpy as np
import pandas as pd

LEVELS = [2, 3, 5, 8, 12, 20, 35, 50]


def higgs_100k():
    from sklearn.datasets import make_classification
    x, y = make_classification(n_samples=1_000_000, n_features=28, n_informative=12, n_redundant=8, n_repeated=0,
                               n_classes=2, n_clusters_per_class=4, flip_y=0.2, class_sep=0.7, random_state=20240611)
    frame = pd.DataFrame(x[:100_000], columns=[f"f{i}" for i in range(28)])
    frame["y"] = y[:100_000]
    return frame


def mixed_na_200k(n=200_000):
    r = np.random.RandomState(20240612)
    logit, columns, kept = np.zeros((n, 3)), {}, None
    for j, levels in enumerate(LEVELS):
        p = 1.0 / np.arange(1, levels + 1) ** 0.8
        v = r.choice(levels, n, p=p / p.sum())
        logit += r.normal(0, 0.5, (levels, 3))[v]
        columns[f"cat{j}"] = np.array([f"c{j}_{i:02d}" for i in range(levels)])[v]
        kept = v if j == 4 else kept
    x = r.normal(size=(n, 6))
    x[:, 3] = np.exp(x[:, 3])
    x[:, 4] = np.round(x[:, 4] * 10)
    logit += x[:, :3] @ r.normal(0, 0.6, (3, 3))
    logit += (x[:, [0]] * x[:, [1]]) * r.normal(0, 0.8, (1, 3))
    logit += np.where(x[:, [3]] > 1.0, 1, 0) * r.normal(0, 0.8, (12, 3))[kept]
    logit += r.gumbel(size=(n, 3))
    for j in range(6):
        columns[f"num{j}"] = x[:, j]
    frame = pd.DataFrame(columns)
    frame["y"] = np.array(["low", "mid", "high"])[logit.argmax(1)]
    holes = np.random.RandomState(20240613)
    for name in ("cat4", "cat6", "num0", "num1", "num3"):
        frame[name] = frame[name].where(holes.random_sample(n) >= 0.08)
    return frame


def main():
    folder, name = sys.argv[1:]
    path = os.path.join(folder, name + ".csv")
    frame = {"higgs_100k": higgs_100k, "mixed_na_200k": mixed_na_200k}[name]()
    frame.to_csv(path + ".tmp", index=False, float_format="%.6g", lineterminator="\n")
    os.rename(path + ".tmp", path)


if __name__ == "__main__":
    main()
