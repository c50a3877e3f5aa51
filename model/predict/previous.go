package predict

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/features"
)

// Previous holds the grades of an earlier night: nine bytes an account. It is
// safe for concurrent use once loaded.
type Previous struct {
	Version string // of the model that graded it
	hashes  []uint64
	grades  []uint8 // index into names
	names   []string
}

// Grade returns the grade of the account whose domain has that hash, "" if it
// had none.
func (p *Previous) Grade(hash uint64) string {
	i, ok := slices.BinarySearch(p.hashes, hash)
	if !ok {
		return ""
	}
	return p.names[p.grades[i]]
}

// LoadPrevious reads the grades of a folder grades/as_of=D.
func LoadPrevious(ctx context.Context, folder string) (*Previous, error) {
	parts, err := Parts(folder)
	if err != nil {
		return nil, err
	}
	p := &Previous{}
	for _, path := range parts {
		if err := p.load(ctx, path); err != nil {
			return nil, fmt.Errorf("previous night: %w", err)
		}
	}
	p.sort()
	return p, nil
}

// Parts returns the part files of a grade folder, by name.
func Parts(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("grades: %w", err)
	}
	var parts []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "part-") && strings.HasSuffix(e.Name(), ".parquet") {
			parts = append(parts, filepath.Join(folder, e.Name()))
		}
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("grades: %s: no part files; run `icpfit predict`", folder)
	}
	return parts, nil
}

func (p *Previous) load(ctx context.Context, path string) (err error) {
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if v, ok := f.Metadata("icpfit.model_version"); ok {
		p.Version = v
	}
	for g := range f.Groups() {
		r, err := f.Group(g, []datasets.Field{Fields[colDomain], Fields[colGrade]})
		if err != nil {
			return err
		}
		if err := errors.Join(p.drain(ctx, r), r.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (p *Previous) drain(ctx context.Context, r datasets.Reader) error {
	var batch datasets.Batch
	var codes []uint8 // of the reader's dictionary
	for {
		err := r.Read(ctx, &batch)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		domain, grade := &batch.Columns[0], &batch.Columns[1]
		for _, text := range grade.Dictionary[len(codes):] {
			at := slices.Index(p.names, text)
			if at < 0 {
				at = len(p.names)
				p.names = append(p.names, text)
			}
			codes = append(codes, uint8(at))
		}
		for i, code := range grade.Codes[:batch.Rows] {
			if code >= 0 && !domain.Missing(i) {
				p.hashes = append(p.hashes, features.DomainHash(string(domain.Cell(i))))
				p.grades = append(p.grades, codes[code])
			}
		}
	}
}

// sort orders the accounts by hash.
func (p *Previous) sort() {
	order := make([]int32, len(p.hashes))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		switch {
		case p.hashes[a] < p.hashes[b]:
			return -1
		case p.hashes[a] > p.hashes[b]:
			return 1
		}
		return 0
	})
	hashes, grades := make([]uint64, len(order)), make([]uint8, len(order))
	for to, from := range order {
		hashes[to], grades[to] = p.hashes[from], p.grades[from]
	}
	p.hashes, p.grades = hashes, grades
}

// Version returns the model version that graded a folder grades/as_of=D.
func Version(folder string) (string, error) {
	parts, err := Parts(folder)
	if err != nil {
		return "", err
	}
	f, err := parquetfile.OpenFile(parts[0])
	if err != nil {
		return "", fmt.Errorf("grades: %w", err)
	}
	version, ok := f.Metadata("icpfit.model_version")
	if err := f.Close(); err != nil {
		return "", fmt.Errorf("grades: %w", err)
	}
	if !ok {
		return "", fmt.Errorf("grades: %s names no model; run `icpfit predict` again", parts[0])
	}
	return version, nil
}
