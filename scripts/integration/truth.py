"""Is the report true? Plant events in a base, night by night, and compute every figure of each report again.

	python truth.py ICPFIT

The demo base goes through seven nights: a first one, quiet ones, and ones on which headcounts
double, accounts come and go, people decide by hand, a source column is emptied, the model is
trained anew, the cuts move. DuckDB and numpy work out every leaf of report.json from the Parquet
files, in English and French; a leaf that they do not compute is a fault. The tables of
report.html and report.md must hold the same figures. Every account's margin, reasons and
cause are computed too. Each planted event must be named as what it is, and nothing else.
Exits 1 if anything differs.
"""
import collections
import copy
import csv
import getpass
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

from recompute import causes, figures, lists, match, night, pages

ACCOUNTS = 8000
DAYS = [f"2025-06-{d:02d}" for d in range(2, 9)]
EMPTIED = "industry"
AUTHOR = getpass.getuser()


class Base:
    """A project and its source files, which the nights change."""

    def __init__(self, icpfit, folder):
        self.icpfit, self.dir = icpfit, folder
        self.run("demo", "--accounts", str(ACCOUNTS), "--as-of", DAYS[0], folder, at=None)
        self.sources = f"{folder}-sources"
        os.makedirs(self.sources)
        self.nights, self.random = [], random.Random(11)
        with open(f"{folder}/accounts.csv", newline="") as f:
            self.rows = list(csv.DictReader(f))

    def run(self, *args, at="", wanted=0):
        where = [] if at is None else ["--dir", self.dir]
        r = subprocess.run([self.icpfit, *where, "--quiet", *args], capture_output=True, text=True)
        assert r.returncode == wanted, f"icpfit {' '.join(args)} exits {r.returncode}; want {wanted}: {r.stderr[-2000:]}"
        return r.stderr

    def write(self):
        with open(f"{self.dir}/accounts.csv", "w", newline="") as f:
            out = csv.DictWriter(f, self.rows[0], lineterminator="\n")
            out.writeheader()
            out.writerows(self.rows)

    def settings(self, old, new):
        path = f"{self.dir}/icpfit.yaml"
        with open(path) as f:
            text = f.read()
        assert old in text, f"{old!r} is not in icpfit.yaml"
        with open(path, "w") as f:
            f.write(text.replace(old, new, 1))

    def decide(self, lines):
        with open(f"{self.dir}/overrides.csv", "w", newline="") as f:
            out = csv.writer(f, lineterminator="\n")
            out.writerow(["domain", "grade", "author", "reason", "expires"])
            out.writerows(lines)

    def night(self, day, *args):
        """Grades a night and returns its tables."""
        self.run("refresh", "--as-of", day, *args)
        return self.graded(day)

    def graded(self, day):
        shutil.copy(f"{self.dir}/accounts.csv", f"{self.sources}/{day}.csv")
        self.nights.append(night.Night(self.icpfit, self.dir, day, self.nights[-1] if self.nights else None))
        return self.nights[-1]

    def report(self, day, lang):
        """The report of a night in a language: JSON, HTML, Markdown."""
        self.run("report", "--as-of", day, "--lang", lang)
        return self.published(day)

    def published(self, day):
        texts = []
        for kind in ("json", "html", "md"):
            with open(f"{self.dir}/reports/as_of={day}/report.{kind}", newline="") as f:
                texts.append(f.read())
        return json.loads(texts[0]), *texts[1:]


class Checks:
    def __init__(self):
        self.passed = self.failed = 0
        self.leaves, self.widths = collections.Counter(), {}

    def __call__(self, name, faults, note=""):
        faults = [f for f in faults if f]
        self.failed += bool(faults)
        self.passed += not faults
        print(f"{'FAIL' if faults else 'ok  '}  {name}{note}", flush=True)
        for fault in faults[:10]:
            print(f"        {fault}")
        if len(faults) > 10:
            print(f"        and {len(faults) - 10} more")

    def report(self, name, n, published, **hold):
        """Every figure of one report, and of its pages."""
        rep, html, md = published
        wanted = figures.Wanted(n, rep["lang"], **hold)
        wanted.shown = rep
        want, m = wanted.report(), match.Match()
        m.walk("report", rep, want)
        self.leaves += m.leaves
        self.widths[n.version] = widths(rep, wanted.measured())
        self(f"{name}, {rep['lang']}: report.json", m.faults, f": {m.leaves['computed'] + m.leaves['Near']} figures computed, {m.leaves['Says']} sentences hold theirs")
        if not hold.get("held"):
            folder = f"{n.project}/reports/as_of={n.as_of}"
            self(f"{name}, {rep['lang']}: the complete lists, CSV and Parquet", lists.files(wanted, folder), f": {sum(x['rows'] for x in rep['lists'])} rows")
        faults, cells = pages.check(rep, html, md)
        self(f"{name}, {rep['lang']}: report.html and report.md", faults, f": {cells} cells")
        return rep, want


def tampered(rep, want):
    """Every single figure of a report, changed a little, must be found; and so must a leaf that nobody computes."""
    missed, tried = [], 0
    def visit(path, holder, key):
        nonlocal tried
        v = holder[key]
        if isinstance(v, (dict, list)):
            for k in list(v) if isinstance(v, dict) else range(len(v)):
                visit(f"{path}.{k}", v, k)
            return
        other = (not v) if isinstance(v, bool) else v + 1 if isinstance(v, int) else v * 1.5 + 0.1 if isinstance(v, float) else f"{v} 7" if isinstance(v, str) else 0.5
        holder[key] = other
        tried += 1
        if not fault(path):
            missed.append(f"{path}: {other!r} for {v!r} is not found")
        holder[key] = v
    def fault(path):
        top = path.split(".")[1]  # only the branch of the document that was touched
        m = match.Match()
        m.walk(top, rep[top], want[top])
        return m.faults
    for top in list(rep):
        visit(f"report.{top}", rep, top)
    extra = copy.deepcopy(rep)
    extra["base"]["another"], extra["drift"][0]["another"] = 1, 2
    m = match.Match()
    m.walk("report", extra, want)
    if len(m.faults) != 2:
        missed.append("figures that nobody computes are let through")
    return missed, tried


def widths(rep, measured):
    """How wide the report's intervals are, on average, against those computed: draws of chance even out over all of them."""
    pairs = [(rep["metrics"][k], measured[k]) for k in rep["metrics"] if k in measured]
    for i, g in enumerate(rep["grades"]):
        pairs += [(g[k], measured[f"{name}_{i}"]) for k, name in (("captured", "customers"), ("lift", "lift_of")) if k in g]
    ratios = [(a["high"] - a["low"]) / (b["high"] - max(b["low"], 0)) for a, b in pairs if b["sd"] > 0]
    return sum(ratios) / len(ratios)


def counts(rep):
    return {c["cause"]: c["accounts"] for c in rep["causes"]}


def equal(what, got, want):
    return f"{what}: {got!r}; planted {want!r}" if got != want else None


def quiet(rep):
    """Nothing has happened, and nothing is reported."""
    m = rep["migration"]
    off = sum(c for f, row in zip(m["from"], m["counts"]) for t, c in zip(m["to"], row) if f != t)
    return [equal("causes", rep["causes"], []), equal("movers", rep["movers"], {"up": [], "down": []}), equal("accounts that move", off, 0),
            equal("up, down, entered", [rep["base"][k] for k in ("up", "down", "entered")], [0, 0, 0]), equal("call list", rep["call_list"]["total"], 0),
            equal("alarms", alarms(rep), []), equal("action", rep["action"], "keep"), equal("warnings of drift", [w for w in rep["warnings"] if w["code"] == "drift"], [])]


def alarms(rep):
    return [d["feature"] for d in rep["drift"] if d["alarm"]]


def plant_changes(b, n):
    """5 % of headcounts doubled, 300 accounts more, 40 fewer, decisions by hand. Returns what was planted."""
    last = n.sql("""select a.domain, a.account_id, a.grade from accounts a join features f on f.row = a.row where a.grade is not null and not a.customer and a.domain is not null
                    and a.domain not in (select domain from grades where domain is not null group by domain having count(*) > 1)
                    and a.domain not in (select parent from features where parent is not null) order by a.account_id""")
    b.random.shuffle(last)
    gone, last = last[:40], last[40:]
    left = {r["account_id"] for r in gone}
    doubled = set()
    filled = [r for r in b.rows if r["employees"].isdigit() and r["id"] not in left]
    for r in b.random.sample(filled, len(filled) // 20):
        r["employees"] = str(2 * int(r["employees"]))
        doubled.add(r["id"])
    models = b.random.sample([r for r in b.rows if r["industry"] and r["technologies"] and r["id"] not in left], 300)
    b.rows = [r for r in b.rows if r["id"] not in left]
    for i, r in enumerate(models):
        b.rows.append(r | {"id": f"NEW-{i:04d}", "company_name": f"Planted {i}", "website": f"https://www.planted-{i:04d}.com/", "parent_id": ""})
    b.write()
    low = [r for r in last if r["grade"] in "EF"]
    hand = {"raised": low[0]["domain"], "excluded": low[1]["domain"], "expires": low[2]["domain"]}
    unscored = n.one("select domain from accounts where unscored_reason like 'LOW_COVERAGE%' order by domain limit 1")
    b.lines = [[hand["raised"], "A", "Ana Ruiz", "they asked for us", ""], [hand["excluded"], "exclude", "Ana Ruiz", "a competitor", ""],
               [hand["expires"], "B", "Jo Weber", "a trial until then", DAYS[2]], [unscored, "A", "Jo Weber", "met at a fair", ""], ["no-such-account.com", "C", "Jo Weber", "a slip of the pen", ""]]
    b.decide(b.lines)
    b.settings("# overrides: {path: overrides.csv}", "overrides: {path: overrides.csv}")
    b.settings("# exploration: {share: 0.02}", "exploration: {share: 0.02}")
    with open(f"{b.dir}/customers.csv", "a", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows([r["domain"], DAYS[2], "won since"] for r in last[-15:])
    return {"doubled": doubled, "gone": left, "hand": hand, "unscored": unscored}


def named_changes(n, rep, planted):
    m, hand = rep["migration"], planted["hand"]
    column = lambda to: sum(row[m["to"].index(to)] for row in m["counts"])
    by_data = n.sql("select account_id, cause_feature from accounts where cause = 'data'")
    status = {o["domain"]: o["status"] for o in rep["overrides"]}
    new = n.one("select count(*) from accounts where account_id like 'NEW-%' and grade is not null")
    moved = {x["account_id"] for way in ("up", "down") for x in rep["movers"][way]}
    return [
        equal("new accounts in the matrix", sum(m["counts"][m["from"].index("new")]), 300), equal("cause new", counts(rep).get("new"), new),
        equal("gone accounts in the matrix", column("gone"), 40), equal("cause gone", counts(rep).get("gone"), 40),
        equal("causes", set(counts(rep)), {"new", "gone", "override", "data"}), equal("cause override", counts(rep)["override"], 3),
        equal("accounts with cause data whose headcount did not double", [r for r in by_data if r["account_id"] not in planted["doubled"]], []),
        equal("features of cause data", {r["cause_feature"] for r in by_data}, {"employees"}), None if by_data else "no grade changes because of a doubled headcount",
        equal("movers whose headcount did not double", moved - planted["doubled"], set()), None if moved else "nobody moves",
        equal("overrides", [status[d] for d in (hand["raised"], hand["excluded"], hand["expires"], planted["unscored"], "no-such-account.com")], ["in_force", "excluded", "in_force", "without_effect", "unknown"]),
        equal("alarms", alarms(rep), []), equal("excluded", [u["accounts"] for u in rep["unscored"] if u["reason"] == "EXCLUDED"], [1]),
        equal("recent wins", rep["wins"]["won"], 15), None if rep["exploration"]["total"] > 50 else f"{rep['exploration']['total']} accounts are offered",
    ]


def named_emptied(n, rep, planted):
    """The column is named by the drift alarm, the coverage, the action and the causes; the expired override by its status and cause."""
    status = {o["domain"]: o["status"] for o in rep["overrides"]}
    coverage = {f["feature"]: f["pool"] for f in rep["coverage"]["features"]}
    by_data = {r["f"] for r in n.sql("select distinct cause_feature as f from accounts where cause = 'data' and cause_feature is not null and grade is not null")}
    return [
        equal("alarms", alarms(rep), [EMPTIED]), equal("coverage", coverage[EMPTIED], 0), equal("action", rep["action"], "fix_data"), None if EMPTIED in rep["headline"].lower() else f"the headline does not name {EMPTIED}",
        equal("features of cause data", by_data, {EMPTIED}), equal("expired", status[planted["hand"]["expires"]], "expired"), equal("cause expiry", counts(rep).get("expiry"), 1),
        equal("causes", set(counts(rep)), {"data", "expiry"}), equal("accepted", [(a["feature"], a["reason"], a["author"]) for a in rep["accepted"]], [(EMPTIED, "moving house", AUTHOR)]),
    ]


def held(checks, b, day, planted):
    """The night with the emptied column: held back, with a report that says why; then accepted."""
    for r in b.rows:
        r[EMPTIED] = ""
    b.write()
    published = []
    for lang in ("en", "fr"):
        b.run("refresh", "--as-of", day, "--lang", lang, wanted=3)
        published.append(b.published(day))
    assert not os.path.exists(f"{b.dir}/grades/as_of={day}"), "held grades are published"
    n = b.night(day, "--accept", "moving house")
    gates = lists.fallen(n)
    for p in published:
        rep, _ = checks.report(f"{day}, held back", n, p, held=gates, in_force=n.before.as_of)
    checks(f"{day}: the gate names the emptied column", [equal("gates", [(g["code"], g["feature"], g["is"]) for g in rep["held"]], [("coverage_fallen", EMPTIED, 0)]),
                                                     equal("action", rep["action"], "fix_data"), equal("calls", rep["call_list"]["total"], 0)])
    return n, {"accepted": [g | {"reason": "moving house", "author": AUTHOR} for g in gates]}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    checks = Checks()
    with tempfile.TemporaryDirectory() as tmp:
        nights(checks, os.path.abspath(sys.argv[1]), f"{tmp}/demo")
    for version, ratio in checks.widths.items():
        checks(f"intervals of {version} are as wide as computed", [f"{ratio:.3f} times as wide on average" if abs(ratio - 1) > 0.05 else None], f": {ratio:.3f} times, on average")
    print(f"truth: {checks.passed} passed, {checks.failed} failed; {sum(checks.leaves.values())} leaves: " + ", ".join(f"{n} {k}" for k, n in checks.leaves.most_common()))
    sys.exit(checks.failed > 0)


def nights(checks, icpfit, folder):
    b = Base(icpfit, folder)

    def night_of(name, n, named, **hold):
        for lang in ("fr", "en"):
            rep, want = checks.report(f"{n.as_of}, {name}", n, b.report(n.as_of, lang), **hold)
        checks(f"{n.as_of}: margins and reasons of every account, by numpy", causes.points(n))
        if n.before:
            faults, named_by, nameless = causes.check(n)
            checks(f"{n.as_of}: the cause of every account, by SQL", faults, f": {named_by} of {named_by + nameless} causes data name the feature" if named_by + nameless else "")
            moved = sum(c["accounts"] for c in rep["causes"])
            m = rep["migration"]
            none = ("unscored", "new", "gone")
            changes = sum(c for f, row in zip(m["from"], m["counts"]) for t, c in zip(m["to"], row) if f != t and not (f in none and t in none))
            checks(f"{n.as_of}: one cause a change", [equal("causes", moved, changes)])
            checks(f"{n.as_of}, {name}: named as what it is, and nothing else", named(rep))
        return rep, want

    b.settings("\ngates:", "\nsegments: {k: 4}\n\ngates:")
    b.run("segments")
    rep, want = night_of("first night", b.graded(DAYS[0]), None)
    missed, tried = tampered(rep, want)
    checks("every single figure, changed, is found", missed, f": {tried} tried")
    night_of("no change", b.night(DAYS[1]), quiet)
    planted = plant_changes(b, b.nights[-1])
    rows = copy.deepcopy(b.rows)
    n = b.night(DAYS[2])
    rep, want = night_of("headcounts, accounts, decisions", n, lambda r: named_changes(n, r, planted))
    missed, tried = tampered(rep, want)
    checks("every single figure of a night with changes, changed, is found", missed, f": {tried} tried")
    n, hold = held(checks, b, DAYS[3], planted)
    night_of("a column emptied, accepted", n, lambda r: named_emptied(n, r, planted), **hold)

    b.rows = rows
    b.write()
    b.settings("learner: auto", "learner: logistic")
    b.run("features", "--as-of", DAYS[4])
    b.run("train")
    promote(b)
    night_of("another model", b.night(DAYS[4]), lambda r: [equal("causes", set(counts(r)), {"model"}), equal("version", r["model"]["as_of"], DAYS[4]), equal("alarms", alarms(r), []), equal("action", r["action"], "keep")])

    b.settings("method: lift", "method: quantile")
    b.run("train")
    promote(b)
    b.decide(b.lines[:1] + b.lines[2:])
    night_of("cuts moved, an exclusion withdrawn", b.night(DAYS[5]), lambda r: [equal("causes", set(counts(r)), {"cut", "override"}), equal("cause override", counts(r)["override"], 1),
                                                                               equal("movers", r["movers"], {"up": [], "down": []}), equal("method", r["model"]["method"], "quantile")])
    night_of("no change", b.night(DAYS[6]), quiet)


def promote(b):
    with open(f"{b.dir}/models/champion") as f:
        champion = f.read().split()[0]
    others = [v for v in os.listdir(f"{b.dir}/models") if os.path.isdir(f"{b.dir}/models/{v}") and v != champion]
    b.run("models", "promote", "--reason", "a year has passed", max(others, key=lambda v: os.path.getmtime(f"{b.dir}/models/{v}")))


if __name__ == "__main__":
    main()
