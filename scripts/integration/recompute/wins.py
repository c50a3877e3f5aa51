"""How the points are spread, and whether the model's promise was kept by the customers won since."""
import bisect
import math

from . import points
from .shares import wilson

LEAST, MOST = -200, 400


def percentile(quantiles, v):
    """Where a margin is among quantiles, 0 to 100: the middle of those equal to it, or between two."""
    low, high = bisect.bisect_left(quantiles, v), bisect.bisect_right(quantiles, v)
    last = len(quantiles) - 1
    if high > low:
        return 100 * (low + high - 1) / 2 / last
    if 0 < low < len(quantiles):
        return 100 * (low - 0.5) / last
    return 100.0 if low else 0.0


def scores(w):
    """Prospects by points, five or more a bin, the ends drawn in where fewer than one in a thousand is beyond."""
    n = w.n
    tally = {r["p"]: r["n"] for r in n.sql(f"select greatest({LEAST}, least({MOST - 1}, floor(points)))::int as p, count(*) as n from grades where grade is not null and not customer group by p")}
    total = sum(tally.values())
    beyond = lambda keep: sum(c for p, c in tally.items() if keep(p))
    low = next(v for v in range(LEAST, MOST) if beyond(lambda p: p <= v) * 1000 > total)
    high = next(v for v in range(MOST - 1, LEAST, -1) if beyond(lambda p: p >= v) * 1000 > total)
    step = 5
    while high // step - low // step >= 20:
        step *= 2
    first, last = low // step * step, high // step * step
    quantiles, base = n.model["quantiles"], n.model["base_points"]
    def trained(v):
        if v in (LEAST, MOST):
            return 0.0 if v == LEAST else 100.0
        return percentile(quantiles, least_margin(base, v))
    bins = []
    for start in range(first, last + 1, step):
        lower, upper = LEAST if start == first else start, MOST if start == last else start + step
        count = beyond(lambda p: lower <= p < upper)
        bins.append({"from": start, "count": count, "share": count / total, "then": (trained(upper) - trained(lower)) / 100})
    return {"step": step, "bins": bins}


def least_margin(base, v):
    """The least margin with at least so many points."""
    margin = math.ceil((v - base) * points.MICRO)
    while base + margin / points.MICRO < v:
        margin += 1
    while base + (margin - 1) / points.MICRO >= v:
        margin -= 1
    return margin


def wins(w):
    """Customers won after the day the model learned from, scored by their values of before; against what was promised out of fold."""
    n = w.n
    out = {"computable": n.one("select count(won_at) > 0 from customers"), "since": n.model["as_of"], "won": 0, "scored": 0, "top": 0, "grades": [], "captured": None, "expected": None, "pool": None}
    rows = n.column(f"select row from customers where won_at > date '{n.model['as_of']}' order by row")
    mine = points.Points(n.model, n.binned("customers"))
    known = [r for r in rows if mine.known[r]]
    cuts = n.model["grades"]["cuts"]
    graded = [next(c["grade"] for c in cuts if mine.margin[r] >= c["margin"]) for r in known]
    out |= {"won": len(rows), "scored": len(known), "top": sum(g in "AB" for g in graded)}
    prospects = {r["grade"]: r["n"] for r in n.sql("select grade, count(*) as n from grades where grade is not null and not customer group by grade")}
    total = sum(prospects.values())
    if total:
        out["pool"] = (prospects.get("A", 0) + prospects.get("B", 0)) / total
    if known:
        out["grades"] = [{"grade": g, "won": graded.count(g), "share": graded.count(g) / len(known), "pool": prospects.get(g, 0) / max(total, 1)} for g in w.grades]
        out["captured"] = wilson(out["top"], len(known))
    top = [g["captured"] for g in w.shown["grades"] if g["grade"] in "AB"]  # which are held against oof.parquet on their own
    out["expected"] = {"value": sum(i["value"] for i in top), "low": sum(i["low"] for i in top), "high": min(1.0, sum(i["high"] for i in top))}
    return out
