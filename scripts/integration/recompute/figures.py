"""What report.json must say of a night: every figure from the Parquet files, by SQL and numpy.

Frozen with the model, and taken from model.json: bins, cuts, base points. From the source
files, since no table has them: cells that could not be read, the list of customers, the
decisions by hand. The leak warnings are those of the training, in evaluation.json.
"""
import datetime
import re

from . import backtest, drift, feedback, lists, points, ranking, segments, wins
from .match import Given, Near, Says, Words
from .night import CLASSES
from .words import Pen

REASONS = "NO_DOMAIN BAD_DOMAIN FREE_MAIL_DOMAIN SHARED_HOST DUPLICATE_OF LOW_COVERAGE_FIRMO LOW_COVERAGE_TECHNO EXCLUDED OUTSIDE_EXPERIENCE NEW_SINCE_FEATURES".split()
TEXT = Words("a text of the catalogue")
TOP = "in ('A', 'B')"
# How far an end of an interval may be from the one computed, in standard deviations of the draws:
# 4.5 standard errors of a quantile of 1,000 draws less one of 2,000.
QUANTILE = 4.5 * 0.0845 * (1 + 1 / 2) ** 0.5


def month(date, months):
    at = date.year * 12 + date.month - 1 + months
    return datetime.date(at // 12, at % 12 + 1, date.day)


class Wanted:
    """The wanted report of a night in a language. held is how many gates hold, 0 for grades that are in force."""

    def __init__(self, n, lang, held=(), in_force="", accepted=()):
        self.n, self.pen, self.lang = n, Pen(lang), lang
        self.held, self.in_force, self.accepted = held, in_force, accepted
        self.grades = [c["grade"] for c in n.model["grades"]["cuts"]]
        self.terms = n.model["terms"]
        self.parser = {s["name"]: s.get("parser", "") for s in n.model["specs"]}

    def report(self):
        n, first = self.n, self.n.before is None
        base = self.base()
        self.importance()
        self.drift = drift.Drift(self)
        self.drifts = self.drift.features
        out = {
            "format": Given(6, "the package's comment"), "name": Given(n.model["name"], "model.json"), "as_of": n.as_of, "first_night": first, "lang": self.lang,
            "base": base, "model": self.facts(), "metrics": self.metrics(), "definitions": self.definitions(), "grades": self.grade_table(),
            "grade_notes": self.notes(), "call_list": lists.calls(self), "migration": lists.migration(self), "causes": lists.causes(self),
            "movers": lists.movers(self), "overrides": lists.overrides(self), "exploration": lists.exploration(self),
            "unscored": self.unscored(), "coverage": self.coverage(), "funnel": self.funnel(),
            "importance": self.importance(), "shapes": self.shapes(), "drift": [self.drifts[k] for k in self.order],
            "score_drift": self.drift.score, "grade_drift": self.drift.grades, "novelty": self.drift.novelty,
            "held": [self.gate(g) for g in self.held], "accepted": [self.gate(g) | {"reason": g["reason"], "author": g["author"]} for g in self.accepted],
        }
        out["audit"] = None  # nobody has asked for one
        if not self.held:  # of held grades nothing is said of outcomes
            found = {"backtest": backtest.backtest(self), "feedback": feedback.feedback(self)}
            out |= {k: v for k, v in found.items() if v is not None}
        out["lists"] = [{"name": k, "rows": len(rows)} for k, (_, rows) in sorted(lists.complete(self).items())]
        if (divided := segments.segments(self)) is not None:
            out["segments"] = divided
        if not first:
            out["previous_as_of"] = n.before.as_of
        if self.in_force:
            out["in_force"] = self.in_force
        if self.held:
            out["call_list"] |= {"total": 0, "accounts": []}
            out["exploration"] = {"total": 0, "accounts": []}
        self.won = out["wins"] = wins.wins(self)
        out["scores"] = wins.scores(self)
        out["checks"], action, why = self.checks(base)
        out["action"], out["action_reasons"] = self.action(action, why)
        self.called = out["call_list"]["total"]
        out["warnings"] = self.warnings(base)
        out["headline"] = self.headline(base, out["action_reasons"])
        return out

    # How many accounts there are.

    def base(self):
        n = self.n
        out = n.sql(f"select count(*) as accounts, count(grade) as scored, count(*) - count(grade) as unscored, count(*) filter (grade {TOP}) as top from grades")[0]
        out |= {"entered": 0, "up": 0, "down": 0}
        if n.before:
            out |= n.sql(f"""select count(*) filter (not a.customer and a.grade {TOP} and coalesce(w.grade, '') not {TOP}) as entered,
                             count(*) filter (a.grade < w.grade) as up, count(*) filter (a.grade > w.grade) as down from accounts a left join was w using (key)""")[0]
        return out

    def facts(self):
        m, n = self.n.model, self.n
        counts = n.sql("select count(distinct domain) filter (customer) as customers, count(distinct domain) filter (not customer) as pool from oof")[0]
        then, now = (datetime.date.fromisoformat(d) for d in (m["as_of"], n.as_of))
        status = "overdue" if now > month(then, 12) else "fresh" if now < month(then, 6) else "due"
        return {
            "version": n.version, "learner": Given(m["learner"], "model.json"), "as_of": Given(m["as_of"], "model.json"), **counts, "provisional": Given(m.get("provisional", False), "model.json"),
            "age_days": (now - then).days, "status": status, "due_on": month(then, 6).isoformat(), "method": Given(m["grades"]["method"], "model.json"), "on": Given(m["grades"]["on"], "model.json"),
        }

    # What was measured out of fold.

    def measured(self):
        if not hasattr(self, "_measured"):
            n = self.n
            key = n.version
            if key not in MEASURED:
                parents = dict(n.db.execute(f"select domain, parent from read_parquet('{n.project}/features/accounts/as_of={n.model['as_of']}/*.parquet') "
                                            "where row_reason is null and parent is not null").fetchall())
                oof = n.db.execute("select * from oof").df()
                cuts = [c["margin"] for c in n.model["grades"]["cuts"][:-1]]
                MEASURED[key] = ranking.evaluate(oof, parents, cuts)[0]
            self._measured = MEASURED[key]
        return self._measured

    def interval(self, name, by=1.0, most=1.0):
        i = self.measured()[name]
        within = max(QUANTILE * i["sd"] * by, 1e-9)
        low, high = max(0.0, i["low"] * by), min(most, i["high"] * by)
        return {"value": i["value"] * by, "low": Near(low, within), "high": Near(high, within)}

    def metrics(self):
        out = {"auc": self.interval("auc")}
        for k, share in ranking.SHARES.items():
            out["capture_" + k] = self.interval("capture_" + k)
            out["lift_" + k] = self.interval("capture_" + k, 1 / share, 1 / share)
        return out

    def definitions(self):
        out = {"auc": Says("1")}
        for k in ranking.SHARES:
            out["capture_" + k], out["lift_" + k] = Says(k), Says(k, "1")
        return out

    def grade_table(self):
        out, n = [], self.n
        rows = {r["grade"]: r for r in n.sql("""select grade, min(tier) as low, max(tier) as high, count(*) as accounts, count(*) filter (not customer) as prospects,
                                                count(*) / (select count(*) from grades) as share from grades where grade is not null group by grade""")}
        cuts = n.model["grades"]["cuts"]
        for i, c in enumerate(cuts):
            r = rows.get(c["grade"], {"low": c["tier"], "high": c["tier"], "accounts": 0, "prospects": 0, "share": 0.0})
            assert r["low"] == r["high"], f"{c['grade']}: tiers {r['low']} and {r['high']}"
            last = i == len(cuts) - 1 or i > 0 and c["margin"] >= cuts[i - 1]["margin"]
            row = {"grade": c["grade"], "tier": r["low"], "from": None if last else n.model["base_points"] + c["margin"] / points.MICRO,
                   "accounts": r["accounts"], "before": n.one("select count(*) from was where grade = ?", c["grade"]) if n.before else None, "prospects": r["prospects"], "share": r["share"]}
            measured = self.measured()
            row |= {"pool_share": measured[f"pool_{i}"]["value"], "captured": self.interval(f"customers_{i}")}
            if measured[f"pool_{i}"]["value"] > 0:
                row["lift"] = self.interval(f"lift_of_{i}", 1.0, float("inf"))
            out.append(row)
        return out

    def notes(self):
        """The notes of the training on its own cuts; they name lifts of the grade table."""
        out = []
        for note in self.n.model["grades"].get("notes", []):
            numbers = [x.replace(".", self.pen.decimal) for x in re.findall(r"-?\d+(?:\.\d+)?", note)]
            out.append(Given(note, "model.json, where the notes of the training are") if self.lang == "en" else Says(*numbers))
        return out

    # Accounts without a grade.

    def unscored(self):
        rows = self.n.sql("select coalesce(unscored_reason, '') as reason, count(*) as accounts, count(*) / (select count(*) from grades) as share from grades where grade is null group by all")
        rows.sort(key=lambda r: (REASONS.index(r["reason"]) if r["reason"] in REASONS else len(REASONS), r["reason"]))
        for r in rows:
            fixes = self.n.sql("select unscored_fix as fix from grades where unscored_reason = ? group by 1 order by count(*) desc, 1 limit 1", r["reason"])
            r |= {"meaning": TEXT, "fix": self.filled(fixes[0]["fix"]) if r["reason"].startswith("LOW_COVERAGE") else TEXT}
        return rows

    def filled(self, fix):
        """The grade table's fix of accounts of which nothing is known, in the report's language."""
        found = re.fullmatch(r"add (.+): would be (.) or better with (\d+) %", fix)
        return Says(self.pen.name(found[1]), found[2], self.pen.num(int(found[3])) + self.pen.percent_sign) if found else TEXT

    # What is known of them.

    def coverage(self):
        n, pillars, features = self.n, [], []
        specs = n.model["specs"]
        scorable = "from features where row_reason is null"
        for pillar in ("firmographic", "technographic", "intent"):
            names = [f'"{s["name"]}"' for s in specs if s["pillar"] == pillar]
            if names:
                some = f"coalesce({', '.join(f'({x} is not null) or null' for x in names)}, false)"
                pillars.append({"pillar": pillar, "features": len(names)} | n.sql(f"select {share(some, CLASSES)} as customers, {share(some, 'class is null')} as pool {scorable}")[0])
        cells = lists.source(n)
        for s in self.order_of_spec():
            known = f'"{s["name"]}" is not null'
            row = {"feature": s["name"], "pillar": s["pillar"]} | n.sql(f"select {share(known, CLASSES)} as customers, {share(known, 'class is null')} as pool {scorable}")[0]
            features.append(row | {"unreadable": lists.unreadable(n, s, cells)})
        return {"pillars": pillars, "features": features}

    def order_of_spec(self):
        """The features in the order of the table's columns, which is that of icpfit.yaml."""
        columns = [r["column_name"] for r in self.n.sql("describe features")]
        return sorted(self.n.model["specs"], key=lambda s: columns.index(s["name"]))

    def funnel(self):
        steps = lists.funnel(self.n)
        out, before = [], None
        for name, have, samples in steps:
            out.append({"name": name, "count": have, "lost": 0 if before is None else before - have, "samples": samples})
            before = have
        return out

    # What the model looks for, and whether the base still looks like it.

    def importance(self):
        rows = self.n.sql("select feature, any_value(pillar) as pillar, any_value(importance) as points from importance group by feature order by points desc, feature")
        total = sum(r["points"] for r in rows)
        index = {t["feature"]: k for k, t in enumerate(self.terms)}
        self.order = [index[r["feature"]] for r in rows]
        self.weight = {r["feature"]: r["points"] / total if total else 0.0 for r in rows}
        return [r | {"share": self.weight[r["feature"]]} for r in rows]

    def slots(self, feature):
        return self.n.sql("select slot, effect, spread, customers, pool from importance where feature = ? order by slot", feature)

    def shapes(self):
        self.importance()
        return [self.shape(self.terms[k]) for k in self.order]

    def shape(self, term):
        rows = self.slots(term["feature"])
        hidden = 0
        if term["kind"] in ("set", "words"):
            rows = sorted(rows[2:], key=lambda r: (-abs(r["effect"]), r["slot"]))
            rows, hidden = rows[:15], max(0, len(rows) - 15)
        groups = []
        for r in rows:
            joined = groups and term["kind"] in ("number", "date") and groups[-1][0]["slot"] > 0 and groups[-1][-1]["effect"] == r["effect"]
            if joined:
                groups[-1].append(r)
            else:
                groups.append([r])
        bins = []
        for g in groups:
            customers = sum(r["customers"] for r in g)
            b = {"label": self.pen.slots(term, g[0]["slot"], g[-1]["slot"], self.parser[term["feature"]]), "points": g[0]["effect"], "customers": customers,
                 "pool": sum(r["pool"] for r in g), "few": customers < 5}
            if g[0]["spread"] is not None:
                b["spread"] = max(r["spread"] for r in g)
            bins.append(b)
        return {"feature": term["feature"], "pillar": term["pillar"], "kind": term["kind"], "bins": bins, "hidden": hidden}


    # What to do.

    def checks(self, base):
        """The rules that the package's comment has, the action of the first that is broken, and why."""
        pen, out, why = self.pen, [], {}
        def rule(code, action, value, limit, broken, *reasons):
            out.append({"code": code, "action": action, "failed": broken, "value": value, "limit": limit})
            if broken:
                why.setdefault(action, []).extend(reasons)
        rule("graded", "fix_data", base["scored"] / base["accounts"], 0.0, base["scored"] == 0)
        drifts = [self.drifts[k] for k in self.order]
        strong = [d for d in drifts if d["importance"] >= 0.10 and d["known_then"] > 0]
        left = [d["known"] / d["known_then"] for d in strong]
        rule("coverage", "fix_data", min(left), 0.5, min(left) < 0.5,
             *(Says(pen.name(d["feature"]), pen.percent(d["known_then"]), pen.percent(d["known"])) for d, x in zip(strong, left) if x < 0.5))
        low = self.n.one("select count(*) filter (unscored_reason like 'LOW_COVERAGE%') / count(*) from grades")
        rule("unscored", "fix_data", low, 0.20, low > 0.20, Says(pen.percent(low)))
        def carried(code, action, of, so):
            found = [d for d in drifts if so(d)]
            share = float(sum(d["importance"] for d in found))
            rule(code, action, share if of else None, 0.20, share > 0.20, Says(pen.percent(share), ", ".join(pen.name(d["feature"]) for d in found)))
        carried("overnight", "fix_data", self.drift.sides[drift.BEFORE], lambda d: d["overnight"]["alarms"])
        carried("drift", "retrain", True, lambda d: d["alarm"])
        then, now = (datetime.date.fromisoformat(d) for d in (self.n.model["as_of"], self.n.as_of))
        old = month(then, 12)
        rule("age", "retrain", (now - then).days, (old - then).days, now > old, Says(pen.date(then.isoformat()), "12"))
        w = self.won
        value, limit = (w[k] and w[k][end] for k, end in (("captured", "value"), ("expected", "low")))
        missed = value is not None and limit is not None and w["captured"]["high"] < limit
        rule("wins", "retrain", value, None if value is None else limit, missed, Says(pen.date(then.isoformat()), *(pen.percents(w[k]) for k in ("captured", "expected") if missed)))
        first = next((c["action"] for c in out if c["failed"]), "keep")
        return out, first, why.get(first, [])

    def action(self, action, why):
        if self.held:
            return "retrain" if all(g["code"] == "stale_model" for g in self.held) else "fix_data", [self.said(g) for g in self.held]
        return action, why

    def headline(self, base, why):
        pen = self.pen
        count = lambda k: pen.num(base[k])
        if self.held:
            more = [pen.num(len(self.held) - 1)] if len(self.held) > 1 else []
            return Says(pen.date(self.n.as_of), *why[0].figures, *more, *([pen.date(self.in_force)] if self.in_force else []), self.n.as_of)
        if not self.n.before:
            figures = [count("top"), count("accounts")]
        else:
            figures = [count("entered")] * (base["entered"] > 0) + [pen.date(self.n.before.as_of)]
        return Says(*figures, *(why[0].figures if why else []), end=".")

    def warnings(self, base):
        pen, out = self.pen, []
        warn = lambda code, feature, *figures: out.append({"code": code, "feature": feature, "message": Says(*figures)})
        if self.facts()["status"] == "due":
            warn("due", "", "6")
        if base["top"] > 0.4 * max(base["scored"], 1):
            warn("too_broad", "", pen.percent(base["top"] / base["scored"]), "40")
        for g in self.accepted:
            warn("accepted", g.get("feature", ""), *self.said(g).figures, g["author"], g["reason"])
        for d in (self.drifts[k] for k in self.order):
            for figures in drift.said(pen, d):
                warn("drift", d["feature"], *figures)
        score, novelty = self.drift.score, self.drift.novelty
        if score["alarm"]:
            warn("score_drift", "", pen.num(score["psi"], 2), pen.num(score["limit"], 2))
        if novelty["alarm"]:
            warn("novelty", "", pen.percent(novelty["now"]), pen.percent(novelty["then"]))
        for w in self.n.evaluation.get("warnings") or []:
            whole = w["code"] in ("purity",)
            share = w["code"] in ("coverage_gap", "ablation")
            figure = pen.percent(w["value"]) if share else pen.num(w["value"], 0 if whole else 2)
            out.append({"code": w["code"], "feature": w.get("feature", ""), "message": Says(*[pen.title(w["feature"])] * bool(w.get("feature")), figure)})
        return out

    # Gates: their figures are computed in lists.gates.

    def said(self, g):
        pen = self.pen
        if g["code"] == "coverage_fallen":
            return Says(pen.name(g["feature"]), *(pen.percent(g[k]) for k in ("was", "is", "limit")))
        if g["code"] == "new_values":
            return Says(*(pen.percent(g[k]) for k in ("was", "is", "limit")))
        return Says(*(pen.num(g[k]) for k in ("was", "is", "limit") if g[k] is not None))

    def gate(self, g):
        out = {k: g[k] for k in ("code", "was", "is", "limit")} | {"message": self.said(g)}
        return out | ({"feature": g["feature"]} if g.get("feature") else {})


MEASURED = {}  # by version


def share(what, among):
    return f"coalesce(count(*) filter (({what}) and {among}) / nullif(count(*) filter ({among}), 0), 0)::double"
