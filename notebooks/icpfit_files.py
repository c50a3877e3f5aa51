"""The files of an icpfit project, as the notebooks read them: Parquet and JSON, and nothing else.

A project is the folder that holds icpfit.yaml. The environment variable
ICPFIT_PROJECT names it. Dates are texts, 2026-03-01; margins are micro-points.
"""
import json
import math
import os
from pathlib import Path
from statistics import NormalDist

import duckdb
import numpy as np
import pandas as pd

MICRO = 1e6


class Missing(Exception):
    """What a notebook needs is not there; the message says which command makes it."""


class Project:
    """A project folder. Nothing is read before it is asked for, and nothing is written."""

    def __init__(self, folder=None):
        folder = folder or os.environ.get("ICPFIT_PROJECT")
        if not folder:
            raise Missing("no project: set ICPFIT_PROJECT, or PROJECT in the first cell, to the folder that holds icpfit.yaml")
        self.folder = Path(folder).expanduser()
        if not (self.folder / "models").is_dir():
            raise Missing(f"{self.folder}: no models here; run `icpfit refresh` and `icpfit train` in the folder that holds icpfit.yaml")

    def days(self, *of):
        """The dates of a table, such as ("features", "customers"), oldest first."""
        return sorted(p.name.removeprefix("as_of=") for p in self.folder.joinpath(*of).glob("as_of=*") if any(p.glob("*.parquet")))

    def nights(self):
        """The dates that have grades, oldest first."""
        if not (nights := self.days("grades")):
            raise Missing(f"{self.folder}: no grades yet; run `icpfit predict`")
        return nights

    def reports(self):
        """The dates that have a report, oldest first."""
        if not (dates := sorted(p.parent.name.removeprefix("as_of=") for p in self.folder.glob("reports/as_of=*/report.json"))):
            raise Missing(f"{self.folder}: no reports yet; run `icpfit report`")
        return dates

    def champion(self):
        """The version in use."""
        try:
            return (self.folder / "models" / "champion").read_text().split()[0]
        except (OSError, IndexError):
            raise Missing(f"{self.folder}: no champion; run `icpfit train`") from None

    def json(self, *of):
        """A JSON file of the project; None where there is none."""
        path = self.folder.joinpath(*of)
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None

    def model(self, version, name="model"):
        """model.json or evaluation.json of a version."""
        found = self.json("models", version, f"{name}.json")
        if found is None:
            raise Missing(f"{self.folder}: no models/{version}/{name}.json; `icpfit models list` shows which versions there are")
        return found

    def report(self, as_of):
        """report.json of a night."""
        found = self.json("reports", f"as_of={as_of}", "report.json")
        if found is None:
            raise Missing(f"{self.folder}: no report of {as_of}; run `icpfit report --as-of {as_of}`")
        return found

    def table(self, *of, columns="*", where="true"):
        """A Parquet table as a pandas frame: a file, or the parts of a folder."""
        path = self.folder.joinpath(*of)
        files = [str(p) for p in (sorted(path.glob("part-*.parquet")) if path.is_dir() else [path])]
        if not files or not all(map(os.path.isfile, files)):
            raise Missing(f"{path}: no such table")
        return duckdb.execute(f"select {columns} from read_parquet(?, hive_partitioning = false) where {where}", [files]).df()

    def grades(self, as_of):
        """The grade table of a night, one row a source row, without reasons."""
        return self.table("grades", f"as_of={as_of}", columns="* exclude (reasons)")

    def out_of_fold(self, version):
        """Accounts as they were scored by models that had not seen them: domain, customer, weight, margin (mean of the repeats)."""
        return self.table("models", version, "oof.parquet").groupby("domain", sort=False).agg(
            customer=("customer", "first"), weight=("weight", "first"), margin=("margin", "mean")).reset_index()


def auc(customers, pool):
    """P(customer ranks above an account of the pool) + half of P(tie), each (values, weights)."""
    order = np.argsort(pool[0], kind="stable")
    values, below = pool[0][order], np.concatenate([[0], np.cumsum(pool[1][order])])
    won = (below[np.searchsorted(values, customers[0], "left")] + below[np.searchsorted(values, customers[0], "right")]) / 2
    return float((won * customers[1]).sum() / (pool[1].sum() * customers[1].sum()))


def captured(customers, pool, share):
    """Share of the customers among the best share of the pool, each (values, weights); who is tied with the last counts in proportion."""
    levels, at = np.unique(pool[0], return_inverse=True)
    held = np.bincount(at, pool[1])[::-1]  # best first
    levels = levels[::-1]
    k = min(int(np.searchsorted(np.cumsum(held), share * held.sum() * (1 - 1e-12))), len(held) - 1)
    tied = (share * held.sum() - held[:k].sum()) / held[k]
    values, weights = customers
    return float((weights[values > levels[k]].sum() + tied * weights[values == levels[k]].sum()) / weights.sum())


def classes(frame, value="margin"):
    """A frame's customers and pool, each (values, weights)."""
    customer = frame.customer.to_numpy(bool)
    values, weights = frame[value].to_numpy(float), frame.weight.to_numpy(float)
    return (values[customer], weights[customer]), (values[~customer], weights[~customer])


Z95 = NormalDist().inv_cdf(0.975)


def wilson(k, n):
    """The 95 % interval of a share of k among n, after Wilson (1927); none among none is anything from 0 to 1."""
    if n == 0:
        return 0.0, 1.0
    p, z2 = k / n, Z95 * Z95
    middle, half = (p + z2 / (2 * n)) / (1 + z2 / n), Z95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def newcombe(k1, n1, k2, n2):
    """k1 of n1 less k2 of n2, with its 95 % interval, after Newcombe (1998), method 10."""
    p1, p2 = k1 / n1, k2 / n2
    (l1, u1), (l2, u2) = wilson(k1, n1), wilson(k2, n2)
    return p1 - p2, p1 - p2 - math.hypot(p1 - l1, u2 - p2), p1 - p2 + math.hypot(u1 - p1, p2 - l2)


def least_rate(p, n1, n2):
    """The smallest rate above p that n1 trials would tell from p in n2 others at 5 %, two-sided, four times in five (Cohen's h, 1988); None where not even 1 would."""
    at = math.asin(math.sqrt(p)) + (Z95 + NormalDist().inv_cdf(0.8)) * math.sqrt(1 / n1 + 1 / n2) / 2
    return math.sin(at) ** 2 if at <= math.pi / 2 else None


def balance(a, b):
    """How often a fair coin comes up at least as uneven as a against b: the two-sided sign test."""
    n, k = a + b, min(a, b)
    tail = sum(math.exp(math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) - n * math.log(2)) for i in range(k + 1))
    return min(1.0, 2 * tail)


class Agreement:
    """Figures worked out here beside those of icpfit's files. One that differs ends the notebook."""

    def __init__(self):
        self.rows = []

    def same(self, what, here, there, tolerance=1e-9):
        """Wants a figure to be the file's, to a relative tolerance."""
        if isinstance(here, (int, float, np.number)) and isinstance(there, (int, float)):
            ok = math.isclose(here, there, rel_tol=tolerance, abs_tol=tolerance)
        else:
            ok = here == there
        if not ok:
            raise AssertionError(f"{what}: {here} worked out here, {there} in icpfit's file")
        self.rows.append((what, here, there))

    def table(self, most=40):
        """The figures as a frame."""
        return pd.DataFrame(self.rows[:most], columns=["figure", "worked out here", "in icpfit's file"])
