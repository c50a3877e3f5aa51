package pipeline

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/explain"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/nearest"
	"github.com/icpfit/icpfit/model/predict"
)

// Explain explains the grade of the account that a domain, URL or e-mail
// address belongs to, with the newest feature table and the champion, in a
// language. The teller puts it into words.
func (r *Run) Explain(ctx context.Context, raw, lang string) (*explain.Explanation, *explain.Teller, error) {
	key, reason := datasets.DomainKey(raw)
	if key == "" {
		return nil, nil, usagef("explain: %q is no account's domain (%s); give one like acme.com", raw, reason)
	}
	version, err := r.Champion()
	if err != nil {
		return nil, nil, err
	}
	m, err := r.Model(version)
	if err != nil {
		return nil, nil, err
	}
	t, err := explain.NewTeller(lang, m)
	if err != nil {
		return nil, nil, usagef("explain: %v", err)
	}
	x := &explainer{m: m, t: t, key: key}
	var nights []explain.Night
	g, past := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		nights, err = r.history(past, key)
		return err
	})
	err = r.explainNow(ctx, x, func() error {
		err := g.Wait()
		x.e.History = nights
		return err
	})
	if err != nil {
		_ = g.Wait() // nobody reads on after it; its error, if it is not this one, is beside the point
		return nil, nil, err
	}
	return &x.e, t, nil
}

// explainNow explains by the newest tables; history waits for that of the account.
func (r *Run) explainNow(ctx context.Context, x *explainer, history func() error) error {
	accounts, customers, err := r.pair("")
	if err != nil {
		return err
	}
	defer accounts.Close()
	defer customers.Close()
	if err := fits(x.m, accounts); err != nil {
		return err
	}
	if err := x.find(ctx, accounts); err != nil {
		return err
	}
	if err := x.score(); err != nil {
		return err
	}
	if err := history(); err != nil {
		return err
	}
	x.grade()
	if x.e.Grade == nil {
		return nil
	}
	x.nearest()
	return x.similar(ctx, customers)
}

// WriteExplanation writes the page of an explanation to path.
func WriteExplanation(path string, e *explain.Explanation, t *explain.Teller) error {
	var page bytes.Buffer
	if err := t.WriteHTML(&page, e); err != nil {
		return err
	}
	return artifact.WriteFile(path, page.Bytes())
}

// An explainer explains one account.
type explainer struct {
	m      *model.Model
	t      *explain.Teller
	key    string
	day    int32
	row    *datasets.Batch
	scorer *model.Scorer
	bins   []bin.Column // of the row: the fit's, then the intent signals'
	e      explain.Explanation
}

// find loads the surviving row of the domain.
func (x *explainer) find(ctx context.Context, accounts *features.Table) (err error) {
	columns := []string{"domain", "account_id", "name", "customer", "row_reason"}
	for _, s := range x.m.Specs {
		columns = append(columns, s.Name)
	}
	if x.row, err = accounts.Find(ctx, columns, x.key); err != nil {
		return err
	}
	if x.row.Rows == 0 {
		return notFoundf("explain: %s: no such account in the feature table of %s; check the spelling, or run `icpfit features`", x.key, accounts.AsOf)
	}
	x.e = explain.Explanation{
		Domain: x.key, AsOf: accounts.AsOf, Version: x.m.Version, Lang: x.t.Lang, BasePoints: x.m.BasePoints,
		Unknown: []string{}, Similar: []explain.Similar{},
		AccountID: string(x.row.Column("account_id").Cell(0)), Name: string(x.row.Column("name").Cell(0)),
		Customer: x.row.Column("customer").Flags[0] == 1,
	}
	x.day, err = ParseDay(accounts.AsOf)
	return err
}

// binnings are those of the fit, then of the intent signals.
func (x *explainer) binnings() (out []bin.Binning) {
	for _, terms := range [][]model.Term{x.m.Terms, x.m.Intent} {
		for i := range terms {
			out = append(out, terms[i].Binning)
		}
	}
	return out
}

// score fills in what the model says of the row.
func (x *explainer) score() error {
	var s model.Scores
	x.scorer = model.NewScorer(x.m, x.day)
	if err := x.scorer.Score(&s, x.row); err != nil {
		return err
	}
	x.bins = bin.Bin(x.binnings(), x.row, x.day).Columns
	x.contributions(&s)
	if code := x.row.Column("row_reason").Codes[0]; code >= 0 {
		reason := datasets.Reason(x.row.Column("row_reason").Dictionary[code])
		x.without(reason, nil)
		return nil
	}
	if !s.Known[0] {
		reason, fill := predict.Coverage(x.m)
		x.without(reason, &fill)
		return nil
	}
	margin, points := s.Margin[0], x.m.Points(s.Margin[0])
	x.e.Margin, x.e.Points = &margin, &points
	if x.m.Grid == nil {
		lift := model.Lift(points)
		x.e.Lift = &lift
	}
	cut := x.m.Grades.Cuts[x.m.Grades.Index(x.m.CutOn(&s, 0))]
	x.e.Grade, x.e.Tier = &cut.Grade, cut.Tier
	return nil
}

// without says why there is no grade, and what to do about it: fill in a feature,
// or what the reason says.
func (x *explainer) without(reason datasets.Reason, fill *predict.Fill) {
	x.e.Reason, x.e.Fix = string(reason), x.t.Fix(string(reason), predict.Fix(reason))
	if fill != nil && fill.Feature != "" {
		x.e.Fix = x.t.Fill(fill.Feature, fill.Grade, fill.Share)
	}
}

// contributions lists what every feature adds, with its sentence.
func (x *explainer) contributions(s *model.Scores) {
	for k := range x.m.Terms {
		term := &x.m.Terms[k]
		c := x.row.Column(term.Feature)
		value := model.NewDisplay(x.m.Specs[k], term).Value(c, 0)
		if s.Unknown[k][0] {
			value = "unknown"
			x.e.Unknown = append(x.e.Unknown, term.Feature)
		}
		micro := int64(s.Contributions[k][0])
		x.e.Features = append(x.e.Features, explain.Contribution{
			Feature: term.Feature, Pillar: string(term.Pillar), Value: value, MicroPoints: micro,
			Sentence: x.t.Reason(explain.Reason{Term: k, Value: value, Items: itemsOf(c), Column: &x.bins[k], MicroPoints: micro}),
		})
	}
	slices.SortStableFunc(x.e.Features, func(a, b explain.Contribution) int {
		return cmp.Compare(abs(b.MicroPoints), abs(a.MicroPoints))
	})
}

// itemsOf returns the items of the first row of a set, each once.
func itemsOf(c *datasets.Column) (items []string) {
	if c.Type != datasets.Set || c.Missing(0) {
		return nil
	}
	seen := map[string]bool{}
	for _, code := range c.Items(0) {
		if item := c.Dictionary[code]; !seen[bin.Fold(item)] {
			seen[bin.Fold(item)] = true
			items = append(items, item)
		}
	}
	return items
}

// grade takes the grade that the account was given last, which hysteresis may
// have held and people may have set or taken away, where the same model and date
// gave it.
func (x *explainer) grade() {
	e := &x.e
	if len(e.History) == 0 {
		return
	}
	last := e.History[len(e.History)-1]
	if last.AsOf != e.AsOf || last.Version != x.m.Version {
		return
	}
	if last.Excluded { // by hand: the points stay, the grade does not
		e.Grade, e.Tier = nil, 0
		x.without(datasets.Excluded, nil)
		return
	}
	if e.Grade == nil {
		return
	}
	e.Overridden = last.Overridden
	for _, c := range x.m.Grades.Cuts {
		if c.Grade == last.Grade {
			e.Grade, e.Tier = &c.Grade, c.Tier
		}
	}
}

// nearest finds what would lift the account. A grade by hand is not lifted by data.
func (x *explainer) nearest() {
	if !x.e.Overridden {
		x.e.Nearest = x.t.Nearest(nearest.Find(nearest.Question{Model: x.m, Scorer: x.scorer, Columns: x.bins, Grade: *x.e.Grade}))
	}
}

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}
