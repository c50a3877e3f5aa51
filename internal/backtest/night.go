package backtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/internal/activity"
	"github.com/icpfit/icpfit/model/predict"
)

// A Night is the grades of a night, in some 75 bytes an account. Base finds the
// accounts by domain and by id.
type Night struct {
	Grades []string // best first
	Base   *activity.Base

	grade    []int8 // by number in Base: place in Grades, or unscored
	customer []bool
}

const unscored = -1

var nightFields = []datasets.Field{
	{Name: "domain", Type: datasets.Text},
	{Name: "account_id", Type: datasets.Text},
	{Name: "customer", Type: datasets.Flag},
	{Name: "grade", Type: datasets.Category},
}

// LoadNight reads the grades in folder; grades are those of the model that made
// them, best first.
func LoadNight(ctx context.Context, folder string, grades []string) (*Night, error) {
	n := &Night{Grades: grades, Base: activity.NewBase()}
	parts, err := predict.Parts(folder)
	for _, path := range parts {
		if err == nil {
			err = n.read(ctx, path)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("backtest: grades: %w", err)
	}
	return n, nil
}

func (n *Night) read(ctx context.Context, path string) (err error) {
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for g := range f.Groups() {
		r, err := f.Group(g, nightFields)
		if err != nil {
			return err
		}
		if err := n.drain(ctx, r); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

func (n *Night) drain(ctx context.Context, r datasets.Reader) (err error) {
	defer func() { err = errors.Join(err, r.Close()) }()
	var b datasets.Batch
	for {
		if err := r.Read(ctx, &b); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		for i := range b.Rows {
			if err := n.add(&b, i); err != nil {
				return err
			}
		}
	}
}

// add adds row i. Of several rows of a domain the one that has a grade counts:
// the others were merged into it.
func (n *Night) add(b *datasets.Batch, i int) error {
	domain := b.Columns[0].Text(i)
	if domain == "" {
		return nil
	}
	n.Base.Add(domain, b.Columns[1].Text(i))
	at := n.Base.Number(domain)
	if at == len(n.grade) {
		n.grade, n.customer = append(n.grade, unscored), append(n.customer, false)
	}
	n.customer[at] = n.customer[at] || b.Columns[2].Flags[i] == 1
	if grade := b.Columns[3].Text(i); grade != "" {
		place := slices.Index(n.Grades, grade)
		if place < 0 {
			return datasets.Shapef("grade %q is none of its model's; grade that night again", grade)
		}
		n.grade[at] = int8(place)
	}
	return nil
}
