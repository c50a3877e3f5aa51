"""Prints metrics of rankings by scikit-learn and numpy, as JSON.

    python scripts/reference/metrics_expected.py > model/metrics/testdata/expected.json

Each case has margins, labels and weights, and of them:

    auc        sklearn.metrics.roc_auc_score with sample_weight
    capture    at 1, 2, 5, 10, 20, 50 % of the pool's weight; see capture
    quantiles  numpy.quantile(method="inverted_cdf", weights) of the pool, at
               every percent

Numbers are rounded to halves, quarters and so on where ties are wanted, so that
they are the same in any language.
"""

import json
import sys
from fractions import Fraction

import numpy as np
import sklearn
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
    versions = {"python": sys.version.split()[0], "numpy": np.__version__, "scikit-learn": sklearn.__version__}
    print('{"versions": %s, "cases": [' % json.dumps(versions))
    print(",\n".join(json.dumps(c) for c in cases))
    print("]}")


main()
