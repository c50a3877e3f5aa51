package compare

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
)

// mostMoves is how many accounts each list of a Base names.
const mostMoves = 25

// mostReasons is how many reasons stand beside a grade.
const mostReasons = 3

// A Move is an account whose grade differs between the models.
type Move struct {
	Domain    string `json:"domain"`
	AccountID string `json:"account_id"`
	Name      string `json:"name"`
	Customer  bool   `json:"customer"`
	Before    Stand  `json:"before"` // by the champion
	After     Stand  `json:"after"`  // by the challenger

	steps int     // down the grades; below 0: up
	apart float64 // points between the models; 0 where one has none
	row   int64   // of the base
}

// A Stand is what one model says of an account.
type Stand struct {
	Grade   string   `json:"grade"`  // Unscored where it has none
	Points  *float64 `json:"points"` // null: unscored
	Reasons []Reason `json:"reasons"`
}

// A Reason is one of the strongest contributions.
type Reason struct {
	Feature     string `json:"feature"`
	Value       string `json:"value"`
	MicroPoints int64  `json:"micro_points"`
}

// words writes features as people read them.
var words = sync.OnceValue(func() *page.Printer {
	p, err := page.NewPrinter("en", nil)
	if err != nil {
		panic(err) // English is there
	}
	return p
})

// Words writes the name of a feature as people read it: "Annual revenue".
func Words(feature string) string { return words().Feature(feature) }

// String writes a reason for people: "Industry: Software (+3.2)".
func (r Reason) String() string {
	return fmt.Sprintf("%s: %s (%+.1f)", Words(r.Feature), r.Value, float64(r.MicroPoints)/model.Micro)
}

// A top keeps the accounts that move most: by grades, then by points, then those
// that come first in the base.
type top []Move

func farther(a, b *Move) int {
	return cmp.Or(cmp.Compare(size(b), size(a)), cmp.Compare(b.apart, a.apart), cmp.Compare(a.row, b.row))
}

func size(m *Move) int { return max(m.steps, -m.steps) }

// takes reports whether a move belongs into the list as it is.
func (t top) takes(m *Move) bool {
	return len(t) < mostMoves || farther(m, &t[len(t)-1]) < 0
}

func (t *top) add(m Move) {
	at, _ := slices.BinarySearchFunc(*t, &m, func(have Move, m *Move) int { return farther(&have, m) })
	*t = slices.Insert(*t, at, m)
	*t = (*t)[:min(len(*t), mostMoves)]
}

func (t *top) merge(part top) {
	for i := range part {
		if t.takes(&part[i]) {
			t.add(part[i])
		}
	}
}

// list returns the moves, never nil.
func (t top) list() []Move { return append([]Move{}, t...) }

// reasons writes the strongest contributions of one model.
type reasons struct {
	m       *model.Model
	display []*model.Display
	columns []*datasets.Column
}

func newReasons(m *model.Model) *reasons {
	r := &reasons{m: m, columns: make([]*datasets.Column, len(m.Terms))}
	for k := range m.Terms {
		r.display = append(r.display, model.NewDisplay(m.Specs[k], &m.Terms[k]))
	}
	return r
}

func (r *reasons) newReader() {
	for _, d := range r.display {
		d.NewReader()
	}
}

func (r *reasons) start(b *datasets.Batch) {
	for k := range r.columns {
		r.columns[k] = b.Column(r.m.Terms[k].Feature)
	}
}

// of returns the strongest contributions to row i, by absolute value, ties in the
// order of the features; none of what is unknown and carries no points.
func (r *reasons) of(s *model.Scores, i int) []Reason {
	var best [mostReasons]int
	n := 0
	for k := range s.Contributions {
		c := strength(s, k, i)
		if c == 0 && s.Unknown[k][i] {
			continue
		}
		at := n
		for at > 0 && c > strength(s, best[at-1], i) {
			at--
		}
		if at == mostReasons {
			continue
		}
		n = min(n+1, mostReasons)
		copy(best[at+1:n], best[at:])
		best[at] = k
	}
	out := make([]Reason, 0, n)
	for _, k := range best[:n] {
		value := "unknown"
		if !s.Unknown[k][i] {
			value = r.display[k].Value(r.columns[k], i)
		}
		out = append(out, Reason{page.Clean(r.m.Terms[k].Feature), page.Clean(value), int64(s.Contributions[k][i])})
	}
	return out
}

func strength(s *model.Scores, k, i int) int64 {
	c := int64(s.Contributions[k][i])
	return max(c, -c)
}

// movesHeader is the first line of moves.csv.
const movesHeader = "domain,account_id,name,customer,grade_before,grade_after,points_before,points_after,reason_before_1,reason_before_2,reason_before_3,reason_after_1,reason_after_2,reason_after_3\n"

// writeMove writes a line of moves.csv. Every text is quoted, and one that a
// spreadsheet would take for a formula starts with an apostrophe.
func writeMove(b *bytes.Buffer, m *Move) {
	for _, text := range []string{m.Domain, m.AccountID, m.Name, yesNo(m.Customer), m.Before.Grade, m.After.Grade} {
		b.WriteString(page.Cell(text) + ",")
	}
	b.WriteString(number(m.Before.Points) + "," + number(m.After.Points))
	for _, s := range []*Stand{&m.Before, &m.After} {
		for i := range mostReasons {
			text := ""
			if i < len(s.Reasons) {
				text = s.Reasons[i].String()
			}
			b.WriteString("," + page.Cell(text))
		}
	}
	b.WriteByte('\n')
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// number writes points with one digit, nothing where there are none.
func number(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', 1, 64)
}
