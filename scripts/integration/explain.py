"""Are explanations true? Explain accounts drawn at random, and compute each explanation again.

	python explain.py ICPFIT PROJECT [ACCOUNTS]

PROJECT is a folder in which init, features, train, predict have run with a learned model. Of
ACCOUNTS (default 200) accounts, the points of every feature must sum to the margin and be those
that numpy works out from model.json; the five most similar customers, their distances and the
history of the grades must be those of the tables. Of some, every single change is tried: a way to
a better grade that needs two must have none that needs one. French sentences must hold the figures
of the English ones. Exits 1 if anything differs.
"""
import concurrent.futures
import glob
import json
import os
import random
import re
import subprocess
import sys

import numpy as np

from recompute import lists, night, points

CHANGED, SPOKEN = 12, 25


def run(icpfit, project, *args):
    r = subprocess.run([icpfit, "--dir", project, *args], capture_output=True, text=True)
    assert r.returncode == 0, f"{args}: {r.stderr}"
    return r.stdout


def adds_up(n, row, e):
    told = {f["feature"]: f["micro_points"] for f in e["features"]}
    mine = {f: int(c) for f, c in zip(n.points.features, n.points.contributions[:, row["row"]])}
    if row["grade"] is None:
        return None if e["grade"] is None and e["unscored_reason"] == row["unscored_reason"] and e["unscored_fix"] else f"is graded {e['grade']}"
    if told != mine:
        return f"gives {told}; computed {mine}"
    if not sum(told.values()) == e["margin"] == row["margin"] or abs(e["base_points"] + e["margin"] / 1e6 - e["points"]) > 1e-9 or e["points"] != row["points"] or e["grade"] != row["grade"]:
        return f"margin {e['margin']}, features sum to {sum(told.values())}, {row['margin']} in the table; grade {e['grade']}, {row['grade']} there"


def similar(n, row, e, customers):
    """By the documented distance: the points by which two accounts' values differ in worth, summed over the features."""
    domains, bins = customers
    distance = lists.distances(n, row["row"], bins)
    order = sorted((int(d), name) for d, name in zip(distance, domains) if name != row["domain"])[:5]
    got = [(round(s["distance"] * 1e6), s["domain"]) for s in e["similar"]]
    return None if got == order or row["grade"] is None else f"similar {got}; computed {order}"


def history(nights, row, e):
    wanted = [(day, grades[row["domain"]]) for day, grades in nights if row["domain"] in grades]
    got = [(h["as_of"], (h["grade"], h["cause"], h["cause_feature"])) for h in e["history"]]
    return None if got == wanted else f"history {got}; the tables have {wanted}"


def keep(grades, margin, grade):
    """Which cut an account of that grade holds at a margin, hysteresis counted."""
    cuts = [c["margin"] for c in grades["cuts"]]
    index = lambda m: next((i for i, c in enumerate(cuts) if m >= c), len(cuts) - 1)
    names, slack = [c["grade"] for c in grades["cuts"]], round(grades["hysteresis"] * 1e6)
    before, now = names.index(grade), index(margin)
    if before == now or before > 0 and cuts[before] >= cuts[before - 1]:
        return now
    if now < before:
        return min(before, index(margin - slack))
    return max(before, index(margin + slack))


def changes(n, row, unknown_only):
    """Every single change that sales could verify, tried: whether one of them is enough."""
    p, i = n.points, row["row"]
    specs = {s["name"]: s for s in n.model["specs"]}
    options = []
    for t in n.model["terms"]:
        b, spec = p.bins[t["feature"]], specs[t["feature"]]
        known = b.slot[i] > 0
        settled = t["kind"] == "date" or spec.get("parser") in ("year", "country")
        if t["kind"] == "words" or known and (settled or unknown_only):
            continue
        slots = range(2, points.slots_of(t)) if b.items is not None else range(1, points.slots_of(t))
        options += [(t["feature"], s) for s in slots if not (b.items[i, s - 2] if b.items is not None else s == b.slot[i])]
    bins = {}
    for f in p.features:
        of = bins[f] = points.Bins.__new__(points.Bins)
        of.slot = np.repeat(p.bins[f].slot[i : i + 1], len(options))
        of.items = None if p.bins[f].items is None else np.repeat(p.bins[f].items[i : i + 1], len(options), axis=0)
        for k, (feature, slot) in enumerate(options):
            if feature == f:
                of.slot[k] = slot if of.items is None else 1
                if of.items is not None:
                    of.items[k, slot - 2] = True
    margins = points.Points(n.model, bins).margin if options else []
    grades = n.model["grades"]
    names = [c["grade"] for c in grades["cuts"]]
    return any(keep(grades, int(m), row["grade"]) < names.index(row["grade"]) for m in margins)


def minimal(n, row, e):
    near = e["nearest"]
    if near is None:
        return None if row["grade"] == n.model["grades"]["cuts"][0]["grade"] or e["overridden"] else "has no way to a better grade, and none is said to be out of reach"
    sizes = {k: {len(w["changes"]) for w in near[k]} for k in ("unknown", "any")}
    unknown, some = changes(n, row, True), changes(n, row, False)
    if unknown != (sizes["unknown"] == {1}) or some and not unknown and sizes["any"] != {1} or not some and 1 in sizes["any"]:
        return f"ways of {sizes} changes; one is enough among unknown fields: {unknown}, among all: {some}"


def spoken(icpfit, project, row):
    """French and English hold the same figures, sentence by sentence, and as many lines."""
    figures = lambda text: re.findall(r"\d+", re.sub(r"(?<=\d)[.,\u202f](?=\d)", "", text))
    en, fr = (json.loads(run(icpfit, project, "--json", "explain", "--lang", lang, row["domain"])) for lang in ("en", "fr"))
    pairs = [(a["sentence"], b["sentence"]) for a, b in zip(en["features"], fr["features"], strict=True)]
    for k in ("unknown", "any"):
        pairs += [(a["sentence"], b["sentence"]) for a, b in zip((en["nearest"] or {}).get(k, []), (fr["nearest"] or {}).get(k, []), strict=True)]
    pairs.append((en.get("unscored_fix", ""), fr.get("unscored_fix", "")))
    texts = [run(icpfit, project, "explain", "--lang", lang, row["domain"]) for lang in ("en", "fr")]
    if texts[0].count("\n") != texts[1].count("\n"):
        return f"{texts[0].count(chr(10))} lines in English, {texts[1].count(chr(10))} in French"
    for a, b in pairs:
        if figures(a) != figures(b) or bool(a) != bool(b) or len(b) < 0.6 * len(a):
            return f"{a!r} is {b!r} in French"


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    icpfit, project, count = os.path.abspath(sys.argv[1]), sys.argv[2], int((sys.argv + ["200"])[3])
    days = sorted(os.path.basename(p).removeprefix("as_of=") for p in glob.glob(f"{project}/grades/as_of=*"))
    n = night.Night(icpfit, project, days[-1])
    rows = n.sql("select row, domain, grade, margin, points, unscored_reason from accounts where domain is not null and coalesce(unscored_reason, '') != 'EXCLUDED' order by domain")
    low = [r for r in rows if r["grade"] is None]
    rows = random.Random(5).sample(rows, min(count, len(rows)))
    customers = n.column("select domain from customers order by row"), n.binned("customers")
    nights = []
    for day in days:
        told = n.db.execute(f"select domain, coalesce(grade, ''), coalesce(cause, ''), coalesce(cause_feature, '') from '{project}/grades/as_of={day}/*.parquet' "
                            "where domain is not null and unscored_reason is distinct from 'DUPLICATE_OF'").fetchall()
        nights.append((day, {d: (g, c, f) for d, g, c, f in told}))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda r: json.loads(run(icpfit, project, "--json", "explain", r["domain"])), rows))
    checks = {
        "features sum to the margin, and are those of numpy": ((r, adds_up(n, r, e)) for r, e in zip(rows, told)),
        "most similar customers": ((r, similar(n, r, e, customers)) for r, e in zip(rows, told)),
        "history": ((r, history(nights, r, e)) for r, e in zip(rows, told)),
        "fewest changes, every single one tried": ((r, minimal(n, r, e)) for r, e in [(r, e) for r, e in zip(rows, told) if r["grade"]][:CHANGED]),
        "French as complete as English": ((r, spoken(icpfit, project, r)) for r in low[:5] + rows[:SPOKEN]),
    }
    print(f"{project}: {n.version}, {n.model['learner']}, {len(rows)} of its accounts")
    failed = 0
    for name, results in checks.items():
        results = list(results)
        faults = [f"{r['domain']}: {fault}" for r, fault in results if fault]
        failed += bool(faults)
        print(f"{'FAIL' if faults else 'ok  '}  {name}: {len(results)} accounts", *faults[:5], sep="\n        " if faults else "", flush=True)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
