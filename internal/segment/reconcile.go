package segment

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/metrics"
)

// A Reconciliation holds marketing's segments against those of sales, over the
// scored accounts.
type Reconciliation struct {
	Marketing Side              `json:"marketing"`
	Sales     Side              `json:"sales"`
	Counts    [][]int64         `json:"counts"` // accounts by marketing's segment, then that of sales
	Both      int64             `json:"both"`   // accounts that have one of each
	Neither   int64             `json:"neither"`
	Rand      *metrics.Interval `json:"rand"`      // adjusted Rand index over Both; nil: fewer than two
	Conflicts int64             `json:"conflicts"` // accounts of Both whose segments are not of one pair
	Examples  []Conflict        `json:"examples"`  // the first of these; _conflicts.csv has all
	Common    []Common          `json:"common"`    // the list proposed, most points first; every scored account is in one
}

// A Side is one of the two lists.
type Side struct {
	Segments []string `json:"segments"`
	Accounts int64    `json:"accounts"`  // scored accounts in them
	Alone    int64    `json:"alone"`     // of these, those that the other list lacks
	NoDomain int64    `json:"no_domain"` // rows of the list without a domain
	Twice    int64    `json:"twice"`     // rows of a domain that had another segment before
	Unpaired []string `json:"unpaired"`  // segments that have no counterpart
}

// A Common segment is a pair: one of marketing's and the one of sales that has most
// accounts in common with it.
type Common struct {
	Name      string           `json:"name"`
	Marketing string           `json:"marketing"`
	Sales     string           `json:"sales"`
	Overlap   float64          `json:"overlap"` // Jaccard index of the two
	Agreed    int64            `json:"agreed"`  // accounts that both put there
	Accounts  int64            `json:"accounts"`
	Customers int64            `json:"customers"`
	Grades    []int64          `json:"grades"` // in the order of Divided.Grades
	Points    metrics.Interval `json:"points"` // mean; zeros where nobody is in it
}

// A Conflict is an account that the two lists put into different places.
type Conflict struct {
	Domain    string `json:"domain"`
	AccountID string `json:"account_id"`
	Name      string `json:"name"`
	Grade     string `json:"grade"`
	Marketing string `json:"marketing"`
	Sales     string `json:"sales"`
	Common    string `json:"common"` // proposed
}

// mostConflicts is how many conflicts a report shows.
const mostConflicts = 50

// A reconciler proposes the common segment of accounts.
//
// Pairs are made greedily, those with the greatest Jaccard index first, each segment
// in one at most. An account whose segments are a pair's is there. Any other goes to
// the nearer of the pairs of its segments, by the features that tell accounts apart
// and the middles of the accounts that are agreed on; to the only one there is; or,
// where neither has a pair, to the nearest of all.
type reconciler struct {
	marketing, sales *Given
	of               *Reconciliation
	pairs            [][2]int32 // by common segment
	pairOf           [2][]int32 // by segment of either list: the common one, -1 for none
	middle           shares
	table            distances
}

// newReconciler counts the scored accounts by both lists and makes pairs.
func newReconciler(n *Night) *reconciler {
	r := &reconciler{marketing: n.Marketing, sales: n.Sales, of: &Reconciliation{Examples: []Conflict{}, Common: []Common{}, Counts: [][]int64{}}}
	r.of.Marketing, r.of.Sales = n.Marketing.side(), n.Sales.side()
	for range n.Marketing.Segments {
		r.of.Counts = append(r.of.Counts, make([]int64, len(n.Sales.Segments)))
	}
	for i := range n.Graded.accounts {
		m, s := r.marketing.find(n.Graded.accounts[i].hash), r.sales.find(n.Graded.accounts[i].hash)
		r.count(m, s)
	}
	r.pair()
	return r
}

func (g *Given) side() Side {
	return Side{Segments: append([]string{}, g.Segments...), NoDomain: g.NoDomain, Twice: g.Twice, Unpaired: []string{}}
}

func (r *reconciler) count(m, s int32) {
	o := r.of
	if m >= 0 {
		o.Marketing.Accounts++
	}
	if s >= 0 {
		o.Sales.Accounts++
	}
	switch {
	case m >= 0 && s >= 0:
		o.Both++
		o.Counts[m][s]++
	case m >= 0:
		o.Marketing.Alone++
	case s >= 0:
		o.Sales.Alone++
	default:
		o.Neither++
	}
}

// pair makes pairs of segments.
func (r *reconciler) pair() {
	type candidate struct {
		m, s    int32
		overlap float64
	}
	var all []candidate
	inM, inS := make([]int64, len(r.marketing.Segments)), make([]int64, len(r.sales.Segments))
	for m, row := range r.of.Counts {
		for s, n := range row {
			inM[m] += n
			inS[s] += n
		}
	}
	for m, row := range r.of.Counts {
		for s, n := range row {
			if n > 0 {
				all = append(all, candidate{int32(m), int32(s), float64(n) / float64(inM[m]+inS[s]-n)})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.overlap, a.overlap) })
	r.pairOf = [2][]int32{slices.Repeat([]int32{-1}, len(inM)), slices.Repeat([]int32{-1}, len(inS))}
	for _, c := range all {
		if r.pairOf[0][c.m] >= 0 || r.pairOf[1][c.s] >= 0 {
			continue
		}
		r.pairOf[0][c.m], r.pairOf[1][c.s] = int32(len(r.pairs)), int32(len(r.pairs))
		r.pairs = append(r.pairs, [2]int32{c.m, c.s})
		common := Common{Marketing: r.marketing.Segments[c.m], Sales: r.sales.Segments[c.s], Overlap: c.overlap, Agreed: r.of.Counts[c.m][c.s]}
		if common.Name = common.Marketing; !strings.EqualFold(common.Marketing, common.Sales) {
			common.Name = page.Clean(common.Marketing + " / " + common.Sales)
		}
		r.of.Common = append(r.of.Common, common)
		r.of.Conflicts -= common.Agreed
	}
	r.of.Conflicts += r.of.Both
	for side, list := range []*Side{&r.of.Marketing, &r.of.Sales} {
		for i, pair := range r.pairOf[side] {
			if pair < 0 {
				list.Unpaired = append(list.Unpaired, list.Segments[i])
			}
		}
	}
}

// agreed returns the common segment that both lists put an account into, -1 for
// none.
func (r *reconciler) agreed(hash uint64) int32 {
	m, s := r.marketing.find(hash), r.sales.find(hash)
	if m >= 0 && s >= 0 && r.pairOf[0][m] == r.pairOf[1][s] {
		return r.pairOf[0][m]
	}
	return -1
}

// learn finds the middles of the accounts that are agreed on.
func (r *reconciler) learn(ctx context.Context, n *Night) error {
	k := len(r.pairs)
	if k == 0 {
		return nil
	}
	m := &n.Definition.Measure
	total, whole := newMixer(m, k), newMixer(m, 1)
	err := n.Accounts.InOrder(ctx, func() (func(context.Context, int) error, func() error) {
		l := &learning{night: n, of: r, pairs: newMixer(m, k), all: newMixer(m, 1)}
		return l.run, func() error {
			total.merge(l.pairs)
			whole.merge(l.all)
			return nil
		}
	})
	if err != nil {
		return err
	}
	r.middle = total.shares(whole.shares(nil))
	r.table = newDistances(m, r.middle, k, false)
	return nil
}

// learning adds up the accounts of row groups that are agreed on.
type learning struct {
	night      *Night
	of         *reconciler
	pairs, all *mixer
}

func (l *learning) run(ctx context.Context, group int) error {
	l.pairs.reset()
	l.all.reset()
	r, err := l.night.Accounts.Group(group, append([]string{"domain", "row_reason"}, l.night.Definition.names()...))
	if err != nil {
		return err
	}
	return datasets.Drain(ctx, r, func(b *datasets.Batch) error {
		t := l.night.Definition.Codes(b, l.night.AsOf)
		rows, labels := make([]int32, b.Rows), make([]int32, b.Rows)
		for i := range rows {
			rows[i], labels[i] = int32(i), -1
			if domain := &b.Columns[0]; b.Columns[1].Missing(i) && !domain.Missing(i) {
				if hash := features.DomainHash(domain.Cell(i)); l.night.Graded.find(hash) != nil {
					labels[i] = l.of.agreed(hash)
				}
			}
		}
		l.pairs.add(t, rows, labels)
		l.all.add(t, rows, make([]int32, len(rows)))
		return nil
	})
}

// A proposer gives accounts of row groups their common segment.
type proposer struct {
	*reconciler
	ruler     *ruler
	counts    []count // by common segment
	conflicts bytes.Buffer
	examples  []Conflict
}

func newProposer(r *reconciler) *proposer {
	p := &proposer{reconciler: r, ruler: newRuler(r.table)}
	p.reset()
	return p
}

func (p *proposer) reset() {
	p.counts = make([]count, len(p.pairs))
	p.conflicts.Reset()
	p.examples = nil
}

// propose returns the common segment of row i of w's batch, -1 for none, and the
// segments of both lists.
func (p *proposer) propose(w *worker, b *datasets.Batch, i int, g *graded) (common, m, s int32) {
	m, s = p.marketing.find(g.hash), p.sales.find(g.hash)
	if len(p.pairs) == 0 {
		return -1, m, s
	}
	if common = p.agreed(g.hash); common < 0 {
		common = p.nearest(w, i, m, s)
	}
	p.counts[common].accounts++
	p.counts[common].take(g)
	if m >= 0 && s >= 0 && p.pairOf[0][m] != p.pairOf[1][s] {
		c := Conflict{
			Domain: page.Clean(string(b.Columns[0].Cell(i))), AccountID: page.Clean(string(b.Columns[1].Cell(i))), Name: page.Clean(string(b.Columns[2].Cell(i))),
			Grade: page.Clean(w.Graded.grades[g.grade]), Marketing: p.marketing.Segments[m], Sales: p.sales.Segments[s], Common: p.of.Common[common].Name,
		}
		if len(p.examples) < mostConflicts {
			p.examples = append(p.examples, c)
		}
		for k, text := range []string{c.Domain, c.AccountID, c.Name, c.Grade, c.Marketing, c.Sales, c.Common} {
			if k > 0 {
				p.conflicts.WriteByte(',')
			}
			p.conflicts.WriteString(page.Cell(text))
		}
		p.conflicts.WriteByte('\n')
	}
	return common, m, s
}

// nearest returns the nearest of the pairs of an account's segments; of all where
// neither has one.
func (p *proposer) nearest(w *worker, i int, m, s int32) int32 {
	var of []int32
	if m >= 0 && p.pairOf[0][m] >= 0 {
		of = append(of, p.pairOf[0][m])
	}
	if s >= 0 && p.pairOf[1][s] >= 0 {
		of = append(of, p.pairOf[1][s])
	}
	if len(of) == 0 {
		for c := range int32(len(p.pairs)) {
			of = append(of, c)
		}
	}
	p.ruler.measure(&w.codes, i)
	best := of[0]
	for _, c := range of[1:] {
		if p.ruler.sums[c] < p.ruler.sums[best] {
			best = c
		}
	}
	return best
}

// conflictsHeader is the first line of _conflicts.csv.
const conflictsHeader = "domain,account_id,name,grade,marketing,sales,common\n"

// commit adds what was proposed in a row group to the whole.
func (p *proposer) commit(total *proposer, conflicts io.Writer) error {
	for i := range p.counts {
		total.counts[i].merge(&p.counts[i])
	}
	total.examples = append(total.examples, p.examples...)
	total.examples = total.examples[:min(len(total.examples), mostConflicts)]
	_, err := conflicts.Write(p.conflicts.Bytes())
	return err
}

// finish ranks the common segments and returns what came of it all.
func (p *proposer) finish(d *Divided, seed uint64) (*Reconciliation, error) {
	o := p.of
	o.Examples = append(o.Examples, p.examples...)
	for i := range o.Common {
		c, n := &o.Common[i], &p.counts[i]
		c.Accounts, c.Customers, c.Grades = n.accounts, n.customers, make([]int64, len(d.Grades))
		copy(c.Grades, n.grades)
		if v := n.meanPoints(); v != nil {
			c.Points = *v
		}
	}
	slices.SortStableFunc(o.Common, func(a, b Common) int { return cmp.Compare(b.Points.Value, a.Points.Value) })
	if o.Both >= 2 {
		v, err := (&Contingency{o.Counts}).AdjustedRandInterval(seed)
		if err != nil {
			return nil, fmt.Errorf("segments: %w", err)
		}
		o.Rand = &v
	}
	return o, nil
}
