"""Prints divergences of histograms by other programs, as JSON.

    python scripts/reference/divergence_expected.py > model/metrics/testdata/divergence.json

with the packages of scripts/reference/divergence.txt.

Every case has two histograms of row counts. Of them:

    psi    evidently's, of the rows as a categorical column; where a bin is empty in
           one of them it counts as what evidently makes of it, a share of 0.0001
           (or a millionth of the least share), and not as half a row: psi_empty
    js     scipy.spatial.distance.jensenshannon of the counts, natural logarithm
    ks     scipy.stats.ks_2samp of the rows' bin numbers
    limit  scipy.stats.chi2.isf(level, bins - 1) times (1/n + 1/m), by level
    ks_limit  scipy.stats.kstwobign.isf(level) times sqrt(1/n + 1/m), by level
"""

import importlib.metadata
import json
import sys

import evidently.legacy.calculations.stattests as tests
import numpy as np
import pandas as pd
import scipy
from evidently.legacy.core import ColumnType
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2, ks_2samp, kstwobign

LEVELS = [0.05, 0.01, 0.0001]


def rows(counts):
    return np.repeat(np.arange(len(counts)), counts)


def case(name, expected, actual):
    e, a = np.array(expected), np.array(actual)
    labels = [pd.Series([f"bin {b}" for b in rows(h)]) for h in (e, a)]
    psi = tests.psi_stat_test(*labels, ColumnType.Categorical, 0.1).drift_score
    bins, noise = int(((e > 0) | (a > 0)).sum()), 1 / e.sum() + 1 / a.sum()
    empty = bool(((e > 0) != (a > 0)).any())
    return {
        "name": name, "expected": expected, "actual": actual, ("psi_empty" if empty else "psi"): float(psi),
        "js": float(jensenshannon(e, a)), "ks": float(ks_2samp(rows(e), rows(a), method="asymp").statistic),
        "limit": [float(chi2.isf(level, bins - 1) * noise) for level in LEVELS],
        "ks_limit": [float(kstwobign.isf(level) * np.sqrt(noise)) for level in LEVELS],
    }


def main():
    rng = np.random.default_rng(1)
    cases = [
        case("ten points move", [500, 500], [400, 600]),
        case("ten bins, one population", *[rng.multinomial(n, [0.1] * 10).tolist() for n in (2000, 900)]),
        case("a normal, half a deviation apart", *[np.histogram(rng.normal(at, 1, 10000), np.linspace(-2, 2, 21))[0].tolist() for at in (0, 0.5)]),
        case("forty bins, many rare", *[(rng.multinomial(5000, rng.dirichlet([0.5] * 40)) + 1).tolist() for _ in range(2)]),
        case("an empty bin then", [0, 700, 300], [50, 650, 300]),
        case("an empty bin now", [20, 700, 280], [0, 700, 300]),
        case("nothing in common", [10, 0, 30], [0, 25, 0]),
    ]
    json.dump({
        "python": sys.version.split()[0], "evidently": importlib.metadata.version("evidently"), "scipy": scipy.__version__, "numpy": np.__version__,
        "levels": LEVELS, "cases": cases,
    }, sys.stdout, indent=1)
    print()


main()
