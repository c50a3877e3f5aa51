package model

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"regexp"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

// Format is the version of model.json that this package writes, and the newest
// it reads.
//
//	1  first: terms, cuts, pool quantiles
//	2  trees beside the terms, effect and importance of a term
//	3  experience
const Format = 3

// PointsPerE is how many points a factor e of lift is worth: ten points double
// the lift.
const PointsPerE = 10 / math.Ln2

// Micro is the number of micro-points in a point.
const Micro = 1_000_000

// A Model turns the features of an account into points, a lift and a grade. It
// is plain data: what model.json holds. It has no clock in it.
type Model struct {
	Format      int    `json:"format"`
	Name        string `json:"name"`    // the ICP's
	Version     string `json:"version"` // as-of date and fingerprint
	AsOf        string `json:"as_of"`   // of the feature table it was trained on
	Learner     string `json:"learner"`
	Missing     string `json:"missing"` // neutral or learn
	Provisional bool   `json:"provisional,omitempty"`
	Customers   int    `json:"customers"` // trained on
	Pool        int    `json:"pool"`

	SpecHash string          `json:"spec_hash"` // of the feature table's spec
	Specs    []features.Spec `json:"specs"`     // of the terms, then of the intent signals

	BasePoints float64 `json:"base_points"` // points = base_points + margin / 1e6
	Terms      []Term  `json:"terms"`       // the fit: their contributions and those of the trees sum to the margin
	Intent     []Term  `json:"intent"`      // signals scored beside the fit; micro-points of strength, 0 to 1e6
	Grid       *Grid   `json:"grid,omitempty"`

	Trees []PointTree `json:"trees,omitempty"` // over the features of the terms

	Quantiles       []int64            `json:"quantiles"`        // of the pool's margins, from 0 % to 100 %, evenly spaced
	PillarQuantiles map[string][]int64 `json:"pillar_quantiles"` // of the pool's contributions by pillar
	Grades          Grades             `json:"grades"`
	Experience      *Tally             `json:"experience,omitempty"` // the pool trained on, as this model scores it
	Golden          *Golden            `json:"golden,omitempty"`     // made-up accounts and their margins
}

// A Term is one feature's row of the points table.
type Term struct {
	bin.Binning
	MicroPoints []int32 `json:"micro_points"`     // by slot
	Spread      []int32 `json:"spread,omitempty"` // standard deviation over bags, by slot
	Customers   []int   `json:"customers"`        // trained on, by slot
	Pool        []int   `json:"pool"`             // by slot
	Provenance  string  `json:"provenance"`       // learned, edited or written

	// Where a model has trees, what an account's feature adds depends on the
	// others: Effect is its mean, by slot, over the accounts trained on.
	Effect []int32 `json:"effect,omitempty"` // micro-points

	MeanAbsolute float64 `json:"mean_absolute,omitempty"` // points the feature adds to or takes from an account of the pool, on average
}

// Shape returns what being in each slot is worth, in micro-points: exactly where
// the model has no trees, else on average.
func (t *Term) Shape() []int32 {
	if t.Effect != nil {
		return t.Effect
	}
	return t.MicroPoints
}

// A Grid says how a written grid scales its points: see package grid.
type Grid struct {
	Mode    string             `json:"mode"` // sum or pillars
	Weights map[string]float64 `json:"weights,omitempty"`
	Maximum []int32            `json:"maximum"` // micro-points a term can reach
}

// Load reads and checks a model.json. A model of a newer format, with numbers
// out of range, or with a version that is not the hash of its content is an error.
func Load(data []byte) (*Model, error) {
	if err := checkShape(data); err != nil {
		return nil, fmt.Errorf("model: model.json: %w; train again or restore the file", err)
	}
	var m Model
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("model: read model.json: %w; train again or restore the file", err)
	}
	if m.Format > Format {
		return nil, fmt.Errorf("model: model.json has format %d; this icpfit reads up to %d: use a newer one", m.Format, Format)
	}
	if err := m.Validate(); err != nil {
		return nil, err
	}
	if want, err := m.fingerprint(); err != nil || m.Version != want {
		return nil, fmt.Errorf("model: model.json says version %s, its content is %s; it was changed after training: restore it or train again", m.Version, want)
	}
	return &m, nil
}

// Seal sets the version from the content.
func (m *Model) Seal() error {
	v, err := m.fingerprint()
	m.Version = v
	return err
}

// fingerprint returns the as-of date and eight hex digits of the content's hash.
func (m *Model) fingerprint() (string, error) {
	clone := *m
	clone.Version = ""
	b, err := json.Marshal(&clone)
	if err != nil {
		return "", fmt.Errorf("model: %w", err)
	}
	sum := sha256.Sum256(b)
	return m.AsOf + "-" + hex.EncodeToString(sum[:4]), nil
}

// Encode returns the text of model.json.
func (m *Model) Encode() ([]byte, error) {
	b, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return append(flatNumbers.ReplaceAllFunc(b, func(list []byte) []byte { return spaces.ReplaceAll(list, nil) }), '\n'), nil
}

// Lists of numbers and the nodes of trees stand on a line each.
var (
	flatNumbers = regexp.MustCompile(`\[[-+.eE0-9,\s]+\]|\{\s+"feature": \d+,[^{}]*\}`)
	spaces      = regexp.MustCompile(`\s+`)
)

// Points returns the points of a margin.
func (m *Model) Points(margin int64) float64 { return m.BasePoints + float64(margin)/Micro }

// Margin returns the least margin whose points are at least p, a number within
// some billions.
func (m *Model) Margin(p float64) int64 {
	margin := int64(math.Ceil((p - m.BasePoints) * Micro))
	switch { // rounding can be off by one
	case m.Points(margin) < p:
		margin++
	case m.Points(margin-1) >= p:
		margin--
	}
	return margin
}

// Lift returns the lift of points: how many times more customer-like than the
// average pool account.
func Lift(points float64) float64 { return math.Exp2((points - 50) / 10) }
