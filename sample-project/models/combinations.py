#!/usr/bin/python3
"""Logistic regression that is told combinations of facts. Python's standard library alone.

    assay run -- python3 models/combinations.py         a run on record, scored on the baselines' rows
    python3 models/combinations.py                      the same without assay: a split of its own, files into out/

All that makes it a run of assay are the files it writes into ASSAY_RUN_DIR and the split that it reads.
"""
import csv
import itertools
import json
import math
import os
import pathlib
import random

RUN_DIR = pathlib.Path(os.environ.get("ASSAY_RUN_DIR", "out"))
SEED = int(os.environ.get("ASSAY_SEED", 0))
PARAMS = {
    "combinations": True,  # False: each fact for itself, as any logistic regression
    "epochs": 12,
    "rate": 0.02,  # of the first epoch; it falls as 1 / epoch
    "l2": 0.05,
}
POSITIVE = "Yes"
TARGET = "churn"
CROSSED = ("contract", "internet_service", "tenure", "payment_method", "senior_citizen")
NUMBERS = {"tenure": (3, 6, 12, 24, 48), "monthly_charges": (20, 35, 50, 70, 90), "total_charges": (100, 500, 1500, 4000)}


def read_params():
    """What `assay run --param k=v` says comes before the defaults."""
    if "ASSAY_PARAMS" in os.environ:
        with open(os.environ["ASSAY_PARAMS"]) as file:
            PARAMS.update(json.load(file))


def read_parts(n):
    """For each of n rows: train, valid or test. Assay's split, else every fifth row by lot. Rows are numbered from 1."""
    if "ASSAY_SPLIT" in os.environ:
        with open(os.environ["ASSAY_SPLIT"], newline="") as file:
            part = {row["id"]: row["part"] for row in csv.DictReader(file)}
        return [part.get(str(number), "left out") for number in range(1, n + 1)]
    lot = random.Random(7)
    return ["test" if lot.random() < 0.2 else "train" for _ in range(n)]


def facts(row):
    """A row as words such as contract=One year; numbers become ranges, and combinations pairs of words."""
    words = []
    for name, value in row.items():
        if name in NUMBERS:
            value = sum(float(value or 0) >= edge for edge in NUMBERS[name])
        if name != TARGET:
            words.append(f"{name}={value}")
    if PARAMS["combinations"]:
        chosen = [word for word in words if word.split("=")[0] in CROSSED]
        words += [f"{a} and {b}" for a, b in itertools.combinations(chosen, 2)]
    return words


def probability(weights, words):
    total = sum(weights.get(word, 0.0) for word in words) + weights["always"]
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def learn(rows, say):
    """Stochastic gradient descent, the rows in another order each epoch; say(epoch, mean log loss)."""
    weights = {"always": 0.0}
    order = random.Random(SEED)
    for epoch in range(1, PARAMS["epochs"] + 1):
        order.shuffle(rows)
        rate = PARAMS["rate"] / epoch
        keep = 1 - rate * PARAMS["l2"]
        loss = 0.0
        for words, label in rows:
            p = probability(weights, words)
            loss -= math.log(max(p if label else 1 - p, 1e-12))
            step = rate * (label - p)
            weights["always"] += step
            for word in words:
                weights[word] = weights.get(word, 0.0) * keep + step
        say(epoch, loss / len(rows))
    return weights


def best_cut(weights, rows):
    """The score from which on calling somebody a leaver gives the best F1 on the training rows."""
    ranked = sorted(((probability(weights, words), label) for words, label in rows), reverse=True)
    positives = sum(label for _, label in ranked)
    best, cut, hits = 0.0, 0.5, 0
    for called, (score, label) in enumerate(ranked, 1):
        hits += label
        if 2 * hits / (called + positives) > best:
            best, cut = 2 * hits / (called + positives), score
    return cut


def main():
    read_params()
    with open(pathlib.Path(__file__).parent.parent / "data" / "churn.csv", newline="") as file:
        table = list(csv.DictReader(file))
    rows = [(facts(row), int(row[TARGET] == POSITIVE)) for row in table]
    parts = read_parts(len(rows))
    train = [row for row, part in zip(rows, parts) if part == "train"]
    (RUN_DIR / "artifacts").mkdir(parents=True, exist_ok=True)

    with open(RUN_DIR / "metrics.jsonl", "w") as history:
        def say(epoch, loss):
            print(f"epoch {epoch:2}  log loss {loss:.4f}", flush=True)
            history.write(json.dumps({"step": epoch, "train_log_loss": loss}) + "\n")
            history.flush()
        weights = learn(list(train), say)
    cut = best_cut(weights, train)

    with open(RUN_DIR / "predictions.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["id", "y_pred", "score"])
        for number, (row, part) in enumerate(zip(rows, parts), 1):
            if part == "test":
                score = probability(weights, row[0])
                out.writerow([number, POSITIVE if score >= cut else "No", f"{score:.7f}"])
    (RUN_DIR / "params.json").write_text(json.dumps(PARAMS))
    (RUN_DIR / "metrics.json").write_text(json.dumps({"cut": round(cut, 7)}))
    with open(RUN_DIR / "artifacts" / "weights.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["fact", "weight"])
        out.writerows(sorted(((word, f"{w:.4f}") for word, w in weights.items()), key=lambda pair: -abs(float(pair[1]))))


if __name__ == "__main__":
    main()
