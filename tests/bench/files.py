"""make bench BENCH=files: `assay compare` of two files of 100,000 predictions by a third with their labels, all metrics."""
import math
import random

from timing import ASSAY, DATA, child, median

ROWS = 100_000


def write(name, header, rows):
    with open(DATA / name, "w") as out:
        out.write(header + "\n")
        out.writelines(row + "\n" for row in rows)


def make():
    """labels.csv, main.csv, and pr.csv, whose scores are a little nearer to the labels; each in an order of its own."""
    if (DATA / "pr.csv").exists():
        return
    draw = random.Random(1)
    label = [int(draw.random() < 0.3) for _ in range(ROWS)]
    write("labels.csv", "id,label", (f"r{i},{y}" for i, y in enumerate(label)))
    for name, noise in (("main.csv", 2.0), ("pr.csv", 1.9)):
        score = [1 / (1 + math.exp(-(3 * y - 2 + draw.gauss(0, noise)))) for y in label]
        order = draw.sample(range(ROWS), ROWS)
        write(name, "id,y_pred,score", (f"r{i},{int(score[i] > 0.5)},{score[i]:.7f}" for i in order))


def run(show, rounds=9):
    make()
    argv = [ASSAY, "-C", DATA, "compare", "main.csv", "pr.csv", "--labels", "labels.csv"]
    whole = [child(argv, fine=(0, 1)) for _ in range(rounds)]
    show("`assay compare` of two files of 100,000 rows, all metrics", whole, None, f"peak {median(whole, 2):.0f} MiB")
