package segment

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/predict"
)

// Graded holds what segments need of a night's grades: 16 bytes a scored account.
type Graded struct {
	Rows, Unscored int64
	accounts       []graded // by hash
	grades         []string // that there are, best first
}

// A graded account is scored.
type graded struct {
	hash     uint64 // of the domain
	micro    int32  // points, in millionths
	grade    uint8
	customer bool
}

func (g *graded) points() float64 { return float64(g.micro) / model.Micro }

var gradedFields = []datasets.Field{
	{Name: "domain", Type: datasets.Text},
	{Name: "customer", Type: datasets.Flag},
	{Name: "grade", Type: datasets.Category},
	{Name: "points", Type: datasets.Number},
}

// LoadGraded reads the grades in folder, grades/as_of=D.
func LoadGraded(ctx context.Context, folder string) (*Graded, error) {
	g := &Graded{}
	if err := predict.Read(ctx, folder, gradedFields, g.add); err != nil {
		return nil, fmt.Errorf("segments: %w", err)
	}
	slices.SortFunc(g.accounts, func(a, b graded) int { return cmp.Compare(a.hash, b.hash) })
	for i := 1; i < len(g.accounts); i++ {
		if g.accounts[i].hash == g.accounts[i-1].hash {
			return nil, datasets.Shapef("segments: grades: %s: two scored rows have the same domain; run `icpfit predict` again", folder)
		}
	}
	g.order()
	return g, nil
}

// add adds the scored rows of a batch.
func (g *Graded) add(b *datasets.Batch) error {
	domain, customer, grade, points := &b.Columns[0], &b.Columns[1], &b.Columns[2], &b.Columns[3]
	for i := range b.Rows {
		g.Rows++
		if grade.Missing(i) {
			g.Unscored++
			continue
		}
		if domain.Missing(i) || points.Missing(i) {
			return datasets.Shapef("row %d has a grade and no domain or points; run `icpfit predict` again", b.First+int64(i)+1)
		}
		text := grade.Dictionary[grade.Codes[i]]
		at := slices.Index(g.grades, text) // of six
		if at < 0 {
			if at = len(g.grades); at > math.MaxUint8 {
				return datasets.Shapef("more than %d grades; run `icpfit predict` again", math.MaxUint8)
			}
			g.grades = append(g.grades, text)
		}
		g.accounts = append(g.accounts, graded{features.DomainHash(domain.Cell(i)), int32(math.Round(max(-2000, min(2000, points.Numbers[i])) * model.Micro)), uint8(at), customer.Flags[i] == 1})
	}
	return nil
}

// order numbers grades by their letters.
func (g *Graded) order() {
	sorted := slices.Sorted(slices.Values(g.grades))
	for i := range g.accounts {
		at, _ := slices.BinarySearch(sorted, g.grades[g.accounts[i].grade])
		g.accounts[i].grade = uint8(at)
	}
	g.grades = sorted
}

// find returns the scored account with that hash, nil for none.
func (g *Graded) find(hash uint64) *graded {
	at, ok := slices.BinarySearchFunc(g.accounts, hash, func(a graded, h uint64) int { return cmp.Compare(a.hash, h) })
	if !ok {
		return nil
	}
	return &g.accounts[at]
}
