package project

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/features/infer"
)

// Files are the inputs of a new project, as its settings file names them.
type Files struct {
	Accounts  string // path, relative to the project folder or absolute
	Customers string
	Tables    []Table // optional ones
	Grid      string  // the section of a written grid; "": none
}

// A Table is a file of one of the optional tables.
type Table struct{ Name, Path string }

// WriteYAML returns a commented icpfit.yaml for the base and the list that were
// looked at: the features by pillar, the columns left out with the reason of
// each, the defaults of the rest. It loads as it is, unless r has no features.
// Same input, same bytes.
func WriteYAML(r *infer.Result, list *infer.CustomerList, files Files) []byte {
	w := &yamlWriter{}
	w.line("# What icpfit reads, learns from and grades by. Written by icpfit init after looking at %s rows of %s:", grouped(r.Rows), comment(r.Source))
	w.line("# change what you know better, then run icpfit check. Every key: icpfit config schema.")
	if r.Preset != "" {
		w.line("# The accounts were recognised as an export of %s.", comment(r.Preset))
	}
	w.line("version: 1")
	w.line("name: main                # the ICP's name, stored in everything that is made")
	w.line("")
	w.line("accounts:")
	w.pairs("path", files.Accounts, "domain", r.Domain, "id", r.ID, "name", r.Name, "modified", r.Modified, "parent", r.Parent)
	w.line("")
	w.line("customers:                # class: best, pipeline, ordinary or lost; won_at: a date; weight: a number; each the name of a column")
	w.pairs("path", files.Customers, "domain", list.Domain, "class", list.Class, "won_at", list.WonAt, "weight", list.Weight)
	w.line("")
	w.features(r.Specs)
	w.leftOut(r.LeftOut)
	if files.Grid != "" {
		w.line("\n%s", strings.TrimSuffix(files.Grid, "\n"))
	}
	w.settings(files)
	return []byte(w.b.String())
}

type yamlWriter struct{ b strings.Builder }

func (w *yamlWriter) line(format string, args ...any) {
	fmt.Fprintf(&w.b, format, args...)
	w.b.WriteByte('\n')
}

// pairs writes keys and values in block style, leaving out empty values.
func (w *yamlWriter) pairs(kv ...string) {
	for i := 0; i < len(kv); i += 2 {
		if kv[i+1] != "" {
			w.line("  %s: %s", kv[i], scalar(kv[i+1]))
		}
	}
}

// features writes one flow map a line, by pillar.
func (w *yamlWriter) features(specs []features.Spec) {
	if len(specs) == 0 {
		w.line("features: []              # no column could be used; add features by hand, see icpfit config schema")
		return
	}
	w.line("features:                 # kind: number, category, set, flag, date or words; the learned fit uses firmographic and technographic")
	for _, pillar := range features.Pillars {
		first := true
		for _, s := range specs {
			if s.Pillar != pillar {
				continue
			}
			if first {
				w.line("  # %s", pillar)
				first = false
			}
			w.line("  - %s", flowSpec(s))
		}
	}
}

// flowSpec returns a feature as a YAML flow map.
func flowSpec(s features.Spec) string {
	var b strings.Builder
	fmt.Fprintf(&b, "{name: %s, pillar: %s, kind: %s, column: %s", scalar(s.Name), s.Pillar, s.Kind, scalar(s.Column))
	if s.Parser != "" {
		fmt.Fprintf(&b, ", parser: %s", scalar(s.Parser))
	}
	if s.Separator != "" {
		fmt.Fprintf(&b, ", separator: %s", strconv.Quote(s.Separator))
	}
	return b.String() + "}"
}

func (w *yamlWriter) leftOut(columns []infer.LeftOut) {
	if len(columns) == 0 {
		return
	}
	w.line("  # Left out; to use one, add a line like those above:")
	for _, c := range columns {
		w.line("  #   %s: %s", comment(c.Column), comment(c.Reason))
	}
}

// settings writes the defaults, one key a line under model.
func (w *yamlWriter) settings(files Files) {
	c := DefaultConfig()
	w.line("")
	w.line("model:")
	w.line("  learner: %-14s # auto, scorecard, logistic, trees or grid", c.Model.Learner)
	w.line("  prefer: %-15s # accuracy: best out of fold; table: only what people can edit, unless beaten beyond its 95 %% interval, and what that costs", c.Model.Prefer)
	w.line("  missing: %-14s # neutral: the empty cell scores 0, known bins average 0; learn: it is a bin like any other (the missingness detector then warns)", c.Model.Missing)
	w.line("  # group: source         # a feature within whose values accounts are ranked, such as the list they came from: what only tells lists apart then scores 0")
	w.line("  seed: %-17d # same input, same seed: the same model", c.Model.Seed)
	w.line("")
	w.line("grades:")
	w.line("  scale: %-16s # A-F, A-D+F or A-D", c.Grades.Scale)
	w.line("  method: %-15s # lift, quantile, score, capture or capacity; icpfit grades preview shows each", c.Grades.Method)
	w.line("  on: %-19s # fit, or priority: 0.4 firmographic, 0.3 technographic, 0.3 intent", c.Grades.On)
	w.line("  hysteresis: %-11g # points by which an account must pass a cut before its grade moves", c.Grades.Hysteresis)
	w.line("")
	w.line("gates:                    # what holds the grades of a night back until somebody accepts them: icpfit refresh --accept REASON")
	w.line("  base_shrunk: %-10g # share of its accounts that the base may lose since the night before", c.Gates.BaseShrunk)
	w.line("  coverage: %-13g # share of its known values that a feature of the model may lose", c.Gates.Coverage)
	w.line("  new_values: %-11g # share of a feature's values that the model does not know, over that of the night before", c.Gates.NewValues)
	w.line("  input_age_days: %-7d # since the file of accounts was changed", c.Gates.InputAge)
	w.line("  model_age_months: %-5d # since the date of what the model learned; the report asks for a review from 6 on", c.Gates.ModelAge)
	w.line("")
	w.line("# overrides: {path: overrides.csv}   # grades and exclusions by hand: domain,grade,author,reason,expires")
	w.tables(files.Tables)
	w.line("# exploration: {share: 0.02}         # share of the accounts below B that sales is offered nevertheless")
}

// tables writes where the optional tables are.
func (w *yamlWriter) tables(tables []Table) {
	if len(tables) == 0 {
		w.line("# tables:                            # what happened with accounts: icpfit backtest, icpfit audit, the report")
		w.line("#   opportunities: {path: opportunities.csv}   # deals as Salesforce or HubSpot exports them")
		return
	}
	w.line("tables:                   # what happened with accounts: icpfit backtest, icpfit audit, the report")
	for _, t := range tables {
		w.line("  %s: {path: %s}", t.Name, scalar(t.Path))
	}
}

// scalar returns s as a YAML scalar that reads as the text s, in any place.
func scalar(s string) string {
	if plainScalar(s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0xfeff || r == 0x2028 || r == 0x2029:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

// plainScalar reports whether s needs no quotes: a letter, then letters, digits
// and a few signs, and no word that means something else in YAML.
func plainScalar(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		other := r >= '0' && r <= '9' || r == '_' || r == '.' || r == '/' || r == '-' || r == ' '
		if !letter && (i == 0 || !other) {
			return false
		}
	}
	switch strings.ToLower(s) {
	case "", "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf":
		return false
	}
	return !strings.HasSuffix(s, " ")
}

// comment returns s fit for a comment: one line, nothing that moves a terminal.
func comment(s string) string { return printable(strings.ToValidUTF8(s, "?")) }

// grouped writes n with commas between thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
