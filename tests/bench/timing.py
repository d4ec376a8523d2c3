"""What the parts of `make bench` share: where things are, one timed process, a repository to measure in, medians."""
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
ASSAY = BUILD / "assay"
PYTHON = "/usr/bin/python3"


def child(argv, keep=True, fine=(0,)):
    """(wall, cpu, peak MiB, stdout) of one process, started without a copy of this one, which would cost more than assay.

    fine: the exit codes that are no failure. The peak is at least this process's own: what is measured against tens of MiB does not keep what it prints.
    """
    argv = [str(a) for a in argv]
    with tempfile.TemporaryFile() if keep else open(os.devnull, "w+b") as out, open(os.devnull, "w") as null:
        start = time.perf_counter()
        pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1),
                                                                       (os.POSIX_SPAWN_DUP2, null.fileno(), 2)])
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - start
        code = os.waitstatus_to_exitcode(status)
        if code not in fine:
            sys.exit(f"exit {code}: {' '.join(argv)}")
        out.seek(0)
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.read().decode()


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
