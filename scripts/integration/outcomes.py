"""Work out a back-test and a feedback report again, with other programs.

	python outcomes.py ICPFIT [DATA]

Makes a demo base, forgets every customer won after a past night, trains and grades
as of that night, then gives the whole list back and runs `icpfit backtest`. DuckDB
joins the deals to the grades as they were published, counts, and takes medians;
numpy works out Wilson's and Newcombe's intervals, the design effect and the least
difference. The ends of drawn intervals must be such quantiles of numpy's own draws. Then sales rejects A and B accounts of one industry, and `icpfit
feedback` must name it, and nothing where the same number is rejected at random.

With DATA, the same on icp-hackerone: customers by first_month, grades of 2020-12-31
by a model of the customers until then; and the join of Salesforce's own Data Loader
sample. Exits 1 if anything differs.
"""
import csv
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import duckdb
import numpy as np

from recompute.shares import Z, wilson

POWER = Z + 0.8416212335729143
NIGHT, UNTIL = "2024-12-31", "2026-01-31"
failed = 0


def say(ok, what):
    global failed
    if not ok:
        failed += 1
        print(f"  WRONG: {what}")


def near(got, want, by, what):
    say(got is not None and abs(got - want) <= by, f"{what}: {got}, want {want}")


def icpfit(program, project, *args, want=0):
    p = subprocess.run([program, "--dir", project, "--json", *args], capture_output=True, text=True)
    assert p.returncode == want, f"{' '.join(args)}: exit {p.returncode}: {p.stderr}"
    return json.loads(p.stdout)


def score(k, n):
    return tuple(wilson(k, n).values())


def newcombe(k1, n1, k2, n2):
    (p1, l1, h1), (p2, l2, h2) = score(k1, n1), score(k2, n2)
    return p1 - p2, p1 - p2 - math.hypot(p1 - l1, h2 - p2), p1 - p2 + math.hypot(h1 - p1, p2 - l2)


def least(p, n1, n2):
    at = math.asin(math.sqrt(p)) + POWER * math.sqrt(1 / n1 + 1 / n2) / 2
    return math.sin(at) ** 2 - p if at <= math.pi / 2 else None


def effect(accounts, won):
    """The design effect of deals, by account, on their rate."""
    groups = {}
    for a, w in zip(accounts, won):
        h, n = groups.get(a, (0, 0))
        groups[a] = h + w, n + 1
    m, n, k = len(groups), len(won), sum(won)
    if m < 2 or m == n or k in (0, n):
        return 1.0
    p = k / n
    variance = sum((h - p * t) ** 2 for h, t in groups.values()) * m / (m - 1) / n**2
    return max(1.0, variance / (p * (1 - p) / n))


def drawn(accounts, values, rng, draws=4000):
    """Medians of draws of whole accounts."""
    groups = {}
    for a, v in zip(accounts, values):
        groups.setdefault(a, []).append(v)
    groups = [np.array(g) for g in groups.values()]
    return np.array([np.median(np.concatenate([groups[i] for i in rng.integers(0, len(groups), len(groups))])) for _ in range(draws)])


def interval(name, got, want):
    for key, w in zip(("value", "low", "high"), want):
        near(got[key], w, 1e-9, f"{name}.{key}")


def check_backtest(project, night, until, b, db, key):
    """Compares a back-test with the grades and the table `outcomes` of db, which has
    domain, won, day, amount, cycle of closed deals."""
    db.sql(f"create or replace table night as select domain, grade, customer from read_parquet('{project}/grades/as_of={night}/part-*.parquet') where domain is not null and (grade is not null or unscored_reason != 'DUPLICATE_OF')")
    db.sql(f"create or replace table counted as select o.*, n.grade from outcomes o join night n using (domain) where not n.customer and o.day > date '{night}' and o.day <= date '{until}'")
    n = db.sql("select count(*) from counted").fetchall()[0][0]
    say(b["outcomes"]["deals"] == n and n > 0, f"{key}: {b['outcomes']['deals']} deals count, DuckDB has {n}")
    before = db.sql(f"select count(*) from outcomes o join night using (domain) where o.day <= date '{night}'").fetchall()[0][0]
    say(b["outcomes"]["refused"].get("before", 0) == before, f"{key}: {b['outcomes']['refused']} refused, DuckDB has {before} before")
    rng = np.random.default_rng(1)
    sides = {}
    for row in b["grades"] + [b["top"], b["rest"]]:
        grades = {"top": ["A", "B"], "rest": ["C", "D", "E", "F"]}.get(row["grade"], [row["grade"]])
        accounts = db.sql("select count(*) from night where not customer and grade in (select unnest(?))", params=[grades]).fetchall()[0][0]
        deals = db.sql("select domain, won, amount, cycle from counted where grade in (select unnest(?))", params=[grades]).fetchall()
        won = [d for d in deals if d[1]]
        say((row["accounts"], row["deals"], row["deals_won"]) == (accounts, len(deals), len(won)), f"{key} {row['grade']}: {row}, DuckDB has {accounts} accounts, {len(deals)} deals, {len(won)} won")
        e = effect([d[0] for d in deals], [int(d[1]) for d in deals])
        if deals:
            p, low, high = score(len(won) / e, len(deals) / e)
            interval(f"{key} {row['grade']} win rate", row["win_rate"], (p, low, high))
        if row["conversion"]:
            interval(f"{key} {row['grade']} conversion", row["conversion"], score(row["won"], row["accounts"]))
        side = {"n": len(deals) / e, "k": len(won) / e, "accounts": row["accounts"], "converted": row["won"]}
        for measure, at in (("size", 2), ("cycle", 3)):
            known = [d for d in won if d[at] is not None]
            if not known:
                say(row[measure] is None, f"{key} {row['grade']}: {measure} of nothing")
                continue
            near(row[measure]["median"]["value"], float(np.median([d[at] for d in known])), 1e-9, f"{key} {row['grade']} {measure}")
            near(row[measure]["mean"]["value"], float(np.mean([d[at] for d in known])), 1e-6, f"{key} {row['grade']} mean {measure}")
            if row[measure]["sure"] and row["grade"] in ("top", "rest"):
                side[measure] = drawn([d[0] for d in known], [float(d[at]) for d in known], rng)
                # Both sides draw: an end is a quantile near 2.5 % and 97.5 %, three standard errors of 2,000 draws around.
                for end, shares in (("low", [0.0145, 0.0355]), ("high", [0.9645, 0.9855])):
                    least_end, most_end = np.quantile(side[measure], shares)
                    say(least_end <= row[measure]["median"][end] <= most_end, f"{key} {row['grade']} {measure} {end}: {row[measure]['median'][end]}, want {least_end} to {most_end}")
        sides[row["grade"]] = side
    top, rest = sides["top"], sides["rest"]
    for a in b["against"]:
        name = f"{key}: {a['measure']} of A and B against the rest"
        if a["verdict"] == "not_computable":
            continue
        if a["measure"] in ("size", "cycle"):
            d = top[a["measure"]] - rest[a["measure"]]
            near(a["least_shown"], POWER * d.std(ddof=1), POWER * d.std(ddof=1) / 7, name + ", least")
            continue
        n = ("k", "n") if a["measure"] == "win_rate" else ("converted", "accounts")
        four = top[n[0]], top[n[1]], rest[n[0]], rest[n[1]]
        interval(name, a["difference"], newcombe(*four))
        w = least(four[2] / four[3], four[1], four[3])
        say(a["least_shown"] is None if w is None else abs(a["least_shown"] - w) < 1e-9, f"{name}: least {a['least_shown']}, want {w}")
        low, high = a["difference"]["low"], a["difference"]["high"]
        say(a["verdict"] == ("higher" if low > 0 else "lower" if high < 0 else "no_difference_shown"), f"{name}: {a['verdict']}")
    print(f"{key}: {b['outcomes']['deals']} deals and {b['outcomes']['customers']} customers won count; A and B won {b['top']['won']} of {b['top']['accounts']}, the rest {b['rest']['won']} of {b['rest']['accounts']}")


def past(program, project, night, until, whole, until_then):
    """Trains and grades as of a past night on the customers of then, then puts the
    whole list back."""
    with open(f"{project}/customers.csv", "w", newline="") as f:
        csv.writer(f).writerows(until_then)
    for step in (("features", "--as-of", night), ("train", "--learner", "logistic", "--allow-small"), ("predict", "--as-of", night)):
        icpfit(program, project, *step)
    with open(f"{project}/customers.csv", "w", newline="") as f:
        csv.writer(f).writerows(whole)
    icpfit(program, project, "features", "--as-of", until)


def demo(program, work):
    project = f"{work}/demo"
    icpfit(program, work, "demo", "--accounts", "8000", "--as-of", UNTIL, project)
    for made in ("features", "models", "grades", "changes", "reports"):
        shutil.rmtree(f"{project}/{made}")
    rows = list(csv.reader(open(f"{project}/customers.csv")))
    at = rows[0].index("won_at")
    past(program, project, NIGHT, UNTIL, rows, [rows[0]] + [r for r in rows[1:] if r[at][:10] <= NIGHT])
    b = icpfit(program, project, "backtest", "--as-of", NIGHT, "--until", UNTIL)
    db = duckdb.connect()
    # The demo's deals are as messy as a CRM's: domains come in many forms. The
    # accounts of the feature table say which they mean.
    deals = list(csv.DictReader(open(f"{project}/opportunities.csv", encoding="utf-8-sig")))
    known = {d for d, in db.sql(f"select domain from read_parquet('{project}/grades/as_of={NIGHT}/part-*.parquet') where domain is not null").fetchall()}
    out, seen = [], set()
    for d in deals:
        if d["id"] in seen:
            continue
        seen.add(d["id"])
        host = re.sub(r"^[a-z]+://", "", d["domain"].strip().lower()).split("/")[0].split("@")[-1].rstrip(".")
        while host and host not in known and "." in host:
            host = host.partition(".")[2]
        stage = d["stage"].strip().lower()
        if host in known and d["closed_at"] and stage in ("closed won", "closed lost"):
            amount = re.sub(r"[^\d.]", "", d["amount"])
            out.append((host, stage == "closed won", d["closed_at"][:10], float(amount) if amount else None, d["created_at"][:10] or None))
    db.sql("create table raw(domain varchar, won boolean, day date, amount double, created date)")
    db.executemany("insert into raw values (?, ?, ?, ?, ?)", out)
    db.sql("create table outcomes as select domain, won, day, amount, case when created <= day then day - created end as cycle from raw")
    check_backtest(project, NIGHT, UNTIL, b, db, "demo")
    check_feedback(program, project, db)


def check_feedback(program, project, db):
    """Rejects A and B accounts of one industry, then as many at random."""
    icpfit(program, project, "predict", "--as-of", UNTIL, "--accept", "an old model is wanted")
    rows = db.sql(f"select g.domain, a.industry from read_parquet('{project}/grades/as_of={UNTIL}/part-*.parquet') g join read_parquet('{project}/features/accounts/as_of={UNTIL}/part-*.parquet') a using (domain, account_id) where g.grade in ('A', 'B') and not g.customer order by g.domain").fetchall()
    industries = {}
    for domain, industry in rows:
        industries.setdefault((industry or "").strip().lower(), []).append(domain)
    industry, domains = max(((i, d) for i, d in industries.items() if i and len(d) < len(rows) / 2), key=lambda x: len(x[1]))
    rng = random.Random(1)
    chosen = rng.sample(domains, min(len(domains), 15))
    for what, rejected in (("planted", chosen), ("random", rng.sample([d for d, _ in rows], len(chosen)))):
        with open(f"{project}/feedback.csv", "w", newline="") as f:
            csv.writer(f).writerows([("domain", "verdict", "reason", "date", "author")] + [(d, "rejected", "not for us", "2026-01-15", "sales") for d in rejected])
        d = icpfit(program, project, "feedback")["rejected"]
        say(d["cases"] == len(rejected) and d["others"] == len(rows) - len(rejected), f"feedback, {what}: {d['cases']} cases, {d['others']} others, want {len(rejected)} of {len(rows)}")
        if what == "random":
            say(d["result"] == "nothing", f"feedback: {len(rejected)} random rejections share {d['shared']}")
            continue
        named = next((s for s in d["shared"] if s["feature"] == "industry"), None)
        say(named is not None and named["share"] == 1 and named["value"].lower() == industry, f"feedback: {industry} is planted, named is {d['shared']}")
    print(f"feedback: {len(chosen)} of {len(rows)} A and B accounts rejected, all {industry}, which is named; of as many at random nothing is")


def hackerone(program, work, data):
    project, night, until = f"{work}/hackerone", "2020-12-31", "2023-07-31"
    os.mkdir(project)
    shutil.copy(f"{data}/icp-hackerone/accounts.csv", project)
    rows = [("domain", "won_at")] + [(r["domain"], r["first_month"] + "-28") for r in csv.DictReader(open(f"{data}/icp-hackerone/customers.csv"))]
    with open(f"{project}/customers.csv", "w", newline="") as f:
        csv.writer(f).writerows(rows)
    icpfit(program, project, "init", "--accounts", f"{project}/accounts.csv", "--customers", f"{project}/customers.csv")
    text = open(f"{project}/icpfit.yaml").read()
    with open(f"{project}/icpfit.yaml", "w") as f: # what is dated after the night
        f.write("\n".join(line for line in text.split("\n") if "last_activity_date, pillar" not in line))
    past(program, project, night, until, rows, [rows[0]] + [r for r in rows[1:] if r[1] <= night])
    b = icpfit(program, project, "backtest", "--as-of", night, "--until", until)
    known = {d for d, in duckdb.sql(f"select domain from read_parquet('{project}/grades/as_of={night}/part-*.parquet') where grade is not null and not customer").fetchall()}
    later = sum(1 for d, day in rows[1:] if day > night and d in known)
    say(b["top"]["won"] + b["rest"]["won"] == later, f"hackerone: {b['top']['won'] + b['rest']['won']} later customers graded, the list has {later}")
    for row in b["grades"] + [b["top"], b["rest"]]:
        if row["accounts"]:
            interval(f"hackerone {row['grade']}", row["conversion"], score(row["won"], row["accounts"]))
    a = b["against"][0]
    say(a["verdict"] == "higher", f"hackerone: {a}")
    print(f"hackerone: {later} customers since {night} were graded then; of A and B {b['top']['won']} of {b['top']['accounts']} became customers, of the rest {b['rest']['won']} of {b['rest']['accounts']}; " + ", ".join(f"{r['grade']} {r['won']}/{r['accounts']}" for r in b["grades"]))


program = os.path.abspath(sys.argv[1])
with tempfile.TemporaryDirectory() as work:
    demo(program, work)
    if len(sys.argv) > 2 and os.path.isdir(f"{sys.argv[2]}/icp-hackerone"):
        hackerone(program, work, sys.argv[2])
    else:
        print("--- SKIP: hackerone: no real account bases")
sys.exit(failed > 0)
