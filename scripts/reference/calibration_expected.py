"""Prints calibrations by other programs, as JSON.

    python scripts/reference/calibration_expected.py > model/calibrate/testdata/expected.json

Every case has log lifts, labels and weights. π is the share of the customers'
weight, the prior ln(π/(1−π)), q the probability that the prior plus the log lift
says. Of them:

    slope, shift   LogisticRegression without penalty (scikit-learn) of the label
                   on the log lift; shift is its intercept less the prior. slope_se
                   is of the sandwich estimator, by numpy. entered_* is the line
                   of slope 1, its shift the root of the score by
                   scipy.optimize.brentq, where the 95 % interval holds 1 and there
                   are fewer than 300 customers, and the maximum elsewhere
    beta           a, b, c of beta calibration: scipy.optimize.minimize (trust-exact)
                   of the log loss, unbounded, then anew without what was below 0;
                   betacal, which takes no weights, is held against it here to 1e-2
                   (it stops early), as is the case of a negative coefficient
    p0, p1         of venn-abers' calc_p0p1 and calc_probs at the grid
    isotonic       sklearn.isotonic.IsotonicRegression of the label, with weights
    log_loss       sklearn.metrics.log_loss of q; brier by brier_score_loss
    ece            numpy: bins of equal weight in the order of q, as many as
                   clamp(customers/20, 4, 10)
    ece_noise      its mean over labels drawn anew from q, 4,000 times
    band           the strongest band with ten customers and a pool account, and scipy.stats.contingency
                   relative_risk's interval of its lift (cases without weights)
"""

import importlib.metadata
import json
import sys

import betacal
import numpy as np
import scipy
import sklearn
from scipy.optimize import brentq, minimize
from scipy.special import expit, log_expit
from scipy.stats.contingency import relative_risk
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss
from venn_abers import calc_p0p1, calc_probs


def line(lift, y, w, prior):
    m = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-13, max_iter=1000)
    m.fit(lift[:, None], y, sample_weight=w)
    slope, shift = m.coef_[0, 0], m.intercept_[0] - prior
    p = expit(m.intercept_[0] + slope * lift)
    X = np.column_stack([np.ones_like(lift), lift])
    inverse = np.linalg.inv(X.T @ (X * (w * p * (1 - p))[:, None]))
    U = X * (w * (y - p))[:, None]
    se = np.sqrt((inverse @ U.T @ U @ inverse)[1, 1])
    entered = slope, shift
    if abs(slope - 1) <= 1.96 * se and y.sum() < 300:
        entered = 1.0, brentq(lambda s: (w * (y - expit(prior + s + lift))).sum(), -20, 20, xtol=1e-13)
    return {"slope": slope, "slope_se": se, "shift": shift, "entered_slope": entered[0], "entered_shift": entered[1]}


def beta(logodds, y, w):
    columns = {"a": log_expit(logodds), "b": -log_expit(-logodds)}

    def fit(names):
        X = np.column_stack([np.ones_like(logodds)] + [columns[n] for n in names])

        def loss(b):
            return -(w * log_expit(np.where(y, 1, -1) * (X @ b))).sum()

        def gradient(b):
            return X.T @ (w * (expit(X @ b) - y))

        def hessian(b):
            p = expit(X @ b)
            return X.T @ (X * (w * p * (1 - p))[:, None])

        r = minimize(loss, np.zeros(X.shape[1]), jac=gradient, hess=hessian, method="trust-exact", options={"gtol": 1e-9, "maxiter": 2000})
        return dict(zip(["c"] + names, r.x))

    r = fit(["a", "b"])
    if r["a"] < 0:
        r = fit(["b"])
    elif r["b"] < 0:
        r = fit(["a"])
    out = {n: float(r.get(n, 0.0)) for n in "abc"}
    if (w == 1).all():
        peer = betacal.BetaCalibration("abm")
        peer.fit(expit(logodds), y)
        theirs, ours = peer.predict(expit(logodds)), expit(out["a"] * columns["a"] + out["b"] * columns["b"] + out["c"])
        assert np.abs(theirs - ours).max() < 1e-2, np.abs(theirs - ours).max()
    return out


def venn_abers(lift, y, w):
    """Weights are whole numbers: a row of weight 2 is given twice."""
    x, z = np.repeat(lift, w.astype(int)), np.repeat(y, w.astype(int)).astype(float)
    q = expit(x)
    grid = np.round(np.linspace(lift.min() - 0.7, lift.max() + 0.7, 40), 4)
    at = np.unique(np.concatenate([grid, lift[::25]]))
    p0, p1, c = calc_p0p1(np.column_stack([1 - q, q]), z)
    _, both = calc_probs(p0, p1, c, np.column_stack([1 - expit(at), expit(at)]))
    return {"grid": at.tolist(), "p0": both[:, 0].tolist(), "p1": both[:, 1].tolist()}


def equal_mass(q, w, bins):
    """The bin of every row; rows tied share that of the first of them."""
    order = np.argsort(q, kind="stable")
    below = np.concatenate([[0], np.cumsum(w[order])[:-1]]) / w.sum()
    at = np.empty(len(q), dtype=int)
    at[order] = np.minimum(bins - 1, np.floor(below * bins + 1e-9)).astype(int)
    for v in np.unique(q):
        at[q == v] = at[q == v].min()
    return at


def ece_of(y, q, w, at):
    return np.abs(np.bincount(at, w * (y - q))).sum() / w.sum()


def noise(q, w, at, rng):
    """A row of weight w stands for w accounts, each drawn by itself."""
    total = 0.0
    for _ in range(4000):
        total += np.abs(np.bincount(at, rng.binomial(w.astype(int), q) - w * q)).sum() / w.sum()
    return total / 4000


def band(lift, y):
    order = np.argsort(-lift, kind="stable")
    last = order[max(np.flatnonzero(y[order])[9], np.flatnonzero(~y[order])[0])]
    inside = lift >= lift[last]
    k, m = int((inside & y).sum()), int((inside & ~y).sum())
    r = relative_risk(k, int(y.sum()), m, int((~y).sum()))
    low, high = r.confidence_interval(0.95)
    return {"customers": k, "pool": m, "lift": float(r.relative_risk), "low": float(low), "high": float(high)}


def case(name, lift, y, w, rng):
    prior = np.log(w[y].sum() / w[~y].sum())
    q = expit(prior + lift)
    at = equal_mass(q, w, max(4, min(10, int(y.sum()) // 20)))
    iso = IsotonicRegression(y_min=0, y_max=1).fit(lift, y, sample_weight=w)
    out = {
        "name": name, "lift": lift.tolist(), "customer": y.tolist(), "weight": w.tolist(),
        **{k: float(v) for k, v in line(lift, y, w, prior).items()},
        "beta": beta(prior + lift, y, w), "venn_abers": venn_abers(lift, y, w),
        "isotonic": np.round(iso.predict(lift), 14).tolist(),
        "log_loss": float(log_loss(y, q, sample_weight=w)), "brier": float(brier_score_loss(y, q, sample_weight=w)),
        "bins": len(np.unique(at)), "ece": float(ece_of(y, q, w, at)), "ece_noise": float(noise(q, w, at, rng)),
        "band": band(lift, y) if (w == 1).all() else None,
    }
    return out


def main():
    rng = np.random.default_rng(11)

    def draw(n, truth, weights, step=1e-3, bend=None):
        lift = np.round(np.round(rng.normal(0, 1.5, n) / step) * step, 3)
        odds = -2.5 + 0.3 + truth * lift
        if bend:
            odds = bend(lift)
        y = rng.random(n) < expit(odds)
        w = np.where(y, 1.0, 7.0) if weights else np.ones(n)
        return lift, y, w, rng

    cases = [
        case("too bold", *draw(1200, 0.5, False)),
        case("too bold, weighted pool", *draw(1200, 0.5, True)),
        case("too shy", *draw(1200, 2, False)),
        case("right", *draw(400, 1, False)),
        case("right, weighted pool", *draw(400, 1, True)),
        case("many customers", *draw(2500, 1, False)),
        case("ties", *draw(800, 1.2, False, step=0.5)),
        case("ties, weighted pool", *draw(800, 1.2, True, step=0.5)),
        case("a below 0", *draw(1500, 1, False, bend=lambda l: -2.5 + np.exp(l) / 3 - 0.8 * l)),
        case("b below 0", *draw(1500, 1, False, bend=lambda l: -1.5 + 2 * np.minimum(l, 0) - 0.9 * np.maximum(l - 1, 0))),
    ]
    versions = {"python": sys.version.split()[0], "numpy": np.__version__, "scikit-learn": sklearn.__version__, "scipy": scipy.__version__,
                "betacal": importlib.metadata.version("betacal"), "venn-abers": importlib.metadata.version("venn-abers")}
    print('{"versions": %s, "cases": [' % json.dumps(versions))
    print(",\n".join(json.dumps(c) for c in cases))
    print("]}")


main()
