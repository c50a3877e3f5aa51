package predict

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/features"
)

// Previous holds who had which grade on an earlier night: some 16 bytes an
// account; what else is asked of a night is read from its files, row group by
// row group. It is safe for concurrent use once loaded. Close it after use.
type Previous struct {
	Version string // of the model that graded it
	marks   string // marksOf that model

	files  []*parquetfile.File
	groups []pastGroup
	hand   bool // its files say what was overridden

	hashes []uint64 // of the account, by row of the night; 0: the row is none
	grades []uint8  // by row: index into names
	names  []string // "" first
	table  []uint32 // hash table: row + 1
	seen   []uint32 // bits, by row: met by an account of tonight
}

// A pastGroup is one row group of a night's files.
type pastGroup struct {
	file  *parquetfile.File
	index int
	first int // number of its first row in the night
}

// Grade returns the grade of the account with that hash, "" if it had none.
func (p *Previous) Grade(hash uint64) string {
	if row := p.find(hash); row >= 0 {
		return p.names[p.grades[row]]
	}
	return ""
}

// find returns the row of an account, -1 for none.
func (p *Previous) find(hash uint64) int {
	for at := hash & uint64(len(p.table)-1); p.table[at] != 0; at = (at + 1) & uint64(len(p.table)-1) {
		if row := p.table[at] - 1; p.hashes[row] == hash {
			return int(row)
		}
	}
	return -1
}

// meet marks a row as that of an account of tonight.
func (p *Previous) meet(row int) { atomic.OrUint32(&p.seen[row/32], 1<<(row%32)) }

// gone reports whether a row had a grade and its account is not there tonight.
func (p *Previous) gone(row int) bool {
	return p.grades[row] != 0 && p.seen[row/32]&(1<<(row%32)) == 0
}

// LoadPrevious opens the grades of a folder grades/as_of=D.
func LoadPrevious(ctx context.Context, folder string) (*Previous, error) {
	parts, err := Parts(folder)
	if err != nil {
		return nil, err
	}
	p := &Previous{names: []string{""}, hand: true}
	for i, path := range parts {
		if err := p.load(ctx, path, i == 0); err != nil {
			return nil, fmt.Errorf("previous night: %w", errors.Join(err, p.Close()))
		}
	}
	p.index()
	return p, nil
}

// Close closes the night's files.
func (p *Previous) Close() error {
	var errs []error
	for _, f := range p.files {
		errs = append(errs, f.Close())
	}
	p.files = nil
	return errors.Join(errs...)
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

func (p *Previous) load(ctx context.Context, path string, first bool) error {
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		return err
	}
	p.files = append(p.files, f)
	if info, err := os.Stat(path); err == nil { // a hint, which a footer cannot make larger than its file
		rows := int(min(f.Rows(), info.Size(), maxRows))
		p.hashes, p.grades = slices.Grow(p.hashes, rows), slices.Grow(p.grades, rows)
	}
	version, _ := f.Metadata(keyVersion)
	marks, _ := f.Metadata(keyMarks)
	if !first && (version != p.Version || marks != p.marks) {
		return datasets.Shapef("%s: graded by model %q, the parts before it by %q; grade that night again", path, version, p.Version)
	}
	p.Version, p.marks = version, marks
	p.hand = p.hand && slices.ContainsFunc(f.Schema(), func(field datasets.Field) bool { return field.Name == Fields[colOverridden].Name })
	for g := range f.Groups() {
		p.groups = append(p.groups, pastGroup{f, g, len(p.hashes)})
		r, err := f.Group(g, []datasets.Field{Fields[colDomain], Fields[colGrade], Fields[colUnscoredReason]})
		if err != nil {
			return err
		}
		if err := errors.Join(p.drain(ctx, r), r.Close()); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if int64(len(p.hashes)) > maxRows {
		return datasets.Shapef("%s: the night has more than %d rows; grade in several projects", path, int64(maxRows))
	}
	return nil
}

// maxRows is the most rows of a night whose rows can be numbered here.
const maxRows = 1<<31 - 1

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
		domain, grade, why := &batch.Columns[0], &batch.Columns[1], &batch.Columns[2]
		for _, text := range grade.Dictionary[len(codes):] {
			at := slices.Index(p.names, text)
			if at < 0 {
				at = len(p.names)
				p.names = append(p.names, text)
			}
			if at > math.MaxUint8 {
				return datasets.Shapef("more than %d different grades; grade that night again", math.MaxUint8)
			}
			codes = append(codes, uint8(at))
		}
		for i, code := range grade.Codes[:batch.Rows] {
			hash, had := uint64(0), uint8(0)
			if !domain.Missing(i) && !isDuplicate(why, i) {
				hash = features.DomainHash(domain.Cell(i))
			}
			if code >= 0 && hash != 0 {
				had = codes[code]
			}
			p.hashes, p.grades = append(p.hashes, hash), append(p.grades, had)
		}
	}
}

// isDuplicate reports whether a row was merged into another of the same domain:
// the grade of a domain is that of the row that survived.
func isDuplicate(why *datasets.Column, i int) bool {
	code := why.Codes[i]
	return code >= 0 && why.Dictionary[code] == string(datasets.DuplicateOf)
}

// index fills the hash table. Of two rows of one account the first counts.
func (p *Previous) index() {
	size := 16
	for size < len(p.hashes)*5/4 {
		size *= 2
	}
	p.table, p.seen = make([]uint32, size), make([]uint32, len(p.hashes)/32+1)
	for row, hash := range p.hashes {
		if hash == 0 {
			continue
		}
		if p.find(hash) >= 0 {
			p.grades[row] = 0
			continue
		}
		at := hash & uint64(size-1)
		for p.table[at] != 0 {
			at = (at + 1) & uint64(size-1)
		}
		p.table[at] = uint32(row) + 1
	}
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
	version, ok := f.Metadata(keyVersion)
	if err := f.Close(); err != nil {
		return "", fmt.Errorf("grades: %w", err)
	}
	if !ok {
		return "", fmt.Errorf("grades: %s names no model; run `icpfit predict` again", parts[0])
	}
	return version, nil
}
