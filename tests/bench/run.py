#!/usr/bin/python3
"""make bench: assay and its peers in turn on this machine; medians of wall and CPU seconds, and their ratios, as a table.

usage: run.py [e2e] [read] [forest] [site]      all by default; BUILD is the folder with the program
The data are generated once into BUILD/bench. Machines are shared: believe ratios and CPU seconds, not digits.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
BUILD = pathlib.Path(os.environ["BUILD"])
DATA = BUILD / "bench"
PYTHON = "/usr/bin/python3"
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)


def child(argv):
    """(wall, cpu, peak MiB, stdout) of one process, started without a copy of this one, which would cost more than assay."""
    argv = [str(a) for a in argv]
    with tempfile.TemporaryFile() as out, open(os.devnull, "w") as null:
        start = time.perf_counter()
        pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1),
                                                                       (os.POSIX_SPAWN_DUP2, null.fileno(), 2)])
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - start
        code = os.waitstatus_to_exitcode(status)
        if code:
            sys.exit(f"exit {code}: {' '.join(argv)}")
        out.seek(0)
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.read().decode()


def data(name):
    path = DATA / f"{name}.csv"
    if not path.exists():
        subprocess.run([PYTHON, HERE / "gen_data.py", DATA, name], check=True, stdout=subprocess.DEVNULL)
    return path


def repository(folder, settings=""):
    """A clean one, with assay.yaml where there are settings."""
    def git(*words):
        subprocess.run(["git", "-C", folder, *words], check=True, stdout=subprocess.DEVNULL)
    git("init", "-q")
    git("config", "user.name", "bench")
    git("config", "user.email", "bench@example.org")
    if settings:
        pathlib.Path(folder, "assay.yaml").write_text(settings)
        git("add", "assay.yaml")
    git("commit", "-q", "--allow-empty", "-m", "start")


def median(rows, column):
    return statistics.median(row[column] for row in rows)


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
                ours.append(child([BUILD / "assay", "-C", folder, "baseline", "--data", churn, "--target", "churn"]))
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


def site(rounds=9):
    demo = BUILD / "demo"
    if not demo.exists():
        subprocess.run(["sh", TOP / "sample-project" / "demo.sh"], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    for what, extra in (("without charts", ["--no-charts"]), ("with charts", [])):
        ours = []
        for _ in range(rounds):
            with tempfile.TemporaryDirectory(dir=DATA) as folder:
                ours.append(child([BUILD / "assay", "-C", demo, "site", *extra, "-o", folder + "/site"]))
        show(f"site of the demo, {what}", ours, None)


def main():
    DATA.mkdir(parents=True, exist_ok=True)
    print("| what | assay: wall / CPU s | peer: wall / CPU s | faster: wall / CPU | |")
    print("| --- | --- | --- | --- | --- |")
    parts = {"e2e": e2e, "read": read, "forest": forest, "site": site}
    for name in sys.argv[1:] or parts:
        parts[name]()


if __name__ == "__main__":
    main()
