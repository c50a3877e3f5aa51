"""Prints what scipy and statsmodels say of the audit's estimators, as JSON.

    python scripts/reference/audit_expected.py > internal/audit/testdata/expected.json

    wilson       statsmodels proportion_confint, method wilson
    difference   statsmodels confint_proportions_2indep, method newcomb
    ratio        statsmodels WLS on a constant, weights the denominators, HC1
    slope        scipy linregress, Student's t
    common_odds  statsmodels StratifiedTable
    odds_ratio   statsmodels Table2x2 on the table with half a count added
    between      statsmodels combine_effects, iterated (Paule and Mandel), for the
                 value; the ends by scipy brentq on Q's profile
"""

import json
import sys

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy.optimize import brentq
from scipy.stats import chi2, linregress, norm, t
from statsmodels.stats.contingency_tables import StratifiedTable, Table2x2
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

rng = np.random.default_rng(3)


def interval(value, ends):
    return [float(value), float(ends[0]), float(ends[1])]


def wilson(k, n):
    return {"k": k, "n": n, "want": interval(k / n, proportion_confint(k, n, method="wilson"))}


def difference(k1, n1, k2, n2):
    return {"counts": [k1, n1, k2, n2], "want": interval(k1 / n1 - k2 / n2, confint_proportions_2indep(k1, n1, k2, n2, method="newcomb"))}


def ratio(n):
    den = rng.integers(1, 9, n)
    num = rng.binomial(den, 0.3)
    fit = sm.WLS(num / den, np.ones(n), weights=den).fit(cov_type="HC1")
    value, se = fit.params[0], fit.bse[0]
    z = norm.ppf(0.975)
    return {"num": num.tolist(), "den": den.tolist(), "want": interval(value, [value - z * se, value + z * se])}


def slope(y):
    r = linregress(np.arange(len(y)), y)
    half = t.ppf(0.975, len(y) - 2) * r.stderr
    return {"y": y, "want": interval(r.slope, [r.slope - half, r.slope + half])}


def common_odds(tables):
    s = StratifiedTable([np.array(x, float).reshape(2, 2) for x in tables])
    return {"tables": tables, "want": interval(s.oddsratio_pooled, s.oddsratio_pooled_confint())}


def odds_ratio(table, alpha):
    x = Table2x2(np.array(table, float).reshape(2, 2) + 0.5, shift_zeros=False)
    return {"table": table, "alpha": alpha, "want": interval(x.oddsratio, x.oddsratio_confint(alpha))}


def between(k, n):
    k, n = np.array(k, float), np.array(n, float)
    p = k.sum() / n.sum()
    v = p * (1 - p) / n
    value = combine_effects(k / n, v, method_re="iterated", atol=1e-12).tau2

    def q(tau2):
        w = 1 / (v + tau2)
        return (w * (k / n - (w * k / n).sum() / w.sum()) ** 2).sum()

    def end(level):
        wanted = chi2.ppf(level, len(k) - 1)
        return 0.0 if q(0) <= wanted else brentq(lambda x: q(x) - wanted, 0, 1, xtol=1e-15)

    return {"k": k.tolist(), "n": n.tolist(), "want": np.sqrt([max(value, 0), end(0.975), end(0.025)]).tolist()}


json.dump(
    {
        "made_with": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
        "wilson": [wilson(0, 12), wilson(7, 12), wilson(431, 1200)],
        "difference": [difference(30, 80, 12, 90), difference(0, 10, 5, 20), difference(200, 400, 190, 400)],
        "ratio": [ratio(5), ratio(200)],
        "slope": [slope([3.0, 5.0, 4.0, 9.0]), slope(rng.poisson(40, 12).astype(float).tolist())],
        "common_odds": [common_odds([[10, 20, 8, 40]]), common_odds([[10, 20, 8, 40], [3, 4, 9, 30], [0, 5, 6, 11]])],
        "odds_ratio": [odds_ratio([10, 20, 8, 40], 0.05), odds_ratio([0, 20, 8, 40], 0.01)],
        "between": [between([10, 30, 22], [100, 90, 60]), between([10, 11, 9, 10], [100, 101, 99, 97]), between([5, 40, 3, 60, 20], [50, 90, 44, 99, 61])],
    },
    sys.stdout,
    indent=1,
)
print()
