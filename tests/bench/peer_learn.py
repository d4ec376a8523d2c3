#!/usr/bin/python3
"""What tests/bench/learn.c does, by pandas and scikit-learn; one JSON line.

usage: peer_learn.py FILE.csv TARGET read|forest [THREADS=2] [SEED=0]
Test rows are those with i % 5 == 4. read: pandas' C engine, median of 5. forest: RandomForestClassifier, 100 trees, on float32.
"""
import json
import os
import sys
import time

threads = int(sys.argv[4]) if len(sys.argv) > 4 else 2
seed = int(sys.argv[5]) if len(sys.argv) > 5 else 0
for v in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[v] = str(threads)
import numpy as np
import pandas as pd


def timed(work):
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - wall, time.process_time() - cpu, result


def read():
    times = sorted(timed(lambda: pd.read_csv(sys.argv[1]))[:2] for _ in range(5))
    return {"wall_s": times[2][0], "cpu_s": sorted(t[1] for t in times)[2]}


def forest():
    from sklearn.ensemble import RandomForestClassifier
    df = pd.read_csv(sys.argv[1])
    y = np.unique(df.pop(sys.argv[2]).to_numpy(), return_inverse=True)[1]
    x, test = df.to_numpy(np.float32), np.arange(len(df)) % 5 == 4
    model = RandomForestClassifier(100, n_jobs=threads, random_state=seed)
    wall, cpu, _ = timed(lambda: model.fit(x[~test], y[~test]))
    p = model.predict_proba(x[test])[np.arange(test.sum()), y[test]]
    return {"wall_s": wall, "cpu_s": cpu, "log_loss": float(-np.log(np.clip(p, 2.2e-16, 1)).mean())}


print(json.dumps({"read": read, "forest": forest}[sys.argv[3]]()))
