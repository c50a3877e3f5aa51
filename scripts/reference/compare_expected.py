"""Prints paired differences of two rankings by scikit-learn and scipy, as JSON.

    python scripts/reference/compare_expected.py > internal/compare/testdata/expected.json

Each case has two margins of the same accounts, their labels and groups, and the
second less the first of:

    auc         sklearn.metrics.roc_auc_score
    capture_10  the share of the customers above the pool's quantile of 90 %

with 95 % percentile intervals by scipy.stats.bootstrap: the groups of customers
and those of the pool are drawn apart, 20,000 times, and both rankings are
measured on the same draws. delong is the standard error of the difference in AUC
by DeLong, DeLong and Clarke-Pearson (1988), of groups summed before squared.
"""

import json
import sys

import numpy as np
import scipy
import sklearn
from scipy.stats import bootstrap
from sklearn.metrics import roc_auc_score


def auc(ours, theirs):
    """Mann and Whitney's count."""
    theirs = np.sort(theirs)
    return (np.searchsorted(theirs, ours, "left") + np.searchsorted(theirs, ours, "right")).mean() / 2 / len(theirs)


def captured(ours, theirs):
    """capture at 10 % of rankings without ties, exact in the last account."""
    order = np.sort(theirs)[::-1]
    return (ours > order[int(np.ceil(len(theirs) / 10 - 1e-9)) - 1]).mean()


def members(groups):
    """Returns the rows of each group."""
    return [np.flatnonzero(groups == g) for g in np.unique(groups)]


def interval(statistic, margins, customer, groups):
    ours, theirs = (members(np.where(customer == c, groups, -1))[int((customer != c).any()):] for c in (True, False))

    def difference(a, b):
        i, j = np.concatenate([ours[k] for k in a]), np.concatenate([theirs[k] for k in b])
        return statistic(margins[1][i], margins[1][j]) - statistic(margins[0][i], margins[0][j])

    r = bootstrap((np.arange(len(ours)), np.arange(len(theirs))), difference, n_resamples=20_000, method="percentile", vectorized=False, rng=np.random.default_rng(5))
    return [float(x) for x in r.confidence_interval]


def delong(margins, customer, groups):
    """Returns the standard error of the difference in AUC."""
    variance = 0.0
    apart = []
    for m in margins:
        ours, theirs = m[customer], m[~customer]
        wins = (ours[:, None] > theirs[None, :]) + (ours[:, None] == theirs[None, :]) / 2
        apart.append((wins.mean(1) - wins.mean(), wins.mean(0) - wins.mean()))
    for side, rows in enumerate((customer, ~customer)):
        d = (apart[1][side] - apart[0][side]) / rows.sum()
        sums = np.array([d[groups[rows] == g].sum() for g in np.unique(groups[rows])])
        variance += (sums**2).sum() * len(sums) / (len(sums) - 1)
    return float(np.sqrt(variance))


def case(name, rng, customers, pool, gains, group):
    """Two rankings that share a signal and differ in noise. group is the most
    accounts in a group."""
    n = customers + pool
    customer = np.arange(n) < customers
    signal = rng.normal(size=n) + customer
    margins = [np.round(1e6 * (10 * g * signal + 5 * rng.normal(size=n))) for g in gains]
    size = rng.integers(1, group + 1, size=n)
    groups = np.repeat(np.arange(n), size)[:n]
    groups = np.where(customer, groups, groups + n)  # no group has both
    order = rng.permutation(n)
    customer, groups, margins = customer[order], groups[order], [m[order] for m in margins]
    both = [(m[customer], m[~customer]) for m in margins]
    return {
        "name": name,
        "margins": [[int(v) for v in m] for m in margins],
        "customer": [bool(c) for c in customer],
        "group": [int(g) for g in groups],
        "auc": float(roc_auc_score(customer, margins[1]) - roc_auc_score(customer, margins[0])),
        "auc_interval": interval(auc, margins, customer, groups),
        "capture_10": float(captured(*both[1]) - captured(*both[0])),
        "capture_10_interval": interval(captured, margins, customer, groups),
        "delong": delong(margins, customer, groups),
    }


def main():
    rng = np.random.default_rng(11)
    cases = [
        case("alike", rng, 80, 600, (1, 1), 1),
        case("better", rng, 120, 500, (0.5, 1.5), 1),
        case("worse, in groups", rng, 120, 600, (1, 0.3), 4),
    ]
    versions = {"python": sys.version.split()[0], "numpy": np.__version__, "scikit-learn": sklearn.__version__, "scipy": scipy.__version__}
    print('{"versions": %s, "cases": [' % json.dumps(versions))
    print(",\n".join(json.dumps(c) for c in cases))
    print("]}")


main()
