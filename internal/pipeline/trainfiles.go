package pipeline

import (
	"errors"
	"fmt"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/model/train"
)

// writeOutOfFold writes oof.parquet: one row an account and repeat, the only
// source of capture, lift and calibration figures.
func writeOutOfFold(stage *artifact.Staging, s *drawn, result *train.Result) error {
	fields := []datasets.Field{
		{Name: "domain", Type: datasets.Text},
		{Name: "customer", Type: datasets.Flag},
		{Name: "weight", Type: datasets.Number},
		{Name: "repeat", Type: datasets.Integer},
		{Name: "fold", Type: datasets.Integer},
		{Name: "margin", Type: datasets.Integer},
	}
	var b datasets.Batch
	b.Prepare(fields)
	for repeat, margins := range result.OutOfFold.Score {
		for i, m := range margins {
			domain := &b.Columns[0]
			domain.Data = append(domain.Data, s.domains.Cell(i)...)
			domain.Offsets = append(domain.Offsets, int32(len(domain.Data)))
			flag := int8(0)
			if s.Customer[i] {
				flag = 1
			}
			b.Columns[1].Flags = append(b.Columns[1].Flags, flag)
			b.Columns[2].Numbers = append(b.Columns[2].Numbers, s.Weights[i])
			b.Columns[3].Integers = append(b.Columns[3].Integers, int64(repeat))
			b.Columns[4].Integers = append(b.Columns[4].Integers, int64(result.OutOfFold.Fold[repeat][i]))
			b.Columns[5].Integers = append(b.Columns[5].Integers, int64(m))
			b.Rows++
		}
	}
	return writeTable(stage, "oof.parquet", fields, &b, nil)
}

func writeTable(stage *artifact.Staging, name string, fields []datasets.Field, b *datasets.Batch, metadata map[string]string) error {
	f, err := stage.Create(name)
	if err != nil {
		return err
	}
	o := parquetfile.DefaultOptions()
	o.Metadata = metadata
	w, err := parquetfile.NewWriter(f, fields, o)
	if err == nil {
		err = errors.Join(w.Write(b), w.Close())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write: %s: %w", name, err)
	}
	return nil
}
