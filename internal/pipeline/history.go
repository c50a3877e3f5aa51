package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/model/predict"
)

// history reads the account's grades of all nights, oldest first.
func (r *Run) history(ctx context.Context, key string) ([]Night, error) {
	root := filepath.Dir(r.Project.Grades("x"))
	entries, err := os.ReadDir(root)
	if errors.Is(err, os.ErrNotExist) {
		return []Night{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("explain: %w", err)
	}
	nights := []Night{}
	for _, e := range entries {
		date, ok := strings.CutPrefix(e.Name(), "as_of=")
		if !ok {
			continue
		}
		nights, err = appendNights(ctx, nights, filepath.Join(root, e.Name()), date, key)
		if err != nil && ctx.Err() == nil {
			return nil, damagedf("explain: %v; grade that night again with `icpfit predict --as-of %s`, or remove %s", err, date, filepath.Join(root, e.Name()))
		}
		if err != nil {
			return nil, err
		}
	}
	return nights, nil
}

func appendNights(ctx context.Context, nights []Night, folder, date, key string) ([]Night, error) {
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

func appendNight(ctx context.Context, nights []Night, path, date, key string) (_ []Night, err error) {
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	fields := []datasets.Field{
		{Name: "domain", Type: datasets.Text},
		{Name: "grade", Type: datasets.Category},
		{Name: "points", Type: datasets.Number},
		{Name: "cause", Type: datasets.Category},
		{Name: "model_version", Type: datasets.Category},
		{Name: "unscored_reason", Type: datasets.Category},
	}
	for g := range f.Groups() {
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
				if string(b.Columns[0].Cell(i)) != key || text(&b.Columns[5], i) == string(datasets.DuplicateOf) {
					continue
				}
				n := Night{AsOf: date, Grade: text(&b.Columns[1], i), Cause: text(&b.Columns[3], i), Version: text(&b.Columns[4], i)}
				n.excluded = text(&b.Columns[5], i) == string(datasets.Excluded)
				if p := b.Columns[2].Numbers[i]; !math.IsNaN(p) {
					n.Points = p
				}
				nights = append(nights, n)
			}
		}
		if err := errors.Join(rows.Close(), unlessEOF(err)); err != nil {
			return nil, err
		}
	}
	return nights, nil
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
