"""What a night's segments are: every figure of each from its Parquet file, the grades and the features.

What was settled when the segments were made is frozen with their definition: their names and the
values these are made of, the trials of numbers, how much of each is found again.
"""
import glob
import json
import math
import os

import numpy as np
from scipy.stats import chi2

from .match import Given
from .points import fold
from .shares import Z, wilson

SURE, COMPARED = "segments/_definition.json", 20


def segments(w):
    """None where the night has none."""
    n = w.n
    files = glob.glob(f"{n.project}/segments/as_of={n.as_of}/*.parquet")
    if not files or w.held:
        return None
    n.db.execute(f"create or replace temp table divided as select * from read_parquet({files!r}, hive_partitioning = false)")
    n.db.execute("create or replace temp table members as select d.segment, d.distance, a.grade, a.customer, a.points, a.micro, f.* from divided d join accounts a using (domain) join features f on f.row = a.row")
    scored, customers = n.sql("select count(*) as n, count(*) filter (customer) as c from members")[0].values()
    twice = n.one("select count(*) - count(distinct domain) from divided")
    assert twice == 0 and scored == n.one("select count(*) from divided") == n.one("select count(grade) from grades"), f"{scored} of the segments' accounts are scored, {twice} are there twice"
    with open(f"{n.project}/{SURE}") as f:
        made = json.load(f)
    given = lambda v: Given(v, SURE)
    names = [s["name"] for s in made["segments"]] + ["other"] * bool(n.one("select count(*) from members where segment = 'other'"))
    before = sizes_before(w, made)
    shown = {s["name"]: s for s in w.shown.get("segments", {"segments": []})["segments"]}
    out = []
    for i, name in enumerate(names):
        own = made["segments"][i] if i < len(made["segments"]) else {}
        out.append(portrait(n, w.grades, name, scored, customers, shown.get(name, {"values": [], "typical": []})) | {
            "named": given(own.get("named") or []), "stability": given(own.get("stability")), "then": given(own.get("share", 0)), "before": before.get(name, 0) if before is not None else None,
        } | ({"twin": given(own["twin"])} if own.get("twin") else {}))
    return {
        "format": Given(1, "the package's comment"), "as_of": n.as_of, "verdict": "asked", "definition": given(w.shown["segments"]["definition"]), "made_of": given(made["as_of"]),
        "sample": given(made["sample"]), "features": [f["feature"] for f in made["features"]], "scored": scored, "customers": customers, "unscored": n.one("select count(*) - count(grade) from grades"),
        "grades": w.grades, "trials": given(made["trials"]), "segments": out, "sizes": sizes(out, before, w), "reconciliation": None,  # nobody has given segments of marketing or sales
    }


def portrait(n, grades, name, scored, customers, shown):
    c = n.sql("""select count(*) as accounts, count(*) filter (customer) as customers, avg(micro / 1e6) as mean, var_pop(micro / 1e6) as spread, avg(distance) as distance from members where segment = ?""", name)[0]
    size = c["accounts"]
    out = {"name": name, "accounts": size, "share": size / max(scored, 1), "customers": c["customers"], "captured": wilson(c["customers"], customers) if customers else None, "rate": None, "lift": None, "points": None,
           "grades": [n.one("select count(*) from members where segment = ? and grade = ?", name, g) for g in grades], "distance": c["distance"],
           "values": [value(n, name, v) for v in shown["values"]], "typical": [typical(n, name, t["domain"]) for t in shown["typical"]]}
    if size:
        out["rate"] = wilson(c["customers"], size)
    if size >= COMPARED:
        half = Z * math.sqrt(max(0, c["spread"]) / max(size - 1, 1))
        out["points"] = {"value": c["mean"], "low": c["mean"] - half, "high": c["mean"] + half}
        if scored - size >= COMPARED and customers:
            out["lift"] = times(c["customers"], size, customers - c["customers"], scored - size)
    return out


def value(n, name, v):
    """A value that sets the segment apart: counted here and elsewhere, of the accounts of which it is known. Which values are shown is the product's choice."""
    rows = n.db.execute(f'select segment = ?, "{v["feature"]}" from members where "{v["feature"]}" is not null', [name]).fetchall()
    has = {
        "number": lambda x: x > v.get("above", -math.inf) and x <= v.get("up_to", math.inf), "category": lambda x: fold(x) == fold(v["text"]),
        "flag": lambda x: x == (v["text"] == "yes"), "set": lambda x: any(fold(i) == fold(v["text"]) for i in x),
        "date": lambda x: v.get("above", -math.inf) < (np.datetime64(n.as_of) - np.datetime64(x)).astype(int) <= v.get("up_to", math.inf),
    }[v["kind"]]
    here, there = ([has(x) for own, x in rows if own == at] for at in (True, False))
    out = {k: v[k] for k in ("feature", "kind", "text", "above", "up_to", "years") if k in v}  # what it is; its figures follow
    out |= {"share": sum(here) / len(here), "rest": sum(there) / len(there), "lift": times(sum(here), len(here), sum(there), len(there))}
    assert out["share"] >= 0.1 and out["lift"]["value"] >= 1.2, f"{name}: {v} does not set it apart"
    return out


def typical(n, name, domain):
    rows = n.sql("select domain, coalesce(name, '') as name, grade, micro / 1e6 as points, customer, distance from members where segment = ? and domain = ?", name, domain)
    return rows[0] if rows else f"{domain} is not in {name}"


def sizes_before(w, made):
    """Accounts by segment of the night before, where it had the same segments."""
    n = w.n
    if n.before is None:
        return None
    folder = f"{n.project}/segments/as_of={n.before.as_of}"
    if not os.path.exists(folder) or made["as_of"] > n.before.as_of:
        return None
    return dict(n.db.execute(f"select segment, count(*) from read_parquet('{folder}/*.parquet', hive_partitioning = false) group by 1").fetchall())


def sizes(segments, before, w):
    if before is None:
        return None
    names = [s["name"] for s in segments] + [k for k in before if k not in {s["name"] for s in segments}]
    then, now = np.array([before.get(k, 0) for k in names], float), np.array([s["accounts"] for s in segments] + [0] * (len(names) - len(segments)), float)
    use = (then > 0) | (now > 0)
    e, a = (np.where(x[use] == 0, 0.5, x[use]) for x in (then, now))
    e, a = e / e.sum(), a / a.sum()
    psi = float(((a - e) * np.log(a / e)).sum())
    limit = max(0.1, float(chi2.ppf(0.95, len(names) - 1) * (1 / then.sum() + 1 / now.sum())))
    return {"as_of": w.n.before.as_of, "psi": psi, "limit": limit, "alarm": psi > limit}


def times(a, n, b, rest):
    """How many times as frequent, half a case added to each, with the interval of its logarithm."""
    p, q = (a + 0.5) / (n + 1), (b + 0.5) / (rest + 1)
    at, error = math.log(p / q), math.sqrt(max(0, (1 - p) / (a + 0.5) + (1 - q) / (b + 0.5)))
    return {"value": math.exp(at), "low": math.exp(at - Z * error), "high": math.exp(at + Z * error)}


# On the page.


def title(s, pen):
    """A segment's name in the language of the page."""
    if s["name"] == "other":
        return pen.word["other segment"]
    parts = []
    for v in s["named"]:
        text = f"{pen.name(v['feature'])} {within(v, pen)}" if v["kind"] in ("number", "date") else f"{pen.name(v['feature'])}{pen.word['flag']}{pen.word[v['text']]}" if v["kind"] == "flag" else v["text"]
        parts.append(text if len(text) <= 36 else text[:35] + "…")
    name = ", ".join(parts) or pen.word["mixed"]
    return f"{name} ({s['twin']})" if s.get("twin") else name


def within(v, pen):
    edges = [v[k] for k in ("above", "up_to") if k in v]
    slot = 2 if "above" in v else 1
    return pen.slots({"kind": v["kind"], "edges": edges}, slot, slot, "year" if v.get("years") else "")


def tables(d, pen):
    """The tables of the section: all segments, the values of each, the trials."""
    dash, percent = pen.word["dash"], pen.percent
    points = lambda i: f"{pen.num(i['value'], 1)} ({pen.num(i['low'], 1)}–{pen.num(i['high'], 1)})"
    some = lambda v, text: dash if v is None else text(v)
    out = [[[title(s, pen), pen.num(s["accounts"]), percent(s["share"]), some(s["before"], pen.num), pen.num(s["customers"]), some(s["captured"], pen.percents), some(s["lift"], pen.times),
             some(s["points"], points), some(s["stability"], lambda v: pen.num(v, 2))] for s in d["segments"]]]
    for s in d["segments"]:
        if len(d["segments"]) > 1 and s["accounts"] and s["values"]:
            label = lambda v: within(v, pen) if v["kind"] in ("number", "date") else pen.word[v["text"]] if v["kind"] == "flag" else v["text"]
            out.append([[f"{pen.title(v['feature'])}{pen.word['colon']}{label(v)}", percent(v["share"]), percent(v["rest"]), pen.times(v["lift"])] for v in s["values"]])
    if d["trials"]:
        out.append([[pen.num(t["segments"]), pen.plain(t["stability"]), percent(t["explained"]), percent(t["shuffled"]), percent(t["smallest"]), None] for t in d["trials"]])
    return [("segments", rows) for rows in out]
