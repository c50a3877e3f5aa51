package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/predict"
)

// A night holds what is kept of the grades of an earlier night: 16 bytes an
// account. Rows merged into another account are not in it.
type night struct {
	entries []entry // by hash, each once
	grades  register
}

// An entry is one account of an earlier night.
type entry struct {
	hash  uint64
	micro int32 // points in micro-points, 0 where unscored
	grade int16 // number in night.grades, -1: unscored
	seen  bool  // matched by an account of now
}

// The columns a night is made of, and where they are.
var nightFields = []datasets.Field{
	{Name: "domain", Type: datasets.Text},
	{Name: "account_id", Type: datasets.Text},
	{Name: "grade", Type: datasets.Category},
	{Name: "points", Type: datasets.Number},
	{Name: "unscored_reason", Type: datasets.Category},
}

// loadNight reads the grades in folder.
func loadNight(ctx context.Context, folder string) (*night, error) {
	parts, err := predict.Parts(folder)
	if err != nil {
		return nil, fmt.Errorf("report: previous night: %w", err)
	}
	n := &night{}
	l := &nightLoader{night: n, grade: coder{of: n.grades.number}, merged: coder{of: isMerged}}
	if err := stream(ctx, parts, nightFields, l); err != nil {
		return nil, fmt.Errorf("report: previous night: %w", err)
	}
	slices.SortFunc(n.entries, func(a, b entry) int {
		switch {
		case a.hash < b.hash:
			return -1
		case a.hash > b.hash:
			return 1
		}
		return 0
	})
	n.entries = slices.CompactFunc(n.entries, func(a, b entry) bool { return a.hash == b.hash })
	return n, nil
}

// listGone lists the accounts of the night before, in folder, that are no more.
func (s *scan) listGone(ctx context.Context, folder string) error {
	if s.lists == nil || s.night == nil {
		return nil
	}
	parts, err := predict.Parts(folder)
	if err != nil {
		return fmt.Errorf("report: previous night: %w", err)
	}
	l := &goneLister{scan: s, nightLoader: nightLoader{grade: coder{of: s.night.grades.number}, merged: coder{of: isMerged}}}
	fields := append(slices.Clone(nightFields), datasets.Field{Name: "customer", Type: datasets.Flag})
	if err := stream(ctx, parts, fields, l); err != nil {
		return fmt.Errorf("report: previous night: %w", err)
	}
	return nil
}

// A goneLister lists the accounts of a night that were not met again.
type goneLister struct {
	nightLoader
	scan *scan
}

func (l *goneLister) batch(b *datasets.Batch) error {
	for i := range b.Rows {
		if l.merged.at(&b.Columns[4], i) == 1 {
			continue
		}
		domain, id := b.Columns[0].Cell(i), b.Columns[1].Cell(i)
		e := l.scan.night.find(accountKey(domain, id))
		if e == nil {
			continue // met again
		}
		c := change{customer: b.Columns[5].Flags[i] == 1, from: l.scan.night.grades.name(int(e.grade)), before: math.NaN(), points: math.NaN(), cause: "gone"}
		if e.grade >= 0 {
			c.before = float64(e.micro) / model.Micro
		}
		l.scan.lists.changed(domain, id, c)
	}
	return nil
}

// isMerged returns 1 for rows that were merged into another account, else 0.
func isMerged(reason string) int {
	if datasets.Reason(reason) == datasets.DuplicateOf {
		return 1
	}
	return 0
}

// A nightLoader fills a night.
type nightLoader struct {
	night         *night
	grade, merged coder
}

func (l *nightLoader) start(int, int) {
	l.grade.reset()
	l.merged.reset()
}

func (l *nightLoader) batch(b *datasets.Batch) error {
	for i := range b.Rows {
		if l.merged.at(&b.Columns[4], i) == 1 {
			continue
		}
		e := entry{hash: accountKey(b.Columns[0].Cell(i), b.Columns[1].Cell(i)), grade: int16(l.grade.at(&b.Columns[2], i))}
		if e.grade >= 0 {
			e.micro = clampMicro(b.Columns[3].Numbers[i])
		}
		l.night.entries = append(l.night.entries, e)
	}
	return nil
}

// accountKey tells accounts of two nights apart: by domain, or by id where
// there is none.
func accountKey(domain, id []byte) uint64 {
	if len(domain) > 0 {
		return features.DomainHash(string(domain))
	}
	return features.DomainHash("\x00" + string(id))
}

// clampMicro returns points in micro-points; 2,147 points are more than any
// model gives.
func clampMicro(points float64) int32 {
	if math.IsNaN(points) {
		return 0
	}
	return int32(math.Round(max(-2147, min(2147, points)) * model.Micro))
}

// find returns the account of that key, nil if there was none or it is matched
// already, and marks it as matched.
func (n *night) find(key uint64) *entry {
	i := sort.Search(len(n.entries), func(i int) bool { return n.entries[i].hash >= key })
	if i == len(n.entries) || n.entries[i].hash != key || n.entries[i].seen {
		return nil
	}
	n.entries[i].seen = true
	return &n.entries[i]
}
