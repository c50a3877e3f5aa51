"""Prints means and medians with bootstrap intervals, as JSON.

    python scripts/reference/backtest_expected.py > internal/backtest/testdata/expected.json

Singles come from scipy.stats.bootstrap(method="percentile", 50,000 draws); of
clusters whole ones are drawn by numpy, 50,000 times. difference is the interval
of the difference of two medians, both drawn apart, and its standard error.
"""

import importlib.metadata
import json

import numpy as np
from scipy.stats import bootstrap

DRAWS = 50_000


def percentiles(replicates):
    low, high = np.quantile(replicates, [0.025, 0.975])
    return {"low": float(low), "high": float(high)}


def singles(seed, n):
    rng = np.random.default_rng(seed)
    values = np.round(rng.lognormal(9, 0.8, n))
    out = {"values": values.tolist(), "account": list(range(n))}
    for name, of in (("mean", np.mean), ("median", np.median)):
        ci = bootstrap((values,), of, method="percentile", n_resamples=DRAWS, batch=1000, rng=rng).confidence_interval
        out[name] = {"low": float(ci.low), "high": float(ci.high)}
    return out


def draws_of(values, account, rng):
    groups = [values[account == g] for g in np.unique(account)]
    for _ in range(DRAWS):
        yield np.concatenate([groups[i] for i in rng.integers(0, len(groups), len(groups))])


def clusters(seed, n):
    rng = np.random.default_rng(seed)
    account = np.repeat(np.arange(n), rng.integers(1, 6, n))
    values = np.round(np.exp(rng.normal(9, 0.7, n))[account] * np.exp(rng.normal(0, 0.3, len(account))))
    drawn = [(np.mean(d), np.median(d)) for d in draws_of(values, account, rng)]
    means, medians = map(np.array, zip(*drawn))
    return {"values": values.tolist(), "account": account.tolist(), "mean": percentiles(means), "median": percentiles(medians)}, medians


one, _ = clusters(3, 30)
two, a = clusters(4, 25)
three, b = clusters(5, 60)
print(json.dumps({
    "made_by": {name: importlib.metadata.version(name) for name in ("numpy", "scipy")},
    "samples": [singles(1, 12), singles(2, 80), one, two, three],
    "difference": {"of": [3, 4], **percentiles(a - b), "error": float(np.std(a - b, ddof=1))},
}))
