"""Prints fits of logistic regressions by scikit-learn, glmnet and scipy, as JSON.

    python scripts/reference/logistic_expected.py > model/logistic/testdata/expected.json

Needs R with glmnet and jsonlite (Debian: r-cran-glmnet, r-cran-jsonlite).

The design is laid out here from the description in package logistic, not from
its code: an indicator divided by its standard deviation in the pool, or by 0.1
if that is less; a number as a slope on the mean of the logarithms of its bin's
edges (the one edge, for the end bins) and as one ramp between each two of the
knots, standardised over the known pool; an indicator of the missing bin where it may be learned. Knots are the first bin, the last, and
those that hold the pool's quantiles 1/5 to 4/5.

    free     the elastic net by sklearn.linear_model.LogisticRegression, C=1/penalty
             (newton-cholesky for ridge, saga otherwise), and by glmnet,
             lambda=penalty/sum(weights), with sample weights
    prior    ridge with an offset, by glmnet
    signed   ridge under bounds, by scipy.optimize L-BFGS-B: the flag's coefficient
             at least 0 and the number's at most 0, both against what the data say

Scores are coefficients times what one unit of them adds, by slot. A slot that
has none scores 0.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

EDGES = [5.0, 20.0, 100.0, 1000.0]
SLOTS = {"size": 6, "sector": 5, "hiring": 3, "tools": 5}
PRIOR = {"size": [0.3, -0.5, -0.4, 0.1, 0.6, 0.2], "sector": [0.0, 0.4, -0.2, 0.0, 0.1], "tools": [0.0, 0.0, 0.8, 0.0, -0.5]}
GLMNET = """
library(glmnet)
d <- jsonlite::fromJSON("data.json")
glmnet.control(fdev = 0, devmax = 1)
fit <- function(alpha, penalty, offset) {
  lambda <- penalty / sum(d$w)
  m <- glmnet(d$X, d$y, family = "binomial", weights = d$w, alpha = alpha, lambda = lambda * c(100, 10, 1), offset = offset,
              standardize = FALSE, thresh = 1e-20, maxit = 1e7)
  c(m$a0[3], as.vector(m$beta[, 3]))
}
out <- list(versions = list(R = paste(R.version$major, R.version$minor, sep = "."), glmnet = as.character(packageVersion("glmnet"))),
            free = lapply(seq_len(nrow(d$free)), function(i) fit(d$free[i, 1], d$free[i, 2], NULL)),
            prior = lapply(d$prior, function(p) fit(0, p, d$offset)))
cat(jsonlite::toJSON(out, digits = NA, auto_unbox = TRUE))
"""


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


def design(size, sector, hiring, tools, y, w):
    """Returns the matrix and, by column, the (feature, slot, what one unit adds) that it stands for."""
    pool = ~y

    def share(mask, among=None):
        among = pool if among is None else among & pool
        return w[mask & among].sum() / w[among].sum()

    columns, names = [], []

    def indicator(feature, slot, mask):
        p = share(mask)
        scale = 1 / max(0.1, np.sqrt(p * (1 - p)))
        columns.append(mask * scale)
        names.append([(feature, slot, scale)])

    known = size > 0
    p = np.array([share(size == s, known) for s in range(1, 6)])

    def curve(v):
        x = (v - p @ v) / np.sqrt(p @ (v - p @ v) ** 2)
        columns.append(np.where(known, x[np.maximum(size, 1) - 1], 0))
        names.append([("size", s, x[s - 1]) for s in range(1, 6)])

    indicator("size", 0, size == 0)
    logs = np.log1p(EDGES)
    middle = np.concatenate([[logs[0]], (logs[:-1] + logs[1:]) / 2, [logs[-1]]])
    curve(middle)
    knots = sorted({0, 4} | {int(np.argmax(np.cumsum(p) >= q / 5)) for q in range(1, 5)})
    for low, high in zip(knots, knots[1:]):
        curve(np.clip(middle, middle[low], middle[high]))
    for s in range(1, 5):
        indicator("sector", s, sector == s)
    indicator("hiring", 2, hiring == 2)
    for s in range(3):
        indicator("tools", 2 + s, tools[:, s])
    return np.column_stack(columns), names


def glmnet(X, y, w, free, prior, offset):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "data.json"), "w") as f:
            json.dump({"X": X.tolist(), "y": y.astype(int).tolist(), "w": w.tolist(), "free": free, "prior": prior, "offset": offset.tolist()}, f)
        return json.loads(subprocess.run(["Rscript", "--vanilla", "-e", GLMNET], cwd=folder, capture_output=True, text=True, check=True).stdout)


def main():
    size, sector, hiring, tools, y, w = draw()
    X, names = design(size, sector, hiring, tools, y, w)

    def solution(program, alpha, penalty, intercept, beta):
        scores = {f: [0.0] * n for f, n in SLOTS.items()}
        for b, spread in zip(beta, names):
            for f, s, scale in spread:
                scores[f][s] += b * scale
        return {"program": program, "alpha": alpha, "penalty": penalty, "intercept": float(intercept), "scores": scores}

    def scikit(alpha, penalty):
        m = LogisticRegression(C=1 / penalty, l1_ratio=alpha, solver="saga" if alpha else "newton-cholesky", tol=1e-13, max_iter=1_000_000)
        m.fit(X, y, sample_weight=w)
        return solution("scikit-learn", alpha, penalty, m.intercept_[0], m.coef_[0])

    def signed(penalty):
        sign = np.where(y, 1.0, -1.0)

        def loss(b):
            eta = X @ b[:-1] + b[-1]
            r = -w * sign / (1 + np.exp(sign * eta))
            value = (w * np.logaddexp(0, -sign * eta)).sum() + penalty / 2 * b[:-1] @ b[:-1]
            return value, np.append(X.T @ r + penalty * b[:-1], r.sum())

        bounds = [(None, None)] * (X.shape[1] + 1)
        for j, spread in enumerate(names):
            feature, slot, _ = spread[0]
            if feature == "size" and slot > 0:
                bounds[j] = (None, 0)
            if feature == "hiring":
                bounds[j] = (0, None)
        m = minimize(loss, np.zeros(X.shape[1] + 1), jac=True, bounds=bounds, method="L-BFGS-B",
                     options={"ftol": 1e-16, "gtol": 1e-11, "maxiter": 10000, "maxcor": 30})
        return solution("scipy", 0, penalty, m.x[-1], m.x[:-1])

    offset = np.array(PRIOR["size"])[size] + np.array(PRIOR["sector"])[sector] + tools @ np.array(PRIOR["tools"][2:])
    free = [(a, p) for a in (0.0, 0.5, 1.0) for p in (1.0, 10.0, 30.0)]
    prior = [1.0, 30.0]
    r = glmnet(X, y, w, free, prior, offset)
    print(json.dumps({
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scikit-learn": sklearn.__version__, "scipy": scipy.__version__, **r["versions"]},
        "edges": EDGES,
        "size": size.tolist(), "sector": sector.tolist(), "hiring": hiring.tolist(),
        "tools": [np.flatnonzero(t).tolist() for t in tools],
        "customer": y.tolist(), "weight": w.tolist(),
        "free": [scikit(a, p) for a, p in free] + [solution("glmnet", a, p, b[0], b[1:]) for (a, p), b in zip(free, r["free"])],
        "prior": PRIOR,
        "centred": [solution("glmnet", 0, p, b[0], b[1:]) for p, b in zip(prior, r["prior"])],
        "signed": [signed(p) for p in (1, 30)],
    }))


main()
