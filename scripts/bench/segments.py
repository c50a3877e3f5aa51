"""Segments by icpfit beside scikit-learn's k-means and kmodes' k-prototypes, on the
same samples of the same tables.

    segments.py DATA [DEMO] [--pairs N] [--sets NAME,…] [--k 2,3,4,6] [--check]

DATA holds telco-churn, adult, icp-hackerone and icp-yc-hiring; DEMO is a project
folder of `icpfit demo`, whose feature table is used. For every set and number of
segments, N pairs of samples of 1,000 accounts are drawn with replacement. Each
program finds segments in each sample and gives one to each of 1,000 other accounts.
The last number, `chosen`, is the one that icpfit takes for the set by itself, which is
what its users get; 1 says that it finds no stable segments, and nothing is compared.

    stability    scikit-learn's adjusted Rand index of a pair, mean
    silhouette   scikit-learn's, of the 1,000 accounts, mean over the samples, from
                 distances that are the same for all: Gower's (ranks of numbers, sets
                 by the cosine of their items, what is unknown left out), computed
                 here from the definition and not by icpfit
    euclidean    the same from Euclidean distances of standardised columns, which is
                 the home of k-means: unknown cells filled, categories in columns of
                 0 and 1

The peers are run twice: as their manuals show (standardised numbers), and with
numbers as ranks, which is part of what icpfit does. Unknown numbers are the median;
unknown categories a value of their own in the first case, the most frequent one in
the second. A set is a column of yes and no for each of its forty most frequent items.

--check ends with 1 where icpfit is less stable, or has a lower silhouette of Gower's
distances, than the best peer by more than two standard errors of the difference, on
average over the numbers of segments of a set without unknown cells, or at the number
chosen.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from kmodes.kprototypes import KPrototypes
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
ROWS = 1000
ITEMS = 40


def telco(data):
    t = pd.read_csv(next((data / "telco-churn").glob("*.csv")))
    t["TotalCharges"] = pd.to_numeric(t["TotalCharges"], errors="coerce")
    numbers = ["tenure", "MonthlyCharges", "TotalCharges"]
    return {c: ("number" if c in numbers else "category", t[c]) for c in t.columns if c not in ("Churn", "customerID")}


def adult(data):
    names = "age workclass fnlwgt education education_num marital occupation relationship race sex gain loss hours country label".split()
    t = pd.read_csv(data / "adult" / "adult-train.csv", header=None, names=names, skipinitialspace=True, na_values="?").sample(8000, random_state=1)
    numbers = ["age", "education_num", "gain", "loss", "hours"]
    return {c: ("number" if c in numbers else "category", t[c]) for c in names if c not in ("label", "fnlwgt", "education")}


def split(column, by="|"):
    return column.map(lambda v: sorted({x.strip().lower() for x in str(v).split(by) if x.strip()}) if isinstance(v, str) else None)


def hackerone(data):
    t = pd.read_csv(data / "icp-hackerone" / "accounts.csv", dtype=str)
    number = lambda c: pd.to_numeric(t[c].str.extract(r"(\d[\d,]*)")[0].str.replace(",", ""), errors="coerce")
    return {
        "sector": ("set", split(t["sector_raw"])), "tags": ("set", split(t["tags"])), "headcount": ("number", number("headcount_raw")),
        "country": ("category", t["country_raw"].str.lower()), "founded": ("number", number("founded_raw")), "technologies": ("set", split(t["technologies"])),
        "status": ("category", t["status"]),
    }


def yc(data):
    t = pd.read_csv(data / "icp-yc-hiring" / "accounts.csv")
    out = {}
    for c in t.columns:
        if t[c].dtype.kind in "if" and t[c].nunique() > 2 and not c.endswith("id") and c not in ("launched_at",):
            out[c] = ("number", t[c])
        elif c in ("tags", "industries", "regions"):
            out[c] = ("set", split(t[c].astype("string").str.replace(";", "|").str.replace(",", "|").astype(object)))
        elif t[c].nunique() <= 30 and t[c].nunique() > 1 and c not in ("isHiring", "is_hiring"):
            out[c] = ("category", t[c].astype(str).where(t[c].notna()))
    return out


def demo(folder):
    t = pd.read_parquet(sorted(Path(folder).glob("features/accounts/as_of=*/part-*.parquet"))[-1])
    t = t[t["row_reason"].isna()]
    out = {c: ("number", t[c]) for c in ("employees", "annual_revenue", "founded")}
    out |= {c: ("category", t[c].astype(object)) for c in ("industry", "country", "crm_in_use")}
    out["technologies"] = ("set", t["technologies"].map(lambda v: None if v is None else sorted(str(x).lower() for x in v)))
    return out


def rank(column):
    known = column.notna()
    out = pd.Series(np.nan, index=column.index)
    out[known] = (column[known].rank(method="average") - 0.5) / known.sum()
    return out


def gower(table, rows):
    """Gower's distances of the rows, and where nothing is known of both the mean."""
    total, known = np.zeros((len(rows), len(rows))), np.zeros((len(rows), len(rows)))
    for kind, column in table.values():
        if kind == "number":
            v = rank(column).to_numpy()[rows]
            d, is_known = np.abs(v[:, None] - v[None]), ~np.isnan(v)
        elif kind == "category":
            v = column.to_numpy()[rows]
            is_known = pd.notna(v)
            v = np.where(is_known, v, "").astype(str)
            d = (v[:, None] != v[None]).astype(float)
        else:
            sets = column.to_numpy()[rows]
            is_known = np.array([isinstance(s, list) for s in sets])
            items = {x: i for i, x in enumerate(sorted({x for s in sets if isinstance(s, list) for x in s}))}
            m = np.zeros((len(rows), len(items) + 1))
            for i, s in enumerate(sets):
                if isinstance(s, list) and s:
                    m[i, [items[x] for x in s]] = 1 / np.sqrt(len(s))
                else:
                    m[i, -1] = 1
            d = 1 - m @ m.T
        both = is_known[:, None] & is_known[None]
        total += np.where(both, d, 0)
        known += both
    out = total / np.maximum(known, 1)
    out[known == 0] = out[known > 0].mean()
    np.fill_diagonal(out, 0)
    return np.maximum(out, 0)


def frequent(column):
    return column.explode().value_counts().index[:ITEMS].tolist()


def wide(table, ranked):
    """Columns of numbers for k-means, and of numbers and values for k-prototypes."""
    numbers, values = [], []
    for kind, column in table.values():
        if kind == "number":
            v = rank(column) if ranked else column.astype(float)
            numbers.append(v.fillna(v.median()).to_numpy())
        elif kind == "category":
            v = column.fillna(column.mode()[0] if ranked else "unknown").astype(str)
            rare = v.value_counts()
            values.append(v.where(v.map(rare) >= max(10, len(v) // 500), "other").to_numpy())
        else:
            for item in frequent(column):
                values.append(column.map(lambda s, x=item: "yes" if isinstance(s, list) and x in s else "no").to_numpy())
    numbers = np.column_stack(numbers)
    if not ranked:
        numbers = StandardScaler().fit_transform(numbers)
    values = np.column_stack(values).astype(object)
    ones = pd.get_dummies(pd.DataFrame(values)).to_numpy(float)
    if ranked:
        ones /= np.sqrt(2)  # two values that differ are then one apart, squared
    return np.hstack([numbers, ones]), np.hstack([numbers.astype(object), values]), numbers.shape[1]


def ours(binary, table, samples, judged, ks):
    """Labels of the judged rows, [k][sample], the last for the number of segments chosen, and that."""
    columns = []
    for name, (kind, column) in table.items():
        v = [None if x is None or isinstance(x, float) and np.isnan(x) else x for x in column.tolist()]
        if kind == "category":
            v = [None if x is None else str(x) for x in v]
        columns.append({"name": name, "kind": kind, {"number": "numbers", "category": "texts", "set": "sets"}[kind]: v})
    with tempfile.TemporaryDirectory() as work:
        path = Path(work, "in.json")
        path.write_text(json.dumps({"columns": columns, "samples": [s.tolist() for s in samples], "judged": judged.tolist(), "k": ks, "choose": True}))
        env = os.environ | {"ICPFIT_BENCH_SEGMENTS": str(path)}
        subprocess.run([binary, "-test.run", "^$", "-test.bench", "^BenchmarkBeside$", "-test.benchtime", "1x"], env=env, check=True, stdout=subprocess.DEVNULL)
        out = json.loads(Path(work, "in.json.out").read_text())
        return out["labels"], out["k"][-1]


def kmeans(x, samples, judged, k):
    return [KMeans(k, n_init=8, random_state=i).fit(x[s]).predict(x[judged]) for i, s in enumerate(samples)]


def prototypes(x, numbers, samples, judged, k):
    at = list(range(numbers, x.shape[1]))
    out = []
    for i, s in enumerate(samples):
        m = KPrototypes(k, init="Cao", n_init=1, max_iter=30, random_state=i).fit(x[s], categorical=at)
        out.append(m.predict(x[judged], categorical=at))
    return out


def quality(labels, distances, euclidean):
    def silhouettes(d):
        return [silhouette_score(d, l, metric="precomputed") if len(set(l)) > 1 else 0.0 for l in labels]

    agreed = [adjusted_rand_score(a, b) for a, b in zip(labels[::2], labels[1::2])]
    return agreed, silhouettes(distances), silhouettes(euclidean)


def behind(name, found):
    """Says where icpfit is behind a peer by more than chance, and whether it is anywhere."""
    out = False
    for what, at in (("stability", 0), ("silhouette", 1)):
        mine = np.array([q[at] for q in found.get("icpfit", [])])
        for who, qs in found.items():
            gap = np.array([q[at] for q in qs]) - mine
            if gap.mean() > 2 * gap.std(ddof=1) / gap.size**0.5:
                print(f"segments.py: {name}: {what} of {who} is {gap.mean():.3f} above icpfit's", file=sys.stderr)
                out = True
    return out


def main():
    p = argparse.ArgumentParser()
    p.add_argument("data", type=Path)
    p.add_argument("demo", nargs="?")
    p.add_argument("--pairs", type=int, default=6)
    p.add_argument("--sets", default="telco,adult,hackerone,yc,demo")
    p.add_argument("--k", default="2,3,4,6")
    p.add_argument("--check", action="store_true")
    p.add_argument("--only", default="", help="names of programs that contain this")
    o = p.parse_args()
    here = Path(__file__).resolve().parent
    ks = [int(k) for k in o.k.split(",")]
    work = tempfile.TemporaryDirectory()
    binary = str(Path(work.name, "segment.test"))
    subprocess.run(["go", "test", "-c", "-o", binary, "./internal/segment"], cwd=here.parent.parent, check=True)
    makers = {"telco": lambda: telco(o.data), "adult": lambda: adult(o.data), "hackerone": lambda: hackerone(o.data), "yc": lambda: yc(o.data), "demo": lambda: demo(o.demo)}
    failed = False
    print("| set | segments | | stability | silhouette | euclidean |\n|---|---|---|---|---|---|")
    for name in o.sets.split(","):
        if name == "demo" and not o.demo:
            continue
        if name != "demo" and not o.data.is_dir():
            print(f"--- SKIP: {name}: no real sets at {o.data}", file=sys.stderr)
            continue
        table = {c: (kind, v.reset_index(drop=True)) for c, (kind, v) in makers[name]().items()}
        n = len(next(iter(table.values()))[1])
        unknown = np.mean([v.isna().mean() for _, v in table.values()])
        rng = np.random.default_rng(1)
        judged = rng.permutation(n)[:ROWS]
        samples = [rng.integers(0, n, ROWS) for _ in range(2 * o.pairs)]
        distances = gower(table, judged)
        plain, mixed, numbers = wide(table, False)
        plain_ranked, mixed_ranked, _ = wide(table, True)
        e = StandardScaler().fit_transform(plain)[judged]
        euclidean = np.sqrt(np.maximum(((e[:, None] - e[None]) ** 2).sum(2), 0))
        start = time.time()
        own, chosen = ours(binary, table, samples, judged, ks)
        print(f"{name}: {n} rows, {100 * unknown:.0f} % unknown; icpfit {time.time() - start:.1f} s", file=sys.stderr)
        sums, at_chosen = {}, {}
        for at, k in enumerate([*ks, chosen]):
            is_chosen = at == len(ks)
            title = f"chosen: {k}" if is_chosen else k
            if k == 1:
                print(f"| {name} | {title} | icpfit | no stable segments | | |", flush=True)
                continue
            found = {
                "icpfit": lambda: own[at],
                "k-means, standardised": lambda: kmeans(plain, samples, judged, k),
                "k-means, ranks": lambda: kmeans(plain_ranked, samples, judged, k),
                "k-prototypes, standardised": lambda: prototypes(mixed, numbers, samples, judged, k),
                "k-prototypes, ranks": lambda: prototypes(mixed_ranked, numbers, samples, judged, k),
            }
            for who, search in found.items():
                if o.only not in who and who != "icpfit":
                    continue
                if is_chosen and k in ks:
                    q = sums[who][ks.index(k)]
                else:
                    q = quality([np.asarray(l) for l in search()], distances, euclidean)
                if is_chosen:
                    at_chosen[who] = [q]
                else:
                    sums.setdefault(who, []).append(q)
                print(f"| {name} | {title} | {who} | {np.mean(q[0]):.3f} ± {np.std(q[0], ddof=1) / len(q[0]) ** 0.5:.3f} | {np.mean(q[1]):.3f} | {np.mean(q[2]):.3f} |", flush=True)
        for who, qs in sums.items():
            print(f"| {name} | mean | {who} | {np.mean([q[0] for q in qs]):.3f} | {np.mean([q[1] for q in qs]):.3f} | {np.mean([q[2] for q in qs]):.3f} |", flush=True)
        if o.check and unknown < 0.01:
            failed |= behind(f"{name}, mean", sums) | behind(f"{name}, {chosen} chosen", at_chosen)
    sys.exit(failed)


if __name__ == "__main__":
    main()
