"""Prints fits of logistic regressions by scikit-learn and scipy, as JSON.

    python scripts/reference/logistic_expected.py > model/logistic/testdata/expected.json

The design is laid out here from the description in package logistic, not from
its code: an indicator divided by its standard deviation in the pool, or by 0.1
if that is less; a number as one slope, on the mean of the logarithms of its
bin's edges (the one edge, for the end bins), standardised over the known pool;
an indicator of the missing bin where it may be learned.

    free     sklearn.linear_model.LogisticRegression(C=1/penalty), sample_weight
    signed   the same loss under bounds, by scipy.optimize L-BFGS-B: the flag's
             coefficient at least 0 and the number's slope at most 0, both against
             what the data say

Scores are coefficients times what one unit of them adds, by slot. A slot that
has none scores null.
"""

import json
import sys

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

EDGES = [5.0, 20.0, 100.0, 1000.0]


def draw():
    """Returns codes as package bin numbers them, labels and weights."""
    rng = np.random.default_rng(3)
    n = 900
    size = rng.integers(0, 6, n)  # 0 missing, 1 to 5
    sector = rng.integers(1, 5, n)  # three values and any other
    sector[rng.random(n) < 0.7] = 2  # so that some are rare
    hiring = rng.integers(1, 3, n)
    tools = rng.random((n, 3)) < [0.4, 0.1, 0.004]
    z = -2 + 0.3 * (size - 3) * (size > 0) + 0.5 * (sector == 1) - 0.4 * (hiring == 2) + 0.6 * tools[:, 0]
    y = rng.random(n) < 1 / (1 + np.exp(-z))
    w = rng.choice([0.5, 1.0, 2.0], n)
    return size, sector, hiring, tools, y, w


def main():
    size, sector, hiring, tools, y, w = draw()
    pool = ~y

    def share(mask, among=None):
        among = pool if among is None else among & pool
        return w[mask & among].sum() / w[among].sum()

    columns, names = [], []  # names: feature, slot → what one unit adds

    def indicator(feature, slot, mask):
        p = share(mask)
        scale = 1 / max(0.1, np.sqrt(p * (1 - p)))
        columns.append(mask * scale)
        names.append([(feature, slot, scale)])

    indicator("size", 0, size == 0)
    logs = np.log1p(EDGES)
    middle = np.concatenate([[logs[0]], (logs[:-1] + logs[1:]) / 2, [logs[-1]]])
    known = size > 0
    p = np.array([share(size == s, known) for s in range(1, 6)])
    x = (middle - p @ middle) / np.sqrt(p @ (middle - p @ middle) ** 2)
    columns.append(np.where(known, x[np.maximum(size, 1) - 1], 0))
    names.append([("size", s, x[s - 1]) for s in range(1, 6)])
    for s in range(1, 5):
        indicator("sector", s, sector == s)
    indicator("hiring", 2, hiring == 2)
    for s in range(3):
        indicator("tools", 2 + s, tools[:, s])
    X = np.column_stack(columns)
    slots = {"size": 6, "sector": 5, "hiring": 3, "tools": 5}

    def scores(beta):
        out = {f: [None] * n for f, n in slots.items()}
        for b, spread in zip(beta, names):
            for f, s, scale in spread:
                out[f][s] = b * scale
        return out

    def free(penalty):
        m = LogisticRegression(C=1 / penalty, solver="newton-cholesky", tol=1e-14, max_iter=1000)
        m.fit(X, y, sample_weight=w)
        return {"penalty": penalty, "intercept": m.intercept_[0], "scores": scores(m.coef_[0])}

    def signed(penalty):
        sign = np.where(y, 1.0, -1.0)

        def loss(b):
            eta = X @ b[:-1] + b[-1]
            r = -w * sign / (1 + np.exp(sign * eta))
            value = (w * np.logaddexp(0, -sign * eta)).sum() + penalty / 2 * b[:-1] @ b[:-1]
            return value, np.append(X.T @ r + penalty * b[:-1], r.sum())

        bounds = [(None, None)] * (X.shape[1] + 1)
        bounds[1], bounds[6] = (None, 0), (0, None)
        m = minimize(loss, np.zeros(X.shape[1] + 1), jac=True, bounds=bounds, method="L-BFGS-B",
                     options={"ftol": 1e-16, "gtol": 1e-11, "maxiter": 10000, "maxcor": 30})
        return {"penalty": penalty, "intercept": m.x[-1], "scores": scores(m.x[:-1])}

    print(json.dumps({
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scikit-learn": sklearn.__version__, "scipy": scipy.__version__},
        "edges": EDGES,
        "size": size.tolist(), "sector": sector.tolist(), "hiring": hiring.tolist(),
        "tools": [np.flatnonzero(t).tolist() for t in tools],
        "customer": y.tolist(), "weight": w.tolist(),
        "free": [free(p) for p in (1, 30)],
        "signed": [signed(p) for p in (1, 30)],
    }))


main()
