"""The costs of tracked runs beside their aims: overhead, commits into large repositories, lists, logging, memory."""
import os
import pathlib
import shutil
import subprocess
import tempfile

import gen_runs
from timing import ASSAY, DATA, child, median, repository

STEPS, METRICS, ROWS = 1_000_000, 20, 1_000_000


def row(what, measured, aim):
    print(f"| {what} | {measured} | {aim} |", flush=True)


def timed(rows):
    return f"{median(rows, 0):.2f} s, CPU {median(rows, 1):.2f}, peak {median(rows, 2):.0f} MiB"


def many(runs):
    """A repository of that many runs, generated once; each measurement adds a few to it."""
    folder = DATA / f"runs-{runs}"
    if not folder.exists():
        making = DATA / f"runs-{runs}.making"
        shutil.rmtree(making, ignore_errors=True)
        gen_runs.generate(ASSAY, making, runs)
        making.rename(folder)
    return folder


def one_experiment(runs=1000):
    """A repository of that many judged runs, all of one experiment with its baselines."""
    folder = DATA / f"judged-{runs}"
    if not folder.exists():
        making = DATA / f"judged-{runs}.making"
        shutil.rmtree(making, ignore_errors=True)
        gen_runs.generate(ASSAY, making, runs, experiments=1)
        making.rename(folder)
    return folder


def predictions_of(folder):
    """The predictions of a run on record, as a command could have made them."""
    paths = subprocess.run(["git", "-C", folder, "ls-tree", "-r", "--name-only", "assay/runs"], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.split()
    at = next(path for path in reversed(paths) if path.endswith("/predictions.csv"))
    text = subprocess.run(["git", "-C", folder, "cat-file", "blob", f"assay/runs:{at}"], check=True, stdout=subprocess.PIPE)
    name = folder.with_suffix(".csv")
    name.write_bytes(text.stdout)
    return name


def in_turn(rounds, *calls):
    """The rows of each call, made in turn so that what else the machine does hits all of them."""
    rows = [[] for _ in calls]
    for _ in range(rounds + 1):
        for call, got in zip(calls, rows):
            got.append(call())
    return [got[1:] for got in rows]  # the first round warms up


def run_true(folder):
    return child([ASSAY, "-C", folder, "run", "--quiet", "--name", "true", "--", "true"])


def commit_file(folder):
    name = folder / "work.txt"
    name.write_text(os.urandom(8).hex())
    subprocess.run(["git", "-C", folder, "add", name], check=True)
    return child(["git", "-C", folder, "commit", "-q", "-m", "work"])


def beyond(rows, bare, column):
    """Milliseconds of wall (0) or CPU (1) time beyond those of the bare command."""
    return (median(rows, column) - median(bare, column)) * 1e3


def overhead(rounds=21):
    small, middle = many(100), many(10_000)
    bare, ours, large, commit = in_turn(rounds, lambda: child(["true"]), lambda: run_true(small), lambda: run_true(middle),
                                        lambda: commit_file(middle))
    row("`assay run -- true` beyond `true`, 100 runs", f"{beyond(ours, bare, 0):.1f} ms, CPU {beyond(ours, bare, 1):.1f}",
        "under 40 ms")
    wall, cpu = median(commit, 0) * 1e3, median(commit, 1) * 1e3
    row("the same, 10,000 runs, against `git commit` of one file there",
        f"{beyond(large, bare, 0):.1f} ms, CPU {beyond(large, bare, 1):.1f}, against {wall:.1f}, CPU {cpu:.1f}: "
        f"{beyond(large, bare, 0) / wall:.2f} x, CPU {beyond(large, bare, 1) / cpu:.2f} x", "under 3 x")


def growth(rounds=21):
    small, large = many(100), many(100_000)
    few, lots = in_turn(rounds, lambda: run_true(small), lambda: run_true(large))
    wall, cpu = ([median(rows, column) * 1e3 for rows in (lots, few)] for column in (0, 1))
    row("a run and its commit, 100,000 runs against 100",
        f"{wall[0]:.1f} against {wall[1]:.1f} ms, CPU {cpu[0]:.1f} against {cpu[1]:.1f}: "
        f"{wall[0] / wall[1]:.2f} x, CPU {cpu[0] / cpu[1]:.2f} x", "at most 1.5 x")


def lists(rounds=9):
    folder = many(10_000)

    def cold():
        for file in (folder / ".git" / "assay").glob("catalog.db*"):
            file.unlink()
        return child([ASSAY, "-C", folder, "ls"])
    first = [cold() for _ in range(5)]
    warm = [child([ASSAY, "-C", folder, "ls"]) for _ in range(rounds)]
    where = [child([ASSAY, "-C", folder, "ls", "--where", "metrics.f1 > 0.63", "--json"]) for _ in range(rounds)]
    status = [child([ASSAY, "-C", folder, "status"]) for _ in range(rounds)]
    row("`ls`, 10,000 runs, catalog there", timed(warm), "under 0.3 s")
    row("`ls --where 'metrics.f1 > 0.63' --json`", timed(where), "")
    row("`status`, 10,000 runs of 20 experiments", timed(status), "under 1 s")
    row("`ls`, 10,000 runs, catalog lost", timed(first), "under 2 s")


def judging(rounds=9):
    """A run with predictions against one without, in an experiment of 1,000 runs and in one of ten."""
    predict = 'cp "$0" "$ASSAY_RUN_DIR/predictions.csv"'
    large, small = one_experiment(), one_experiment(10)
    files = {folder: predictions_of(folder) for folder in (large, small)}

    def judged(folder):
        return child([ASSAY, "-C", folder, "run", "--quiet", "--name", "mine", "--", "sh", "-c", predict, files[folder]])
    of_large, of_small, no_large, no_small = in_turn(rounds, lambda: judged(large), lambda: judged(small),
                                                     lambda: run_true(large), lambda: run_true(small))
    row("judging a run in an experiment of 1,000 runs, against ten",
        f"{beyond(of_large, no_large, 0):.0f} ms, CPU {beyond(of_large, no_large, 1):.0f}, against "
        f"{beyond(of_small, no_small, 0):.0f}, CPU {beyond(of_small, no_small, 1):.0f}", "under 200 ms")


def logging():
    with tempfile.TemporaryDirectory(dir=DATA) as name:
        os.environ["ASSAY_RUN_DIR"] = name
        one = [child([ASSAY, "log", "metric", "loss=0.41"]) for _ in range(200)]
        bare = [child(["true"]) for _ in range(200)]
        row("`assay log metric loss=0.41`, a process",
            f"{median(one, 0) * 1e3:.2f} ms, CPU {median(one, 1) * 1e3:.2f} (`true` {median(bare, 0) * 1e3:.2f})", "under 3 ms")
        lines = pathlib.Path(name, "lines")
        with open(lines, "w") as file:
            for step in range(1_000_000):
                file.write(f'{{"step": {step}, "loss": {1 / (step + 1):.6f}, "accuracy": {step / 1e6:.6f}}}\n')
        rows = [child(["sh", "-c", f"'{ASSAY}' log metrics <'{lines}'"]) for _ in range(5)]
        row("`assay log metrics`, a million lines from a file",
            f"{1e6 / median(rows, 0):,.0f} lines a second ({timed(rows)})", "at least 100,000")
        del os.environ["ASSAY_RUN_DIR"]


def tracked_run(folder, script):
    """(wall, cpu, peak MiB) of a run of that shell script, whose commands are all small; peak: the largest process of all."""
    return child([ASSAY, "-C", folder, "run", "--quiet", "--name", "bench", "--", "sh", "-ec", script], keep=False)


def memory():
    with tempfile.TemporaryDirectory(dir=DATA) as name:
        folder = pathlib.Path(name, "repository")
        folder.mkdir()
        repository(folder)
        seen = pathlib.Path(name, "peak")
        tracked_run(folder, f"grep VmHWM /proc/$PPID/status >'{seen}'")
        row("peak memory of `run` while the command runs", f"{int(seen.read_text().split()[1]) / 1024:.1f} MiB", "under 30 MB")

        log = [tracked_run(folder, "head -c 75000000 /dev/urandom | base64") for _ in range(3)]
        alone = [child(["sh", "-c", "head -c 75000000 /dev/urandom | base64 | cat"], keep=False) for _ in range(3)]
        row("a log of 100 MB", f"{timed(log)} (into `cat` {timed(alone)})", "under 30 MB")

        five = pathlib.Path(name, "five-hundred.jsonl")
        with open(five, "w") as file:
            for step in range(20_000):
                values = ", ".join(f'"metric_{i}": {step * i % 997}.5' for i in range(500))
                file.write(f'{{"step": {step}, {values}}}\n')
        wide = tracked_run(folder, f"cp '{five}' \"$ASSAY_RUN_DIR/metrics.jsonl\"")
        row("500 metrics, 20,000 steps", timed([wide]), "under 30 MB")

        steps = pathlib.Path(name, "steps.jsonl")
        with open(steps, "w") as file:
            for step in range(STEPS):
                values = ", ".join(f'"metric_{i}": {(step * 7919 + i) % 99991 / 1e5}' for i in range(METRICS))
                file.write(f'{{"step": {step}, {values}}}\n')
        long = tracked_run(folder, f"ln '{steps}' \"$ASSAY_RUN_DIR/metrics.jsonl\"")
        row(f"{STEPS:,} steps of {METRICS} metrics, {steps.stat().st_size / 1e6:.0f} MB",
            timed([long]), "under 30 MB")

        rows = pathlib.Path(name, "predictions.csv")
        with open(rows, "w") as file:
            file.write("id,y_true,score\n")
            for number in range(1, ROWS + 1):
                label = number * 7919 % 10 < 3
                file.write(f"{number},{'yes' if label else 'no'},{(number * 104729 % 1000003 / 1000003 + label) / 2:.7f}\n")
        scored = tracked_run(folder, f"cp '{rows}' \"$ASSAY_RUN_DIR/predictions.csv\"")
        row(f"{ROWS:,} predictions scored, {rows.stat().st_size / 1e6:.0f} MB",
            f"{timed([scored])}: {max(0, scored[2] * 1048576 - 30e6) / ROWS:.0f} bytes a row above 30 MB", "at most 64 bytes a row")


PARTS = {part.__name__: part for part in (overhead, growth, lists, judging, logging, memory)}


def report(names):
    print("\n| tracked runs | measured | aim |")
    print("| --- | --- | --- |")
    for name in names:
        PARTS[name]()
