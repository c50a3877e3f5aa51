#!/usr/bin/env python3
"""What peers reach on hackerone where an empty cell tells nothing, as `missing: neutral` promises.

    neutral.py [lightgbm-small rf lr] > quality_neutral.jsonl

With `peers.py --neutral` an empty set lacks every item and an empty category is none of those known, so a peer still
sees that the cell is empty; the mean in its place is a value that a tree can split on. Here every empty cell is filled
with that of an account drawn from those that have one, in training and test. Same folds; needs the peers' venv.
ICPFIT_PEERS is the folder of sets.py and peers.py.
"""
import json
import os
import sys

import numpy as np
import pandas as pd

sys.path.insert(0, os.environ.get("ICPFIT_PEERS", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared", "peers")))
import peers as P  # noqa: E402
import sets as S  # noqa: E402


def design(d, train):
    """One column a number, category and item seen 10 times in training, by row; nothing empty."""
    rng, out = np.random.default_rng(1), []
    for c, kind in d.kinds.items():
        v = d.frame[c]
        if kind == "number":
            x = v.astype(float).to_numpy()
            known, columns = ~np.isnan(x), [np.sign(x) * np.log1p(np.abs(x))]
        elif kind == "category":
            known = (v != "").to_numpy()
            seen = v[train][known[train]].value_counts()
            columns = [(v == value).to_numpy().astype(float) for value in seen[seen >= 10].index]
        else:
            items = v.str.split("|").map(lambda cell: {x.strip() for x in cell if x.strip()})
            known = items.map(bool).to_numpy()
            seen = pd.Series([x for cell in items[train] for x in cell]).value_counts()
            columns = [items.map(lambda cell, item=item: item in cell).to_numpy().astype(float) for item in seen[seen >= 10].index]
        donors = np.where(known, np.arange(len(v)), rng.choice(train[known[train]], len(v)))
        out += [x[donors] for x in columns]
    return np.column_stack(out)


def model(peer):
    if peer == "rf":
        from sklearn.ensemble import RandomForestClassifier
        return RandomForestClassifier(500, min_samples_leaf=3, n_jobs=2, random_state=1)
    if peer == "lightgbm-small":
        from lightgbm import LGBMClassifier
        return LGBMClassifier(n_estimators=300, learning_rate=0.04, num_leaves=8, max_depth=3, min_child_samples=20, colsample_bytree=0.5, subsample=0.8,
                              subsample_freq=1, reg_lambda=5, n_jobs=2, random_state=1, verbose=-1)
    if peer == "lr":
        from sklearn.linear_model import LogisticRegressionCV
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        return make_pipeline(StandardScaler(), LogisticRegressionCV(Cs=np.logspace(-3, 1, 9), cv=4, scoring="roc_auc", max_iter=400, l1_ratios=(0.0,), use_legacy_attributes=False))
    sys.exit(f"neutral: no peer named {peer}; want lightgbm-small, rf or lr")


def main():
    d = S.OPEN["hackerone"]()
    for peer in sys.argv[1:] or ("lightgbm-small", "rf", "lr"):
        figures, margins = [], np.zeros(len(d.y))
        for k in range(5):
            train, test = np.where(d.fold != k)[0], np.where(d.fold == k)[0]
            x = design(d, train)
            p = model(peer).fit(x[train], d.y[train]).predict_proba(x[test])[:, 1]
            margins[test] = np.log(np.maximum(p, 1e-9) / np.maximum(1 - p, 1e-9))
            figures.append((P.auc(d.y[test], p), P.capture(d.y[test], p)))
        auc, capture = np.mean(figures, axis=0)
        r = dict(set="hackerone", peer=f"{peer}, neutral", auc=round(float(auc), 4), capture10=round(float(capture), 4), auc_within=round(float(P.within(d.y, margins, d.group)), 4))
        print(json.dumps(r), flush=True)


if __name__ == "__main__":
    main()
