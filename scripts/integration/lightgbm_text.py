"""Export to LightGBM and import from it, checked by LightGBM itself.

	python lightgbm_text.py ICPFIT PROJECT DATA

PROJECT is a folder in which the chain has run. Its champion is exported, and
LightGBM's raw score of every account must be the logarithm of its lift to 1e-6,
with the matrix made by the recipe of package model/export/lightgbm, taken from
there word for word. Models that LightGBM trains here, on DATA/icp-hackerone where
it is there, else on PROJECT, are imported: the points of every account must be
LightGBM's raw score, calibrated, to 1e-6; then they are exported again, with
their trees. Models that icpfit cannot take must be refused with their reason.
"""
import glob
import hashlib
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

import lightgbm
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from sklearn.metrics import roc_auc_score

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOLERANCE = 1e-6


def recipe():
    """The functions of the package's comment."""
    with open(f"{ROOT}/model/export/lightgbm/doc.go", encoding="utf-8") as f:
        code = [line[3:] for line in f.read().split("\n") if line.startswith("//\t")]
    code = "\n".join(code[code.index("import glob, json"):]).split("\nNAME ")[0]
    space = {}
    exec(code, space)  # noqa: S102: the text is this repository's
    return space


def run(icpfit, folder, *args, wanted=0):
    p = subprocess.run([icpfit, "--dir", folder, "--json", *args], capture_output=True, text=True)
    assert p.returncode == wanted, f"{' '.join(args)}: exit {p.returncode}, want {wanted}: {p.stderr.strip()}"
    return json.loads(p.stdout), p.stderr


def day_of(folder):
    return sorted(glob.glob(f"{folder}/features/accounts/as_of=*"))[-1].rpartition("=")[2]


def grades(folder):
    return pd.read_parquet(sorted(glob.glob(f"{folder}/grades/as_of={day_of(folder)}/*.parquet")))


def near(name, got, want):
    worst = np.abs(np.asarray(got) - np.asarray(want)).max()
    assert worst <= TOLERANCE, f"{name}: off by {worst:.3g}"
    return worst


def model_of(folder, version):
    with open(f"{folder}/models/{version}/model.json", encoding="utf-8") as f:
        return json.load(f)


def export(icpfit, folder, version, use):
    """Every account's raw score is the logarithm of its lift; so are the golden accounts', at thresholds and beyond."""
    out, _ = run(icpfit, folder, "export", "lightgbm", "--model", version, "--output", f"{folder}/{version}.txt")
    run(icpfit, folder, "predict", "--model", version)
    table, theirs = grades(folder), use["predict"](folder, day_of(folder), out["file"])
    assert len(table) == len(theirs) and (table["domain"].fillna("") == theirs["domain"].fillna("")).all(), "other rows"
    scored = table["margin"].notna().to_numpy()
    worst = near("accounts", np.log(theirs["lift"][scored]), (table["points"][scored] - 50) * math.log(2) / 10)
    near("points", theirs["points"][scored] / 10, table["points"][scored] / 10)

    model = model_of(folder, version)
    with open(out["features"], encoding="utf-8") as f:
        beside = json.load(f)
    with open(out["file"], "rb") as f:
        assert hashlib.sha256(f.read()).hexdigest() == beside["model_hash"]
    booster = lightgbm.Booster(model_file=out["file"])
    made, as_of = golden(model)
    x = use["matrix"](made, beside["columns"], as_of)
    wanted = (model["base_points"] + np.array(model["golden"]["margins"]) / 1e6 - 50) * math.log(2) / 10
    near("golden accounts", booster.predict(x), wanted)
    for j, c in enumerate(beside["columns"]):  # an infinite number is beyond every other
        if c["as"] == "number":
            for far, beyond in ((np.inf, 1e308), (-np.inf, -1e308)):
                a, b = x.copy(), x.copy()
                a[:, j], b[:, j] = far, beyond
                assert (booster.predict(a) == booster.predict(b)).all(), f"{c['name']}: {far} and {beyond} differ"
                assert any((booster.predict(a) != booster.predict(x)).tolist()) or len(model["terms"]) > 1
    contributions = booster.predict(x, pred_contrib=True)
    near("LightGBM's own contributions", contributions.sum(axis=1), wanted)
    print(f"      {version}: {out['trees']} trees, {out['columns']} columns, {scored.sum()} accounts and {len(x)} golden ones, off by at most {worst:.1e}")
    must_fail("margins", near, "x", np.log(theirs["lift"][scored]) + 2e-6, (table["points"][scored] - 50) * math.log(2) / 10)


def golden(model):
    """The golden accounts of model.json as a feature table."""
    as_of, columns = pd.Timestamp("2026-01-01"), {}
    for c, t in zip(model["golden"]["columns"], model["terms"], strict=True):
        if t["kind"] == "date":
            v = [pd.NaT if a is None else as_of - pd.Timedelta(days=int(a)) for a in c["numbers"]]
        elif t["kind"] in ("number", "flag"):
            v = [math.nan if a is None else a for a in c["numbers"]]
        else:
            v = c.get("texts") or c["sets"]
        columns[c["feature"]] = pd.Series(v, dtype=None if t["kind"] in ("number", "flag", "date") else object)
    return pd.DataFrame(columns), as_of


# How a data team makes a matrix of the feature table to train on.


def specs(folder):
    meta = pq.read_schema(glob.glob(f"{folder}/features/accounts/as_of=*/*.parquet")[0]).metadata
    return json.loads(meta[b"icpfit.spec"])


def training(folder, use, least=10):
    day = day_of(folder)
    table = pd.read_parquet(sorted(glob.glob(f"{folder}/features/accounts/as_of={day}/*.parquet")))
    quote, fold, columns = lambda t: urllib.parse.quote(t, safe=""), use["fold"], {}
    for s in specs(folder):
        if s["pillar"] == "intent":
            continue
        name, cells = s["name"], table[s["name"]]
        known = cells.notna().to_numpy()
        if s["kind"] in ("number", "flag"):
            columns[quote(name)] = pd.to_numeric(cells).astype("float64").to_numpy()
        elif s["kind"] == "date":
            columns[quote(name)] = (pd.Timestamp(day) - pd.to_datetime(cells)).dt.days.to_numpy(dtype="float64")
        else:
            rows = [({fold(v)} if s["kind"] == "category" else {fold(i) for i in v}) if k else set() for v, k in zip(cells, known)]
            counts = pd.Series([v for r in rows for v in r], dtype=object).value_counts()
            for value in counts.index[counts >= least]:
                x = np.array([value in r for r in rows], dtype="float64")
                x[~known] = np.nan
                columns[f"{quote(name)}={quote(value)}"] = x
    return table, pd.DataFrame(columns)


def split(table):
    """A third of the domains, by hash, is held out; rows that cannot be scored take no part."""
    held = np.array([int(hashlib.sha256(str(d).encode()).hexdigest(), 16) % 3 == 0 for d in table["domain"]])
    return held, table["row_reason"].isna().to_numpy()


def labels(icpfit, folder, table):
    best = pd.read_parquet(sorted(glob.glob(f"{folder}/features/customers/as_of={day_of(folder)}/*.parquet")))
    return table["domain"].isin(set(best["domain"])).to_numpy().astype(int)


def imported(icpfit, folder, name, booster, x, table, y, scale=1.0):
    """The version's points are LightGBM's raw score, calibrated; its figures are the holdout's."""
    path = f"{folder}/{name}.txt"
    booster.save_model(path)
    held, sound = split(table)
    pd.DataFrame({"domain": table["domain"][held & sound]}).to_csv(f"{folder}/held.csv", index=False)
    out, _ = run(icpfit, folder, "models", "import", path, "--holdout", f"{folder}/held.csv")
    assert out["learner"] == "imported" and not out["champion"], out
    version = out["version"]
    shown, _ = run(icpfit, folder, "models", "show", version)
    assert shown["origin"]["file"] == f"{name}.txt" and shown["learner"] == "imported", shown["origin"]
    run(icpfit, folder, "predict", "--model", version)
    mine = grades(folder)
    scored = mine["margin"].notna().to_numpy()
    raw = lightgbm.Booster(model_file=path).predict(x.to_numpy(), raw_score=True)
    lift = ((mine["points"] - 50) * math.log(2) / 10).to_numpy()
    slope = shown["calibration"]["slope"] * scale  # log odds are scale times the raw score, which LightGBM does not average
    rest = (lift - slope * raw)[scored]
    worst = near(f"{name}: points by raw score", rest, np.full_like(rest, np.median(rest)))
    on = held & sound
    auc = roc_auc_score(y[on], raw[on])
    assert abs(auc - out["holdout"]["metrics"]["auc"]["value"]) < 2e-3, (auc, out["holdout"]["metrics"]["auc"])
    must_fail("points by raw score", near, "x", rest + np.where(np.arange(len(rest)) == 5, 3e-6, 0), np.full_like(rest, np.median(rest)))
    print(f"      {name}: {booster.num_trees()} trees, slope {slope:.3f}, AUC on the holdout {auc:.3f}, off by at most {worst:.1e}")
    return version


def must_fail(name, check, *args):
    try:
        check(*args)
    except AssertionError:
        return
    raise AssertionError(f"the check of {name} passes what is wrong")


def refused(icpfit, folder, x, y, table):
    """What icpfit cannot take is refused, and why is said."""
    number = next(c for c in x.columns if "=" not in c and x[c].nunique() > 300)
    plain = x[[number]].fillna(0)
    fit = lambda x, y, **p: lightgbm.train({"verbose": -1, "num_threads": 1, "min_data_in_leaf": 5, "objective": "binary", **{k: v for k, v in p.items() if k != "categorical_feature"}},
                                           lightgbm.Dataset(x, y, categorical_feature=p.get("categorical_feature", "auto")), 20)
    coded = pd.DataFrame({"code": pd.Series(np.arange(len(y)) % 7).astype("category"), number: plain[number].to_numpy()})
    noisy = np.where(np.arange(len(y)) % 7 == 3, 1, y)
    cases = {
        "categories": (fit(coded, noisy), "code"),
        "another name": (fit(plain.rename(columns={number: "Column_0"}), y), 'column "Column_0": no feature of icpfit.yaml is called so'),
        "several classes": (fit(plain, np.arange(len(y)) % 3, objective="multiclass", num_class=3), "num_class"),
        "linear leaves": (fit(plain + 1, y, linear_tree=True), "linear_tree=false"),
        "zero as missing": (fit(plain, y, zero_as_missing=True), "zero_as_missing=false"),
        "too many edges": (fit(x[[number]], np.arange(len(y)) % 2, max_bin=4000, num_leaves=400, min_data_in_bin=1, min_data_in_leaf=1, min_sum_hessian_in_leaf=0), "max_bin=255"),
        "regression": (fit(plain, y, objective="regression"), "objective"),
    }
    for name, (booster, why) in cases.items():
        booster.save_model(f"{folder}/refused.txt")
        _, said = run(icpfit, folder, "models", "import", f"{folder}/refused.txt", wanted=2)
        assert why in said, f"{name}: {said!r} does not say {why!r}"
    print(f"      {', '.join(cases)}")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    icpfit, project, data = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3]
    use, failed, versions = recipe(), 0, []
    with tempfile.TemporaryDirectory() as work:
        folder = f"{work}/project"
        shutil.copytree(project, folder)
        if os.path.isdir(f"{data}/icp-hackerone"):
            real = f"{work}/hackerone"
            os.mkdir(real)
            for name in ("accounts.csv", "customers.csv"):
                shutil.copy(f"{data}/icp-hackerone/{name}", real)
            run(icpfit, real, "init", "--accounts", f"{real}/accounts.csv", "--customers", f"{real}/customers.csv")
            run(icpfit, real, "features")
            run(icpfit, real, "train")
        else:
            print(f"--- SKIP: lightgbm_text.py: no icp-hackerone at {data}; models are trained on {project}")
            real = folder
        table, x = training(real, use)
        y = labels(icpfit, real, table)
        held, sound = split(table)
        on = ~held & sound

        def trained(name, scale=1.0, **params):
            booster = lightgbm.train({"objective": "binary", "verbose": -1, "num_threads": 1, "seed": 1, **params}, lightgbm.Dataset(x[on], y[on]), params.get("rounds", 100))
            versions.append(imported(icpfit, real, name, booster, x, table, y, scale))

        checks = {
            "export: the champion of the project": lambda: export(icpfit, folder, open(f"{folder}/models/champion").read().strip(), use),
            "export: a model of hackerone": lambda: export(icpfit, real, open(f"{real}/models/champion").read().strip(), use),
            "import: LightGBM's defaults": lambda: trained("defaults"),
            "import: four leaves": lambda: trained("leaves4", num_leaves=4),
            "import: a random forest": lambda: trained("forest", 1 / 100, boosting_type="rf", bagging_freq=1, bagging_fraction=0.6, feature_fraction=0.5),
            "import: another sigmoid": lambda: trained("sigmoid2", 2.0, sigmoid=2.0, num_leaves=8),
            "export: what was imported, with its trees": lambda: [export(icpfit, real, v, use) for v in versions],
            "import: refusals": lambda: refused(icpfit, real, x[on].reset_index(drop=True), y[on], table[on]),
        }
        for name, check in checks.items():
            try:
                check()
                print(f"ok    {name}")
            except Exception as e:
                failed += 1
                print(f"FAIL  {name}: {type(e).__name__}: {e}")
    print(f"lightgbm: {len(checks) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
