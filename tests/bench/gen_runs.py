#!/usr/bin/python3
"""A git repository that holds many runs, for timings: gen_runs.py ASSAY FOLDER RUNS

Six real baselines are trained in it; the others are their records over again under ids, dates, names, parameters and scores of
their own, in the layout in which assay commits them: one commit a run, and the chain refs/assay/keep that holds them. 10,000
runs take some seconds. The same RUNS give the same ids.
"""
import datetime
import json
import pathlib
import random
import re
import subprocess
import sys

EXPERIMENTS = 20
FIRST = datetime.datetime(2025, 12, 1, tzinfo=datetime.timezone.utc)
KEPT_AT_ONCE = 100  # runs that one commit of the chain holds


def git(folder, *words, **more):
    return subprocess.run(["git", "-C", folder, *words], check=True, stdout=subprocess.PIPE, text=True, **more).stdout.strip()


def train(assay, folder):
    """A repository with one commit of code and the six baselines of the sample's data."""
    sample = pathlib.Path(__file__).resolve().parent.parent.parent / "sample-project"
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    for name, value in (("user.name", "bench"), ("user.email", "bench@example.org"), ("maintenance.auto", "false"),
                        ("gc.auto", "0"), ("commit.gpgSign", "false")):
        git(folder, "config", name, value)
    (folder / "data").mkdir()
    (folder / "data" / "churn.csv").write_bytes((sample / "data" / "churn.csv").read_bytes())
    (folder / "assay.yaml").write_text('data: {file: data/churn.csv, target: churn, positive: "Yes"}\nexperiment: idea-00\n')
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "code")
    subprocess.run([assay, "-C", folder, "baseline", "-e", "idea-00"], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def known_runs(folder):
    """(record, its files' blobs) of each run that was trained."""
    by_folder = {}
    for line in git(folder, "ls-tree", "-r", "assay/runs").splitlines():
        entry, path = line.split("\t")
        if path.startswith("runs/"):
            at, name = path.rsplit("/", 1)
            by_folder.setdefault(at, {})[name] = entry.split()[2]
    return [(json.loads(git(folder, "cat-file", "blob", blobs.pop("run.json"))), blobs) for _, blobs in sorted(by_folder.items())]


def invent(number, lot, record, experiments):
    """The record of another run like this one: (when, id, experiment, text)."""
    when = FIRST + datetime.timedelta(minutes=5 * number, seconds=lot.randrange(300))
    ident = f"{when:%Y%m%d-%H%M%S}-{lot.getrandbits(40):010x}"
    shift = lot.gauss(0, 0.01)
    stamp = f"{when:%Y-%m-%dT%H:%M:%SZ}"
    record = {**record, "id": ident, "experiment": f"idea-{number % experiments:02d}", "name": f"try-{number % 997}",
              "kind": "run", "started": stamp, "ended": stamp, "seed": number,
              "params": {**record["params"], "depth": lot.randrange(2, 12), "rate": round(lot.random(), 3)},
              "measured": {name: round(value + shift, 6) for name, value in record["measured"].items()}}
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    flat = re.sub(r"\[\s+([^][{}]+?)\s+\]", lambda list_: "[" + re.sub(r"\s*\n\s*", " ", list_[1]) + "]", text)
    return when, ident, record["experiment"], flat


def stream(out, runs, known, code, tips, experiments):
    """What git fast-import reads: a commit a run, and after each hundred one of the chain."""
    lot = random.Random(runs)
    kept = []
    mark = 0
    for number in range(runs):
        record, blobs = known[number % len(known)]
        when, ident, experiment, text = invent(number, lot, record, experiments)
        data = text.encode()
        mark += 2
        out.write(b"blob\nmark :%d\ndata %d\n%s\n" % (mark - 1, len(data), data))
        message = (f"assay: {record['name']} on {experiment}: f1 {record['measured']['f1']:.3f}\n\nAssay-Run: {ident}\n"
                   f"Assay-Experiment: {experiment}\nAssay-Status: finished\nAssay-Code: {code}\n").encode()
        who = f"bench <bench@example.org> {int(when.timestamp())} +0000".encode()
        out.write(b"commit refs/heads/assay/runs\nmark :%d\ncommitter %s\ndata %d\n%s" % (mark, who, len(message), message))
        if number == 0:
            out.write(b"from %s\n" % tips["refs/heads/assay/runs"].encode())
        at = f"runs/{experiment}/{when:%Y-%m/%d}/{ident.split('-')[2][:2]}/{ident}"
        out.write(f"M 100644 :{mark - 1} {at}/run.json\n".encode())
        for name, blob in blobs.items():
            out.write(f"M 100644 {blob} {at}/{name}\n".encode())
        out.write(b"\n")
        kept.append(mark)
        if len(kept) == KEPT_AT_ONCE or number == runs - 1:
            words = f"assay: keep {len(kept)} runs and what they were made from\n".encode()
            out.write(b"commit refs/assay/keep\ncommitter %s\ndata %d\n%s" % (who, len(words), words))
            if number < KEPT_AT_ONCE:
                out.write(b"from %s\n" % tips["refs/assay/keep"].encode())
            for parent in kept:
                out.write(b"merge :%d\n" % parent)
            out.write(b"\n")
            kept = []
    out.write(b"done\n")


def generate(assay, folder, runs, experiments=EXPERIMENTS):
    folder = pathlib.Path(folder)
    train(assay, folder)
    known = known_runs(folder)
    tips = {name: git(folder, "rev-parse", name) for name in ("refs/heads/assay/runs", "refs/assay/keep", "HEAD")}
    with subprocess.Popen(["git", "-C", folder, "fast-import", "--quiet", "--done", "--force"], stdin=subprocess.PIPE) as child:
        stream(child.stdin, runs - len(known), known, tips["HEAD"], tips, experiments)
        child.stdin.close()
        if child.wait():
            sys.exit("git fast-import failed")
    (folder / ".git" / "assay" / "landed").write_text(git(folder, "rev-parse", "assay/runs") + "\nrefs/heads/assay/runs\n")


if __name__ == "__main__":
    generate(sys.argv[1], sys.argv[2], int(sys.argv[3]))
