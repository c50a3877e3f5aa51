"""Writes the shapes of explainable boosting machines by interpret, as JSON.

    python scripts/reference/scorecard_expected.py model/scorecard/testdata

Both are fitted with the defaults of ExplainableBoostingClassifier, but without
interactions.

    generated.json   3,000 accounts drawn here, which it holds
    adult.json       ../shared/data/adult/adult-train.csv, beside the project; not
                     written where that is absent. Takes minutes. "?" is a category
                     of its own there, ""

A number has cuts c and scores: score 0 is of missing values, score i of
c[i-2] <= v < c[i-1], the ends open. A category has a score by value. Scores are
log odds, rounded to 1e-5.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from interpret.glassbox import ExplainableBoostingClassifier

NAMES = "age workclass fnlwgt education education-num marital-status occupation relationship race sex capital-gain capital-loss hours-per-week native-country income".split()
NUMBERS = ("age", "fnlwgt", "education-num", "capital-gain", "capital-loss", "hours-per-week")


def adult(path):
    """The features, numbers as numbers, and whether the income is over 50K."""
    f = pd.read_csv(path, dtype=str, keep_default_na=False, header=None, names=NAMES, skipinitialspace=True)
    f = f[f["age"] != ""].reset_index(drop=True)
    y = (f.pop("income") == ">50K").astype(int).to_numpy()
    for c in f:
        f[c] = f[c].astype(float) if c in NUMBERS else f[c].replace("?", "").astype(str)
    return f, y


def generated():
    """A number whose effect peaks, one that depends on it and rises, one that says nothing, and a category."""
    rng = np.random.default_rng(7)
    n = 3000
    size = rng.integers(1, 31, n)
    age = np.clip(size + rng.integers(-8, 9, n), 1, 40)
    noise = rng.integers(1, 31, n)
    sector = rng.choice(list("abcdef"), n, p=[0.3, 0.25, 0.2, 0.15, 0.06, 0.04])
    z = -1.5 - ((size - 18) / 8.0) ** 2 / 2 + 0.04 * age + pd.Series(sector).map(dict(a=0.5, b=-0.5, c=0.2, d=-0.8, e=0.9, f=0)).to_numpy()
    y = (rng.random(n) < 1 / (1 + np.exp(-z))).astype(int)
    return pd.DataFrame({"size": size.astype(float), "age": age.astype(float), "noise": noise.astype(float), "sector": sector}), y


def shapes(model):
    """What every feature's values score."""
    out = []
    for name, bins, scores in zip(model.feature_names_in_, model.bins_, model.term_scores_):
        rounded = [round(float(s), 5) for s in scores]
        if isinstance(bins[0], dict):
            out.append({"feature": name, "scores": {value: rounded[at] for value, at in bins[0].items()}})
        else:
            out.append({"feature": name, "cuts": [float(c) for c in bins[0]], "by_bin": rounded[:-1]})  # the last is of values that are no number
    return out


def write(path, model, y, cells=None):
    out = {"versions": {"python": sys.version.split()[0], **{p: version(p) for p in ("interpret-core", "numpy", "pandas")}}, "rows": len(y), "shapes": shapes(model)}
    if cells is not None:
        out |= {"cells": [[str(c).removesuffix(".0") for c in cells[name]] for name in cells], "customer": [bool(v) for v in y]}
    path.write_text(json.dumps(out) + "\n")


def fit(X, y):
    return ExplainableBoostingClassifier(interactions=0, random_state=1).fit(X, y)


def main():
    folder = Path(sys.argv[1])
    X, y = generated()
    write(folder / "generated.json", fit(X, y), y, X)
    census = Path(__file__).resolve().parents[3] / "shared/data/adult/adult-train.csv"
    if not census.exists():
        print(f"no {census}: adult.json is not written", file=sys.stderr)
        return
    X, y = adult(census)
    write(folder / "adult.json", fit(X, y), y)


if __name__ == "__main__":
    main()
