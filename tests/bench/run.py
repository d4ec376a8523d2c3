#!/usr/bin/python3
"""make bench: assay and its peers in turn on this machine; medians of wall and CPU seconds, and their ratios, as a table.

usage: run.py [e2e] [read] [forest] [compare] [site] [files] [overhead] [growth] [lists] [judging] [logging] [memory]
All by default; BUILD is the folder with the program.
The data are generated once into BUILD/bench. Machines are shared: believe ratios and CPU seconds, not digits.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile

import files
import tracked
from timing import ASSAY, BUILD, DATA, HERE, PYTHON, TOP, child, median, repository

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)


def data(name):
    path = DATA / f"{name}.csv"
    if not path.exists():
        subprocess.run([PYTHON, HERE / "gen_data.py", DATA, name], check=True, stdout=subprocess.DEVNULL)
    return path


def show(what, ours, theirs, note=""):
    """One row of the table: medians of wall and CPU seconds of both sides, and how many times faster."""
    wall, cpu = (median(ours, 0), median(ours, 1))
    if theirs:
        peer_wall, peer_cpu = (median(theirs, 0), median(theirs, 1))
        print(f"| {what} | {wall:.3f} / {cpu:.3f} | {peer_wall:.3f} / {peer_cpu:.3f} | "
              f"{peer_wall / wall:.1f} x / {peer_cpu / cpu:.1f} x | {note} |", flush=True)
    else:
        print(f"| {what} | {wall:.3f} / {cpu:.3f} | – | – | {note} |", flush=True)


def e2e(rounds=9):
    """assay in a repository of its own each time: the figures of a first run."""
    churn = TOP / "sample-project" / "data" / "churn.csv"
    sides = {"three": ([], []), "six": ([], []), "six against six": ([], [])}
    for _ in range(rounds):
        for name, (ours, theirs) in sides.items():
            with tempfile.TemporaryDirectory(dir=DATA) as folder:
                repository(folder, "metrics: [roc_auc]\n" if name == "three" else "")
                ours.append(child([ASSAY, "-C", folder, "baseline", "--data", churn, "--target", "churn"]))
            theirs.append(child([PYTHON, HERE / "peer_e2e.py", churn, "churn", 2, *(["tuned"] if "against" in name else [])]))
    for name, what in (("three", "the script's three baselines (first metric roc_auc: no cut to tune)"),
                       ("six", "the default: six baselines, two of them tuned by five folds, against the script's three"),
                       ("six against six", "the same against the script with the same tuning")):
        ours, theirs = sides[name]
        show(f"`assay baseline` on churn, whole process: {what}", ours, theirs,
             f"peak {median(ours, 2):.0f} against {median(theirs, 2):.0f} MiB")


def learn(side, path, what, *rest):
    argv = [BUILD / "tests/bench/learn"] if side == "ours" else [PYTHON, HERE / "peer_learn.py"]
    return json.loads(child([*argv, path, "y", what, *rest])[3])


def read(rounds=5):
    for name in ("higgs_100k", "mixed_na_200k"):
        path = data(name)
        for threads in (1, 2):
            ours, theirs = [], []
            for _ in range(rounds):
                for side, rows in (("ours", ours), ("theirs", theirs)):
                    got = learn(side, path, "read", threads)
                    rows.append((got["wall_s"], got["cpu_s"]))
            rate = path.stat().st_size / 1e6 / median(ours, 0)
            show(f"read {name}.csv, {threads} thread{'s' if threads > 1 else ''}", ours, theirs, f"{rate:.0f} MB/s")


def forest():
    path, ours, theirs, peak = data("higgs_100k"), [], [], []
    losses = ([], [])
    for seed in range(5):
        got = learn("ours", path, "forest", 2, seed)
        ours.append((got["wall_s"], got["cpu_s"]))
        peak.append(got["peak_MiB"] - got["before_MiB"])
        losses[0].append(got["log_loss"])
        got = learn("theirs", path, "forest", 2, seed)
        theirs.append((got["wall_s"], got["cpu_s"]))
        losses[1].append(got["log_loss"])
    show("forest, 100 trees, 80,000 x 28, 2 threads", ours, theirs,
         f"log loss {statistics.mean(losses[0]):.4f} against {statistics.mean(losses[1]):.4f} (five seeds); "
         f"{max(peak):.0f} MiB beyond the table")


def compare(rounds=5):
    """Two models on the same rows: what the verdicts cost."""
    for what, kind, rows, peer in (("10,000 draws of the paired difference of f1, 100,000 rows", "f1", 100000, "f1"),
                                   ("the same, numpy's multinomial over cells of rows", "f1", 100000, "cells"),
                                   ("DeLong of two models, 1,000,000 rows", "delong", 1000000, "delong"),
                                   ("every metric of two models, 100,000 rows", "all", 100000, None)):
        path = DATA / f"models_{rows}"
        if not path.exists():
            child([PYTHON, HERE / "peer_stats.py", path, "make", rows])
        ours, theirs, got = [], [], {}
        for _ in range(rounds):
            got = json.loads(child([BUILD / "tests/bench/stats", path, kind])[3])
            ours.append((got["wall_s"], got["cpu_s"]))
            if peer and (peer != "f1" or not theirs):  # numpy's 200 draws of rows take a second: once
                other = json.loads(child([PYTHON, HERE / "peer_stats.py", path, peer])[3])
                theirs.append((other["wall_s"], other["cpu_s"]))
                if abs(got["difference"] - other["difference"]) > 1e-8 or abs(got["se"] / other["se"] - 1) > 0.15:
                    sys.exit(f"{what}: they disagree: {got} and {other}")
        show(what, ours, theirs, f"{got['bytes_a_row']:.0f} bytes a row")


def site(rounds=9):
    demo = BUILD / "demo"
    if not demo.exists():
        subprocess.run(["sh", TOP / "sample-project" / "demo.sh"], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    for what, extra in (("without charts", ["--no-charts"]), ("with charts", [])):
        ours = []
        for _ in range(rounds):
            with tempfile.TemporaryDirectory(dir=DATA) as folder:
                ours.append(child([ASSAY, "-C", demo, "site", *extra, "-o", folder + "/site"]))
        show(f"site of the demo, {what}", ours, None)


def main():
    DATA.mkdir(parents=True, exist_ok=True)
    parts = {"e2e": e2e, "read": read, "forest": forest, "compare": compare, "site": site, "files": lambda: files.run(show)}
    wanted = sys.argv[1:] or [*parts, *tracked.PARTS]
    beside = [name for name in wanted if name in parts]
    if beside:
        print("| what | assay: wall / CPU s | peer: wall / CPU s | faster: wall / CPU | |")
        print("| --- | --- | --- | --- | --- |")
    for name in beside:
        parts[name]()
    alone = [name for name in wanted if name not in parts]
    if alone:
        tracked.report(alone)


if __name__ == "__main__":
    main()
