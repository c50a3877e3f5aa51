"""Prints calibrations of log lifts by scikit-learn and scipy, as JSON.

    python scripts/reference/calibration_expected.py > model/evaluate/testdata/expected.json

Each case has log lifts, labels and weights. The calibration is

    observed log lift = shift + slope × log lift

by maximum likelihood of the label, whose log odds are that plus the logarithm of
customers to pool, in weight. slope and shift are of LogisticRegression without
penalty; where the 95 % interval of the slope (from the inverse of the Hessian,
by numpy) holds 1, the slope is 1 and the shift is the root of the score, by
scipy.optimize.brentq.
"""

import json
import sys

import numpy as np
import scipy
import sklearn
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.linear_model import LogisticRegression


def case(name, lift, y, w):
    prior = np.log(w[y].sum() / w[~y].sum())
    m = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-13, max_iter=1000)
    m.fit(lift[:, None], y, sample_weight=w)
    slope, shift = m.coef_[0, 0], m.intercept_[0] - prior
    p = expit(m.intercept_[0] + slope * lift)
    X = np.column_stack([np.ones_like(lift), lift])
    se = np.sqrt(np.linalg.inv(X.T @ (X * (w * p * (1 - p))[:, None]))[1, 1])
    kept = bool(abs(slope - 1) <= 1.96 * se)
    if kept:
        slope = 1.0
        shift = brentq(lambda s: (w * (y - expit(prior + s + lift))).sum(), -20, 20, xtol=1e-13)
    return {"name": name, "kept": kept, "slope": float(slope), "shift": float(shift),
            "lift": lift.tolist(), "customer": y.tolist(), "weight": w.tolist()}


def main():
    rng = np.random.default_rng(11)

    def draw(n, truth, weights):
        lift = np.round(rng.normal(0, 1.5, n), 3)
        y = rng.random(n) < expit(-2.5 + 0.3 + truth * lift)
        w = np.where(y, 1.0, 7.5) if weights else np.ones(n)
        return lift, y, w

    cases = [
        case("too bold", *draw(1200, 0.5, False)),
        case("too bold, weighted pool", *draw(1200, 0.5, True)),
        case("too shy", *draw(1200, 2, False)),
        case("right", *draw(400, 1, False)),
        case("right, weighted pool", *draw(400, 1, True)),
    ]
    versions = {"python": sys.version.split()[0], "numpy": np.__version__, "scikit-learn": sklearn.__version__, "scipy": scipy.__version__}
    print('{"versions": %s, "cases": [' % json.dumps(versions))
    print(",\n".join(json.dumps(c) for c in cases))
    print("]}")


main()
