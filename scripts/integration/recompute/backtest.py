"""A past night's grades against what happened since, as the report has it.

outcomes.py computes the figures of `icpfit backtest` again, on bases with deals; here accounts and
wins by grade are counted anew, and the report must hold what that command says.
"""
import json
import os
import re
import subprocess

from .match import Given
from .shares import wilson


def backtest(w):
    """None where no outcome has followed the oldest night."""
    n = w.n
    first = n
    while first.before:
        first = first.before
    if first is n:
        return None
    rows = n.db.execute(f"""select p.grade, count(*), count(*) filter (c.won_at > date '{first.as_of}' and c.won_at <= date '{n.as_of}')
        from read_parquet('{first.folder}/*.parquet', hive_partitioning = false) p left join customers c using (domain)
        where p.grade is not null and not p.customer group by 1""").fetchall()
    counted = {g: (accounts, won) for g, accounts, won in rows}
    r = subprocess.run([n.icpfit, "--dir", n.project, "--json", "backtest", "--as-of", first.as_of, "--until", n.as_of], capture_output=True, text=True)
    if r.returncode == 3:
        assert not sum(won for _, won in counted.values()), f"outcomes are refused, though some were won since: {r.stderr}"
        return None
    said = json.loads(r.stdout)
    if said["outcomes"]["deals"] + said["outcomes"]["customers"] == 0:
        assert not sum(won for _, won in counted.values()), "no outcome counts, though some were won since"
        return None
    said["table"]["source"] = os.path.basename(said["table"]["source"])  # as icpfit.yaml has it
    out = given(said)
    top, rest = ([g for g in w.grades if (g in "AB") == best] for best in (True, False))
    for row, grades in [*zip(out["grades"], [[g] for g in w.grades]), (out["top"], top), (out["rest"], rest)]:
        accounts, won = (sum(counted.get(g, (0, 0))[k] for g in grades) for k in (0, 1))
        row |= {"accounts": accounts, "won": won, "conversion": wilson(won, accounts) if accounts else None}
    return out


def given(x):
    if isinstance(x, dict):
        return {k: given(v) for k, v in x.items()}
    if isinstance(x, list):
        return [given(v) for v in x]
    return Given(x, "icpfit backtest")


def tables(b, pen):
    """The tables of the section: accounts and wins by grade, the comparisons, what does not count. None: words, whose figures pages.known has."""
    dash = pen.word["dash"]
    rows = [*b["grades"], b["top"], b["rest"]]
    share = lambda r: dash if r["conversion"] is None else pen.percents(r["conversion"])
    out = [[[r["grade"] if len(r["grade"]) == 1 else None, pen.num(r["accounts"]), pen.num(r["won"]), share(r)] + [None] * (4 if b["outcomes"]["deals"] else 0) for r in rows]]
    compared = []
    for a in b["against"]:
        rate = a["measure"] in ("conversion", "win_rate")
        value = lambda v: dash if v is None else pen.percent(v["value"]) if rate else re.compile(re.escape(pen.num(v["value"])) + ".*")
        d = a["difference"]
        signed = lambda v: pen.signed(100 * v if rate else v, 1 if rate else 0)
        compared.append([None, value(a["top"]), value(a["rest"]), dash if d is None else re.compile(re.escape(f"{signed(d['value'])} ({signed(d['low'])}, {signed(d['high'])})") + ".*"),
                         dash if a["least_shown"] is None else re.compile(re.escape(pen.num(100 * a["least_shown"], 1) if rate else pen.num(a["least_shown"])) + ".*"), None])
    out.append(compared)
    if b["outcomes"]["listed"]:
        out.append([[None, None, r["domain"], pen.date(r["date"]) if "date" in r else dash, pen.num(r["row"]) if "row" in r else dash] for r in b["outcomes"]["listed"]])
    return [("backtest", rows) for rows in out]
