"""How far tonight's pool is from the one trained on and from that of the night before: counts by numpy, χ² by scipy.

What the pool trained on looked like is frozen with the model (model.json's experience, importance.parquet's
counts); tonight's and the night before's are counted again from their feature tables.
"""
import numpy as np
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2

from . import points
from .points import MICRO

LEAST, LEVEL, EXPECTED = 0.10, 0.01, 20
THEN, BEFORE, NOW = range(3)


class Tally:
    """What model.json's experience has, of the pool of a night as a model scores it."""

    def __init__(self, n):
        m, p = n.model, n.points
        pool = np.array(n.column("select row from features where row_reason is null and class is null and not coalesce(customer, false) order by row"), int)
        day = np.datetime64(n.as_of)
        scored = p.known[pool]
        outside = np.zeros(len(pool), bool)
        self.accounts, self.scored, self.features = len(pool), int(scored.sum()), []
        for k, term in enumerate(m["terms"]):
            b, span = p.bins[term["feature"]], m["experience"]["features"][k]
            column = n.column(f'select "{term["feature"]}" from features order by row')
            new = np.zeros(len(pool), bool)
            if term["kind"] == "category":
                new = b.slot[pool] == 1 + len(term.get("values", []))
            elif term["kind"] == "set":
                new = np.array([bool(column[r]) for r in pool]) & ~b.items[pool].any(axis=1)
            elif "low" in span:
                age = lambda v: (day - np.datetime64(v)).astype(int)
                value = np.array([np.nan if column[r] is None else age(column[r]) if term["kind"] == "date" else column[r] for r in pool], float)
                new = (value < span["low"]) | (value > span["high"])
            outside |= new
            self.features.append({"slots": b.counts(pool, points.slots_of(term)).astype(float), "outside": int(new.sum()), **moments(p.contributions[k][pool])})
        self.outside = int((outside & scored).sum())
        margin = p.margin[pool]
        self.whole = moments(margin)
        marks = np.unique(m["quantiles"])
        self.cells = np.bincount(np.searchsorted(marks, margin[scored], "left"), minlength=len(marks) + 1).astype(float)
        cuts = np.array([c["margin"] for c in m["grades"]["cuts"]], object)
        grade = [int(np.argmax([v >= c for c in cuts])) for v in margin[scored].tolist()]
        self.grades = np.bincount(grade, minlength=len(cuts)).tolist()


class Trained:
    """The same of the pool that a model was trained on."""

    def __init__(self, n, slots):
        e = n.model["experience"]
        self.accounts, self.scored, self.outside, self.grades = (e[k] for k in ("accounts", "scored", "outside", "grades"))
        self.cells = np.array(e["cells"], float)
        self.whole = {"sum": e["margin"], "squares": e["squares"]}
        self.features = [{"slots": np.array(slots(f["feature"]), float), "outside": f["outside"], "sum": f["micro_points"], "squares": f["squares"]} for f in e["features"]]


def moments(micro):
    """Sum of micro-points, and of the squares of hundredths of a point, which are cut off towards 0."""
    hundredths = np.trunc(micro / 10_000).astype(np.int64)
    return {"sum": int(micro.sum()), "squares": int((hundredths * hundredths).sum())}


def mean(t, n):
    return t["sum"] / MICRO / n


def error_squared(t, n):
    return max(0.0, t["squares"] / 1e4 / n - mean(t, n) ** 2) / n


def difference(a, n, b, m):
    d, half = mean(b, m) - mean(a, n), 1.96 * (error_squared(a, n) + error_squared(b, m)) ** 0.5
    return d, d - half, d + half


def join(then, now):
    """Neighbouring cells together until each lets expect EXPECTED accounts in the smaller sample."""
    n, m = sum(then), sum(now)
    out, e, a = [], 0.0, 0.0
    for x, y in zip(then, now):
        e, a = e + x, a + y
        if e + a >= EXPECTED * (n + m) / min(n, m):
            out.append([e, a])
            e = a = 0.0
    if out:
        out[-1][0] += e
        out[-1][1] += a
    return np.array(out or [[e, a]]).T


class Tables:
    """The comparisons of a night, whose limits depend on their number."""

    def __init__(self):
        self.all = []

    def add(self, then, now, of=1, keep=True):
        if not sum(then) or not sum(now):
            return None
        e, a = join(then, now)
        if len(e) < 2:
            return None
        use = (e > 0) | (a > 0)
        p, q = (np.where(x[use] == 0, 0.5, x[use]) for x in (e, a))
        p, q = p / p.sum(), q / q.sum()
        t = {"psi": float(((q - p) * np.log(q / p)).sum()), "js": float(jensenshannon(e, a)), "cells": len(e), "noise": 1 / e.sum() + 1 / a.sum(), "of": of}
        if keep:
            self.all.append(t)
        return t

    def greatest(self, pairs):
        """The table of a set's item that moved most, and the item's number."""
        best, at, of = None, None, 0
        for i, (then, now) in enumerate(pairs):
            t = self.add(then, now, keep=False)
            if t:
                of += 1
                if best is None or t["psi"] > best["psi"]:
                    best, at = t, i
        if best:
            best["of"] = of
            self.all.append(best)
        return best, at

    def limit(self):
        for t in self.all:
            t["chance"] = float(chi2.isf(LEVEL / (len(self.all) * t["of"]), t["cells"] - 1) * t["noise"])
            t["limit"] = max(LEAST, t["chance"])


def of(t, key):
    return None if t is None else t[key]


def alarm(t):
    return t is not None and t["psi"] > t["limit"]


def share(k, n):
    return k / n if n else None


class Drift:
    """features by term, score, grades and novelty, as report.json has them."""

    def __init__(self, wanted):
        self.w, n = wanted, wanted.n
        self.terms, tables = n.model["terms"], Tables()
        same = n.before and n.before.version == n.version
        self.sides = [Trained(n, lambda f: [r["pool"] for r in wanted.slots(f)]), Tally(n.before) if same else None, Tally(n)]
        raw = [self.feature(tables, k, t) for k, t in enumerate(self.terms)]
        score, night = self.score_tables(tables)
        a, c = self.sides[THEN], self.sides[NOW]
        novelty = tables.add([a.outside, a.scored - a.outside], [c.outside, c.scored - c.outside])
        tables.limit()
        self.features = [self.written(t, r) for t, r in zip(self.terms, raw)]
        self.score = self.score_written(score, night)
        self.grades = [{"grade": g["grade"], **{name: None if s is None else share(s.grades[i], s.scored) for name, s in self.named()}} for i, g in enumerate(n.model["grades"]["cuts"])]
        self.novelty = {**{name: None if s is None else share(s.outside, s.scored) for name, s in self.named()}, "psi": of(novelty, "psi"), "limit": of(novelty, "limit"), "alarm": alarm(novelty)}

    def named(self):
        return zip(("then", "before", "now"), self.sides)

    def feature(self, tables, k, term):
        is_set = term["kind"] in ("set", "words")
        slots = [None if s is None else s.features[k]["slots"] for s in self.sides]
        total = [None if s is None else s[:2 if is_set else None].sum() for s in slots]
        known = [None if s is None else t - s[0] for s, t in zip(slots, total)]

        def values(i, j):
            if not known[i] or not known[j]:
                return None, None
            if not is_set:
                return tables.add(slots[i][1:], slots[j][1:]), None
            has = lambda side, item: [slots[side][item], known[side] - slots[side][item]]
            return tables.greatest([(has(i, item), has(j, item)) for item in range(2, len(slots[i]))])

        r = {"values": values(THEN, NOW), "coverage": tables.add([slots[THEN][0], known[THEN]], [slots[NOW][0], known[NOW]])}
        r["night_values"], r["night_coverage"] = (None, None), None
        if slots[BEFORE] is not None:
            r["night_values"] = values(BEFORE, NOW)
            r["night_coverage"] = tables.add([slots[BEFORE][0], known[BEFORE]], [slots[NOW][0], known[NOW]])
        new = [None if s is None else s.features[k]["outside"] for s in self.sides]
        r["new"] = None
        if term["kind"] != "flag":
            r["new"] = tables.add([new[THEN], known[THEN] - new[THEN]], [new[NOW], known[NOW] - new[NOW]])
        r["known_share"] = [None if t is None else share(n, t) for n, t in zip(known, total)]
        r["new_share"] = [None if n is None else share(x, n) for x, n in zip(new, known)]
        r["points"] = difference(self.sides[THEN].features[k], total[THEN], self.sides[NOW].features[k], total[NOW])
        before, after = slots[THEN] / total[THEN], slots[NOW] / total[NOW]
        change = np.abs(after - before)
        if is_set:
            change[1] = -1
        at = int(change.argmax())
        r["change"] = (at, float(before[at]), float(after[at])) if change[at] > 0 else (None, 0.0, 0.0)
        return r

    def written(self, term, r):
        pen, parser, v = self.w.pen, self.w.parser[term["feature"]], r["values"][0]
        compared = lambda shares, t: dict(zip(("then", "before", "now"), shares)) | {"psi": of(t, "psi"), "limit": of(t, "limit"), "alarm": alarm(t)}
        at, was, now = r["change"]
        alarms = [name for name, t in (("values", v), ("coverage", r["coverage"]), ("new_values", r["new"])) if alarm(t)]
        night = [name for name, t in (("values", r["night_values"][0]), ("coverage", r["night_coverage"])) if alarm(t)]
        d = {
            "feature": term["feature"], "psi": of(v, "psi"), "limit": of(v, "limit"), "chance": of(v, "chance"), "js": of(v, "js"),
            "js_limit": v and (v["limit"] / 8) ** 0.5, "cells": v["cells"] if v else 0, "alarm": bool(alarms), "alarms": alarms,
            "points": r["points"][0], "points_low": r["points"][1], "points_high": r["points"][2],
            "known_then": r["known_share"][THEN], "known": r["known_share"][NOW], "coverage": compared(r["known_share"], r["coverage"]), "new_values": compared(r["new_share"], r["new"]),
            "overnight": {"psi": of(r["night_values"][0], "psi"), "limit": of(r["night_values"][0], "limit"), "coverage_psi": of(r["night_coverage"], "psi"),
                          "coverage_limit": of(r["night_coverage"], "limit"), "alarms": night},
            "share_then": was, "share": now, "importance": self.w.weight[term["feature"]],
        }
        if at is not None:
            d["change"] = pen.slots(term, at, at, parser)
        if r["values"][1] is not None:
            d["item"] = pen.slots(term, 2 + r["values"][1], 2 + r["values"][1], parser)
        return {k: float(x) if isinstance(x, np.floating) else x for k, x in d.items()}

    def score_tables(self, tables):
        a, b, c = self.sides
        # Cell i belongs to the band in which the pool trained on stands before it.
        below = np.concatenate([[0], np.cumsum(a.cells)[:-1]])
        band = np.minimum(19, [int(np.sum([x >= a.cells.sum() * (k + 1) / 20 for k in range(19)])) for x in below])
        bands = lambda s: np.bincount(band, s.cells, minlength=20)
        score = tables.add(bands(a), bands(c))
        return score, tables.add(bands(b), bands(c)) if b else None

    def score_written(self, t, night):
        a, b, c = self.sides
        d, low, high = difference(a.whole, a.accounts, c.whole, c.accounts)
        level = lambda s: None if s is None else self.w.n.model["base_points"] + mean(s.whole, s.accounts)
        ks = float(np.abs(np.cumsum(a.cells) / a.cells.sum() - np.cumsum(c.cells) / c.cells.sum()).max())
        return {
            "psi": of(t, "psi"), "limit": of(t, "limit"), "js": of(t, "js"), "js_limit": t and (t["limit"] / 8) ** 0.5, "alarm": alarm(t),
            "ks": ks, "ks_chance": float((-np.log(LEVEL / 2) / 2 * (1 / a.scored + 1 / c.scored)) ** 0.5), "points": d, "points_low": low, "points_high": high,
            "mean_then": level(a), "mean_before": level(b), "mean": level(c), "overnight_psi": of(night, "psi"), "overnight_limit": of(night, "limit"),
        }


def said(pen, d):
    """The figures of the warnings of a feature."""
    for what in d["alarms"]:
        if what == "values":
            yield pen.title(d["feature"]), pen.num(d["psi"], 2), pen.num(d["limit"], 2)
        else:
            c = d["coverage" if what == "coverage" else what]
            yield pen.title(d["feature"]), pen.percent(c["then"]), pen.percent(c["now"])
    if d["overnight"]["alarms"]:
        yield (pen.title(d["feature"]),)
