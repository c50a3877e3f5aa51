"""Work out the model card's figures again, from exported pieces alone.

	python card.py ICPFIT [ACCOUNTS] [LEARNER]

Makes a demo base and trains it with LEARNER. Then trains five times more, each
time with one fold of oof.parquet held out: those models are the ones that
cross-validation made, which their scores must show. From the points in their
model.json and the feature tables, numpy works out what importance.parquet says:

	mean absolute points     from the grades' own points, exactly
	gain                     by numerical integration, and their sum by scikit-learn's log_loss
	permutation drop         with 20 shuffles, within the error of 20 and of icpfit's 2
	standard errors          of every slot, by the jackknife over the five models

and compares card.json with it. Exits 1 if anything differs.
"""
import csv
import glob
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import polars as pl
from sklearn.metrics import log_loss

MICRO, PER_E = 1e6, 10 / np.log(2)
SHUFFLES, OURS = 20, 2


def icpfit(program, project, *args):
    p = subprocess.run([program, "--dir", project, "--json", *args], capture_output=True, text=True)
    assert p.returncode == 0, f"{' '.join(args)}: exit {p.returncode}: {p.stderr}"
    return json.loads(p.stdout)


class Version:
    """A model version's files."""

    def __init__(self, project, version):
        self.folder = f"{project}/models/{version}"
        self.model, self.evaluation = (json.load(open(f"{self.folder}/{f}.json")) for f in ("model", "evaluation"))
        self.terms, c = self.model["terms"], self.evaluation["calibration"]
        assert not self.model.get("trees"), "this reads tables of points only"
        self.slope, self.shift, self.base = c["slope"], c["shift"], self.model["base_points"]

    def contributions(self, cells):
        """Micro-points by row and feature, from the table's points."""
        return np.stack([points(t, cells[t["feature"]]) for t in self.terms], axis=1)

    def lift(self, total):
        """The log lift as learned, before calibration, of a sum of micro-points."""
        return ((self.base + total / MICRO - 50) / PER_E - self.shift) / self.slope


def codes(term, cells):
    """The slot of every cell of a feature that is no set; 0 is missing."""
    kind = term["kind"]
    if kind in ("number", "date"):
        v = np.array([np.nan if c is None else c for c in cells], dtype=float)
        return np.where(np.isnan(v), 0, 1 + np.searchsorted(term.get("edges", []), v))
    if kind == "flag":
        return np.array([0 if c is None else 1 + bool(c) for c in cells])
    at = {v: i + 1 for i, v in enumerate(term.get("values", []))}
    return np.array([0 if c is None else at.get(c.strip().lower(), len(at) + 1) for c in cells])


def points(term, cells):
    p = np.array(term["micro_points"], dtype=float)
    if term["kind"] not in ("set", "words"):
        return p[codes(term, cells)]
    at = {v: i + 2 for i, v in enumerate(term.get("items", []))}
    slots = [[0] if c is None else [1, *{at[f] for f in (i.strip().lower() for i in c) if f in at}] for c in cells]
    return np.array([p[s].sum() for s in slots])


def load(project, model, oof):
    """The accounts trained on: domain, fold, customer, weight, margin, and the cells of every feature."""
    rows = oof.filter(pl.col("repeat") == 0)
    names = [t["feature"] for t in model["terms"]]
    tables = {t: pl.read_parquet(glob.glob(f"{project}/features/{t}/as_of=*/*.parquet"), hive_partitioning=False) for t in ("accounts", "customers")}
    day = np.datetime64(model["as_of"])
    cells = {n: [] for n in names}
    at = {}
    tables["accounts"] = tables["accounts"].filter(pl.col("row_reason").is_null())
    for name, table in tables.items():
        at[name] = {d: i for i, d in enumerate(table["domain"].to_list())}
    columns = {t: {n: tables[t][n].to_list() for n in names} for t in tables}
    for domain, customer in zip(rows["domain"].to_list(), rows["customer"].to_list()):
        table = "customers" if customer else "accounts"
        for n in names:
            cells[n].append(columns[table][n][at[table][domain]])
    for t in model["terms"]:
        if t["kind"] == "date":
            cells[t["feature"]] = [None if c is None else float((day - np.datetime64(c)).astype(int)) for c in cells[t["feature"]]]
    return rows, cells


def mean_absolute(full, rows, cells, file):
    """Over the pool's accounts of which something is known."""
    c = full.contributions(cells)
    known = np.array([any(cells[t["feature"]][i] is not None for t in full.terms) for i in range(len(rows))])
    pool = known & ~rows["customer"].to_numpy()
    w = rows["weight"].to_numpy()[pool]
    for k, t in enumerate(full.terms):
        close(f"{t['feature']}: mean absolute", np.average(np.abs(c[pool, k]) / MICRO, weights=w), file[t["feature"]]["importance"][0], 1e-9)


def graded(project, full, rows, cells):
    """The points worked out here are those of the grade table."""
    grades = pl.read_parquet(glob.glob(f"{project}/grades/as_of=*/*.parquet"), hive_partitioning=False).filter(pl.col("margin").is_not_null())
    margin = dict(zip(grades["domain"].to_list(), grades["margin"].to_list()))
    total = full.contributions(cells).sum(axis=1)
    seen = 0
    for domain, customer, m in zip(rows["domain"].to_list(), rows["customer"].to_list(), total):
        if not customer and domain in margin: # customers are graded as of today, and trained on as of when they were won
            assert margin[domain] == m, f"{domain}: margin {m} here, {margin[domain]} in the table"
            seen += 1
    assert seen > len(rows) / 2, f"{seen} of {len(rows)} accounts compared"


def close(name, got, want, tolerance):
    assert abs(got - want) <= tolerance, f"{name}: {got!r} here, {want!r} in the file; may differ by {tolerance:g}"


def hold_out(program, project, full, rows, learner):
    """The versions trained without each fold."""
    out = []
    for k in range(full.evaluation["folds"]):
        path = f"{project}/fold-{k}.csv"
        with open(path, "w", newline="") as f:
            w = csv.writer(f)
            w.writerow(["domain"])
            w.writerows([d] for d in rows.filter(pl.col("fold") == k)["domain"].to_list())
        r = icpfit(program, project, "train", "--learner", learner, "--holdout", path, "--allow-small")
        out.append(Version(project, r["version"]))
    return out


def capture(lifts, customer, w, share=0.10):
    """Share of the customers above the pool's weighted quantile; those tied with it in proportion."""
    levels, at = np.unique(lifts[~customer], return_inverse=True)
    weight = np.bincount(at, w[~customer])[::-1]
    levels = levels[::-1]
    k = int(np.searchsorted(np.cumsum(weight), share * weight.sum() * (1 - 1e-12)))
    tied = (share * weight.sum() - weight[:k].sum()) / weight[k]
    v, cw = lifts[customer], w[customer]
    return (cw[v > levels[k]].sum() + tied * cw[v == levels[k]].sum()) / cw.sum()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program, accounts, learner = os.path.abspath(sys.argv[1]), (sys.argv[2:3] or ["15000"])[0], (sys.argv[3:4] or ["scorecard"])[0]
    with tempfile.TemporaryDirectory() as work:
        project = f"{work}/base"
        subprocess.run([program, "--quiet", "demo", "--accounts", accounts, "--as-of", "2026-03-01", project], check=True, stdout=subprocess.DEVNULL)
        # Without groups: a fold that is held out must leave the pool as it was.
        settings = open(f"{project}/icpfit.yaml").read()
        with open(f"{project}/icpfit.yaml", "w") as f:
            f.writelines(line for line in settings.splitlines(True) if not line.strip().startswith("parent:"))
        icpfit(program, project, "features", "--as-of", "2026-03-01")
        version = icpfit(program, project, "train", "--learner", learner)["version"]
        full = Version(project, version)
        icpfit(program, project, "predict", "--model", version)
        oof = pl.read_parquet(f"{full.folder}/oof.parquet")
        rows, cells = load(project, full.model, oof)
        importance = {name[0]: t.sort("slot") for name, t in pl.read_parquet(f"{full.folder}/importance.parquet").partition_by("feature", as_dict=True).items()}
        card = json.load(open(f"{full.folder}/card.json"))
        folds = hold_out(program, project, full, rows, learner)
        check(full, folds, project, rows, cells, importance, card)


def check(full, folds, project, rows, cells, importance, card):
    graded(project, full, rows, cells)
    mean_absolute(full, rows, cells, importance)
    customer, w, fold = (rows[c].to_numpy() for c in ("customer", "weight", "fold"))
    columns = [t["feature"] for t in full.terms]
    each = [v.contributions(cells) for v in folds]
    lifts = np.zeros(len(rows))
    for k, v in enumerate(folds):
        lifts[fold == k] = v.lift(each[k].sum(axis=1))[fold == k]
    margin = (50 + PER_E * (full.shift + full.slope * lifts) - full.base) * MICRO
    worst = np.abs(margin - rows["margin"].to_numpy()).max() / MICRO
    assert worst < 1e-3, f"the models held out of are not those of cross-validation: scores are off by {worst:g} points"
    spreads(full, folds, each, cells, w, importance)
    gains(full, folds, each, lifts, customer, w, fold, importance)
    drops(folds, each, lifts, customer, w, fold, cells, columns, importance)
    for i in card["importance"]:
        row = importance[i["feature"]]
        for name, got in (("importance", i["mean_absolute"]), ("gain", i["gain"]["value"]), ("gain_high", i["gain"]["high"]), ("capture_10_drop", i["capture_10_drop"]["value"])):
            close(f"card.json: {i['feature']}: {name}", got, row[name][0], 1e-12)
    planted(full, rows, cells, importance)
    print(f"card: {len(columns)} features of {full.model['version']}: mean absolute points, gain, permutation drop and standard errors agree; scores off by {worst:.1e} points")


def spreads(full, folds, each, cells, w, importance):
    """Jackknife standard errors of the mean contribution by slot, in points; of an item those of its points."""
    worst = 0
    for k, t in enumerate(full.terms):
        slots = len(t["micro_points"])
        effects = np.full((len(folds), slots), np.nan)
        for g, v in enumerate(folds):
            scale = full.slope / v.slope / MICRO
            if t["kind"] in ("set", "words"):
                other = v.terms[k]
                at = {i: 2 + n for n, i in enumerate(other.get("items", []))}
                for s in range(slots):
                    to = s if s < 2 else at.get(t["items"][s - 2])
                    effects[g, s] = 0 if to is None else other["micro_points"][to] * scale
                continue
            code = codes(t, cells[t["feature"]])
            weight = np.bincount(code, w, slots)
            with np.errstate(invalid="ignore"):
                effects[g] = np.bincount(code, w * each[g][:, k], slots) * scale / weight
        n = len(folds)
        se = np.sqrt((n - 1) / n * ((effects - effects.mean(axis=0)) ** 2).sum(axis=0))
        for s in range(slots):
            rare = t["kind"] in ("set", "words") and s >= 2 and not any(t["items"][s - 2] in v.terms[k].get("items", []) for v in folds)
            if np.isnan(se[s]) or rare:
                continue
            got = importance[t["feature"]]["spread"][s]
            worst = max(worst, abs(got - se[s]))
            close(f"{t['feature']}: standard error of slot {s}", se[s], got, 2e-5)
    print(f"card: standard errors are off by at most {worst:.1e} points")


def gains(full, folds, each, lifts, customer, w, fold, importance):
    """Aumann-Shapley gains by Gauss-Legendre quadrature along the line from the average account."""
    prior = np.log(w[customer].sum() / w[~customer].sum())
    c = np.zeros_like(each[0])
    for k, v in enumerate(folds):
        c[fold == k] = each[k][fold == k] / MICRO / PER_E * full.slope / v.slope
    total = c.sum(axis=1)
    end = prior + full.shift + full.slope * lifts
    base = end - total
    nodes, weights = np.polynomial.legendre.leggauss(40)
    slope = sum(wt / 2 * (customer - 1 / (1 + np.exp(-(base + (x + 1) / 2 * total)))) for x, wt in zip(nodes, weights))
    each_gain = (w[:, None] * c * slope[:, None]).sum(axis=0) / w[customer].sum()
    for k, t in enumerate(full.terms):
        row = importance[t["feature"]]
        close(f"{t['feature']}: gain", each_gain[k], row["gain"][0], 1e-5)
        close(f"{t['feature']}: share of the gain", each_gain[k] / each_gain.sum(), row["gain_share"][0], 1e-4)
    probability = [1 / (1 + np.exp(-v)) for v in (base, end)]
    fall = [log_loss(customer, p, sample_weight=w, normalize=False) for p in probability]
    close("sum of the gains, by scikit-learn's log_loss", (fall[0] - fall[1]) / w[customer].sum(), sum(importance[t["feature"]]["gain"][0] for t in full.terms), 1e-4)


def drops(folds, each, lifts, customer, w, fold, cells, columns, importance):
    """Capture lost when a feature's cells are shuffled inside of every fold."""
    rng = np.random.default_rng(1)
    before, worst = capture(lifts, customer, w), 0
    for k, name in enumerate(columns):
        lost = []
        for _ in range(SHUFFLES):
            after = lifts.copy()
            for g, v in enumerate(folds):
                rows = np.flatnonzero(fold == g)
                own = each[g][rows, k]
                after[rows] += (own[rng.permutation(len(rows))] - own) / MICRO / PER_E / v.slope
            lost.append(before - capture(after, customer, w))
        error = np.std(lost, ddof=1) * np.sqrt(1 / SHUFFLES + 1 / OURS)
        got = importance[name]["capture_10_drop"][0]
        worst = max(worst, abs(np.mean(lost) - got) / max(error, 1e-9) if error > 0 else 0)
        close(f"{name}: permutation drop", np.mean(lost), got, 4 * error + 1e-6)
    print(f"card: permutation drops are off by at most {worst:.1f} standard errors of the shuffles")


def planted(full, rows, cells, importance):
    """The comparison must find a figure that is wrong."""
    name = full.terms[0]["feature"]
    wrong = {**importance, name: importance[name].with_columns(pl.col("importance") * (1 + 1e-6))}
    try:
        mean_absolute(full, rows, cells, wrong)
    except AssertionError:
        return
    raise AssertionError("a wrong figure passes")


main()
