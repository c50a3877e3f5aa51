"""Prints models of LightGBM and what they make of accounts, as JSON.

    python scripts/reference/lightgbm_expected.py > model/export/lightgbm/testdata/expected.json

The matrix has a number, an age in days, a flag, and columns of 0 and 1 for the
values of a category and the items of a set, all with empty cells. raw is
predict(raw_score=True), rows are texts so that NaN and infinity can be told.
Each model is trained on the matrix as it is, or (filled) with 0 for NaN, where
LightGBM takes NaN for 0.
"""

import json
import sys

import lightgbm
import numpy as np

COLUMNS = ["size", "funded", "hiring", "sector=tech", "sector=b2b%20saas%2C%20cloud", "tools=aws", "tools=google%20analytics", "tools=c%2B%2B"]


def accounts(rng, n):
    size = np.exp(rng.normal(4, 1.5, n)).round(2)
    funded = rng.integers(0, 2000, n).astype(float)
    hiring = rng.integers(0, 2, n).astype(float)
    sector = rng.integers(0, 3, n)  # 2: another one
    tools = rng.random((n, 3)) < [0.5, 0.3, 0.1]
    x = np.column_stack([size, funded, hiring, sector == 0, sector == 1, tools]).astype(float)
    x[rng.random(n) < 0.2, 0] = np.nan
    x[rng.random(n) < 0.3, 1] = np.nan
    x[rng.random(n) < 0.3, 2] = np.nan
    x[rng.random(n) < 0.2, 3:5] = np.nan
    x[rng.random(n) < 0.4, 5:8] = np.nan
    odds = -1 + 0.5 * np.log(size) * (x[:, 3] == 1) + 2 * np.isnan(x[:, 5]) + (x[:, 6] == 1) - 1.5 * np.isnan(x[:, 1]) - np.isnan(x[:, 3])
    return x, (rng.random(n) < 1 / (1 + np.exp(1 - odds))).astype(int)


def main():
    rng = np.random.default_rng(7)
    x, y = accounts(rng, 3000)
    test, _ = accounts(rng, 200)
    test[0, :2] = np.inf
    test[1, 0] = -np.inf
    common = {"objective": "binary", "verbose": -1, "num_threads": 1, "seed": 1, "deterministic": True, "min_data_in_leaf": 5}
    models = []
    for name, filled, rounds, p in (
        ("defaults", False, 12, {}),
        ("filled", True, 12, {}),
        ("two leaves", False, 30, {"num_leaves": 2}),
        ("random forest", False, 10, {"boosting_type": "rf", "bagging_freq": 1, "bagging_fraction": 0.6, "feature_fraction": 0.5}),
        ("sigmoid 2", False, 8, {"sigmoid": 2}),
        ("cross entropy", False, 8, {"objective": "cross_entropy"}),
    ):
        data = lightgbm.Dataset(np.nan_to_num(x, nan=0.0) if filled else x, y, feature_name=COLUMNS)
        booster = lightgbm.train(common | {"num_leaves": 8} | p, data, rounds)
        text = booster.model_to_string()
        edges = [float(t) for line in text.split("\n") if line.startswith("threshold=") for t in line[10:].split()]
        rows = test.copy()
        for i, e in enumerate(edges[:40]):  # at thresholds, and next to them
            rows[100 + i, 0] = e if i % 3 == 0 else np.nextafter(e, np.inf if i % 3 == 1 else -np.inf)
        text = text[: text.index("feature_importances:")]
        models.append({
            "name": name, "text": text, "rows": [[repr(float(v)) for v in r] for r in rows],
            "raw": lightgbm.Booster(model_str=booster.model_to_string()).predict(rows, raw_score=True).tolist(),
        })
    json.dump({"source": f"LightGBM {lightgbm.__version__}, numpy {np.__version__}", "columns": COLUMNS, "models": models}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
