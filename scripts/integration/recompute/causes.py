"""Why each grade differs from that of the night before, worked out anew for every account.

The precedence (R34): new or gone, override, expiry, model, cut, data.
"""
import json

import numpy as np


def same_points(a, b):
    strip = lambda m: json.dumps({k: v for k, v in m.items() if k not in ("version", "grades", "experience")}, sort_keys=True)
    return strip(a) == strip(b)


def causes(n):
    """The cause of every account by key, "" where its grade stays; of those that are gone too."""
    model, before = n.model, n.before.model
    other = n.version != n.before.version and not same_points(model, before)
    cut = same_points(model, before) and model["grades"] != before["grades"]
    n.db.execute("create or replace temp table hand (domain varchar, grade varchar, holds boolean)")
    for o in n.overrides():
        n.db.execute("insert into hand values (?, ?, ?)", [o["domain"], o["grade"], not o["expires"] or o["expires"] >= n.as_of])
    rows = n.sql(f"""
        select coalesce(a.key, w.key) as key,
          case
            when a.grade is not distinct from w.grade then ''
            when a.key is null then 'gone'
            when w.grade is null and not coalesce(w.overridden, false) and w.unscored_reason is distinct from 'EXCLUDED' then 'new'
            when h.holds and (h.grade = 'exclude' or a.grade is not null) then 'override'
            when (w.overridden or w.unscored_reason = 'EXCLUDED') and h.domain is null then 'override'
            when (w.overridden or w.unscored_reason = 'EXCLUDED') and not h.holds then 'expiry'
            when {other} then 'model'
            when {cut} then 'cut'
            else 'data'
          end as cause
        from accounts a full join was w using (key) left join hand h on h.domain = a.domain""")
    return {r["key"]: r["cause"] for r in rows}


def check(n):
    """Faults of the causes in the tables of grades and changes, and of the features that data causes name; how many name one, and how many do not."""
    faults, wanted = [], causes(n)
    told = {r["key"]: r["cause"] or "" for r in n.sql("select key, cause from accounts")}
    for key, cause in wanted.items():
        if cause != "gone" and told.get(key) != cause:
            faults.append(f"{key}: cause {told.get(key)!r}; computed {cause!r}")
    if told.keys() - wanted.keys():
        faults.append(f"no cause is computed for {sorted(told.keys() - wanted.keys())[:3]}")
    stray = n.one("select count(*) from grades where unscored_reason = 'DUPLICATE_OF' and cause is not null")
    if stray:
        faults.append(f"{stray} merged rows have a cause")
    if n.one("select count(*) from accounts where (cause = 'data') < (cause_feature is not null) or previous_grade is distinct from (select grade from was where was.key = accounts.key)"):
        faults.append("a previous grade is not that of the night before, or a cause other than data names a feature")
    n.db.execute(f"create or replace temp table listed as select * from '{n.project}/changes/as_of={n.as_of}/*.parquet'")
    listed = {r["key"]: r["cause"] for r in n.sql("select coalesce(domain, chr(1) || account_id) as key, cause from listed where cause is not null")}
    changed = {k: c for k, c in wanted.items() if c}
    if listed != changed:
        odd = [k for k in listed.keys() | changed.keys() if listed.get(k) != changed.get(k)]
        faults.append(f"changes differ for {len(odd)} accounts, such as {odd[:3]}: {[(listed.get(k), changed.get(k)) for k in odd[:3]]}")
    wrong, named, nameless = features(n)
    return faults + wrong, named, nameless


def features(n):
    """A data cause names the feature that moved the account's points most, of those whose value changed; or none, where the night before does not tell.

    In a model with trees, what a feature gives depends on the others: points move of features that stay as they are.
    """
    faults, named, nameless = [], 0, 0
    if n.model != n.before.model:
        return faults, named, nameless
    rows = n.sql("""select a.key, a.cause_feature as feature, f.row as now, p.row as past, a.grade is null as lost, w.reasons[1].feature as strongest
                    from accounts a join was w using (key) join features f on f.row = a.row join past_features p on p.row = w.row where a.cause = 'data'""")
    now, past = ({f: n.column(f'select "{f}" from {table} order by row') for f in n.points.features} for table in ("features", "past_features"))
    for r in rows:
        moved = np.abs(n.points.contributions[:, r["now"]] - n.before.points.contributions[:, r["past"]])
        changed = [k for k, f in enumerate(n.points.features) if now[f][r["now"]] != past[f][r["past"]]]
        if r["lost"]:
            if r["feature"] != r["strongest"]:
                faults.append(f"{r['key']}: has no grade any more and names {r['feature']}; the strongest of before was {r['strongest']}")
        elif not changed:
            faults.append(f"{r['key']}: cause data, though none of its features changed")
        elif r["feature"] is None:
            nameless += 1
        elif n.points.features.index(r["feature"]) not in changed or moved[n.points.features.index(r["feature"])] < moved[changed].max():
            faults.append(f"{r['key']}: names {r['feature']}; changed are {[(n.points.features[k], int(moved[k])) for k in changed]}")
        else:
            named += 1
    return faults, named, nameless


def points(n):
    """Faults of margins, and of the five reasons of every account, against the model's points computed anew."""
    faults, p = [], n.points
    rows = n.sql("select row, domain, margin, [r.feature for r in reasons] as features, [r.micro_points for r in reasons] as micro from grades order by row")
    for r in rows:
        i = r["row"]
        if r["margin"] is None:
            continue
        if r["margin"] != p.margin[i]:
            faults.append(f"{r['domain']}: margin {r['margin']}; computed {p.margin[i]}")
            continue
        mine = p.contributions[:, i]
        known = np.array([p.bins[f].slot[i] > 0 for f in p.features])
        order = [k for k in np.lexsort((np.arange(len(mine)), -np.abs(mine))) if known[k] or mine[k] != 0][:5]
        if [p.features[k] for k in order] != r["features"] or [int(mine[k]) for k in order] != r["micro"]:
            faults.append(f"{r['domain']}: reasons {list(zip(r['features'], r['micro']))}; computed {[(p.features[k], int(mine[k])) for k in order]}")
    return faults
