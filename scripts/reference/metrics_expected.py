"""Prints metrics of rankings by scikit-learn and numpy, as JSON.

    python scripts/reference/metrics_expected.py > model/metrics/testdata/expected.json

Each case has margins, labels and weights, and of them:

    auc        sklearn.metrics.roc_auc_score with sample_weight
    capture    at 1, 2, 5, 10, 20, 50 % of the pool's weight; see capture
    intervals  95 % percentile intervals of AUC and of capture at 10 % by
               scipy.stats.bootstrap, customers and pool drawn apart, 20,000
               times (cases without weights)
    quantiles  numpy.quantile(method="inverted_cdf", weights) of the pool, at
               every percent

Each histogram has the counts of customers and pool in the bins of a feature, and
its information value by optbinning's BinningTable, which drops nothing where no
bin is empty in one class; PSI is the same sum.

Numbers are rounded to halves, quarters and so on where ties are wanted, so that
they are the same in any language.
"""

import importlib.metadata
import json
import sys
from fractions import Fraction

import numpy as np
import scipy
import sklearn
from optbinning import OptimalBinning
from scipy.stats import bootstrap
from sklearn.metrics import roc_auc_score

SHARES = [Fraction(s, 100) for s in (1, 2, 5, 10, 20, 50)]


def capture(margin, customer, weight, share):
    """Returns the share of the customers' weight on a list that holds a share of
    the pool's, in exact arithmetic. Of a run of ties across the end of the list
    the list holds the part that its pool accounts have room for."""
    w = [Fraction(x) for x in weight]
    pool = sum(x for x, c in zip(w, customer) if not c)
    total = sum(x for x, c in zip(w, customer) if c)
    room, on_list = share * pool, Fraction(0)
    for m in sorted(set(margin), reverse=True):
        at = [i for i, v in enumerate(margin) if v == m]
        theirs = sum(w[i] for i in at if not customer[i])
        ours = sum(w[i] for i in at if customer[i])
        if theirs >= room:
            part = room / theirs if theirs else Fraction(0)
            return on_list / total + part * ours / total
        room -= theirs
        on_list += ours
        # Customers between the last pool account of a full list and the next
        # are not on it: room is 0 then, and the next turn of the loop ends.
    return on_list / total


def case(name, margin, customer, weight):
    margin, customer = [float(m) for m in margin], [bool(c) for c in customer]
    weight = [float(w) for w in weight]
    pool = [m for m, c in zip(margin, customer) if not c]
    pool_weight = [w for w, c in zip(weight, customer) if not c]
    q = np.quantile(np.array(pool), np.arange(101) / 100, method="inverted_cdf", weights=np.array(pool_weight))
    return {
        "name": name,
        "margin": margin,
        "customer": customer,
        "weight": weight,
        "auc": float(roc_auc_score(customer, margin, sample_weight=weight)),
        "capture": [float(capture(margin, customer, weight, s)) for s in SHARES],
        "quantiles": [float(x) for x in q],
    }


def auc(ours, theirs):
    """Mann and Whitney's count, over the last axis."""
    theirs = np.sort(theirs)
    below, equal = np.searchsorted(theirs, ours, "left"), np.searchsorted(theirs, ours, "right")
    return (below + equal).mean() / 2 / len(theirs)


def at_ten(ours, theirs):
    """capture at 10 % without ties or weights, whole numbers of pool accounts."""
    room = len(theirs) // 10
    return (ours > np.sort(theirs)[-room]).mean()


def intervals(margin, customer):
    ours, theirs = margin[customer], margin[~customer]
    out = {}
    for name, statistic in (("auc", auc), ("capture_10", at_ten)):
        r = bootstrap((ours, theirs), statistic, n_resamples=20_000, method="percentile", vectorized=False, rng=np.random.default_rng(3))
        out[name] = [float(x) for x in r.confidence_interval]
    return out


def histogram(name, rng, n, shift, bins):
    """A number, cut at given edges: the counts, and optbinning's IV of them."""
    y = rng.random(n) < 0.2
    x = rng.normal(size=n) + shift * y
    edges = np.quantile(x, np.arange(1, bins) / bins)
    b = OptimalBinning(dtype="numerical", user_splits=edges, user_splits_fixed=[True] * len(edges), min_bin_size=1e-6, solver="cp", monotonic_trend=None)
    b.fit(x, y)
    table = b.binning_table.build()
    rows = table[table["Count"] > 0].drop("Totals")
    return {
        "name": name, "customers": [int(v) for v in rows["Event"]], "pool": [int(v) for v in rows["Non-event"]],
        "iv": float(b.binning_table.iv),
    }


def main():
    rng = np.random.default_rng(7)

    def draw(customers, pool, step, weights):
        n = customers + pool
        label = np.arange(n) < customers
        margin = rng.normal(size=n) + label
        if step:
            margin = np.round(margin / step) * step
        weight = rng.integers(1, 5, size=n) / 4 if weights else np.ones(n)
        order = rng.permutation(n)
        return margin[order], label[order], weight[order]

    cases = [
        case("no ties", *draw(40, 400, 0, False)),
        case("ties", *draw(40, 400, 0.5, False)),
        case("weights", *draw(30, 300, 0, True)),
        case("ties and weights", *draw(30, 300, 0.25, True)),
        case("heavy ties", *draw(20, 200, 2, True)),
        case("all tied", np.zeros(30), [True] * 5 + [False] * 25, np.ones(30)),
        case("perfect", np.arange(50), [i >= 45 for i in range(50)], np.ones(50)),
        case("reversed", np.arange(50), [i < 5 for i in range(50)], np.ones(50)),
        case("one of each", [1, 2], [True, False], [1, 1]),
    ]
    margin, label, _ = draw(60, 600, 0, False)
    sampled = {"margin": margin.tolist(), "customer": label.tolist(), **intervals(margin, label)}
    histograms = [histogram("strong", rng, 1200, 1.0, 6), histogram("weak", rng, 3000, 0.2, 10), histogram("none", rng, 2000, 0.0, 5)]
    versions = {"python": sys.version.split()[0], "numpy": np.__version__, "scikit-learn": sklearn.__version__,
                "scipy": scipy.__version__, "optbinning": importlib.metadata.version("optbinning")}
    print('{"versions": %s, "bootstrap": %s, "histograms": %s, "cases": [' % (json.dumps(versions), json.dumps(sampled), json.dumps(histograms)))
    print(",\n".join(json.dumps(c) for c in cases))
    print("]}")


main()
