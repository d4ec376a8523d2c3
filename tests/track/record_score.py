#!/usr/bin/python3
"""Files of predictions as a command writes them, and scikit-learn's figures of them, for test_score_sklearn.c.

    /usr/bin/python3 tests/track/record_score.py >tests/track/score_sklearn.h && clang-format -i tests/track/score_sklearn.h

Recorded with scikit-learn 1.2.1 and numpy 1.24.2 (Debian 12: python3-sklearn). Not part of a test run.
"""
import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "reference"))
from metrics import figures


def case(rng, rows, classes, weighted, labelled):
    """Labels, probabilities that know something of them, and the text of the file."""
    names = ["no", "yes"] if classes == 2 else [f"c{k}" for k in range(classes)]
    y = rng.integers(0, classes, rows)
    score = rng.random((rows, classes)) + 0.7 * np.eye(classes)[y]
    score = np.round(score / score.sum(axis=1, keepdims=True), 3 if classes == 2 else 6)
    score[:, 0] = 1 - score[:, 1:].sum(axis=1)
    pred = (score[:, 1] >= 0.4).astype(int) if classes == 2 else score.argmax(axis=1)
    if not labelled:
        pred = (score[:, 1] >= 0.5).astype(int) if classes == 2 else score.argmax(axis=1)
    weight = np.round(0.5 + rng.random(rows), 2) if weighted else None
    columns = ["id", "y_true", *(["y_pred"] if labelled else []),
               *(["score"] if classes == 2 else [f"score_{name}" for name in names]), *(["weight"] if weighted else [])]
    lines = [",".join(columns)]
    for i in range(rows):
        shown = [f"{score[i, 1]:.3f}"] if classes == 2 else [repr(round(float(v), 12)) for v in score[i]]
        lines.append(",".join([f"r{i}", names[y[i]], *([names[pred[i]]] if labelled else []), *shown,
                               *([f"{weight[i]:.2f}"] if weighted else [])]))
    score = np.array([[1 - float(f"{s[1]:.3f}"), float(f"{s[1]:.3f}")] if classes == 2 else [round(float(v), 12) for v in s]
                      for s in score])
    return lines, y, pred, score, weight


def main():
    rng = np.random.default_rng(17)
    print("/* Written by record_score.py, see there; never by hand. */")
    print("struct sklearn_figure {\n\tconst char *name;\n\tdouble value;\n};")
    print("struct sklearn_score {\n\tconst char *what;\n\tconst char *text;\n\tstruct sklearn_figure figure[12];\n};")
    print("static const struct sklearn_score sklearn_scores[] = {")
    for what, rows, classes, weighted, labelled in (("two classes", 60, 2, 0, 1), ("weights", 50, 2, 1, 1),
                                                    ("scores alone", 50, 2, 0, 0), ("four classes", 60, 4, 0, 1),
                                                    ("four classes by scores, weights", 50, 4, 1, 0)):
        lines, y, pred, score, weight = case(rng, rows, classes, weighted, labelled)
        print(f'{{"{what}",\n' + "\n".join(f'"{line}\\n"' for line in lines) + ",\n{")
        for name, value in figures(dict(y=y, pred=pred, score=score, weight=weight, classes=classes)).items():
            print(f'{{"{name}", {float(value)!r}}},')
        print("}},")
    print("};")


main()
