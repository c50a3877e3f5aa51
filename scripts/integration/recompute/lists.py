"""The lists of a report: whom to call, who moved, what people decided; and what only the source files tell."""
import csv
import re

import numpy as np

from . import pitch, points

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
        r["similar"] = similar(w, row)
        r["lift"] = 2 ** ((r["points"] - 50) / 10)
        r["unknown"] = [f for f in n.points.features if n.points.bins[f].slot[row] == 0]
    return {"rule": "best" if n.before is None else "entered", "total": n.one(f"select count(*) from {source} {rule}"), "accounts": rows}


def reason(w, r):
    """A reason of the grade table, with its line of text."""
    term = next(t for t in w.terms if t["feature"] == r["feature"])
    return {"feature": r["feature"], "value": w.pen.value(term["kind"], r["value"]), "micro_points": r["micro_points"], "text": line(w, term, r["value"], r["micro_points"])}


def line(w, term, value, micro):
    """A reason in one line: a set by its items, where these have points of their own."""
    pen, name = w.pen, w.pen.name(term["feature"])
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


def similar(w, row):
    """The two customers nearest to an account: by how many points their values differ in worth, summed over the features."""
    n = w.n
    if not hasattr(w, "customers"):
        w.customers = n.binned("customers"), n.column("select coalesce(nullif(trim(name), ''), domain) from customers order by row")
    bins, names = w.customers
    nearest = np.lexsort((np.arange(len(names)), distances(n, row, bins)))[:2]
    return list(dict.fromkeys(" ".join(names[i].split()) for i in nearest))


def distances(n, row, bins):
    out = 0
    for t in n.model["terms"]:
        shape, a, b = np.array(points.shape(t), np.int64), n.points.bins[t["feature"]], bins[t["feature"]]
        out = out + np.abs(shape[a.slot[row]] - shape[b.slot])
        if a.items is not None:
            out = out + (a.items[row] ^ b.items) @ np.abs(shape[2:])
    return out


def complete(w):
    """The complete lists beside the report: columns and rows, as Parquet and CSV have them; none beside grades that are held."""
    n, out = w.n, {}
    if w.held:
        return out
    fresh = "" if n.before is None else f" and coalesce(w.grade, '') not {TOP}"
    rows = n.sql(f"select a.domain, a.account_id, coalesce(f.name, '') as name, a.grade, {'w.grade' if n.before else 'null'} as previous_grade, a.tier, a.micro / 1e6 as points, a.reasons from accounts a "
                 + ("left join was w using (key) " if n.before else "") + f"join features f on f.row = a.row where a.grade {TOP} and not a.customer{fresh} order by a.micro desc, a.domain, a.account_id")
    for r in rows:
        told = [reason(w, x)["text"] for x in r.pop("reasons")]
        r |= {f"reason_{k + 1}": told[k] if k < len(told) else None for k in range(5)}
    out["calls"] = "domain account_id name grade previous_grade tier points reason_1 reason_2 reason_3 reason_4 reason_5".split(), rows
    if n.before:
        out["changes"] = "domain account_id customer previous_grade grade previous_points points change cause cause_feature".split(), n.sql("""
            select a.domain, a.account_id, a.customer, w.grade as previous_grade, a.grade, w.micro / 1e6 as previous_points, a.micro / 1e6 as points, (a.micro - w.micro) / 1e6 as change, a.cause, a.cause_feature
            from accounts a left join was w using (key) where w.key is null or a.grade is distinct from w.grade or a.micro is distinct from w.micro
            union all by name select domain, account_id, customer, grade as previous_grade, micro / 1e6 as previous_points, case when grade is not null then 'gone' end as cause
            from was w where not exists (from accounts a where a.key = w.key)""")
    out["unscored"] = "domain account_id customer reason fix".split(), n.sql("select domain, account_id, customer, unscored_reason as reason, unscored_fix as fix from grades where grade is null")
    out["exploration"] = "domain account_id grade points".split(), n.sql("select domain, account_id, grade, micro / 1e6 as points from accounts where exploration")
    out["overrides"] = "domain grade cut_grade author reason expires status".split(), overrides(w)
    return out


def files(w, folder):
    """Faults of the lists' files, both forms, against the rows computed."""
    import duckdb

    faults = []
    for name, (columns, rows) in complete(w).items():
        plain = lambda v: None if v in (None, "") else round(v, 6) if isinstance(v, float) else v
        want = sorted((tuple(plain(r.get(c)) for c in columns) for r in rows), key=repr)
        for kind, source in (("parquet", f"read_parquet('{folder}/{name}.parquet', hive_partitioning = false)"), ("csv", f"read_csv('{folder}/{name}.csv', header = true, all_varchar = true, hive_partitioning = false)")):
            got = duckdb.sql(f"from {source}")
            if got.columns != columns:
                faults.append(f"{name}.{kind}: columns {got.columns}")
                continue
            values = got.fetchall()
            if kind == "csv":
                text = lambda v: None if v is None else str(v).lower() if isinstance(v, bool) else f"{v:.6f}".rstrip("0").rstrip(".") if isinstance(v, float) else formula(" ".join(str(v).split()))
                have, must = sorted((tuple(x or None for x in row) for row in values), key=repr), sorted((tuple(map(text, row)) for row in want), key=repr)
            else:
                have, must = sorted((tuple(map(plain, row)) for row in values), key=repr), want
            odd = [(a, b) for a, b in zip(have, must) if a != b]
            if odd or len(have) != len(must):
                faults.append(f"{name}.{kind}: {len(have)} rows; computed {len(must)}: {odd[:1]}")
    return faults


def formula(text):
    return "'" + text if text and text[0] in "=+-@" else text


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
