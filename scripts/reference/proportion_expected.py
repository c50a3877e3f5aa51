"""Prints intervals of rates by statsmodels, as JSON.

    python scripts/reference/proportion_expected.py > model/metrics/testdata/proportion.json

    wilson       proportion_confint(k, n, method="wilson")
    difference   confint_proportions_2indep(k1, n1, k2, n2, method="newcomb")
    least        the rate above p whose effect size NormalIndPower().solve_power
                 gives for a power of 0.8 at 5 %, two-sided
    clustered    the variance of a mean of 0/1 by cluster over that of independent
                 trials: OLS on a constant, cov_type="cluster", with its correction
                 m/(m-1)·(n-1)/(n-1) for one parameter
"""

import importlib.metadata
import json
import math

import numpy as np
import statsmodels.api as sm
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

RATES = [(0, 10), (1, 10), (5, 10), (10, 10), (3, 47), (17, 400), (399, 400), (1, 1), (0, 1), (225, 14444)]
PAIRS = [((5, 10), (3, 10)), ((0, 10), (3, 40)), ((40, 40), (3, 40)), ((30, 100), (120, 1000)), ((1, 1), (0, 1)), ((7, 9), (7, 9))]
LEAST = [(0.1, 100, 900), (0.0, 50, 50), (0.5, 10, 10), (0.02, 300, 9000), (0.25, 40, 200)]


def least(p, n1, n2):
    h = NormalIndPower().solve_power(nobs1=n1, ratio=n2 / n1, alpha=0.05, power=0.8)
    at = math.asin(math.sqrt(p)) + h / 2
    return math.sin(at) ** 2 if at <= math.pi / 2 else None


def clustered(seed):
    rng = np.random.default_rng(seed)
    trials = rng.integers(1, 8, size=60)
    rate = rng.beta(1, 2, size=60)
    hits = rng.binomial(trials, rate)
    y = np.concatenate([[1] * h + [0] * (t - h) for h, t in zip(hits, trials)])
    group = np.repeat(np.arange(60), trials)
    fit = sm.OLS(y, np.ones(len(y))).fit(cov_type="cluster", cov_kwds={"groups": group})
    p = y.mean()
    return {"hits": hits.tolist(), "trials": trials.tolist(), "effect": float(fit.bse[0] ** 2 / (p * (1 - p) / len(y)))}


print(json.dumps({
    "made_by": {name: importlib.metadata.version(name) for name in ("numpy", "scipy", "statsmodels")},
    "wilson": [{"k": k, "n": n, "low": float(lo), "high": float(hi)} for k, n in RATES for lo, hi in [proportion_confint(k, n, method="wilson")]],
    "difference": [{"a": a, "b": b, "low": float(lo), "high": float(hi)} for a, b in PAIRS for lo, hi in [confint_proportions_2indep(*a, *b, method="newcomb", compare="diff")]],
    "least": [{"p": p, "n1": a, "n2": b, "rate": least(p, a, b)} for p, a, b in LEAST],
    "clustered": [clustered(s) for s in (1, 2)],
}, indent=1))
