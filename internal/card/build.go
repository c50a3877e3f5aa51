package card

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/metrics"
	"github.com/icpfit/icpfit/model/train"
)

// Input is what a card is made of.
type Input struct {
	Model      *model.Model
	Evaluation *train.Evaluation
	Audit      *features.Audit // nil: no funnel
	Features   []features.Spec // of icpfit.yaml
	Positives  string          // what makes an account a customer, in words
	LagDays    int             // before the day it was won, of which nothing is used
	Seed       uint64
	Author     string // who trained; "" is unknown
}

func (in *Input) validate() error {
	m, e := in.Model, in.Evaluation
	if m == nil || e == nil {
		return errors.New("card: no model or no evaluation; want both")
	}
	if e.Version != m.Version {
		return fmt.Errorf("card: the evaluation is of model %s, the model is %s; want that of the same model", e.Version, m.Version)
	}
	if _, err := time.Parse(time.DateOnly, m.AsOf); err != nil {
		return fmt.Errorf("card: the model's as of is %q; want a date like 2026-01-31", m.AsOf)
	}
	if len(m.Specs) < len(m.Terms) {
		return fmt.Errorf("card: %d specs for %d terms; want one a term", len(m.Specs), len(m.Terms))
	}
	return nil
}

// further holds the parts of an evaluation that not every version has.
type further struct {
	Calibration *struct {
		Slope  float64 `json:"slope"`
		Shift  float64 `json:"shift"`
		Fitted *struct {
			Slope metrics.Interval `json:"slope"`
		} `json:"fitted"`
		ECE *struct {
			metrics.Interval
			Noise float64 `json:"noise"`
		} `json:"ece"`
		Support *struct {
			Most    float64 `json:"most"`
			Lowered bool    `json:"lowered"`
		} `json:"support"`
	} `json:"calibration"`
	Leaks *struct {
		Accepted string `json:"accepted"`
		Coverage *struct {
			AUC    metrics.Interval  `json:"auc"`
			Within *metrics.Interval `json:"auc_within"`
		} `json:"coverage"`
	} `json:"leaks"`
}

// read returns those parts, from the evaluation as it is written: what a later
// version adds or leaves out does not matter to a card.
func read(e *train.Evaluation) (*further, error) {
	text, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("card: %w", err)
	}
	var f further
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, fmt.Errorf("card: evaluation: %w", err)
	}
	return &f, nil
}

// A builder makes a card.
type builder struct {
	*Input
	*page.Printer
	e    *train.Evaluation
	more *further
	grid bool // written, not learned
}

// Build makes the card of a version. It returns an error where model and
// evaluation do not belong together.
func Build(in Input) (*Card, error) {
	if err := in.validate(); err != nil {
		return nil, err
	}
	more, err := read(in.Evaluation)
	if err != nil {
		return nil, err
	}
	p, err := page.NewPrinter("en", nil)
	if err != nil {
		return nil, err
	}
	b := &builder{Input: &in, Printer: p, e: in.Evaluation, more: more, grid: in.Model.Grid != nil}
	order := page.ByStrength(in.Model, page.Importances(in.Model))
	c := &Card{
		Format: Format, Identity: b.identity(), Use: b.use(), Data: b.data(), Features: b.features(order), Excluded: b.excluded(), Warnings: b.warnings(),
		Performance: b.performance(&b.e.Measurement, ""), Candidates: b.candidates(), Table: b.table(), Weights: b.weights(), Temporal: b.temporal(),
		Holdout: []Measure{}, Segments: b.segments(), Calibration: b.calibration(), Grades: b.grades(), GradeNotes: messages(in.Model.Grades.Notes),
		Importance: b.importance(order), Shapes: b.shapes(order), Curve: b.curve(), Stability: b.stability(), Edits: b.edits(),
		Limits: b.limits(), Support: b.support(), Monitoring: b.monitoring(),
	}
	if h := b.e.Holdout; h != nil {
		c.Holdout = b.performance(&h.Measurement, "held-out ")
	}
	c.Headline = b.headline(c)
	return c, nil
}

func (b *builder) identity() Identity {
	m := b.Model
	asOf, _ := time.Parse(time.DateOnly, m.AsOf)
	author := page.Clean(b.Author)
	if author == "" {
		author = "not recorded"
	}
	return Identity{
		Name: page.Clean(m.Name), Version: page.Clean(m.Version), AsOf: m.AsOf, Learner: page.Clean(m.Learner), Chosen: b.chosen(), Verdict: page.Clean(b.e.Verdict),
		TrainedBy: author,
		Approval:  "Nobody approves a version by training it. Who promoted it, when and why is in models/log.jsonl, and in `icpfit models show`; the first version of a project is in use without a review until somebody gives one.",
		ReviewOn:  asOf.AddDate(0, report.DueMonths, 0).Format(time.DateOnly), ExpiresOn: asOf.AddDate(0, report.OldMonths, 0).Format(time.DateOnly),
		SpecHash: page.Clean(m.SpecHash), Seed: b.Seed, Missing: page.Clean(m.Missing),
	}
}

// chosen says how the learner was.
func (b *builder) chosen() string {
	switch {
	case b.grid:
		return "written by people"
	case b.e.Prefer == "table":
		return "the best table that people can edit, unless something else ranks better beyond its 95 % interval"
	}
	return "least mean log loss out of fold; the simpler one where two are as good"
}

func (b *builder) data() Data {
	e := b.e
	d := Data{Positives: message(b.Positives), Customers: e.Customers, LagDays: b.LagDays, Pool: e.Pool, PoolStands: e.PoolStands, Funnel: []Step{}}
	if s := e.Sample; s != nil {
		d.CustomerGroups, d.Dated, d.WonFirst, d.WonLast = s.CustomerGroups, s.Dated, s.WonFirst, s.WonLast
	}
	d.Sampling = "all of the pool was learned from"
	if e.PoolStands > 1.0005*float64(e.Pool) {
		d.Sampling = fmt.Sprintf("%s accounts of the pool were drawn by the hash of their domain and stand for %s: %s each", b.Count(int64(e.Pool)), b.Num(e.PoolStands, 0), b.Num(e.PoolStands/float64(max(e.Pool, 1)), 2))
	}
	switch {
	case b.grid:
		d.Folds = "nothing was learned, so all accounts measure the grid"
	default:
		d.Folds = fmt.Sprintf("%s folds, dealt by the hash of the account's group with customers and pool apart, %s; every learned step, from binning to the choice among candidates, inside of the fold; intervals are 95 %% from %s draws of whole groups of accounts, with what dealing the folds anew changes added",
			b.Count(int64(e.Folds)), b.times(e.Repeats), b.Count(int64(e.Replicates)))
	}
	if b.Audit != nil {
		for _, s := range b.Audit.Funnel() {
			d.Funnel = append(d.Funnel, Step{page.Clean(s.Name), s.Count, s.Lost})
		}
	}
	return d
}

// times writes how often: once, twice, 3 times.
func (b *builder) times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return b.Count(int64(n)) + " times"
}

func (b *builder) warnings() []Warning {
	out := []Warning{}
	for _, w := range b.e.Warnings {
		out = append(out, Warning{page.Clean(w.Code), page.Clean(w.Feature), message(w.Message)})
	}
	if l := b.more.Leaks; l != nil && l.Accepted != "" {
		out = append(out, Warning{Code: "accepted", Message: "Warnings that refuse a training were accepted, for this reason: " + message(l.Accepted)})
	}
	if l := b.more.Leaks; l != nil && l.Coverage != nil && l.Coverage.Within != nil {
		out = append(out, Warning{Code: "coverage", Message: fmt.Sprintf("Which cells are filled tells customers from the pool with AUC %s by itself. Among accounts alike in what is filled the model still reaches %s: that is what it knows of the companies rather than of the lists.",
			b.Plain(l.Coverage.AUC), b.Plain(*l.Coverage.Within))})
	}
	return out
}

// message cleans a sentence of ours that quotes the CRM. It is longer than what
// page.Clean keeps, so it is cleaned in parts.
func message(text string) string {
	words := strings.Fields(text)
	for i := range words {
		words[i] = page.Clean(words[i])
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

func messages(texts []string) []string {
	out := []string{}
	for _, t := range texts {
		out = append(out, message(t))
	}
	return out
}

// JSON returns the text of card.json.
func (c *Card) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(c, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write card.json: %w", err)
	}
	return append(text, '\n'), nil
}
