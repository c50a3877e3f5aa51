"""Capture, lift and AUC out of fold, from oof.parquet, with a bootstrap of its own."""
import math

import numpy as np

SHARES = {"1": .01, "2": .02, "5": .05, "10": .10, "20": .20, "50": .50}
DRAWS = 2000


class Ranking:
    """Accounts by margin, best first, in groups of equal margin. counts multiplies the weights."""

    def __init__(self, margin, customer, weight, group):
        order = np.lexsort((np.arange(len(margin)), -margin))
        self.customer, self.weight = customer[order], weight[order]
        self.start = np.flatnonzero(np.r_[True, np.diff(margin[order]) != 0])
        self.level = margin[order][self.start]
        self.group = np.zeros(len(order), int)
        self.groups = []
        for c in (False, True):  # customers and pool are drawn apart
            at = self.customer == c
            names, self.group[at] = np.unique(group[order][at], return_inverse=True)
            self.groups.append(len(names))

    def draw(self, rng):
        w = self.weight.copy()
        for c in (False, True):
            n = self.groups[c]
            counts = np.bincount(rng.integers(n, size=n), minlength=n)
            at = self.customer == c
            w[at] *= counts[self.group[at]]
        return w

    def figures(self, cuts, w=None):
        """auc, capture_K, and the customers' and pool's shares by band of the cuts."""
        w = self.weight if w is None else w
        customers, pool = (np.add.reduceat(np.where(self.customer == c, w, 0), self.start) for c in (True, False))
        customers, pool = customers / customers.sum(), pool / pool.sum()
        above, listed = np.cumsum(customers) - customers, np.cumsum(pool) - pool
        out = {"auc": float((pool * (above + customers / 2)).sum())}
        for name, share in SHARES.items():
            k = min(int(np.searchsorted(listed + pool, share * (1 - 1e-12))), len(pool) - 1)
            part = min(1.0, (share - listed[k]) / pool[k]) if pool[k] > 0 else 0.0
            out["capture_" + name] = float(above[k] + customers[k] * part)
        band = np.searchsorted(-np.asarray(cuts), -self.level, side="left") if len(cuts) else np.zeros(len(self.level), int)
        for i in range(len(cuts) + 1):
            out[f"customers_{i}"], out[f"pool_{i}"] = float(customers[band == i].sum()), float(pool[band == i].sum())
        return out


def evaluate(oof, parents, cuts):
    """Figures, and of each how far its interval reaches to both sides with the standard error of that.

    oof is a frame of domain, customer, weight, repeat, margin; parents maps domains to families.
    """
    mean = oof.groupby("domain", sort=False).agg(customer=("customer", "first"), weight=("weight", "first"), margin=("margin", "mean"))
    group = np.array([parents.get(d, d) for d in mean.index])
    ranking = Ranking(mean.margin.to_numpy(float), mean.customer.to_numpy(bool), mean.weight.to_numpy(float), group)
    value = ranking.figures(cuts)
    rng = np.random.default_rng(7)
    draws = [ranking.figures(cuts, ranking.draw(rng)) for _ in range(DRAWS)]
    repeats = []
    for _, r in oof.groupby("repeat"):
        one = Ranking(r.margin.to_numpy(float), r.customer.to_numpy(bool), r.weight.to_numpy(float), r.domain.to_numpy(str))
        repeats.append(one.figures([])["auc"])
    auc = np.var([d["auc"] for d in draws], ddof=1)
    spread = math.sqrt(1 + np.var(repeats, ddof=1) / auc) if len(repeats) > 1 else 1.0
    out = {name: interval(v, np.array([d[name] for d in draws]), spread) for name, v in value.items()}
    for i in range(len(cuts) + 1):
        if value[f"pool_{i}"] > 0:
            lift = np.array([d[f"customers_{i}"] / d[f"pool_{i}"] if d[f"pool_{i}"] > 0 else 0 for d in draws])
            out[f"lift_of_{i}"] = interval(value[f"customers_{i}"] / value[f"pool_{i}"], lift, spread)
    return out, int(mean.customer.sum()), int((~mean.customer).sum())


def interval(value, draws, spread):
    low, high = value + (np.quantile(draws, [.025, .975]) - value) * spread
    return {"value": value, "low": float(low), "high": float(high), "sd": float(draws.std(ddof=1) * spread)}
