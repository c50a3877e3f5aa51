"""Recomputes what icpfit says of segments with other programs: DuckDB, pandas and
scikit-learn, on the demo's base.

	segments.py ICPFIT DEMO

DEMO is a project folder of `icpfit demo`; it is copied. Four segments are asked for;
marketing's are the industries, those of sales half of them in another way. What must
hold: every scored account is in exactly one segment; accounts, customers, grades and
mean points by segment; shares and lifts of categories; the contingency table, the
adjusted Rand index and the conflicts; and of a hundred accounts the distance from
their segment as the mean of Gower's distances from all its accounts, which is
computed here from the definition.
"""

import csv
import json
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

failed = []


def check(ok, what, *figures):
    print(f"{'ok  ' if ok else 'FAIL'} {what}", *figures)
    if not ok:
        failed.append(what)


def sides(folder):
    """Writes the lists of marketing and sales."""
    rows = pd.read_csv(folder / "accounts.csv", dtype=str, encoding="utf-8", encoding_errors="replace")
    with open(folder / "marketing.csv", "w", newline="") as m, open(folder / "sales.csv", "w", newline="") as s:
        marketing, sales = csv.writer(m, delimiter=";"), csv.writer(s)
        marketing.writerow(["site", "segment"])
        sales.writerow(["domain", "portfolio"])
        for i, (site, industry) in enumerate(zip(rows["website"], rows["industry"])):
            if pd.isna(site) or pd.isna(industry):
                continue
            if i % 20:
                marketing.writerow([site, industry])
            if i % 17:
                sales.writerow([site, {"Software": "Tech"}.get(industry, "Rest") if i % 10 else "Tech"])


def close(a, b, within=1e-9):
    return a is not None and b is not None and math.isclose(a, b, rel_tol=within, abs_tol=within)


def portraits(d, t):
    for s in d["segments"]:
        own = t[t["segment"] == s["name"]]
        grades = [int((own["grade"] == g).sum()) for g in d["grades"]]
        check((len(own), int(own["customer"].sum()), grades) == (s["accounts"], s["customers"], s["grades"]), f"{s['name']}: accounts, customers, grades", len(own))
        if len(own) < 20:
            check(s["points"] is None and s["lift"] is None, f"{s['name']}: nothing is said of so few")
            continue
        mean, half = own["points"].mean(), 1.959963984540054 * own["points"].sem()
        check(close(mean, s["points"]["value"], 1e-6) and close(mean - half, s["points"]["low"], 1e-3), f"{s['name']}: mean points with interval", mean)
        rest = t[t["segment"] != s["name"]]
        for v in s["values"]:
            if v["kind"] == "category":
                a, b = own[v["feature"]].dropna(), rest[v["feature"]].dropna()
                x, y = (a.str.lower() == v["text"].lower()).sum(), (b.str.lower() == v["text"].lower()).sum()
            elif v["kind"] == "number":
                a, b = own[v["feature"]].dropna(), rest[v["feature"]].dropna()
                low, high = v.get("above", -np.inf), v.get("up_to", np.inf)
                x, y = ((a > low) & (a <= high)).sum(), ((b > low) & (b <= high)).sum()
            else:
                continue
            p, q = (x + 0.5) / (len(a) + 1), (y + 0.5) / (len(b) + 1)
            se = math.sqrt((1 - p) / (x + 0.5) + (1 - q) / (y + 0.5))
            want = [x / len(a), y / len(b), p / q, p / q * math.exp(-1.959963984540054 * se), p / q * math.exp(1.959963984540054 * se)]
            got = [v["share"], v["rest"], v["lift"]["value"], v["lift"]["low"], v["lift"]["high"]]
            check(all(close(g, w) for g, w in zip(got, want)), f"{s['name']}: {v['feature']} {v.get('text', '')}", got)


def rank(column):
    return (column.rank(method="average") - 0.5) / column.notna().sum()


def distances(t):
    """Compares distances from segments with those of all pairs."""
    gaps = []
    names = list(t["segment"].unique())
    numbers = {c: rank(t[c]).to_numpy() for c in ("employees", "annual_revenue", "founded")}
    texts = {c: np.array([None if pd.isna(x) else str(x).lower() for x in t[c]], dtype=object) for c in ("industry", "country", "crm_in_use")}
    sets = t["technologies"].map(lambda v: frozenset(str(x).lower() for x in v) if isinstance(v, (list, tuple, np.ndarray)) else None).to_numpy()
    for at in np.linspace(0, len(t) - 1, 100).astype(int):
        own = np.flatnonzero(t["segment"].to_numpy() == t["segment"].iloc[at])
        sums, known = 0.0, 0
        for v in numbers.values():
            if not np.isnan(v[at]):
                known, sums = known + 1, sums + np.nanmean(np.abs(v[own] - v[at]))
        for v in texts.values():
            if v[at] is not None:
                those = np.array([x for x in v[own] if x is not None])
                known, sums = known + 1, sums + (those != v[at]).mean()
        if sets[at] is not None:
            mine, each = sets[at], []
            for s in sets[own]:
                if s is not None:
                    each.append(float(bool(mine) != bool(s)) if not mine or not s else 1 - len(mine & s) / math.sqrt(len(mine) * len(s)))
            known, sums = known + 1, sums + np.mean(each)
        gaps.append(sums / known - t["distance"].iloc[at])
    gaps = np.abs(gaps)
    # icpfit has ranks in 32 bins, rare values together, and the middles of a sample.
    check(gaps.mean() < 0.01 and gaps.max() < 0.05, f"distances of 100 accounts from {len(names)} segments: mean and largest gap", gaps.mean(), gaps.max())


def main():
    icpfit, demo = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work, "base")
        shutil.copytree(demo, folder, symlinks=True)
        sides(folder)
        with open(folder / "icpfit.yaml", "a") as f:
            f.write("\nsegments:\n  k: 4\n  marketing: {path: marketing.csv, domain: site, segment: segment}\n  sales: {path: sales.csv, domain: domain, segment: portfolio}\n")
        d = json.loads(subprocess.run([icpfit, "--dir", folder, "segments", "--renew", "--json"], check=True, capture_output=True).stdout)
        day = d["as_of"]
        t = duckdb.sql(f"""
            select s.*, g.grade, g.points, g.customer, a.* exclude (domain, account_id, customer)
            from '{folder}/segments/as_of={day}/part-*.parquet' s
            join '{folder}/grades/as_of={day}/part-*.parquet' g on g.domain = s.domain and g.grade is not null
            join '{folder}/features/accounts/as_of={day}/part-*.parquet' a on a.domain = s.domain and a.row_reason is null""").df()
        scored = duckdb.sql(f"select count(*), count(distinct domain) from '{folder}/grades/as_of={day}/part-*.parquet' where grade is not null").fetchall()[0]
        check(scored == (len(t), t["domain"].nunique()) and t["segment"].notna().all() and d["scored"] == len(t), "every scored account is in exactly one segment", len(t))
        check(sum(s["accounts"] for s in d["segments"]) == len(t), "the segments add up to the accounts")
        portraits(d, t)
        distances(t)
        r = d["reconciliation"]
        both = t[t["marketing"].notna() & t["sales"].notna()]
        check(close(r["rand"]["value"], adjusted_rand_score(both["marketing"], both["sales"])), "adjusted Rand index", r["rand"])
        table = pd.crosstab(both["marketing"], both["sales"]).reindex(index=r["marketing"]["segments"], columns=r["sales"]["segments"], fill_value=0)
        check(table.to_numpy().tolist() == r["counts"], "contingency table", len(both))
        pair = {c["name"]: (c["marketing"], c["sales"]) for c in r["common"]}
        apart = both[[(m, s) not in pair.values() for m, s in zip(both["marketing"], both["sales"])]]
        conflicts = pd.read_csv(folder / f"segments/as_of={day}/_conflicts.csv")
        check(len(apart) == r["conflicts"] == len(conflicts) and set(apart["domain"]) == set(conflicts["domain"]), "conflicts", len(apart))
        agreed = both[[(m, s) in pair.values() for m, s in zip(both["marketing"], both["sales"])]]
        check(all(pair[c] == (m, s) for c, m, s in zip(agreed["common"], agreed["marketing"], agreed["sales"])) and t["common"].notna().all(), "the common list holds what is agreed on, and everybody", len(agreed))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
