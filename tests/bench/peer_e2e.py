#!/usr/bin/python3
"""The script a user has today: read a CSV, three baselines, accuracy and macro f1, print.

usage: peer_e2e.py FILE.csv TARGET [JOBS=2] [tuned]     time the whole process; test rows are those with i % 5 == 4
tuned: also the logistic regression and the forest with the cut that is best for F1 on out-of-fold scores, five folds
"""
import sys
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, precision_recall_curve
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

jobs = int(sys.argv[3]) if len(sys.argv) > 3 else 2
df = pd.read_csv(sys.argv[1])
y = df.pop(sys.argv[2])
num = [c for c in df.columns if pd.api.types.is_numeric_dtype(df[c])]
cat = [c for c in df.columns if c not in num]
df[cat] = df[cat].astype(object).where(df[cat].notna(), "?")
test = df.index % 5 == 4
linear = ColumnTransformer([("n", make_pipeline(SimpleImputer(), StandardScaler()), num),
                            ("c", OneHotEncoder(handle_unknown="ignore"), cat)])
trees = ColumnTransformer([("n", SimpleImputer(), num), ("c", OrdinalEncoder(), cat)])
for name, model in (("dummy", DummyClassifier(strategy="prior")),
                    ("logistic", make_pipeline(linear, LogisticRegression(max_iter=100))),
                    ("forest", make_pipeline(trees, RandomForestClassifier(n_estimators=100, n_jobs=jobs, random_state=1)))):
    model.fit(df[~test], y[~test])
    p = model.predict(df[test])
    print(f"{name:10s} accuracy {accuracy_score(y[test], p):.4f} macro f1 {f1_score(y[test], p, average='macro'):.4f}")
    if "tuned" in sys.argv and name != "dummy":
        rarer = y.value_counts().index[-1]
        score = cross_val_predict(model, df[~test], y[~test], cv=5, method="predict_proba")[:, list(model.classes_).index(rarer)]
        precision, recall, cut = precision_recall_curve(y[~test] == rarer, score)
        best = cut[(2 * precision * recall / (precision + recall + 1e-12))[:-1].argmax()]
        p = model.predict_proba(df[test])[:, list(model.classes_).index(rarer)] >= best
        print(f"{name:10s} cut at {best:.3f}: f1 {f1_score(y[test] == rarer, p):.4f}")
