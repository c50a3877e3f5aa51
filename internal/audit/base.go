package audit

import (
	"cmp"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// An Account is what the audit knows of an account of the base.
type Account struct {
	Domain   string
	Grade    int     // place among the grades; -1: not graded
	Points   float64 // NaN: not graded
	Size     float64 // NaN: not known
	Segment  int     // place among the segments; -1: not known
	Customer bool
	Won      int32 // day; datasets.MissingDay: not known
}

// A Base is the accounts by domain, in 40 bytes each. Add all, then Seal.
type Base struct {
	Grades      []string // best first
	Top         int      // how many of them are the best: A and B
	Segments    []string // names
	SegmentedBy string   // the feature; "": there are no segments
	SizedBy     string   // the feature; "": no size is known

	accounts []account
}

type account struct {
	hash         uint64
	points, size float32
	won          int32
	segment      int16
	grade        int8
	customer     bool
	worked       bool // touched by sales or marketing in the last year
	aimed        bool // of these, by marketing
	dealt        bool // a deal was opened in the last year
}

// Add adds an account. Its domain is its key; a base has one of each.
func (b *Base) Add(a Account) {
	b.accounts = append(b.accounts, account{
		hash: features.DomainHash(a.Domain), points: float32(a.Points), size: float32(a.Size), won: a.Won,
		segment: int16(a.Segment), grade: int8(a.Grade), customer: a.Customer,
	})
}

// Seal ends the adding.
func (b *Base) Seal() {
	slices.SortFunc(b.accounts, func(x, y account) int { return cmp.Compare(x.hash, y.hash) })
}

// SetGrade gives the account of a hash of its domain (features.DomainHash) its
// grade and points; what the base does not have is ignored.
func (b *Base) SetGrade(hash uint64, grade int, points float64) {
	if a := b.byHash(hash); a != nil {
		a.grade, a.points = int8(grade), float32(points)
	}
}

// SetSegment puts an account into a segment.
func (b *Base) SetSegment(hash uint64, segment int) {
	if a := b.byHash(hash); a != nil {
		a.segment = int16(segment)
	}
}

// SetWon notes the day on which a customer was won.
func (b *Base) SetWon(hash uint64, day int32) {
	if a := b.byHash(hash); a != nil {
		a.won = day
	}
}

// find returns the account of a domain, nil where the base has none.
func (b *Base) find(domain string) *account {
	if domain == "" {
		return nil
	}
	return b.byHash(features.DomainHash(domain))
}

func (b *Base) byHash(hash uint64) *account {
	i, ok := slices.BinarySearchFunc(b.accounts, hash, func(a account, h uint64) int { return cmp.Compare(a.hash, h) })
	if !ok {
		return nil
	}
	return &b.accounts[i]
}

// best reports whether the account has one of the best grades.
func (b *Base) best(a *account) bool { return a.grade >= 0 && int(a.grade) < b.Top }

// top names the best grades and rest the others, as in A–B and C–F.
func (b *Base) top() string  { return span(b.Grades[:b.Top]) }
func (b *Base) rest() string { return span(b.Grades[b.Top:]) }

func span(grades []string) string {
	if len(grades) == 1 {
		return grades[0]
	}
	return grades[0] + "–" + grades[len(grades)-1]
}

// customerOn reports whether the account was a customer on a day; where it is not
// known when it was won, it always was.
func (a *account) customerOn(day int32) bool {
	return a.customer && (a.won == datasets.MissingDay || a.won <= day)
}

// longWon reports whether a customer was won so many days before a day, or when
// is not known.
func (a *account) longWon(days, before int32) bool {
	return a.customer && (a.won == datasets.MissingDay || a.won <= before-days)
}
