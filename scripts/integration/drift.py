"""The report's drift beside Evidently's, on the same tables.

	drift.py ICPFIT

with the packages of scripts/reference/divergence.txt. Makes a demo base and trains on
it, then grades

	a night on which much has drifted    headcounts, a technology, an industry, what is known of the revenue
	twelve nights without drift          each a tenth of the accounts, drawn at random

and gives Evidently the pools of the feature tables, those of the night and of the one
before or of the training. Evidently's PSI of the model's bins must be the report's to
1e-9. What Evidently says with its own defaults (DataDriftPreset) is printed beside what
the report says. Exits 1 if a PSI differs, a planted drift is not named, or the report
raises an alarm on a night without drift.
"""
import csv
import datetime
import glob
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from evidently import DataDefinition, Dataset, Report
from evidently.legacy.calculations import stattests
from evidently.legacy.core import ColumnType
from evidently.presets import DataDriftPreset

from recompute import drift, points

DAYS = [(datetime.date(2026, 3, 1) + datetime.timedelta(days=d)).isoformat() for d in range(14)]
PLANTED = {"employees": "values", "technologies": "values", "industry": "values", "annual_revenue": "coverage"}
DRAWN = 0.1


class Base:
    """A demo base and its nights."""

    def __init__(self, program, folder):
        self.program, self.folder, self.path = program, folder, f"{folder}/accounts.csv"
        subprocess.run([program, "--quiet", "demo", "--as-of", DAYS[0], folder], check=True, stdout=subprocess.DEVNULL)
        with open(self.path, newline="") as f:
            r = csv.DictReader(f)
            self.columns, self.rows = r.fieldnames, list(r)
        champion = open(f"{folder}/models/champion").read().strip()
        self.model = json.load(open(f"{folder}/models/{champion}/model.json"))
        oof = pq.read_table(f"{folder}/models/{champion}/oof.parquet", columns=["domain", "repeat", "customer"]).to_pandas()
        self.sample = set(oof.loc[(oof["repeat"] == 0) & ~oof["customer"], "domain"])

    def write(self, rows):
        with open(self.path, "w", newline="") as f:
            w = csv.DictWriter(f, self.columns)
            w.writeheader()
            w.writerows(rows)

    def night(self, day, rows):
        """The pool of a night of these accounts, and its report."""
        self.write(rows)
        p = subprocess.run([self.program, "--quiet", "--dir", self.folder, "refresh", "--as-of", day, "--accept", "drawn at random"], capture_output=True, text=True)
        assert p.returncode == 0, f"{day}: exit {p.returncode}: {p.stderr}"
        return Pool(self.model, self.pool(day), day), json.load(open(f"{self.folder}/reports/as_of={day}/report.json"))

    def pool(self, day):
        files = glob.glob(f"{self.folder}/features/accounts/as_of={day}/*.parquet")
        t = pd.concat([pq.read_table(f).to_pandas() for f in files], ignore_index=True)
        t = t[t["row_reason"].isna() & t["class"].isna() & (t["customer"] != True)]  # noqa: E712 a column, which has empty cells
        return t.reset_index(drop=True)

    def trained(self):
        """The sample of the pool that was trained on."""
        t = self.pool(DAYS[0])
        return Pool(self.model, t[t["domain"].isin(self.sample)].reset_index(drop=True), DAYS[0])


class Pool:
    """The known values of every feature, as they are and by the model's bins."""

    def __init__(self, model, table, day):
        self.table, self.bins = table, {}
        for term in model["terms"]:
            cells = [none(v) for v in table[term["feature"]]]
            self.bins[term["feature"]] = points.Bins(term, cells, datetime.date.fromisoformat(day))


def none(v):
    """A cell as Python has it: None where it is empty."""
    if isinstance(v, (list, np.ndarray)):
        return list(v)
    return None if pd.isna(v) else v


def psi(then, now):
    """Evidently's, of two histograms after rare bins are joined as the report joins them; None where it is not compared."""
    if not sum(then) or not sum(now):
        return None
    e, a = drift.join(then, now)
    if len(e) < 2:
        return None
    assert (e > 0).all() and (a > 0).all(), "an empty bin, of which Evidently makes something else"
    labels = [pd.Series(np.repeat([f"bin {i}" for i in range(len(h))], h.astype(int))) for h in (e, a)]
    return float(stattests.psi_stat_test(*labels, ColumnType.Categorical, 0.1).drift_score)


def values(term, then, now):
    """PSI of the known values; of a set that of the item that moved most."""
    a, b = (p.bins[term["feature"]] for p in (then, now))
    if a.items is None:
        n = points.slots_of(term)
        return psi(a.counts(slice(None), n)[1:], b.counts(slice(None), n)[1:])
    each = []
    for item in range(a.items.shape[1]):
        counts = [[s.items[:, item].sum(), (s.slot > 0).sum() - s.items[:, item].sum()] for s in (a, b)]
        each.append(psi(*counts))
    return max((v for v in each if v is not None), default=None)


def coverage(term, then, now):
    counts = [[(p.bins[term["feature"]].slot == 0).sum(), (p.bins[term["feature"]].slot > 0).sum()] for p in (then, now)]
    return psi(*counts)


def defaults(model, then, now):
    """What DataDriftPreset says of every feature: method, value, limit, whether it has drifted. It has no sets of texts."""
    kinds = {t["feature"]: t["kind"] for t in model["terms"] if t["kind"] not in ("set", "words")}
    numbers = [f for f, k in kinds.items() if k == "number"]
    labels = [f for f, k in kinds.items() if k in ("category", "flag")]
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=labels)
    tables = [Dataset.from_pandas(p.table[numbers + labels].astype({f: "object" for f in labels}), definition) for p in (then, now)]
    out = {}
    for m in Report([DataDriftPreset()]).run(tables[1], tables[0]).dict()["metrics"]:
        c = m["config"]
        if "column" in c:
            passed = m["value"] < c["threshold"] if "p_value" in c["method"] else m["value"] >= c["threshold"]
            out[c["column"]] = (c["method"], float(m["value"]), c["threshold"], bool(passed))
    return out


def same(name, got, want):
    if (got is None) != (want is None) or got is not None and abs(got - want) > 1e-9:
        return [f"{name}: the report has {got}; Evidently {want}"]
    return []


def compare(model, report, trained, before, now):
    """Faults of the report's PSI, and how many were compared."""
    faults, n = [], 0
    by = {d["feature"]: d for d in report["drift"]}
    for term in model["terms"]:
        d, name = by[term["feature"]], term["feature"]
        for what, got, want in (
            ("values against the training", d["psi"], values(term, trained, now)), ("values overnight", d["overnight"]["psi"], values(term, before, now)),
            ("coverage against the training", d["coverage"]["psi"], coverage(term, trained, now)), ("coverage overnight", d["overnight"]["coverage_psi"], coverage(term, before, now)),
        ):
            faults += same(f"{name}: {what}", got, want)
            n += want is not None
    return faults, n


def drifted(rows, rng):
    """Headcounts are threefold, a third loses Microsoft 365, a sixth moves to one industry, and of half the revenue is not known any more."""
    out = [dict(r) for r in rows]
    for r in out:
        u = rng.random(4)
        if r["employees"].isdigit():
            r["employees"] = str(int(int(r["employees"]) * 3))
        if u[0] < 1 / 3:
            r["technologies"] = "|".join(t for t in r["technologies"].split("|") if t != "Microsoft 365")
        if u[1] < 1 / 6:
            r["industry"] = "Software"
        if u[2] < 1 / 2:
            r["annual_revenue"] = ""
    return out


def show(report, says):
    print(f"   {'feature':22}{'PSI':>8}{'limit':>8}  {'the report says':34}{'Evidently by default':>28}{'value':>9}{'limit':>7}  says")
    for d in report["drift"]:
        method, value, limit, yes = says.get(d["feature"], ("has no sets", None, None, None))
        figure = lambda v: "–" if v is None else f"{v:.3f}"
        print(f"   {d['feature']:22}{figure(d['psi']):>8}{figure(d['limit']):>8}  {', '.join(d['alarms'] + ['overnight ' + a for a in d['overnight']['alarms']]) or 'stable':34}"
              f"{method.replace(' distance', ''):>28}{figure(value):>9}{figure(limit):>7}  {'' if yes is None else 'drift' if yes else 'stable'}")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    rng, faults = np.random.default_rng(1), []
    with tempfile.TemporaryDirectory() as work:
        b = Base(os.path.abspath(sys.argv[1]), f"{work}/base")
        trained, before = b.trained(), Pool(b.model, b.pool(DAYS[0]), DAYS[0])
        now, report = b.night(DAYS[1], drifted(b.rows, rng))
        f, n = compare(b.model, report, trained, before, now)
        faults += f
        says = defaults(b.model, trained, now)
        print(f"drift: {n} comparisons of the drifted night, {len(f)} of which differ from Evidently's PSI by more than 1e-9")
        show(report, says)
        for d in report["drift"]:
            want = PLANTED.get(d["feature"])
            if (want in d["alarms"]) != (want is not None):
                faults.append(f"{d['feature']}: the report says {d['alarms']}; planted is {want}")
        ours = theirs = n = columns = 0
        before = now
        for day in DAYS[2:]:
            some = [r for r, u in zip(b.rows, rng.random(len(b.rows))) if u < DRAWN]
            now, report = b.night(day, some)
            against = trained if day == DAYS[2] else before # the night before that was the drifted one
            f, k = compare(b.model, report, trained, before, now)
            faults, n = faults + [f"{day}: {x}" for x in f], n + k
            ours += sum(bool(d["alarms"]) or day != DAYS[2] and bool(d["overnight"]["alarms"]) for d in report["drift"])
            said = defaults(b.model, against, now)
            theirs, columns, before = theirs + sum(s[3] for s in said.values()), columns + len(said), now
        print(f"drift: twelve nights of a tenth of the accounts, drawn at random: {n} comparisons")
        print(f"   the report says drift of {ours} features; Evidently's defaults of {theirs} among {columns}")
        if ours:
            faults.append(f"{ours} alarms without drift")
    for f in faults:
        print("FAIL ", f)
    sys.exit(bool(faults))


main()
