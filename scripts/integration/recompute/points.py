"""The model's points of every account, from model.json and a feature table, by numpy: bins, items, trees."""
import datetime

import numpy as np

MICRO = 1e6


def fold(text):
    return text.strip().lower()


class Bins:
    """One feature of all rows: the slot of each (0: unknown; of a set 1: known), and of a set which items it has."""

    def __init__(self, term, column, as_of):
        kind = term["kind"]
        self.items = None
        missing = np.array([v is None for v in column])
        self.slot = np.zeros(len(column), np.int64)
        if kind in ("number", "date"):
            values = [np.nan if v is None else (as_of - v).days if kind == "date" else v for v in column]
            self.slot = np.where(missing, 0, 1 + np.searchsorted(np.array(term.get("edges", []), float), np.array(values, float), "left"))
        elif kind == "flag":
            self.slot = np.array([0 if v is None else 2 if v else 1 for v in column])
        elif kind == "category":
            index = {v: 1 + i for i, v in enumerate(term.get("values", []))}
            self.slot = np.array([0 if v is None else index.get(fold(v), 1 + len(index)) for v in column])
        else:
            index = {v: i for i, v in enumerate(term.get("items", []))}
            self.slot = np.where(missing, 0, 1)
            self.items = np.zeros((len(column), len(index)), bool)
            for row, have in enumerate(column):
                for item in have or []:
                    if fold(item) in index:
                        self.items[row, index[fold(item)]] = True

    def counts(self, rows, slots):
        """How many of the rows are in each slot."""
        n = np.bincount(self.slot[rows], minlength=slots)
        if self.items is not None:
            n[2:] = self.items[rows].sum(axis=0)
        return n


def slots_of(term):
    kind = term["kind"]
    if kind in ("number", "date"):
        return len(term.get("edges", [])) + 2
    if kind == "flag":
        return 3
    return len(term.get("values", []) if kind == "category" else term.get("items", [])) + 2


def shape(term):
    return term.get("effect") or term["micro_points"]


def binned(model, columns, as_of):
    """The bins of every feature of the fit, of the columns of a feature table."""
    day = datetime.date.fromisoformat(as_of)
    return {t["feature"]: Bins(t, columns[t["feature"]], day) for t in model["terms"]}


class Points:
    """Contributions in micro-points by feature of the fit, and their sum, of rows binned so."""

    def __init__(self, model, bins):
        terms = model["terms"]
        self.features, self.bins = [t["feature"] for t in terms], bins
        rows = len(next(iter(bins.values())).slot)
        self.contributions = np.zeros((len(terms), rows), np.int64)
        for k, t in enumerate(terms):
            b, micro = self.bins[t["feature"]], np.array(t["micro_points"], np.int64)
            self.contributions[k] = micro[b.slot]
            if b.items is not None:
                self.contributions[k] += b.items @ micro[2:]
        for tree in model.get("trees", []):
            self._walk(tree, terms, 0, np.arange(rows))
        self.margin = self.contributions.sum(axis=0)
        self.known = np.any([b.slot > 0 for b in self.bins.values()], axis=0)

    def _walk(self, tree, terms, at, rows):
        node = tree[at]
        if not node.get("left") or not len(rows):
            return
        term = terms[node["feature"]]
        b = self.bins[term["feature"]]
        slot = b.slot[rows]
        if b.items is not None:
            left = ~b.items[rows, node["at"] - 2]
        elif term["kind"] == "category":
            left = np.isin(slot, node["in"])
        else:
            left = slot <= node["at"]
        child = np.where(slot == 0, node["missing"], np.where(left, node["left"], node["right"]))
        for c in {node["left"], node["right"], node["missing"]}:
            here = rows[child == c]
            self.contributions[node["feature"], here] += tree[c].get("micro_points", 0) - node.get("micro_points", 0)
            self._walk(tree, terms, c, here)
