#!/usr/bin/python3
"""Record what scikit-learn's usual models score on the data sets that the project carries, for test_reference.c.

usage: OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 /usr/bin/python3 record_sklearn.py >sklearn_baselines.json

Debian 12: python3-sklearn 1.2.1, python3-pandas. Preparation, fitted on the training rows: numbers with the median for missing
ones, standardised for logistic regression; text one-hot, missing a level of its own, unseen levels all zeros. scores: mean and
standard deviation (n - 1) over ten stratified splits with a fifth of the rows for testing, seeds 0 to 9. every_fifth_row: the
split that needs no random numbers (data rows 5, 10, 15, ... are tested), logistic regression converged to its one optimum.
"""
import json
import pathlib
import re
import statistics
import sys

import numpy as np
import pandas as pd
import sklearn
from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, log_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

TOP = pathlib.Path(__file__).resolve().parents[2]
SETS = {
    "churn": (TOP / "sample-project/data/churn.csv", "churn"),
    "breast_cancer": (TOP / "tests/data/breast_cancer.csv", "diagnosis"),
    "digits": (TOP / "tests/data/digits.csv", "digit"),
    "house_votes": (TOP / "tests/data/house_votes.csv", "party"),
    "penguins": (TOP / "tests/data/penguins.csv", "species"),
}
SEEDS = range(10)


def load(path, target):
    """Features with numbers as numbers and text as text, and the target as text."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    y = table.pop(target)
    for name in table:
        filled = table[name][table[name] != ""]
        if pd.to_numeric(filled, errors="coerce").notna().all():
            table[name] = pd.to_numeric(table[name])
        else:
            table[name] = table[name].replace("", "(missing)")
    return table, y


def pipeline(x, model, scale):
    numbers = list(x.select_dtypes("number"))
    texts = [c for c in x if c not in numbers]
    impute = SimpleImputer(strategy="median")
    steps = make_column_transformer(
        (make_pipeline(impute, StandardScaler()) if scale else impute, numbers),
        (OneHotEncoder(handle_unknown="ignore"), texts), sparse_threshold=0)
    return make_pipeline(steps, model)


def models(x, seed):
    return {
        "majority": pipeline(x, DummyClassifier(strategy="prior"), False),
        "logistic": pipeline(x, LogisticRegression(C=1, max_iter=5000), True),
        "random_forest": pipeline(x, RandomForestClassifier(100, random_state=seed), False),
    }


def scores(model, x, y):
    p, names = model.predict_proba(x), model.classes_
    each = [roc_auc_score(y == names[c], p[:, c]) for c in (range(len(names)) if len(names) > 2 else [1])]
    labels = names[p.argmax(1)]
    return {
        "accuracy": accuracy_score(y, labels),
        "f1_macro": f1_score(y, labels, average="macro", zero_division=0),
        "log_loss": log_loss(y, p, labels=names),
        "roc_auc": statistics.mean(each),
    }


def digits6(value):
    return float(f"{value:.6g}")


def record(path, target):
    x, y = load(path, target)
    runs = {}
    for seed in SEEDS:
        train, test = train_test_split(np.arange(len(x)), test_size=0.2, random_state=seed, stratify=y)
        for name, model in models(x, seed).items():
            model.fit(x.iloc[train], y.iloc[train])
            runs.setdefault(name, []).append(scores(model, x.iloc[test], y.iloc[test]))
    test = np.arange(len(x)) % 5 == 4
    exact = pipeline(x, LogisticRegression(C=1, solver="newton-cg", tol=1e-6, max_iter=1000), True).fit(x[~test], y[~test])
    summary = {name: {metric: [digits6(f([run[metric] for run in of])) for f in (statistics.mean, statistics.stdev)]
                      for metric in of[0]} for name, of in runs.items()}
    return {"target": target, "file": str(path.relative_to(TOP)), "scores": summary,
            "every_fifth_row": {k: digits6(v) for k, v in scores(exact, x[test], y[test]).items()}}


def main():
    document = {"made_by": {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "pandas": pd.__version__},
                "sets": {name: record(*where) for name, where in SETS.items()}}
    text = json.dumps(document, indent=1)
    print(re.sub(r"\[\s+([^\[\]{}]*?),\s+([^\[\]{}]*?)\s+\]", r"[\1, \2]", text))


if __name__ == "__main__":
    main()
