"""The tables and texts of report.html and report.md, and what their cells must say: the figures of report.json, written in the report's language."""
import html.parser
import re

from . import backtest, feedback, segments
from .words import Pen


class Page(html.parser.HTMLParser):
    """tables: section, rows of cells, the titles first. texts: what stands outside of them, drawings included."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tables, self.texts = [], []
        self.section, self.row, self.cell, self.skip, self.detail = "", None, None, 0, 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in ("style", "script"):
            self.skip += 1
        elif tag == "section":
            self.section = attrs.get("id", "")
        elif tag == "table":
            self.tables.append((self.section, []))
        elif tag == "tr" and attrs.get("class") == "detail":
            self.detail = 1  # what opens below a row is text
        elif self.detail:
            pass
        elif tag == "tr":
            self.row = []
            self.tables[-1][1].append(self.row)
        elif tag in ("td", "th"):
            self.cell = []
        elif tag == "li" and self.cell:
            self.cell.append(" ")

    def handle_endtag(self, tag):
        if tag in ("style", "script"):
            self.skip -= 1
        elif self.detail:
            self.detail = tag != "tr"
        elif tag in ("td", "th"):
            self.row.append("".join(self.cell).strip())
            self.cell = None
        elif tag == "table":
            self.row = None

    def handle_data(self, data):
        if self.skip:
            return
        if self.cell is not None:
            self.cell.append(data)
        elif data.strip():
            self.texts.append(data.strip())


def markdown(text):
    """Tables and texts of a Markdown page, as Page has them."""
    plain = lambda s: re.sub(r"\\(.)", r"\1", s).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
    tables, texts, rows = [], [], None
    for line in text.split("\n"):
        if not line.startswith("|"):
            rows = None
            if line.strip() and line.strip() != "---":
                texts.append(plain(re.sub(r"^(#+|-) |\*\*", "", line)))
            continue
        cells = [plain(c) for c in re.split(r"(?<!\\)\|", line)[1:-1]]
        if rows is None:
            rows = []
            tables.append(rows)
        elif all(re.fullmatch(r"-{3}:?", c) for c in cells):
            continue
        rows.append(cells)
    return tables, texts


class Shown:
    """What the tables of a report's pages must hold, by the figures of its JSON."""

    def __init__(self, report):
        self.r, self.pen = report, Pen(report["lang"])
        self.word = self.pen.word

    def dash(self, v, text):
        return self.word["dash"] if v is None else text(v)

    def tables(self):
        """Pairs of section and rows of cells, in the order of the page."""
        r, out = self.r, []
        gates = [self.gate(g) for g in r["held"]] or [self.gate(g) + [g["author"], g["reason"]] for g in r["accepted"]]
        if gates:
            out.append(("gates", gates))
        if r["call_list"]["accounts"]:
            out.append(("calls", [self.call(c) for c in r["call_list"]["accounts"]]))
        out.append(("grades", [self.grade(g) for g in r["grades"]]))
        if not r["first_night"]:
            out += self.changes()
        if "backtest" in r:
            out += backtest.tables(r["backtest"], self.pen)
        if "feedback" in r:
            out += feedback.tables(r["feedback"], self.pen)
        out += self.hand()
        if r["unscored"]:
            out.append(("unscored", [[u["meaning"], self.count(u["accounts"]), self.pen.percent(u["share"]), u["fix"], u["reason"]] for u in r["unscored"]]))
        if "segments" in r:
            out += segments.tables(r["segments"], self.pen)
        out += self.health() + self.data()
        out.append(("looks", [[self.pen.title(i["feature"]), self.word["pillar"][i["pillar"]], self.pen.num(i["points"], 1), self.pen.percent(i["share"])] for i in r["importance"]]))
        out += [("looks", [self.bin(b) for b in s["bins"]]) for s in r["shapes"][:12]]
        return out + self.about()

    def health(self):
        percent, r = self.pen.percent, self.r
        out = [("health", [self.rule(c) for c in r["checks"]])]
        if r["wins"]["scored"]:
            out.append(("health", [[g["grade"], self.count(g["won"]), percent(g["share"]), percent(g["pool"])] for g in r["wins"]["grades"]]))
        step, bins = r["scores"]["step"], r["scores"]["bins"]
        out.append(("health", [[self.stretch(i, b["from"], step, len(bins)), self.count(b["count"]), percent(b["share"]), percent(b["then"])] for i, b in enumerate(bins)]))
        return out

    def rule(self, c):
        figure = lambda v: self.word["dash"] if v is None else self.pen.days(v) if c["code"] == "age" else self.pen.percent(v)
        wanted = self.word["wanted"][c["code"]].format(figure(c["limit"])) if c["limit"] is not None else self.word["dash"]
        verdict = self.word["broken"][c["action"]] if c["failed"] else self.word["unchecked"] if c["value"] is None or c["limit"] is None else self.word["kept"]
        return [re.compile(r"\D+"), figure(c["value"]), wanted, verdict]

    def stretch(self, i, start, step, bins):
        if i == 0 and bins > 1:
            return self.word["below"].format(self.count(start + step))
        if i == bins - 1:
            return self.word["from"].format(self.count(start))
        return self.word["stretch"].format(self.count(start), self.count(start + step))

    def count(self, n):
        return self.pen.num(n)

    def rounded(self, number, unit, figures):
        """Whether a number of an axis, such as 1.35M, is one of the figures in three digits."""
        value = lambda text: float(text.replace(self.pen.thousand, "").replace(self.pen.decimal, "."))
        size = {"k": 1e3, "M": 1e6, "G": 1e9}[unit]
        return any(f"{value(f) / size:.3g}" == f"{value(number):.3g}" for f in figures if re.fullmatch(r"[\d,.\u202f]*\d", f) and len(f) > 3 and f.count(self.pen.decimal) < 2)

    def gate(self, g):
        figure = self.pen.percent if g["code"] in ("coverage_fallen", "new_values") else self.count
        return [g["code"], self.pen.title(g["feature"]) if g.get("feature") else self.word["dash"]] + [self.dash(g[k], figure) for k in ("was", "is", "limit")] + [g["message"]]

    def grade(self, g):
        row = [g["grade"], str(g["tier"]), self.dash(g["from"], self.count), self.count(g["accounts"]), self.pen.percent(g["share"]), self.count(g["prospects"])]
        if not self.r["first_night"]:
            row.append(self.pen.signed(g["accounts"] - g["before"], 0))
        return row + [self.pen.percents(g["captured"]), self.pen.percent(g["pool_share"]), self.dash(g.get("lift"), self.pen.times)]

    def name(self, a):
        return a["name"] or self.word["dash"]

    def call(self, c):
        said = [x["sentence"] for x in c["reasons"] if x["micro_points"] > 0][:3] or [x["sentence"] for x in c["reasons"][:1]]
        if c["similar"]:
            said.append(self.word["like"].format((" " + self.word["and"] + " ").join(c["similar"]).removesuffix(".")))
        return [c["grade"], self.count(c["points"]), self.name(c), c["domain"], " ".join(said)]

    def changes(self):
        m, group = self.r["migration"], self.word["group"]
        out = [("changes", [[group.get(f, f)] + [self.count(c) for c in row] for f, row in zip(m["from"], m["counts"])])]
        if self.r["causes"]:
            out.append(("changes", [[self.word["cause"][c["cause"]], self.count(c["accounts"])] for c in self.r["causes"]]))
        return out + [("changes", [self.mover(x) for x in self.r["movers"][way]]) for way in ("up", "down") if self.r["movers"][way]]

    def mover(self, m):
        cause = self.word["cause"][m["cause"]] if "cause" in m else self.word["dash"]
        if "cause_feature" in m:
            cause += f" ({self.pen.name(m['cause_feature'])})"
        return [self.name(m), m["domain"], m["from"], m["to"], self.pen.signed(m["points"] - m["points_before"]), cause, self.word["customer"] if m["customer"] else self.word["dash"]]

    def hand(self):
        out = []
        if self.r["overrides"]:
            out.append(("hand", [[o["domain"], self.word["exclude"] if o["grade"] == "exclude" else o["grade"], o["cut_grade"] or self.word["dash"], o["author"], o["reason"],
                                  self.pen.date(o["expires"]) if o["expires"] else self.word["dash"], self.word["status"][o["status"]]] for o in self.r["overrides"]]))
        if self.r["exploration"]["total"]:
            out.append(("hand", [[self.name(a), a["domain"], a["grade"], self.count(a["points"])] for a in self.r["exploration"]["accounts"]]))
        return out

    def bin(self, b):
        return [b["label"], self.pen.signed(b["points"]), self.dash(b.get("spread"), lambda v: self.pen.num(v, 1)), self.count(b["customers"]), self.count(b["pool"])]

    def data(self):
        c, pillar, percent = self.r["coverage"], self.word["pillar"], self.pen.percent
        out = [("data", [[pillar[p["pillar"]], str(p["features"]), percent(p["customers"]), percent(p["pool"])] for p in c["pillars"]]),
               ("data", [[self.pen.title(f["feature"]), pillar[f["pillar"]], percent(f["customers"]), percent(f["pool"]), self.count(f["unreadable"])] for f in c["features"]]),
               ("data", [[self.word["step"][s["name"]], self.count(s["count"]), self.count(s["lost"]), ", ".join(s["samples"][:5]) or self.word["dash"]] for s in self.r["funnel"]])]
        return out + [("drift", [self.drift(d) for d in self.r["drift"]]), ("drift", [self.known(d) for d in self.r["drift"]]),
                      ("drift", [[g["grade"]] + [self.dash(g[k], percent) for k in ("then", "before", "now")] for g in self.r["grade_drift"]])]

    def drift(self, d):
        verdict, two = self.word["verdict"], lambda v: self.pen.num(v, 2)
        state = "unknown" if d["psi"] is None else "small" if d["psi"] > d["chance"] else "ok"
        said = ", ".join(verdict[a] for a in d["alarms"]) or verdict[state]
        most = f"{d['change']}{self.word['colon']}{self.pen.percent(d['share_then'])} → {self.pen.percent(d['share'])}" if "change" in d else verdict["nothing"]
        o = d["overnight"]
        night = verdict["overnight"] if o["alarms"] else self.word["dash"] if o["psi"] is None and o["coverage_psi"] is None else verdict["ok"]
        name = self.pen.title(d["feature"]) + (self.word["colon"] + d["item"] if "item" in d else "")
        shift = f"{self.pen.signed(d['points'])} ({self.pen.signed(d['points_low'])}{self.word['to']}{self.pen.signed(d['points_high'])})"
        return [name, said, self.dash(d["psi"], two), self.dash(d["js"], two), self.dash(d["limit"], two), shift, most, night]

    def known(self, d):
        return [self.pen.title(d["feature"])] + [self.dash(c[k], self.pen.percent) for c in (d["coverage"], d["new_values"]) for k in ("then", "before", "now")]

    def about(self):
        m, metrics = self.r["model"], self.r["metrics"]
        rows = []
        for name in ("auc", "capture_1", "capture_5", "capture_10", "capture_20", "lift_1", "lift_5", "lift_10", "lift_20"):
            kind, _, k = name.partition("_")
            write = {"auc": self.pen.plain, "capture": self.pen.percents, "lift": self.pen.times}[kind]
            rows.append([re.compile("AUC" if kind == "auc" else f"(?i)(capture|lift).*[@ ]{k}\\s?%"), write(metrics[name]), self.r["definitions"][name]])
        facts = [m["version"], self.word["learner"].get(m["learner"], m["learner"]), self.word["learned"], self.pen.date(m["as_of"]),
                 re.compile(re.escape(self.count(m["age_days"])) + " .*" + self.word[m["status"]] + ".*" + re.escape(self.pen.date(m["due_on"]))), self.count(m["customers"]), self.count(m["pool"])]
        return [("about", rows), ("about", [[re.compile(r"\D+"), f] for f in facts])]


def check(report, page, text):
    """Faults of report.html and report.md, as texts, against the report's JSON."""
    faults, got, want = [], Page(page), Shown(report)
    tables, texts = markdown(text)
    if [rows for _, rows in got.tables] != tables:
        odd = next((i for i, (a, b) in enumerate(zip([r for _, r in got.tables], tables)) if a != b), min(len(tables), len(got.tables)))
        faults.append(f"table {odd} of {len(got.tables)} in HTML and {len(tables)} in Markdown differs: {[x[odd] if odd < len(x) else None for x in ([r for _, r in got.tables], tables)]}"[:600])
    wanted = want.tables()
    places = [s for s, _ in got.tables]
    if places != [s for s, _ in wanted]:
        faults.append(f"tables are in sections {places}; computed {[s for s, _ in wanted]}")
        return faults, 0
    cells = 0
    for (section, rows), (_, fit) in zip(got.tables, wanted):
        if len(rows) - 1 != len(fit):
            faults.append(f"{section}: {len(rows) - 1} rows under {rows[0]}; computed {len(fit)}")
        for row, must in zip(rows[1:], fit):
            cells += len(row)
            if len(row) != len(must) or any(m is not None and not (m.fullmatch(c) if hasattr(m, "fullmatch") else m == c) for m, c in zip(must, row)):
                faults.append(f"{section}, under {rows[0]}: {row}; computed {must}")
    figures = known(report, wanted)
    for where, list_of in (("HTML", got.texts), ("Markdown", texts)):
        for t in list_of:
            for number, unit in re.findall(r"(\d[\d.,\u202f]*\d|\d)([kMG]?\b)", t):
                if number not in figures and not (unit and want.rounded(number, unit, figures)):
                    faults.append(f"{where}: {number + unit!r} in {t!r} is no figure of the report")
    moved, stayed, _ = flow(report["migration"])
    pen = Pen(report["lang"])
    if moved and not any(t.startswith(pen.num(moved) + " ") and pen.num(stayed) in t for t in texts):
        faults.append(f"no text says that {moved} accounts changed and {stayed} stayed")
    if report["headline"] not in got.texts or report["headline"] not in texts:
        faults.append("the headline is not that of the JSON")
    if Pen(report["lang"]).word["action"][report["action"]] not in got.texts:
        faults.append(f"the page does not recommend {report['action']}")
    return faults, cells


def flow(m):
    """How many accounts changed and stayed, and what the drawing has at its ends: per row and column, those that changed."""
    cells = [(i, k, c) for i, row in enumerate(m["counts"]) for k, c in enumerate(row)]
    moved = [(i, k, c) for i, k, c in cells if m["from"][i] != m["to"][k]]
    ends = [sum(c for i, k, c in moved if at == (i, k)[side]) for side, names in enumerate((m["from"], m["to"])) for at in range(len(names))]
    return sum(c for _, _, c in moved), sum(c for _, _, c in cells) - sum(c for _, _, c in moved), ends


def known(report, wanted):
    """Every number that a text outside of the tables may hold: those of the tables and of the JSON's texts, and constants of the catalogue."""
    pen = Pen(report["lang"])
    out = {"1", "5", "6", "10", "12", "40", "50", "95", pen.num(0), pen.num(0.1, 1)}
    def take(text):
        out.update(re.findall(r"\d[\d.,\u202f]*\d|\d", text))
    def walk(x):
        if isinstance(x, dict):
            for v in x.values():
                walk(v)
        elif isinstance(x, list):
            for v in x:
                walk(v)
        elif isinstance(x, str):
            take(x)
            if re.fullmatch(r"\d{4}-\d\d-\d\d", x):
                take(pen.date(x))
        elif isinstance(x, int) and not isinstance(x, bool):
            take(pen.num(x))
        elif isinstance(x, float):
            take(pen.percent(x))
            take(pen.num(x, 1))
            take(pen.num(x))
            take(pen.num(100 * x, 1))
    walk(report)
    for _, rows in wanted:
        for row in rows:
            for cell in row:
                if isinstance(cell, str):
                    take(cell)
    for d in report["drift"] + [report["score_drift"]]:  # the drawings' figures, and those of the notes
        for v in (d["psi"], d["limit"], d["js"]):
            if v is not None:
                take(pen.num(v, 2))
    take(pen.num(report["score_drift"]["ks"], 3))
    take(pen.num(report["score_drift"]["ks_chance"], 3))
    b = report["base"]
    for part in (b["top"], b["unscored"]):
        take(pen.percent(part / max(b["accounts"], 1)))
    for s in report["shapes"]:  # ends of the drawings' error bars, and the edges below them
        for x in s["bins"]:
            for v in (x["points"] - x.get("spread", 0), x["points"] + x.get("spread", 0)):
                take(pen.signed(v))
                take(pen.signed(v, 0))
    for b in report["scores"]["bins"]:
        take(pen.whole(b["share"]))
        take(pen.whole(b["then"]))
    if "segments" in report:
        take("20 1,000 000")  # of the note on the trials
        for s in report["segments"]["segments"]:
            for n in s["grades"]:
                take(pen.percent(n / max(s["accounts"], 1)))
        for v in (report["segments"]["sizes"] or {}).values():
            take(pen.num(v, 3) if isinstance(v, (int, float)) else "")
    moved, stayed, nodes = flow(report["migration"])
    for n in (moved, stayed, *nodes):
        take(pen.num(n))
    for lengths in (report["call_list"]["accounts"], report["exploration"]["accounts"], report["shapes"], report["warnings"]):
        take(pen.num(len(lengths)))
    take(report["model"]["version"])
    return out
