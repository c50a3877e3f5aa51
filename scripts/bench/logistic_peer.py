"""scikit-learn's part of logistic.sh.

    python logistic_peer.py make ROWS FOLDER    60 numeric columns, labels, and the same binned for icpfit
    python logistic_peer.py one FOLDER          LogisticRegression(C=1), lbfgs: seconds of fit, AUC
    python logistic_peer.py path FOLDER         LogisticRegressionCV(): 10 Cs × 5 folds, lbfgs

A tenth as many rows again are to test on. Columns are lognormal, a quarter of
each shared; every third matters, one in six beyond a straight line. scikit-learn
gets their logarithms, standardised; icpfit 64 quantile bins.
"""

import json
import os
import sys
import time

import numpy as np

COLUMNS = 60


def auc(y, s):
    rank = np.empty(len(s))
    rank[np.argsort(s, kind="stable")] = np.arange(1, len(s) + 1)
    p = int(y.sum())
    return (rank[y == 1].sum() - p * (p + 1) / 2) / (p * (len(y) - p))


def make(rows, folder):
    os.makedirs(folder, exist_ok=True)
    rng = np.random.default_rng(5)
    total = rows + rows // 10
    common = rng.standard_normal((total, 4), dtype=np.float32)
    x = np.lib.format.open_memmap(f"{folder}/x.npy", "w+", np.float64, (total, COLUMNS))
    margin = np.full(total, -3.0)
    edges = []
    with open(f"{folder}/codes", "wb") as f:
        for j in range(COLUMNS):
            z = 0.5 * common[:, j % 4] + np.sqrt(0.75) * rng.standard_normal(total, dtype=np.float32)
            if j % 3 == 0:
                margin += 0.3 * (-1) ** j * (z if j % 2 else np.abs(z))
            x[:, j] = z
            cuts = np.quantile(z[:rows], np.arange(1, 64) / 64)
            f.write((1 + np.searchsorted(cuts, z)).astype(np.uint8).tobytes())
            edges.append(np.expm1(3 + cuts).tolist())
    y = (rng.random(total) < 1 / (1 + np.exp(-margin))).astype(np.uint8)
    y.tofile(f"{folder}/label")
    json.dump({"train": rows, "test": total - rows, "edges": edges}, open(f"{folder}/shape.json", "w"))


def fit(what, folder):
    from sklearn.linear_model import LogisticRegression, LogisticRegressionCV

    train = json.load(open(f"{folder}/shape.json"))["train"]
    x, y = np.load(f"{folder}/x.npy"), np.fromfile(f"{folder}/label", np.uint8)
    m = LogisticRegression(C=1) if what == "one" else LogisticRegressionCV(n_jobs=2, l1_ratios=(0.0,), use_legacy_attributes=False)
    a, b = np.ascontiguousarray(x[:train]), y[:train]
    start = time.monotonic()
    m.fit(a, b)
    seconds = time.monotonic() - start
    print(f"{seconds:.3f} {auc(y[train:], m.decision_function(x[train:])):.5f}")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), sys.argv[3])
    else:
        fit(sys.argv[1], sys.argv[2])
