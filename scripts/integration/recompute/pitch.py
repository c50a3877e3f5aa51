"""A reason as one sentence to be repeated to a customer: its value, and how common that is where it speaks for the points."""
import re

from . import points
from .match import Says


def value(w, term, text):
    """A value of the grade table in words."""
    if term["kind"] == "date" and text != "unknown":
        return w.pen.date(text)
    if term["kind"] == "category" and w.parser[term["feature"]] == "country":
        return w.pen.country(text)
    return w.pen.value(term["kind"], text)


def rounded(text):
    """A number from 10 on without its decimals."""
    if text.find(".") < 2 or text.startswith("-"):
        return text
    v = float(text.replace(",", ""))
    return f"{int(v + 0.5):,}" if v + 0.5 >= 1000 else f"{int(v + 0.5)}"


def pitch(w, row, reason):
    n, pen = w.n, w.pen
    term = next(t for t in w.terms if t["feature"] == reason["feature"])
    kind, micro, shape = term["kind"], reason["micro_points"], points.shape(term)
    slot = int(n.points.bins[term["feature"]].slot[row])
    said, more = [value(w, term, reason["value"])], []
    if kind in ("set", "words") and slot:
        items = list(dict.fromkeys(n.one(f'select "{term["feature"]}" from features where row = ?', row)))
        index = {item: 2 + i for i, item in enumerate(term["items"])}
        worth = {i: shape[index[points.fold(i)]] * (-1 if micro < 0 else 1) for i in items if points.fold(i) in index}
        best = max(worth, key=lambda i: (worth[i], -items.index(i))) if worth else items[0]
        slot = index.get(points.fold(best), 0)
        said, more = [best], [pen.num(len(items) - 1)] * (kind == "set" and len(items) > 1)
    elif kind == "number" and slot and micro:
        said = [pen.value(kind, rounded(reason["value"]))]
    start = pen.title(term["feature"]) + pen.word["colon"]
    alone = Says(*said, *more, start=start, end=".")
    if slot == 0:
        return alone
    first = last = slot
    if kind in ("number", "date"):
        alike = lambda at: shape[at] == shape[slot]
        speaks = lambda at: shape[at] != 0 and (shape[at] > 0) == (micro > 0)
        for same in (alike, speaks):
            while (same is alike or speaks(slot)) and first > 1 and same(first - 1):
                first -= 1
            while (same is alike or speaks(slot)) and last < len(shape) - 1 and same(last + 1):
                last += 1
    counts = {r["slot"]: r for r in w.slots(term["feature"])}
    every = [counts[1]] if kind in ("set", "words") else [c for s, c in counts.items() if s > 0]
    part = [counts[s] for s in range(first, last + 1)]
    of = lambda rows, k: sum(r[k] for r in rows)
    (ours, theirs), (all_ours, all_theirs) = ((of(rows, "customers"), of(rows, "pool")) for rows in (part, every))
    ranged = kind in ("number", "date")
    excess = ours * all_theirs - theirs * all_ours
    if not all_ours or not all_theirs or abs(micro) < 50_000 or (excess > 0) != (micro > 0) or excess == 0 or ranged and last - first + 2 == len(shape) or kind == "category" and slot > len(term["values"]):
        return alone
    about = [pen.about(term, first, last, w.parser[term["feature"]])] if ranged else []
    return Says(*said, pen.whole(ours / all_ours), *about, pen.whole(theirs / all_theirs), *more, start=start, end=".")
