"""The lists of a report: whom to call, who moved, what people decided; and what only the source files tell."""
import csv
import re

from . import pitch

TOP = "in ('A', 'B')"


def named(n, columns, source, order, limit):
    """Accounts of a query, with their names of the feature table."""
    return n.sql(f"select {columns}, coalesce(f.name, '') as name from {source} join features f on f.row = a.row {order} limit {limit}")


def calls(w):
    n = w.n
    fresh = "" if n.before is None else f" and coalesce(w.grade, '') not {TOP}"
    source = "accounts a" + (" left join was w using (key)" if n.before else "")
    rule = f"where a.grade {TOP} and not a.customer{fresh}"
    previous = "w.grade" if n.before else "null"
    rows = named(n, f"a.domain, a.account_id, a.grade, a.tier, {previous} as previous_grade, a.micro / 1e6 as points, a.reasons, a.row", source, f"{rule} order by a.micro desc, a.domain, a.account_id", 50)
    for r in rows:
        if r["previous_grade"] is None:
            del r["previous_grade"]
        r["name"] = " ".join(r["name"].split())
        row = r.pop("row")
        r["reasons"] = [reason(w, x) | {"sentence": pitch.pitch(w, row, x)} for x in r["reasons"]]
        r["lift"] = 2 ** ((r["points"] - 50) / 10)
        r["unknown"] = [f for f in n.points.features if n.points.bins[f].slot[row] == 0]
    return {"rule": "best" if n.before is None else "entered", "total": n.one(f"select count(*) from {source} {rule}"), "accounts": rows}


def reason(w, r):
    """A reason of the grade table, with its line of text."""
    term = next(t for t in w.terms if t["feature"] == r["feature"])
    return {"feature": r["feature"], "value": w.pen.value(term["kind"], r["value"]), "micro_points": r["micro_points"], "text": line(w, term, r["value"], r["micro_points"])}


def line(w, term, value, micro):
    """A reason in one line: a set by its items, where these have points of their own."""
    pen, name = w.pen, term["feature"]
    if term["kind"] not in ("set", "words") or value in ("unknown", "none"):
        text = pitch.value(w, term, value)
        return f"{name} {text}{pen.word['colon']}{pen.micro(micro)}"
    items, more = value.split(", "), 0
    if found := re.fullmatch(r"(.*) \+(\d+)", items[-1]):
        items[-1], more = found[1], int(found[2])
    if len(items) + more < 2 or w.n.model.get("trees"):
        text = pen.word["more"].format(", ".join(items), pen.num(more)) if more else ", ".join(items)
        return f"{name} {text}{pen.word['colon']}{pen.micro(micro)}"
    slots = {item: 2 + i for i, item in enumerate(term["items"])}
    worth = [term["micro_points"][slots[x.strip().lower()]] if x.strip().lower() in slots else 0 for x in items]
    parts = [f"{x} {pen.micro(v)}" for x, v in zip(items, worth)]
    if more:
        rest = pen.micro(micro - sum(worth))
        parts.append(pen.word["others" if more > 1 else "another"].format(pen.num(more), rest))
    return f"{name} {pen.micro(micro)}{pen.word['colon']}{', '.join(parts)}"


def migration(w):
    n = w.n
    if n.before is None:
        return {"from": [], "to": [], "counts": []}
    rows = [r["grade"] for r in n.sql("select distinct grade from was where grade is not null order by grade")] + ["unscored", "new"]
    columns = w.grades + ["unscored", "gone"]
    cells = n.sql("""select case when w.key is null then 'new' else coalesce(w.grade, 'unscored') end as before,
                     case when a.key is null then 'gone' else coalesce(a.grade, 'unscored') end as now, count(*) as n from accounts a full join was w using (key) group by all""")
    counts = {(c["before"], c["now"]): c["n"] for c in cells}
    return {"from": rows, "to": columns, "counts": [[counts.get((b, c), 0) for c in columns] for b in rows]}


def causes(w):
    n = w.n
    if n.before is None:
        return []
    return n.sql("""select cause, count(*) as accounts from (select cause from accounts where cause is not null
                    union all select 'gone' from was w where grade is not null and not exists (from accounts a where a.key = w.key)) group by cause order by accounts desc, cause""")


def movers(w):
    n = w.n
    if n.before is None:
        return {"up": [], "down": []}
    def most(sign):
        rows = named(n, """a.domain, a.account_id, a.customer, w.grade as "from", a.grade as "to", w.micro / 1e6 as points_before, a.micro / 1e6 as points, a.cause, a.cause_feature""",
                     "accounts a join was w using (key)", f"where a.grade is not null and w.grade is not null and {sign} * (a.micro - w.micro) > 0 order by {sign} * (a.micro - w.micro) desc, a.domain, a.account_id", 25)
        for r in rows:
            r["name"] = " ".join(r["name"].split())
            for k in ("cause", "cause_feature"):
                if r[k] is None:
                    del r[k]
        return rows
    return {"up": most(1), "down": most(-1)}


def overrides(w):
    """What became of each decision, by the tables alone."""
    out, n = [], w.n
    for o in n.overrides():
        rows = n.sql("select grade, cut_grade, overridden, unscored_reason from accounts where domain = ?", o["domain"])
        status, cut = "without_effect", ""
        if o["expires"] and o["expires"] < n.as_of:
            status = "expired"
        elif not rows:
            status = "unknown"
        elif rows[0]["unscored_reason"] == "EXCLUDED":
            status = "excluded"
        elif rows[0]["overridden"]:
            status, cut = "in_force", rows[0]["cut_grade"] or ""
            assert rows[0]["grade"] == o["grade"], f"{o['domain']} is {rows[0]['grade']}; by hand {o['grade']}"
        out.append({"domain": o["domain"], "grade": o["grade"], "cut_grade": cut, "author": o["author"], "reason": o["reason"], "expires": o["expires"], "status": status})
    return out


def exploration(w):
    n = w.n
    rows = named(n, "a.domain, a.account_id, a.grade, a.micro / 1e6 as points", "accounts a", "where a.exploration order by a.micro desc, a.domain, a.account_id", 500)
    for r in rows:
        r["name"] = " ".join(r["name"].split())
    wrong = n.one("select count(*) from accounts where exploration and (customer or overridden or grade is null or grade in ('A', 'B'))")
    assert wrong == 0, f"{wrong} accounts are offered that must not be"
    return {"total": n.one("select count(*) from accounts where exploration"), "accounts": rows}


# What only the source files tell.

NOTHING = {"", "-", "--", "?", "n/a", "na", "n.a.", "#n/a", "null", "none", "unknown", "select", "tbd", "nan", "non renseigné", "inconnu", "aucun", "please select", "--none--", "-none-", "n/d", "."}


def source(n):
    """The night's copy of the source's cells, by column, in the order of the rows."""
    with open(f"{n.project}-sources/{n.as_of}.csv", newline="") as f:
        rows = list(csv.DictReader(f))
    assert len(rows) == n.one("select count(*) from features"), "the source has other rows than the table"
    return rows


def unreadable(n, spec, rows):
    """Cells that say something and are null in the feature table; dates of the future count apart."""
    values = n.column(f'select "{spec["name"]}" from features order by row')
    future = lambda cell: spec["kind"] == "date" and re.match(r"\d{4}-\d\d-\d\d", cell) and cell[:10] > n.as_of
    cells = [r[spec["column"]].strip().lower() for r in rows]
    return sum(v is None and c not in NOTHING and not future(c) for v, c in zip(values, cells))


def host(cell):
    """The registrable domain of a customer's cell, by a rule that the generated bases need no list for."""
    name = re.sub(r"^[a-z]+://|^.*@", "", cell.strip().lower()).split("/")[0].split("?")[0].split(":")[0].strip(".")
    parts = name.removeprefix("www.").split(".")
    keep = 3 if len(parts) > 2 and parts[-2] in ("co", "com", "org", "net", "ac") and len(parts[-1]) == 2 else 2
    return ".".join(parts[-keep:]) if len(parts) > 1 else ""


def funnel(n):
    """The steps of the customers' list, how many are left after each, and the first twenty lost."""
    with open(f"{n.project}/customers.csv", newline="") as f:
        cells = [r["domain"] for r in csv.DictReader(f)]
    valid = [host(c) for c in cells]
    bad = [c for c, h in zip(cells, valid) if not h]
    valid = [h for h in valid if h]
    distinct = list(dict.fromkeys(valid))
    repeated = list(dict.fromkeys(h for i, h in enumerate(valid) if h in valid[:i]))
    scorable = set(n.column("select domain from features where row_reason is null"))
    found = [h for h in distinct if h in scorable]
    specs = [s["name"] for s in n.model["specs"]]
    known = set(n.column(f"select domain from features where row_reason is null and ({' or '.join(f'{s} is not null' for s in specs)})"))
    some = [h for h in found if h in known]
    return [("listed", len(cells), []), ("valid domain", len(valid), bad[:20]), ("deduplicated", len(distinct), repeated[:20]),
            ("found in the base", len(found), [h for h in distinct if h not in scorable][:20]), ("with features", len(some), [h for h in found if h not in known][:20])]


# Gates.

def fallen(n, limit=0.2):
    """Features known of fewer accounts than the night before, by more than the limit and more than chance."""
    out = []
    for s in n.model["specs"]:
        count = lambda table: n.sql(f'select count("{s["name"]}") as known, count(*) as of from {table} where row_reason is null')[0]
        was, now = count("past_features"), count("features")
        if now["known"] / now["of"] < (1 - limit) * was["known"] / was["of"]:
            out.append({"code": "coverage_fallen", "feature": s["name"], "was": was["known"] / was["of"], "is": now["known"] / now["of"], "limit": (1 - limit) * was["known"] / was["of"]})
    return out
