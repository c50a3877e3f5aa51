"""Prints AUC, its standard error and information values by other programs, as JSON.

    python scripts/reference/leak_expected.py > model/metrics/testdata/leak.json

    area         sklearn.metrics.roc_auc_score; the standard error is the square root
                 of the variance of confidenceinterval.delong.delong_roc_variance
    within       mean of roc_auc_score in each group, weighted by its customers
    information  the IV of optbinning.OptimalBinning's binning table of a category
                 whose values are the bins given (user_splits, all fixed)

Needs scikit-learn, confidenceinterval and optbinning beside scripts/requirements.txt.
"""

import json
import sys
from importlib.metadata import version

import numpy as np
from confidenceinterval.delong import delong_roc_variance
from optbinning import OptimalBinning
from sklearn.metrics import roc_auc_score


def area(name, customers, pool, step, shift, rng):
    label = np.arange(customers + pool) < customers
    margin = rng.normal(size=customers + pool) + shift * label
    if step:
        margin = np.round(margin / step) * step
    order = rng.permutation(len(label))
    margin, label = margin[order], label[order]
    value, variance = delong_roc_variance(label.astype(int), margin)
    assert abs(value - roc_auc_score(label, margin)) < 1e-6  # it counts in 32 bits
    group = rng.integers(0, 4, size=len(label))
    total = weight = 0.0
    for g in range(4):
        m = group == g
        p = int(label[m].sum())
        total += p * roc_auc_score(label[m], margin[m])
        weight += p
    return {
        "name": name, "margin": margin.tolist(), "customer": label.tolist(), "group": group.tolist(),
        "auc": float(roc_auc_score(label, margin)), "error": float(np.sqrt(variance)), "within": total / weight,
    }


def information(name, customers, pool):
    x, y = [], []
    for i, (c, p) in enumerate(zip(customers, pool)):
        x += [f"v{i}"] * (c + p)
        y += [1] * c + [0] * p
    splits = [[f"v{i}"] for i in range(len(customers))]
    b = OptimalBinning(dtype="categorical", user_splits=np.array(splits, dtype=object), user_splits_fixed=[True] * len(splits), cat_cutoff=1e-9)
    b.fit(np.array(x, dtype=object), np.array(y))
    table = b.binning_table.build()
    return {"name": name, "customers": customers, "pool": pool, "iv": float(table.loc["Totals", "IV"])}


def main():
    rng = np.random.default_rng(11)
    out = {
        "versions": {"python": sys.version.split()[0], **{p: version(p) for p in ("numpy", "scikit-learn", "confidenceinterval", "optbinning")}},
        "areas": [
            area("no ties", 40, 300, 0, 1, rng),
            area("ties", 60, 200, 0.5, 0.7, rng),
            area("heavy ties", 50, 150, 2, 1, rng),
            area("no signal", 30, 200, 0, 0, rng),
        ],
        "informations": [
            information("two bins", [81, 19], [200, 800]),
            information("four bins", [10, 40, 30, 20], [400, 300, 200, 100]),
            information("rare customers", [3, 17, 200], [900, 700, 400]),
            information("no information", [10, 20, 30], [100, 200, 300]),
        ],
    }
    print(json.dumps(out))


main()
