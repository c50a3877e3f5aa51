"""What people say of the accounts against their grades, from feedback.csv, the grades and the features."""
import collections
import csv
import os

import numpy as np

from .lists import host
from .shares import wilson

LIKED = {"excellent": 3, "good": 2, "fair": 1, "poor": 0}
SAID = ("accepted", "rejected", "won", "lost")


def feedback(w):
    """None where nobody has said anything."""
    n = w.n
    path = f"{n.project}/feedback.csv"
    if not os.path.exists(path):
        return None
    with open(path, newline="") as f:
        reader = csv.DictReader(f)
        rows = [{k: v.strip() for k, v in r.items()} | {"line": reader.line_num} for r in reader]
    grade = {r["domain"]: r["grade"] for r in n.sql("select domain, grade from accounts where domain is not null")}
    newest, liked = {}, collections.defaultdict(collections.Counter)
    strays = []
    for r in rows:
        verdict, domain = r["verdict"].lower(), host(r["domain"])
        if verdict in LIKED:
            liked[r["campaign"]][verdict] += 1
        if domain and domain not in grade:
            strays.append({"line": r["line"], "text": r["domain"]})
        if verdict in SAID and domain in grade and (domain not in newest or r["date"] >= newest[domain]["date"]):
            newest[domain] = r | {"domain": domain, "verdict": verdict, "grade": grade[domain]}
    table = []
    for g in [*w.grades, None]:
        counts = {v: sum(x["verdict"] == v and x["grade"] == g for x in newest.values()) for v in SAID}
        total = sum(counts.values())
        if g or total:
            table.append({"grade": g or ""} | counts | {"rejected_share": wilson(counts["rejected"], total) if total else None})
    mean = lambda c: sum(LIKED[v] * k for v, k in liked[c].items()) / sum(liked[c].values())
    campaigns = [{"campaign": c} | {v: liked[c][v] for v in LIKED} for c in sorted(liked, key=lambda c: (mean(c), c))]
    intake = {"table": "feedback", "source": "feedback.csv", "rows": len(rows), "read": len(rows)} | ({"unjoined": len(strays), "strays": strays[:10]} if strays else {})
    intake["columns"] = [{"name": c, "header": c, "known": sum(bool(r[c]) for r in rows)} for c in ("domain", "campaign", "verdict", "reason", "date", "author")]
    return {"as_of": n.as_of, "grades": table, "rejected": disagreement(w, newest, "rejected", w.grades[:2]), "won": disagreement(w, newest, "won", w.grades[-2:]),
            "campaigns": campaigns[:100], "campaigns_rated": len(campaigns), "table": intake}


def disagreement(w, newest, verdict, grades):
    cases = [x for x in newest.values() if x["verdict"] == verdict and x["grade"] in grades]
    cases.sort(key=lambda x: x["domain"])
    cases.sort(key=lambda x: x["date"], reverse=True)
    cases.sort(key=lambda x: x["grade"])
    reasons = collections.Counter(x["reason"] for x in cases if x["reason"])
    others = w.n.column(f"select row from accounts where grade in {tuple(grades)} and not customer and domain not in {tuple(x['domain'] for x in cases) + ('', '')} order by row")
    out = {"grades": grades, "cases": len(cases), "others": 0, "listed": [{k: x[k] for k in ("domain", "grade", "reason", "date", "author") if x[k]} for x in cases[:50]],
           "reasons": [{"reason": r, "cases": k} for r, k in sorted(reasons.items(), key=lambda x: (-x[1], x[0]))][:10], "result": "too_few", "tested": 0, "shared": []}
    if len(cases) >= 5:
        own = w.n.column(f"select row from accounts where domain in {tuple(x['domain'] for x in cases) + ('', '')}")
        out |= {"others": len(others), "result": "nothing", "tested": tested(w, np.array(own + others, int))}
    return out


def tested(w, rows):
    """How many values at least five of the accounts have: of a number or date also every "up to" and "over" an edge."""
    from .points import slots_of

    count = 0
    for term in w.terms:
        slots = slots_of(term)
        have = w.n.points.bins[term["feature"]].counts(rows, slots)
        if term["kind"] in ("number", "date"):
            values = [have[0]] + [x for edge in range(1, slots - 1) for x in (have[1 : edge + 1].sum(), have[edge + 1 :].sum())]
        else:
            values = [x for slot, x in enumerate(have) if slot != 1 or term["kind"] not in ("set", "words")]
        count += sum(int(x) >= 5 for x in values)
    return count


def tables(f, pen):
    """The tables of the section: verdicts by grade, the accounts of both disagreements, campaigns."""
    dash = pen.word["dash"]
    out = [[[r["grade"] or pen.word["group"]["unscored"]] + [pen.num(r[v]) for v in SAID] + [dash if r["rejected_share"] is None else pen.percents(r["rejected_share"])] for r in f["grades"]]]
    for d in (f["rejected"], f["won"]):
        if d["listed"]:
            out.append([[c["domain"], c["grade"], pen.date(c["date"]) if "date" in c else dash, c.get("author", ""), c.get("reason", "")] for c in d["listed"]])
    if f["campaigns"]:
        out.append([[c["campaign"]] + [pen.num(c[v]) for v in LIKED] for c in f["campaigns"]])
    return [("feedback", rows) for rows in out]
