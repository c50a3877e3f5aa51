package pipeline

import (
	"context"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/predict"
)

// An Explanation says why an account has its grade. The micro-points of its
// features sum to its margin.
type Explanation struct {
	Domain     string         `json:"domain"`
	AccountID  string         `json:"account_id"`
	Name       string         `json:"name"`
	Customer   bool           `json:"customer"`
	AsOf       string         `json:"as_of"`
	Version    string         `json:"version"`
	Grade      *string        `json:"grade"` // null: unscored
	Tier       int32          `json:"tier,omitempty"`
	Points     *float64       `json:"points"`
	BasePoints float64        `json:"base_points"`
	Lift       *float64       `json:"lift"`
	Margin     *int64         `json:"margin"`
	Features   []Contribution `json:"features"` // all of the fit, strongest first
	Unknown    []string       `json:"unknown"`  // features without a value
	Similar    []Similar      `json:"similar"`
	History    []Night        `json:"history"`
	Reason     string         `json:"unscored_reason,omitempty"`
	Fix        string         `json:"unscored_fix,omitempty"`
}

// A Contribution is what one feature adds to the margin.
type Contribution struct {
	Feature     string `json:"feature"`
	Pillar      string `json:"pillar"`
	Value       string `json:"value"`
	MicroPoints int64  `json:"micro_points"`
}

// Similar is a customer like the account.
type Similar struct {
	Domain   string  `json:"domain"`
	Name     string  `json:"name"`
	Distance float64 `json:"distance"` // points by which their features' contributions differ, summed
}

// A Night is the account's grade on one date.
type Night struct {
	AsOf    string  `json:"as_of"`
	Grade   string  `json:"grade"` // "" unscored
	Points  float64 `json:"points"`
	Cause   string  `json:"cause"`
	Version string  `json:"version"`

	excluded bool
}

// similarCustomers is how many similar customers are named.
const similarCustomers = 5

// Explain explains the grade of the account that a domain, URL or e-mail
// address belongs to, with the newest feature table and the champion.
func (r *Run) Explain(ctx context.Context, raw string) (*Explanation, error) {
	key, reason := datasets.DomainKey(raw)
	if key == "" {
		return nil, usagef("explain: %q is no account's domain (%s); give one like acme.com", raw, reason)
	}
	version, err := r.Champion()
	if err != nil {
		return nil, err
	}
	m, err := r.Model(version)
	if err != nil {
		return nil, err
	}
	accounts, customers, err := r.pair("")
	if err != nil {
		return nil, err
	}
	defer accounts.Close()
	defer customers.Close()
	if err := fits(m, accounts); err != nil {
		return nil, err
	}
	row, err := find(ctx, accounts, m, key)
	if err != nil {
		return nil, err
	}
	e := &Explanation{Domain: key, AsOf: accounts.AsOf, Version: m.Version, BasePoints: m.BasePoints, Unknown: []string{}, Similar: []Similar{}}
	e.AccountID, e.Name = string(row.Column("account_id").Cell(0)), string(row.Column("name").Cell(0))
	e.Customer = row.Column("customer").Flags[0] == 1
	day, err := ParseDay(accounts.AsOf)
	if err != nil {
		return nil, err
	}
	if err := e.score(m, row, day); err != nil {
		return nil, err
	}
	if e.History, err = r.history(ctx, key); err != nil {
		return nil, err
	}
	e.grade(m)
	if e.Grade != nil {
		e.Similar, err = similar(ctx, m, customers, row, key, day)
	}
	return e, err
}

// find loads the surviving row of a domain.
func find(ctx context.Context, accounts *features.Table, m *model.Model, key string) (*datasets.Batch, error) {
	columns := []string{"domain", "account_id", "name", "customer", "row_reason"}
	for _, s := range m.Specs {
		columns = append(columns, s.Name)
	}
	rows, err := accounts.Find(ctx, columns, key)
	if err != nil {
		return nil, err
	}
	if rows.Rows == 0 {
		return nil, notFoundf("explain: %s: no such account in the feature table of %s; check the spelling, or run `icpfit features`", key, accounts.AsOf)
	}
	return rows, nil
}

// score fills in what the model says of the row.
func (e *Explanation) score(m *model.Model, row *datasets.Batch, day int32) error {
	var s model.Scores
	if err := model.NewScorer(m, day).Score(&s, row); err != nil {
		return err
	}
	for k := range m.Terms {
		display := model.NewDisplay(m.Specs[k], &m.Terms[k])
		value := display.Value(row.Column(m.Terms[k].Feature), 0)
		if s.Unknown[k][0] {
			value = "unknown"
			e.Unknown = append(e.Unknown, m.Terms[k].Feature)
		}
		e.Features = append(e.Features, Contribution{m.Terms[k].Feature, string(m.Terms[k].Pillar), value, int64(s.Contributions[k][0])})
	}
	sort.SliceStable(e.Features, func(a, b int) bool { return abs(e.Features[a].MicroPoints) > abs(e.Features[b].MicroPoints) })
	if code := row.Column("row_reason").Codes[0]; code >= 0 {
		reason := datasets.Reason(row.Column("row_reason").Dictionary[code])
		e.Reason, e.Fix = string(reason), predict.Fix(reason)
		return nil
	}
	if !s.Known[0] {
		reason, fix := predict.Coverage(m)
		e.Reason, e.Fix = string(reason), fix
		return nil
	}
	margin, points := s.Margin[0], m.Points(s.Margin[0])
	e.Margin, e.Points = &margin, &points
	if m.Grid == nil {
		lift := model.Lift(points)
		e.Lift = &lift
	}
	cutOn := margin
	if m.Grades.On == "priority" {
		cutOn = int64(math.Round(m.RowPriority(&s, 0) * model.Micro))
	}
	cut := m.Grades.Cuts[m.Grades.Index(cutOn)]
	e.Grade, e.Tier = &cut.Grade, cut.Tier
	return nil
}

// grade takes the grade that the account was given last, which hysteresis may
// have held and people may have set or taken away, where the same model and date
// gave it.
func (e *Explanation) grade(m *model.Model) {
	if len(e.History) == 0 {
		return
	}
	last := e.History[len(e.History)-1]
	if last.AsOf != e.AsOf || last.Version != m.Version {
		return
	}
	if last.excluded { // by hand: the points stay, the grade does not
		e.Grade, e.Tier = nil, 0
		e.Reason, e.Fix = string(datasets.Excluded), predict.Fix(datasets.Excluded)
		return
	}
	if e.Grade == nil {
		return
	}
	for _, c := range m.Grades.Cuts {
		if c.Grade == last.Grade {
			e.Grade, e.Tier = &c.Grade, c.Tier
		}
	}
}

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}

// similar returns the customers whose features earn points most like the
// account's: the distance is the sum of absolute differences by feature.
func similar(ctx context.Context, m *model.Model, customers *features.Table, row *datasets.Batch, key string, day int32) ([]Similar, error) {
	columns := []string{"domain", "name"}
	for _, s := range m.Specs {
		columns = append(columns, s.Name)
	}
	best, err := customers.Load(ctx, columns, nil)
	if err != nil {
		return nil, err
	}
	binnings := make([]bin.Binning, len(m.Terms))
	for k := range m.Terms {
		binnings[k] = m.Terms[k].Binning
	}
	mine, theirs := bin.Bin(binnings, row, day), bin.Bin(binnings, best, day)
	out := []Similar{}
	for i := range best.Rows {
		domain := string(best.Column("domain").Cell(i))
		if domain == key {
			continue
		}
		var distance int64
		for k := range m.Terms {
			distance += m.Terms[k].Distance(&mine.Columns[k], 0, &theirs.Columns[k], i)
		}
		out = append(out, Similar{domain, string(best.Column("name").Cell(i)), float64(distance) / model.Micro})
	}
	slices.SortStableFunc(out, func(a, b Similar) int {
		switch {
		case a.Distance < b.Distance:
			return -1
		case a.Distance > b.Distance:
			return 1
		}
		return strings.Compare(a.Domain, b.Domain)
	})
	return out[:min(len(out), similarCustomers)], nil
}
