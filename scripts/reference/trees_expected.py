"""Prints what LightGBM makes of small data, as JSON.

    python scripts/reference/trees_expected.py > model/trees/testdata/expected.json

Each case has codes (0 = missing), labels and LightGBM's raw margins after all
rounds, without sampling: numbers with missing values that may be learned from,
a monotone sign, a category split value by value, and one split by sorted runs.
Every code is a bin of its own; leaves are bounded by their Hessian, since
LightGBM rounds the counts that it derives from it.
"""

import json
import sys

import lightgbm
import numpy as np

ROWS, ROUNDS, RATE, LEAVES, L2, LEAST, SMOOTH, CAT_L2 = 700, 25, 0.1, 8, 1.0, 3.0, 10.0, 10.0


def draw(seed, missing):
    rng = np.random.default_rng(seed)
    codes = np.column_stack([rng.integers(1, 21, ROWS), rng.integers(1, 13, ROWS), rng.integers(1, 10, ROWS)])
    effect = np.array([0.0, 1.2, -0.8, 0.5, -1.5, 0.9, 0.1, -0.4, 0.7, -0.2])
    margin = 0.12 * (codes[:, 0] - 10) - 1 + 0.5 * np.sin(codes[:, 1]) + effect[codes[:, 2]] + 0.06 * (codes[:, 0] - 10) * (codes[:, 1] > 6)
    if missing:
        for k in range(2):
            gone = rng.random(ROWS) < 0.15
            codes[gone, k] = 0
            margin = margin - 0.8 * gone
    return codes, rng.random(ROWS) < 1 / (1 + np.exp(-margin))


def case(name, seed, missing=False, sign=0, category="", **options):
    codes, y = draw(seed, missing)
    x = codes.astype(float)
    x[codes == 0] = np.nan
    params = {
        "objective": "binary", "num_leaves": LEAVES, "learning_rate": RATE, "lambda_l2": L2, "min_data_in_leaf": 1, "min_sum_hessian_in_leaf": LEAST,
        "min_data_in_bin": 1, "max_bin": 255, "cat_smooth": SMOOTH, "cat_l2": CAT_L2, "min_data_per_group": 1, "verbose": -1, "num_threads": 1, "deterministic": True,
        "monotone_constraints": [sign, 0, 0], "monotone_constraints_method": "basic", **options,
    }
    data = lightgbm.Dataset(x, y.astype(float), categorical_feature=[2] if category else [], params=params)
    m = lightgbm.train(params, data, ROUNDS)
    return {"name": name, "sign": sign, "category": category, "codes": codes.T.tolist(), "customer": y.tolist(), "margins": m.predict(x, raw_score=True).tolist()}


def main():
    cases = [
        case("numbers", 1),
        case("missing", 2, missing=True),
        case("rising", 3, sign=1),
        case("falling", 4, sign=-1),
        case("one value against the rest", 5, category="values", max_cat_to_onehot=256),
        case("sorted runs of values", 6, category="runs", max_cat_to_onehot=4),
    ]
    out = {
        "by": f"lightgbm {lightgbm.__version__}", "rounds": ROUNDS, "rate": RATE, "leaves": LEAVES, "l2": L2, "least_hessian": LEAST,
        "cat_smooth": SMOOTH, "cat_l2": CAT_L2, "cases": cases,
    }
    json.dump(out, sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
