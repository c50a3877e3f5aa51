"""Read what icpfit wrote as its users do, and compute its figures again.

	python readers.py ICPFIT PROJECT

PROJECT is a folder in which init, features, train, predict have run with a
learned model. DuckDB, pandas and polars must see the same tables; capture, lift,
AUC and the grade table are worked out from oof.parquet alone and compared with
evaluation.json; points, grades and reasons are worked out from model.json.
Exits 1 if anything differs.
"""
import copy
import datetime
import glob
import json
import math
import os
import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

# The contract: columns of grades, in order; others may follow.
GRADES = {
    "domain": pa.string(), "account_id": pa.string(), "customer": pa.bool_(), "grade": pa.string(), "cut_grade": pa.string(), "previous_grade": pa.string(),
    "cause": pa.string(), "cause_feature": pa.string(), "tier": pa.int32(), "margin": pa.int64(), "points": pa.float64(), "lift": pa.float64(),
    "firmographic": pa.float64(), "technographic": pa.float64(), "intent": pa.float64(), "priority": pa.float64(), "percentile": pa.float64(),
    "reasons": pa.list_(pa.field("element", pa.struct([("feature", pa.string()), ("value", pa.string()), ("micro_points", pa.int64())]))),
    "unscored_reason": pa.string(), "unscored_fix": pa.string(), "model_version": pa.string(),
}
LIST = pa.list_(pa.field("element", pa.string()))
KINDS = {"number": pa.float64(), "category": pa.string(), "set": LIST, "words": LIST, "flag": pa.bool_(), "date": pa.date32()}
SHARES = {"1": .01, "2": .02, "5": .05, "10": .10, "20": .20, "50": .50}
MICRO = 1e6


def plain(v):
    """A cell as plain Python: None is missing, dates are text, lists are lists."""
    if v is None or v is pd.NaT or v is pd.NA or isinstance(v, float) and math.isnan(v):
        return None
    if isinstance(v, (datetime.date, datetime.datetime, pd.Timestamp)):
        return v.isoformat()[:10]
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items()}
    if isinstance(v, (list, tuple, np.ndarray, pl.Series)):
        return [plain(x) for x in v]
    return v.item() if isinstance(v, np.generic) else v


def columns(frame):
    return {c: [plain(v) for v in frame[c].to_list()] for c in frame.columns}


def three(folder):
    """The table of a Hive folder (as_of=D below it), read by three programs."""
    parts = f"{folder}/as_of=*/*.parquet"
    sql = duckdb.sql(f"select * from read_parquet('{parts}', hive_partitioning = true, hive_types_autocast = false)")
    return {
        "pandas": columns(pd.read_parquet(folder).astype({"as_of": str})),
        "polars": columns(pl.read_parquet(parts, hive_partitioning=True, try_parse_hive_dates=False)),
        "duckdb": dict(zip(sql.columns, [list(map(plain, c)) for c in zip(*sql.fetchall())])),
    }


def same_tables(folder, rows, day):
    seen = three(folder)
    first = seen["pandas"]
    for name, table in seen.items():
        assert list(table) == list(first), f"{name}: columns {list(table)}; pandas has {list(first)}"
        assert len(table["domain"]) == rows, f"{name}: {len(table['domain'])} rows; want {rows}"
        assert set(table["as_of"]) == {day}, f"{name}: as_of is {set(table['as_of'])}; want {day}"
        for column, values in table.items():
            bad = next((i for i, (a, b) in enumerate(zip(values, first[column])) if a != b), None)
            assert bad is None, f"{name}: {column}, row {bad}: {values[bad]!r}; pandas has {first[column][bad]!r}"
    return first


def spec(path, table, model):
    """Pillar, kind and the spec's hash are in the file, and the columns are of the kinds."""
    schema = pq.read_schema(path)
    meta = {k.decode(): v.decode() for k, v in schema.metadata.items()}
    assert meta["icpfit.table"] == table, meta["icpfit.table"]
    assert meta["icpfit.spec_hash"] == model["spec_hash"], "another spec than the model's"
    specs = json.loads(meta["icpfit.spec"])
    assert [(s["name"], s["pillar"], s["kind"]) for s in specs] == [(s["name"], s["pillar"], s["kind"]) for s in model["specs"]]
    for s in specs:
        assert s["pillar"] in ("firmographic", "technographic", "intent"), s
        assert schema.field(s["name"]).type == KINDS.get(s["kind"], pa.string()), f"{s['name']}: {schema.field(s['name']).type}; its kind is {s['kind']}"


def grade_columns(path):
    schema = pq.read_schema(path)
    assert schema.names[: len(GRADES)] == list(GRADES), f"columns {schema.names}; want {list(GRADES)}"
    for name, wanted in GRADES.items():
        assert schema.field(name).type == wanted, f"{name}: {schema.field(name).type}; want {wanted}"


def close(name, got, want, relative=1e-9):
    assert math.isclose(got, want, rel_tol=relative, abs_tol=1e-9), f"{name}: {got!r} here, {want!r} in the file"


def grade_of(margin, cuts):
    return next((c["grade"] for c in cuts[:-1] if margin >= c["margin"]), cuts[-1]["grade"])


def grades(table, model):
    """Points, lift, grade and reasons follow from the margin and the model."""
    cuts, terms = model["grades"]["cuts"], len(model["terms"])
    for i, margin in enumerate(table["margin"]):
        row = {c: v[i] for c, v in table.items()}
        place = f"row {i} ({row['domain']})"
        assert (margin is None) == (row["cut_grade"] is None) == (row["unscored_reason"] is not None) == (row["points"] is None), place
        if margin is None:
            assert row["grade"] is None and row["unscored_fix"], place
            continue
        close(f"{place}: points", row["points"], model["base_points"] + margin / MICRO)
        close(f"{place}: lift", row["lift"], 2 ** ((row["points"] - 50) / 10))
        assert row["cut_grade"] == grade_of(margin, cuts), f"{place}: {row['cut_grade']} at margin {margin}"
        assert row["model_version"] == model["version"], place
        for c in ("firmographic", "technographic", "intent", "priority", "percentile"):
            assert row[c] is None or 0 <= row[c] <= 100, f"{place}: {c} is {row[c]}"
        reasons(place, [r["micro_points"] for r in row["reasons"]], margin, terms)


def reasons(place, points, margin, terms):
    """The strongest come first, and what is left out can be no stronger than the last."""
    size = [abs(p) for p in points]
    assert 1 <= len(points) <= 5 and size == sorted(size, reverse=True), f"{place}: reasons {points}"
    left = terms - len(points) if len(points) == 5 else 0
    assert abs(margin - sum(points)) <= left * size[-1], f"{place}: reasons {points} leave {margin - sum(points)} of margin {margin} to {left} features"


def ranking(oof):
    """Mean margin of each account over the repeats, customers and pool apart: margins, weights."""
    rows = duckdb.sql(f"select domain, any_value(customer) c, any_value(weight) w, avg(margin) m, count(*) n, count(distinct repeat) r from '{oof}' group by domain").fetchnumpy()
    assert (rows["n"] == rows["r"]).all(), "an account is twice in a repeat"
    c = rows["c"].astype(bool)
    return (rows["m"][c], rows["w"][c]), (rows["m"][~c], rows["w"][~c])


def auc(customers, pool):
    """P(customer above pool account) + half of P(tie), weighted."""
    order = np.argsort(pool[0], kind="stable")
    margins, below = pool[0][order], np.concatenate([[0], np.cumsum(pool[1][order])])
    won = (below[np.searchsorted(margins, customers[0], "left")] + below[np.searchsorted(margins, customers[0], "right")]) / 2
    return (won * customers[1]).sum() / (pool[1].sum() * customers[1].sum())


def capture(customers, pool, share):
    """Share of the customers above the pool's weighted quantile 1 - share; those tied with it in proportion."""
    levels = np.unique(pool[0])[::-1]
    at = np.array([pool[1][pool[0] == v].sum() for v in levels])
    k = int(np.searchsorted(np.cumsum(at), share * pool[1].sum() * (1 - 1e-12)))
    tied = (share * pool[1].sum() - at[:k].sum()) / at[k]
    return (customers[1][customers[0] > levels[k]].sum() + tied * customers[1][customers[0] == levels[k]].sum()) / customers[1].sum()


def metrics(oof, evaluation):
    customers, pool = ranking(oof)
    assert (len(customers[0]), len(pool[0])) == (evaluation["customers"], evaluation["pool"]), f"{len(customers[0])} customers, {len(pool[0])} pool accounts"
    file = evaluation["metrics"]
    close("auc", auc(customers, pool), file["auc"]["value"])
    for name, share in SHARES.items():
        c = capture(customers, pool, share)
        close(f"capture_{name}", c, file[f"capture_{name}"]["value"])
        close(f"lift_{name}", c / share, file[f"lift_{name}"]["value"])
    for name, m in file.items():
        assert m["low"] <= m["value"] <= m["high"], f"{name}: {m}"


def grade_table(oof, evaluation, model):
    customers, pool = ranking(oof)
    cuts = [c["margin"] for c in model["grades"]["cuts"][:-1]] + [-math.inf]
    above = math.inf
    for row, cut in zip(evaluation["grades"], cuts, strict=True):
        here = [(m >= cut) & (m < above) for m, _ in (customers, pool)]
        captured, share = [w[h].sum() / w.sum() for h, (_, w) in zip(here, (customers, pool))]
        assert here[0].sum() == row["customers"], f"{row['grade']}: {here[0].sum()} customers here, {row['customers']} in the file"
        close(f"{row['grade']}: captured", captured, row["captured"]["value"])
        close(f"{row['grade']}: pool share", share, row["pool_share"])
        if share > 0:
            close(f"{row['grade']}: lift", captured / share, row["lift"]["value"])
            lift = 2 ** ((model["base_points"] + pool[0][here[1]] / MICRO - 50) / 10)
            close(f"{row['grade']}: predicted", np.average(lift, weights=pool[1][here[1]]), row["predicted"])
        above = cut


def importance(path, model):
    table = pl.read_parquet(path)
    for term in model["terms"]:
        rows = table.filter(pl.col("feature") == term["feature"]).sort("slot")
        assert rows["pillar"].unique().to_list() == [term["pillar"]], term["feature"]
        for name, wanted in (("points", np.array(term["micro_points"]) / MICRO), ("customers", term["customers"]), ("pool", term["pool"])):
            assert rows[name].to_list() == list(wanted), f"{term['feature']}: {name}"
        edges = term.get("edges") or []
        bounds = [(None, None)] + list(zip([None, *edges], [*edges, None])) if term["kind"] in ("number", "date") else [(None, None)] * len(rows)
        assert list(zip(rows["low"], rows["high"])) == bounds, f"{term['feature']}: low and high"
        for effect, spread, low, high in rows.select("effect", "spread", "effect_low", "effect_high").rows():
            close(f"{term['feature']}: interval of the effect", high - low, 2 * 1.959963984540054 * spread, 1e-6)
            close(f"{term['feature']}: middle of the interval", (high + low) / 2, effect, 1e-6)
    assert table["feature"].n_unique() == len(model["terms"]), "features that the model does not have"


def explain(icpfit, project, table, names=8):
    """explain --json of the best, the worst and some between: its features sum to the margin, and agree with the table."""
    scored = sorted((m, i) for i, m in enumerate(table["margin"]) if m is not None)
    for _, i in scored[:: (len(scored) - 1) // (names - 1)]:
        row = {c: v[i] for c, v in table.items()}
        out = subprocess.run([icpfit, "--dir", project, "--json", "explain", row["domain"]], capture_output=True, text=True, check=True).stdout
        e = json.loads(out)
        assert sum(f["micro_points"] for f in e["features"]) == e["margin"] == row["margin"], f"{row['domain']}: margin {e['margin']}, {row['margin']} in the table"
        assert e["grade"] == row["grade"] and e["history"], row["domain"]
        close(f"{row['domain']}: points", e["points"], row["points"])
        told = {f["feature"]: f["micro_points"] for f in e["features"]}
        for r in row["reasons"]:
            assert told[r["feature"]] == r["micro_points"], f"{row['domain']}: {r}"


def planted(oof, evaluation, model, table):
    """Each of the checks above must find a fault where there is one."""
    changed = copy.deepcopy(evaluation)
    changed["metrics"]["capture_10"]["value"] *= 1 + 1e-6
    must_fail("metrics", metrics, oof, changed)
    changed["metrics"] = evaluation["metrics"]
    changed["grades"][-1]["customers"] += 1
    must_fail("grade table", grade_table, oof, changed, model)
    i = next(i for i, m in enumerate(table["margin"]) if m is not None)
    wrong = {**table, "margin": [m + 1 if k == i else m for k, m in enumerate(table["margin"])]}
    must_fail("grades", grades, wrong, model)


def must_fail(name, check, *args):
    try:
        check(*args)
    except AssertionError:
        return
    raise AssertionError(f"the check of {name} passes what is wrong")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    icpfit, project = os.path.abspath(sys.argv[1]), sys.argv[2]
    version = open(f"{project}/models/champion").read().split()[0]
    folder = f"{project}/models/{version}"
    model, evaluation = (json.load(open(f"{folder}/{f}.json")) for f in ("model", "evaluation"))
    oof, day = f"{folder}/oof.parquet", model["as_of"]
    with open(f"{project}/accounts.csv", newline="") as f:
        rows = pd.read_csv(f, dtype=str).shape[0]
    tables, passed, failed = {}, 0, 0

    def table(name, wanted):
        tables[name] = same_tables(f"{project}/{name}", wanted, day)

    def part(name):
        return sorted(glob.glob(f"{project}/{name}/as_of={day}/*.parquet"))[0]

    checks = {
        "three readers: features/accounts": lambda: table("features/accounts", rows),
        "three readers: features/customers": lambda: table("features/customers", model["customers"]),
        "three readers: grades": lambda: table("grades", rows),
        "metadata of features/accounts": lambda: spec(part("features/accounts"), "accounts", model),
        "metadata of features/customers": lambda: spec(part("features/customers"), "customers", model),
        "columns of grades": lambda: grade_columns(part("grades")),
        "points, lift, grades and reasons from the margins": lambda: grades(tables["grades"], model),
        "AUC, capture and lift from oof.parquet": lambda: metrics(oof, evaluation),
        "grade table from oof.parquet": lambda: grade_table(oof, evaluation, model),
        "importance.parquet against model.json": lambda: importance(f"{folder}/importance.parquet", model),
        "explain --json sums to the margin": lambda: explain(icpfit, project, tables["grades"]),
        "planted faults are found": lambda: planted(oof, evaluation, model, tables["grades"]),
    }
    for name, check in checks.items():
        try:
            check()
            passed += 1
            print(f"ok    {name}")
        except Exception as e:
            failed += 1
            print(f"FAIL  {name}: {type(e).__name__}: {e}")
    print(f"readers: {passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
