package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/internal/explain"
	"github.com/icpfit/icpfit/model/predict"
)

// history reads the account's grades of all nights, oldest first: of each, the row
// groups that may hold it.
func (r *Run) history(ctx context.Context, key string) ([]explain.Night, error) {
	root := filepath.Dir(r.Project.Grades("x"))
	entries, err := os.ReadDir(root)
	if errors.Is(err, os.ErrNotExist) {
		return []explain.Night{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("explain: %w", err)
	}
	nights := make([][]explain.Night, len(entries))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, e := range entries {
		date, ok := strings.CutPrefix(e.Name(), "as_of=")
		if !ok {
			continue
		}
		g.Go(func() (err error) {
			folder := filepath.Join(root, e.Name())
			nights[i], err = readNight(ctx, folder, date, key)
			if err != nil && ctx.Err() == nil {
				return damagedf("explain: %v; grade that night again with `icpfit predict --as-of %s`, or remove %s", err, date, folder)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return append([]explain.Night{}, slices.Concat(nights...)...), nil
}

func readNight(ctx context.Context, folder, date, key string) (nights []explain.Night, err error) {
	parts, err := predict.Parts(folder)
	if err != nil {
		return nil, err
	}
	for _, path := range parts {
		if nights, err = appendNight(ctx, nights, path, date, key); err != nil {
			return nil, err
		}
	}
	return nights, nil
}

// nightFields are the columns that a night is read from; the last is not in the
// tables of old.
var nightFields = []datasets.Field{
	{Name: "domain", Type: datasets.Text},
	{Name: "grade", Type: datasets.Category},
	{Name: "points", Type: datasets.Number},
	{Name: "cause", Type: datasets.Category},
	{Name: "cause_feature", Type: datasets.Category},
	{Name: "model_version", Type: datasets.Category},
	{Name: "unscored_reason", Type: datasets.Category},
	{Name: "overridden", Type: datasets.Flag},
}

func appendNight(ctx context.Context, nights []explain.Night, path, date, key string) (_ []explain.Night, err error) {
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	fields := nightFields
	if last := len(fields) - 1; !slices.ContainsFunc(f.Schema(), func(have datasets.Field) bool { return have.Name == nightFields[last].Name }) {
		fields = fields[:last]
	}
	for g := range f.Groups() {
		if !f.MayHold(g, "domain", key) {
			continue
		}
		rows, err := f.Group(g, fields)
		if err != nil {
			return nil, err
		}
		var b datasets.Batch
		for err == nil {
			if err = rows.Read(ctx, &b); err != nil {
				break
			}
			for i := range b.Rows {
				if string(b.Columns[0].Cell(i)) == key && text(&b.Columns[6], i) != string(datasets.DuplicateOf) {
					nights = append(nights, night(&b, i, date))
				}
			}
		}
		if err := errors.Join(rows.Close(), unlessEOF(err)); err != nil {
			return nil, err
		}
	}
	return nights, nil
}

// night returns row i of a batch with the columns of nightFields.
func night(b *datasets.Batch, i int, date string) explain.Night {
	n := explain.Night{
		AsOf: date, Grade: text(&b.Columns[1], i), Cause: text(&b.Columns[3], i), CauseFeature: text(&b.Columns[4], i),
		Version: text(&b.Columns[5], i), Excluded: text(&b.Columns[6], i) == string(datasets.Excluded),
	}
	if p := b.Columns[2].Numbers[i]; !math.IsNaN(p) {
		n.Points = p
	}
	n.Overridden = len(b.Columns) > 7 && b.Columns[7].Flags[i] == 1
	return n
}

func unlessEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func text(c *datasets.Column, i int) string {
	if c.Codes[i] < 0 {
		return ""
	}
	return c.Dictionary[c.Codes[i]]
}
