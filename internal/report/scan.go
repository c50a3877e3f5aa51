package report

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model"
)

// How many accounts the lists show.
const (
	mostCalls  = 50
	mostMovers = 25

	mostExplored = 500
)

// A scan is what one pass over a grade table gathers: counters and short lists.
type scan struct {
	model *model.Model
	night *night // nil: none
	lists *lists // nil: none are written
	gone  bool   // there was a night before, of which is known what the table says

	rows      int64
	accounts  []int64 // by cut
	prospects []int64 // of these, not customers
	entered   int64
	picked    int64 // accounts that the call list's rule picks
	up, down  int64 // better and worse grades

	reasons  register // of rows without a grade
	unscored []int64  // by reason
	fixes    register // for the list of them
	causes   register
	caused   []int64 // by cause
	features register
	versions register

	points pointsTally // of the graded prospects

	from   []string  // grades of the night before
	counts [][]int64 // from (then unscored, new), to (then unscored, gone)

	calls, risers, fallers top

	hand    map[string]handRow // by domain: accounts graded by hand or left out
	offered int64              // accounts offered to sales though graded low
	explore top                // the strongest of these

	at                                               place // of the batch's row group
	grade, reason, fix, cause, causeFeature, version coder

	was    register         // grades of a night that is gone
	wasOf  coder            //
	wasNow map[[2]int]int64 // by these, -1 for none, and now
}

// A handRow is what a decision by hand came to.
type handRow struct {
	cut      string // grade without it
	excluded bool
}

// The columns a scan reads, and where they are.
var scanFields = []datasets.Field{
	{Name: "domain", Type: datasets.Text},
	{Name: "account_id", Type: datasets.Text},
	{Name: "customer", Type: datasets.Flag},
	{Name: "grade", Type: datasets.Category},
	{Name: "points", Type: datasets.Number},
	{Name: "cause", Type: datasets.Category},
	{Name: "cause_feature", Type: datasets.Category},
	{Name: "unscored_reason", Type: datasets.Category},
	{Name: "model_version", Type: datasets.Category},
	{Name: "cut_grade", Type: datasets.Category},
	{Name: "overridden", Type: datasets.Flag},
	{Name: "exploration", Type: datasets.Flag},
	{Name: "unscored_fix", Type: datasets.Category},
	{Name: "previous_grade", Type: datasets.Category},
}

const (
	inDomain = iota
	inID
	inCustomer
	inGrade
	inPoints
	inCause
	inCauseFeature
	inReason
	inVersion
	inCutGrade
	inOverridden
	inExploration
	inFix
	inPrevious
)

// badGrade numbers a grade that the model does not have.
const badGrade = -2

// scanGrades reads the grade table in parts, and compares it with n unless nil; gone
// says that there was a night before, which cannot be read.
func scanGrades(ctx context.Context, parts []string, m *model.Model, n *night, gone bool, l *lists) (*scan, error) {
	cuts := len(m.Grades.Cuts)
	s := &scan{model: m, night: n, gone: gone, lists: l, wasNow: map[[2]int]int64{}, accounts: make([]int64, cuts), prospects: make([]int64, cuts), hand: map[string]handRow{}}
	s.calls.size, s.risers.size, s.fallers.size, s.explore.size = mostCalls, mostMovers, mostMovers, mostExplored
	s.grade.of = func(g string) int {
		if at := slices.IndexFunc(m.Grades.Cuts, func(c model.Cut) bool { return c.Grade == g }); at >= 0 {
			return at
		}
		return badGrade
	}
	s.reason.of, s.fix.of, s.cause.of, s.causeFeature.of, s.version.of = s.reasons.number, s.fixes.number, s.causes.number, s.features.number, s.versions.number
	s.wasOf.of = s.was.number
	if n != nil {
		s.from = slices.Sorted(slices.Values(n.grades.names))
		s.counts = make([][]int64, len(s.from)+2)
		for i := range s.counts {
			s.counts[i] = make([]int64, cuts+2)
		}
	}
	fields := scanFields
	if !gone {
		fields = scanFields[:inPrevious]
	}
	if err := stream(ctx, parts, fields, s); err != nil {
		return nil, fmt.Errorf("report: grades: %w", err)
	}
	for _, v := range s.versions.names {
		if v != m.Version {
			return nil, fmt.Errorf("report: grades were made by model %s, not by %s; run `icpfit predict` again", v, m.Version)
		}
	}
	s.goneBy()
	s.recall()
	return s, nil
}

func (s *scan) start(part, group int) {
	s.at = place{part: part, group: group}
	for _, c := range []*coder{&s.grade, &s.reason, &s.fix, &s.cause, &s.causeFeature, &s.version, &s.wasOf} {
		c.reset()
	}
}

func (s *scan) batch(b *datasets.Batch) error {
	for i := range b.Rows {
		s.rows++
		s.at.row = b.First + int64(i)
		s.version.at(&b.Columns[inVersion], i)
		grade := s.grade.at(&b.Columns[inGrade], i)
		points := b.Columns[inPoints].Numbers[i]
		switch {
		case grade == badGrade, grade >= 0 && (math.IsNaN(points) || math.IsInf(points, 0)):
			return datasets.Shapef("row %d has a grade that the model does not give, or no points; run `icpfit predict` again", s.at.row+1)
		case grade < 0:
			switch datasets.Reason(s.unscoredRow(b, i)) {
			case datasets.DuplicateOf:
				continue // the account is another row
			case datasets.Excluded:
				s.hand[string(b.Columns[inDomain].Cell(i))] = handRow{excluded: true}
			}
		default:
			s.accounts[grade]++
			if b.Columns[inCustomer].Flags[i] != 1 {
				s.prospects[grade]++
				s.points.add(points)
			}
		}
		s.compare(b, i, grade)
	}
	return nil
}

// unscoredRow counts a row without a grade and returns its reason.
func (s *scan) unscoredRow(b *datasets.Batch, i int) string {
	reason := s.reason.at(&b.Columns[inReason], i)
	if reason < 0 {
		reason = s.reasons.number("")
	}
	count(&s.unscored, reason)
	s.lists.unscoredRow(b, i, s.reasons.names[reason], s.fixes.name(s.fix.at(&b.Columns[inFix], i)))
	return s.reasons.names[reason]
}

// compare sets an account, graded or not, against the night before, and offers
// it to the lists.
func (s *scan) compare(b *datasets.Batch, i, grade int) {
	p := pick{at: s.at, grade: grade, customer: b.Columns[inCustomer].Flags[i] == 1}
	if grade >= 0 {
		p.micro = clampMicro(b.Columns[inPoints].Numbers[i])
	}
	s.byHand(b, i, p)
	if s.gone {
		s.remember(b, i, &p)
	}
	if s.night == nil {
		s.offerCall(b, i, p)
		return
	}
	domain, id := b.Columns[inDomain].Cell(i), b.Columns[inID].Cell(i)
	was := s.night.find(accountKey(domain, id))
	from, to := len(s.from)+1, grade
	if to < 0 {
		to = len(s.accounts)
	}
	if was != nil {
		from = len(s.from)
		if was.grade >= 0 {
			p.previous, p.before = s.night.grades.name(int(was.grade)), was.micro
			from, _ = slices.BinarySearch(s.from, p.previous)
		}
	}
	s.counts[from][to]++
	s.causeOf(b, i, &p)
	s.listChange(b, i, &p, was)
	s.offerCall(b, i, p)
	if grade < 0 || p.previous == "" {
		return
	}
	s.moved(p.previous, s.gradeName(grade))
	s.offerMover(b, i, p)
}

// causeOf counts why the grade of row i changed.
func (s *scan) causeOf(b *datasets.Batch, i int, p *pick) {
	if cause := s.cause.at(&b.Columns[inCause], i); cause >= 0 {
		count(&s.caused, cause)
		p.cause = s.causes.names[cause]
	}
	p.feature = s.features.name(s.causeFeature.at(&b.Columns[inCauseFeature], i))
}

// listChange lists row i if its account has another grade or other points than the
// night before, was, nil where it is new.
func (s *scan) listChange(b *datasets.Batch, i int, p *pick, was *entry) {
	to, points, before := "", math.NaN(), math.NaN()
	if p.grade >= 0 {
		to, points = s.gradeName(p.grade), float64(p.micro)/model.Micro
	}
	if p.previous != "" {
		before = float64(p.before) / model.Micro
	}
	if s.lists == nil || was != nil && to == p.previous && p.micro == p.before {
		return
	}
	s.lists.changed(b.Columns[inDomain].Cell(i), b.Columns[inID].Cell(i), change{p.customer, p.previous, to, before, points, p.cause, p.feature})
}

// remember takes the grade of a night that is gone from the table of now, which
// holds it, but neither its points nor the accounts that are no more.
func (s *scan) remember(b *datasets.Batch, i int, p *pick) {
	was := s.wasOf.at(&b.Columns[inPrevious], i)
	p.previous = s.was.name(was)
	s.wasNow[[2]int{was, p.grade}]++
	s.causeOf(b, i, p)
	if p.grade >= 0 && p.previous != "" {
		s.moved(p.previous, s.gradeName(p.grade))
	}
}

// recall makes the migration of what was remembered. Accounts without a grade then
// may have been new as well.
func (s *scan) recall() {
	if !s.gone {
		return
	}
	s.from = slices.Sorted(slices.Values(s.was.names))
	s.counts = make([][]int64, len(s.from)+1)
	for i := range s.counts {
		s.counts[i] = make([]int64, len(s.accounts)+1)
	}
	for at, n := range s.wasNow {
		from, to := len(s.from), at[1]
		if at[0] >= 0 {
			from, _ = slices.BinarySearch(s.from, s.was.names[at[0]])
		}
		if to < 0 {
			to = len(s.accounts)
		}
		s.counts[from][to] += n
	}
}

// byHand notes what people, not the model, decided about a graded account.
func (s *scan) byHand(b *datasets.Batch, i int, p pick) {
	if b.Columns[inOverridden].Flags[i] == 1 {
		h := handRow{}
		if c := &b.Columns[inCutGrade]; !c.Missing(i) {
			h.cut = c.Dictionary[c.Codes[i]]
		}
		s.hand[string(b.Columns[inDomain].Cell(i))] = h
	}
	if b.Columns[inExploration].Flags[i] == 1 && p.grade >= 0 {
		s.offered++
		s.lists.exploredRow(b, i, s.gradeName(p.grade), float64(p.micro)/model.Micro)
		if p.key = int64(p.micro); s.explore.wants(p.key) {
			s.explore.add(s.named(b, i, p))
		}
	}
}

func (s *scan) gradeName(cut int) string { return s.model.Grades.Cuts[cut].Grade }

// moved counts a change of grade. Grades are letters, A the best.
func (s *scan) moved(from, to string) {
	switch {
	case to < from:
		s.up++
	case to > from:
		s.down++
	}
}

// topGrade reports whether sales calls accounts of a grade first.
func topGrade(grade string) bool { return grade == "A" || grade == "B" }

func (s *scan) offerCall(b *datasets.Batch, i int, p pick) {
	if p.grade < 0 || p.customer || !topGrade(s.gradeName(p.grade)) || topGrade(p.previous) {
		return
	}
	s.picked++
	if s.night != nil || s.gone {
		s.entered++
	}
	p.key = int64(p.micro)
	if s.lists != nil {
		s.lists.called(s.named(b, i, p))
	} else if s.calls.wants(p.key) {
		s.calls.add(s.named(b, i, p))
	}
}

func (s *scan) offerMover(b *datasets.Batch, i int, p pick) {
	change := int64(p.micro) - int64(p.before)
	if p.key = change; change > 0 && s.risers.wants(p.key) {
		s.risers.add(s.named(b, i, p))
	}
	if p.key = -change; change < 0 && s.fallers.wants(p.key) {
		s.fallers.add(s.named(b, i, p))
	}
}

// named copies the account's texts out of the batch.
func (s *scan) named(b *datasets.Batch, i int, p pick) pick {
	p.domain, p.id = string(b.Columns[inDomain].Cell(i)), string(b.Columns[inID].Cell(i))
	return p
}

// goneBy counts the accounts of the night before that are no more.
func (s *scan) goneBy() {
	if s.night == nil {
		return
	}
	for _, e := range s.night.entries {
		if e.seen {
			continue
		}
		from := len(s.from)
		if e.grade >= 0 {
			from, _ = slices.BinarySearch(s.from, s.night.grades.name(int(e.grade)))
		}
		s.counts[from][len(s.accounts)+1]++
	}
}

// lost returns how many accounts that had a grade are no more.
func (s *scan) lost() int64 {
	var n int64
	if s.night == nil {
		return 0
	}
	for _, row := range s.counts[:len(s.from)] {
		n += row[len(s.accounts)+1]
	}
	return n
}
