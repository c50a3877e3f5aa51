package predict_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/icpfit/icpfit/model/predict"
)

// TestScattered checks that a base in another order than that of the night before
// is graded as in that order, where both have many row groups: that night is then
// sorted in a file, which is not there afterwards. A base that keeps its order, or
// has some rows at other places, needs no such file, but the one that every night
// after another needs. Two rows of one account, which only a faulty table has, are
// both compared with its row of that night.
func TestScattered(t *testing.T) {
	n := setUp(t)
	base, in := n.some(t, 12_000)
	first := make([]int, 0, base.Rows)
	for i := range base.Rows {
		if i%50 != 7 { // the others are new tonight
			first = append(first, i)
		}
	}
	tonight := make([]int, 0, base.Rows)
	for i := range base.Rows {
		if i%60 != 11 { // the others are gone
			tonight = append(tonight, i)
		}
	}
	tonight = append(tonight, tonight[100], tonight[7_000]) // twins
	table := func(order []int, groupRows int) predict.Input {
		in := in
		in.Accounts = writeTable(t, filepath.Join(n.folder, "accounts"), groupRows, take(base, order))
		return in
	}
	before, _, _ := run(t, table(first, 400))
	scratch := t.TempDir()
	said := func(order []int, groupRows, files int, shard predict.Shard) (grades, changes []string) {
		in := table(order, groupRows)
		in.Model, in.Previous, in.Scratch, in.Shard = n.shifted(t, 2), after(t, before), atMost(files, scratch), shard
		a, b, _ := run(t, in)
		return lines(read(t, a, predict.Fields)), lines(read(t, b, predict.ChangeFields))
	}
	whole := predict.Shard{}
	grades, changes := said(tonight, 400, 1, whole)
	if len(changes) < 100 {
		t.Fatalf("%d accounts changed; want more for this test", len(changes))
	}
	r := rand.New(rand.NewPCG(3, 4))
	shuffled := slices.Clone(tonight)
	r.Shuffle(len(shuffled), func(a, b int) { shuffled[a], shuffled[b] = shuffled[b], shuffled[a] })
	backwards := slices.Clone(tonight)
	slices.Reverse(backwards)
	late := append(append(slices.Clone(tonight[:3_000]), tonight[3_100:]...), tonight[3_000:3_100]...)
	for _, tt := range []struct {
		name      string
		order     []int
		groupRows int
		sorted    bool
	}{
		{"shuffled", shuffled, 400, true},
		{"shuffled, tiny row groups", shuffled, 31, true},
		{"shuffled, one row group", shuffled, 20_000, false},
		{"backwards", backwards, 400, false},
		{"some at the end", late, 400, false},
		{"in order, tiny row groups", tonight, 31, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if testing.Short() && tt.groupRows < 100 {
				t.Skip("hundreds of row groups, too long with the race detector")
			}
			files := 1
			if tt.sorted {
				files = 2
				in := table(tt.order, tt.groupRows)
				in.Previous, in.Scratch = after(t, before), atMost(1, scratch)
				if _, err := predict.Run(t.Context(), in, &strings.Builder{}, &strings.Builder{}); err == nil || !strings.Contains(err.Error(), "previous night: sort the night before: ") {
					t.Errorf("without a second file: %v", err)
				}
			}
			otherGrades, otherChanges := said(tt.order, tt.groupRows, files, whole)
			if !slices.Equal(grades, otherGrades) || !slices.Equal(changes, otherChanges) {
				t.Errorf("%d and %d accounts, want %d and %d, and the same said of each", len(otherGrades), len(otherChanges), len(grades), len(changes))
			}
			var shardGrades, shardChanges []string
			for i := range 3 {
				g, c := said(tt.order, tt.groupRows, files, predict.Shard{Index: i, Count: 3})
				shardGrades, shardChanges = append(shardGrades, g...), append(shardChanges, c...)
			}
			slices.Sort(shardGrades)
			slices.Sort(shardChanges)
			if !slices.Equal(grades, shardGrades) || !slices.Equal(changes, shardChanges) {
				t.Errorf("in shards: %d and %d accounts, want %d and %d, and the same said of each", len(shardGrades), len(shardChanges), len(grades), len(changes))
			}
			if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// A removed is a file that is gone when it is closed.
type removed struct{ *os.File }

func (f removed) Close() error { return errors.Join(f.File.Close(), os.Remove(f.Name())) }

// atMost makes so many files in a folder, then none.
func atMost(files int, folder string) func() (predict.Scratch, error) {
	var made atomic.Int64
	return func() (predict.Scratch, error) {
		if made.Add(1) > int64(files) {
			return nil, errors.New("too many files")
		}
		return temporary(folder)()
	}
}

// temporary makes files in a folder.
func temporary(folder string) func() (predict.Scratch, error) {
	return func() (predict.Scratch, error) {
		f, err := os.CreateTemp(folder, "scratch")
		if err != nil {
			return nil, err
		}
		return removed{f}, nil
	}
}
