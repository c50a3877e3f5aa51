#!/usr/bin/env python3
"""Few customers: draws of 50, 100 and 200 customers from real sets, icpfit beside the peers.

    few.py peers  FILE [--peers lr,rf,…]        fit the peers on the draws; adds to FILE what it lacks
    few.py icpfit BINARY FILE [--learner auto]  train and grade as users do; adds to FILE
    few.py table  FILE                          mean AUC and capture@10 % by set, size and program

Draw s (0 to 4) of n customers: fold s of ../shared/peers is tested, with all its rows and labels; of the customers
of the other folds n are drawn by a seeded generator and the rest are left out, as neither customers nor pool. FILE
holds one JSON object a line; few_peers.jsonl and few_icpfit.jsonl have what was fitted so far, so start from a copy of
both. ICPFIT_PEERS is the folder of sets.py and peers.py.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

import numpy as np
import pandas as pd

PEERS = os.environ.get("ICPFIT_PEERS", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared", "peers"))
sys.path.insert(0, PEERS)
import peers as P  # noqa: E402
import sets as S  # noqa: E402

SETS, SIZES, DRAWS = ("yc", "bank", "xedu"), (50, 100, 200), range(5)
ALL = "lr,rf,hgb,lightgbm,lightgbm-small,xgboost,catboost"


def draw(d, n, s):
    """Rows trained on and rows tested."""
    test = np.where(d.fold == s)[0]
    rest = np.where(d.fold != s)[0]
    won = rest[d.y[rest] == 1]
    kept = np.random.default_rng([n, s]).choice(won, n, replace=False)
    return np.sort(np.concatenate([rest[d.y[rest] == 0], kept])), test


def done(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def each(path, programs, names):
    have = {(r["set"], r["n"], r["draw"], r["peer"]) for r in done(path)}
    for name in names:
        d = None
        for n in SIZES:
            for s in DRAWS:
                for program in programs:
                    if (name, n, s, program) not in have:
                        d = d or S.OPEN[name]()
                        yield name, d, n, s, program


def write(path, name, n, s, program, y, scores):
    r = dict(set=name, n=n, draw=s, peer=program, auc=round(float(P.auc(y, scores)), 5), capture10=round(float(P.capture(y, scores)), 5))
    print(json.dumps(r), flush=True)
    with open(path, "a", encoding="utf-8") as f:
        f.write(json.dumps(r) + "\n")


def fit_peers(a):
    for name, d, n, s, peer in each(a.file, a.peers.split(","), a.sets.split(",")):
        train, test = draw(d, n, s)
        scores, _ = P.fit(peer, d, train, test)
        write(a.file, name, n, s, peer, d.y[test], scores)


def run(command, folder):
    p = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if p.returncode:
        sys.exit(f"few: {' '.join(command)}: exit {p.returncode}\n{p.stderr[-2000:]}")


def grade(binary, d, train, test, learner):
    """Margins of the tested rows by a project of the drawn customers; unscored rows rank as average."""
    a = d.raw if d.raw is not None else d.frame.copy()
    if d.raw is None:
        for c, kind in d.kinds.items():
            if kind == "number":
                a[c] = a[c].map(lambda v: "" if v != v else repr(float(v)).removesuffix(".0"))
        a.insert(0, "domain", d.key)
    with tempfile.TemporaryDirectory() as w:
        rows = np.sort(np.concatenate([train, test]))
        a.iloc[rows].to_csv(f"{w}/accounts.csv", index=False)
        pd.DataFrame({"domain": [d.key[i] for i in train if d.y[i]]}).to_csv(f"{w}/customers.csv", index=False)
        pd.DataFrame({"domain": [d.key[i] for i in test]}).to_csv(f"{w}/holdout.csv", index=False)
        run([binary, "init", "--accounts", "accounts.csv", "--customers", "customers.csv"], w)
        with open(f"{w}/icpfit.yaml", encoding="utf-8") as f:
            y = f.read()
        y = re.sub(r"pillar: *(intent|technographic)", "pillar: firmographic", y)  # all columns, as for the peers
        y = re.sub(r"missing: *neutral", "missing: learn", y)
        with open(f"{w}/icpfit.yaml", "w", encoding="utf-8") as f:
            f.write(y)
        run([binary, "features"], w)
        run([binary, "train", "--learner", learner, "--holdout", "holdout.csv", "--allow-small"], w)
        run([binary, "predict"], w)
        g = pd.read_parquet(f"{w}/grades", columns=["domain", "margin"]).dropna().groupby("domain")["margin"].first()
        return np.nan_to_num(g.reindex([d.key[i] for i in test]).to_numpy(dtype=float))


def fit_icpfit(a):
    for name, d, n, s, program in each(a.file, [f"icpfit {a.learner}"], a.sets.split(",")):
        train, test = draw(d, n, s)
        write(a.file, name, n, s, program, d.y[test], grade(os.path.abspath(a.binary), d, train, test, a.learner))


def table(a):
    cells = collections.defaultdict(list)
    for r in done(a.file):
        cells[r["set"], r["n"], r["peer"]].append((r["auc"], r["capture10"]))
    programs = sorted({p for _, _, p in cells}, key=lambda p: (not p.startswith("icpfit"), p))
    for k, metric in enumerate(("AUC", "capture@10 %")):
        print(f"\n| {metric}, mean of 5 draws | " + " | ".join(programs) + " |")
        print("|---" * (len(programs) + 1) + "|")
        for name in SETS:
            for n in SIZES:
                row = {p: np.mean([v[k] for v in cells[name, n, p]]) for p in programs if len(cells[name, n, p]) == len(DRAWS)}
                best = max(row.values(), default=0)
                print(f"| {name}, {n} | " + " | ".join(("**%.4f**" if row[p] == best else "%.4f") % row[p] if p in row else "–" for p in programs) + " |")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = p.add_subparsers(dest="command", required=True)
    c = commands.add_parser("peers")
    c.add_argument("file")
    c.add_argument("--peers", default=ALL)
    c.add_argument("--sets", default=",".join(SETS))
    c.set_defaults(run=fit_peers)
    c = commands.add_parser("icpfit")
    c.add_argument("binary")
    c.add_argument("file")
    c.add_argument("--learner", default="auto")
    c.add_argument("--sets", default=",".join(SETS))
    c.set_defaults(run=fit_icpfit)
    c = commands.add_parser("table")
    c.add_argument("file")
    c.set_defaults(run=table)
    a = p.parse_args()
    a.run(a)


if __name__ == "__main__":
    main()
