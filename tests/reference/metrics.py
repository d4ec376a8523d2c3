#!/usr/bin/python3
"""Figures of scikit-learn and of plain definitions for tests/stats, written as metrics.h.

    /usr/bin/python3 tests/reference/metrics.py >tests/reference/metrics.h

Recorded with scikit-learn 1.2.1, scipy 1.10.1 and numpy 1.24.2 (Debian 12: python3-sklearn). Not part of a test run.
"""
import warnings

import numpy as np
from scipy import optimize, stats
from sklearn import metrics as m

warnings.filterwarnings("ignore")


def case(name, rng, n, classes, coarse=False, weighted=False, never=None, absent=None):
    """Labels, scores that know something of them, predictions, weights."""
    codes = [c for c in range(classes) if c != absent]
    y = rng.choice(codes, n, p=None if classes > 2 else [0.7, 0.3])
    score = rng.random((n, classes)) + 0.8 * np.eye(classes)[y]
    if coarse:
        score = np.round(score * 4) / 4 + 0.25
    score = np.round(score / score.sum(axis=1, keepdims=True), 6)
    score[:, -1] = 1 - score[:, :-1].sum(axis=1)
    pred = score.argmax(axis=1)
    if never is not None:
        pred[pred == never] = (never + 1) % classes
    weight = np.round(0.5 + rng.random(n), 3) if weighted else None
    return dict(name=name, n=n, classes=classes, y=y, pred=pred, score=score, weight=weight)


def figures(c):
    y, p, s, w, k = c["y"], c["pred"], c["score"], c["weight"], c["classes"]
    average = "binary" if k == 2 else "macro"
    present = sorted(set(y))
    out = {
        "accuracy": m.accuracy_score(y, p, sample_weight=w),
        "balanced_accuracy": m.balanced_accuracy_score(y, p, sample_weight=w),
        "precision": m.precision_score(y, p, average=average, sample_weight=w, zero_division=0),
        "recall": m.recall_score(y, p, average=average, sample_weight=w, zero_division=0),
        "f1": m.f1_score(y, p, average=average, sample_weight=w, zero_division=0),
        "f1_macro": m.f1_score(y, p, average="macro", sample_weight=w, zero_division=0),
        "log_loss": m.log_loss(y, s, labels=range(k), sample_weight=w),
        "matthews_corrcoef": m.matthews_corrcoef(y, p, sample_weight=w),
    }
    sides = [1] if k == 2 else present
    out["roc_auc"] = np.mean([m.roc_auc_score(y == c, s[:, c], sample_weight=w) for c in sides])
    out["average_precision"] = np.mean([m.average_precision_score(y == c, s[:, c], sample_weight=w) for c in sides])
    if k == 2:
        out["brier_score_loss"] = m.brier_score_loss(y, s[:, 1], sample_weight=w)
    return out


def delong(y, a, b):
    """Areas and the variances of a and of a - b, all pairs, as the paper writes it."""
    def placements(s):
        psi = (s[y == 1][:, None] > s[y == 0][None, :]) + 0.5 * (s[y == 1][:, None] == s[y == 0][None, :])
        return psi.mean(axis=1), psi.mean(axis=0)
    (pa, na), (pb, nb) = placements(a), placements(b)
    one = pa.var(ddof=1) / len(pa) + na.var(ddof=1) / len(na)
    both = (pa - pb).var(ddof=1) / len(pa) + (na - nb).var(ddof=1) / len(na)
    return pa.mean(), pb.mean(), one, both


def tango(fixed, broken, n, level=0.95):
    """By the restricted likelihood itself: no closed form is used."""
    z = stats.norm.ppf(0.5 + level / 2)

    def statistic(d):
        # q: share of rows right in the second alone; fixed rows have q + d
        def minus(q):
            return -(fixed * np.log(q + d) + broken * np.log(q) + (n - fixed - broken) * np.log(1 - 2 * q - d))
        low, high = max(0, -d) + 1e-13, (1 - d) / 2 - 1e-13
        q = optimize.minimize_scalar(minus, bounds=(low, high), method="bounded", options={"xatol": 1e-14}).x
        return (fixed - broken - n * d) / np.sqrt(n * (2 * q + d * (1 - d)))
    d = (fixed - broken) / n
    return (optimize.brentq(lambda x: statistic(x) - z, -0.9999, d),
            optimize.brentq(lambda x: statistic(x) + z, d, 0.9999))


def wilson(hits, n, level=0.95):
    result = stats.binomtest(hits, n).proportion_ci(level, method="wilson")
    return result.low, result.high


def numbers(values, form="%.17g"):
    return "{" + ", ".join(form % v for v in values) + "}"


def main():
    rng = np.random.default_rng(20261124)
    cases = [
        case("two classes", rng, 30, 2),
        case("two classes with ties", rng, 30, 2, coarse=True),
        case("two classes, weighted, with ties", rng, 30, 2, coarse=True, weighted=True),
        case("two classes, nothing predicted positive", rng, 20, 2, never=1),
        case("three classes", rng, 30, 3),
        case("three classes, weighted", rng, 30, 3, coarse=True, weighted=True),
        case("four classes, one without rows, one never predicted", rng, 40, 4, never=2, absent=3),
    ]
    print("/* Written by metrics.py, see there; never by hand. */")
    print("struct reference_metric {\n\tconst char *name;\n\tdouble value;\n};\n")
    print("struct reference_case {\n\tconst char *name;\n\tint n, classes;\n\tconst int *y_true, *y_pred;\n"
          "\tconst double *score, *weight;\n\tconst struct reference_metric *metric;\n};\n")
    print("/* clang-format off */")
    print("static const struct reference_case reference_cases[] = {")
    for c in cases:
        print('\t{\n\t\t.name = "%s", .n = %d, .classes = %d,' % (c["name"], c["n"], c["classes"]))
        print("\t\t.y_true = (const int[])" + numbers(c["y"], "%d") + ",")
        print("\t\t.y_pred = (const int[])" + numbers(c["pred"], "%d") + ",")
        print("\t\t.score = (const double[]){")
        for row in c["score"]:
            print("\t\t\t" + ", ".join("%.17g" % v for v in row) + ",")
        print("\t\t},")
        if c["weight"] is not None:
            print("\t\t.weight = (const double[])" + numbers(c["weight"]) + ",")
        print("\t\t.metric = (const struct reference_metric[]){")
        for name, value in sorted(figures(c).items()):
            print('\t\t\t{"%s", %.17g},' % (name, value))
        print("\t\t\t{0},\n\t\t},\n\t},")
    print("};\n")

    print("/* hits, rows, level, low, high */")
    print("static const double reference_wilson[][5] = {")
    for hits, n, level in [(0, 20, 0.95), (20, 20, 0.95), (7, 20, 0.95), (803, 1000, 0.99)]:
        print("\t" + numbers((hits, n, level) + wilson(hits, n, level)) + ",")
    print("};\n")
    print("/* fixed, broken, rows, level, low, high; the first is the example of Fagerland et al. 2014, Stat. Med. 33:2850 */")
    print("static const double reference_tango[][6] = {")
    for fixed, broken, n, level in [(1, 7, 21, 0.95), (30, 11, 200, 0.95), (3, 2, 40, 0.99), (120, 90, 1409, 0.995)]:
        print("\t" + numbers((fixed, broken, n, level) + tango(fixed, broken, n, level)) + ",")
    print("};\n")

    y = (rng.random(60) < 0.4).astype(int)
    a = np.round(np.clip(rng.normal(0.4 + 0.2 * y, 0.2), 0, 1), 2)
    b = np.round(np.clip(0.5 * a + rng.normal(0.2 + 0.05 * y, 0.1), 0, 1), 2)
    print("/* DeLong on 60 rows with ties: areas of a and b, variance of a's, of the difference */")
    print("static const int delong_y[] = " + numbers(y, "%d") + ";")
    print("static const double delong_a[] = " + numbers(a) + ";")
    print("static const double delong_b[] = " + numbers(b) + ";")
    print("static const double delong_result[] = " + numbers(delong(y, a, b)) + ";")

    loss = (a - y) ** 2 - (b - y) ** 2
    test = stats.ttest_1samp(loss, 0)
    half = stats.t.ppf(0.975, 59) * loss.std(ddof=1) / np.sqrt(60)
    print("/* t test of the Brier differences of the same rows: difference, p, low, high */")
    print("static const double t_result[] = "
          + numbers((loss.mean(), test.pvalue, loss.mean() - half, loss.mean() + half)) + ";")


if __name__ == "__main__":
    main()
