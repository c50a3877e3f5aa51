package features_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/icpfit/icpfit/features"
)

// parts opens a table of so many files, each of one row group.
func parts(t *testing.T, n int) *features.Table {
	t.Helper()
	folder := t.TempDir()
	for i := range n {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("part-%04d.parquet", i)), tableFile(t, nil), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	table, err := features.OpenTable(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { table.Close() })
	return table
}

// TestInOrder checks that groups are committed in their order by whoever worked on
// them, however work is spread; and that no group behind a fault is committed.
func TestInOrder(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	const groups = 20
	table := parts(t, groups)
	fault := errors.New("a fault")
	for _, tt := range []struct {
		name         string
		work, commit int // the group in which it fails
		committed    int
	}{{"well", -1, -1, groups}, {"work fails", 7, -1, 7}, {"commit fails", -1, 9, 9}} {
		var committed []int
		var open atomic.Int32
		err := table.InOrder(t.Context(), func() (func(context.Context, int) error, func() error) {
			at := -1
			work := func(_ context.Context, group int) error {
				if n := open.Add(1); n > 4 {
					t.Errorf("%s: %d groups are held", tt.name, n)
				}
				if at = group; group == tt.work {
					return fault
				}
				return nil
			}
			return work, func() error {
				if open.Add(-1); at == tt.commit {
					return fault
				}
				committed = append(committed, at)
				return nil
			}
		})
		if (err != nil) != (tt.committed < groups) || err != nil && !errors.Is(err, fault) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if len(committed) > tt.committed || err == nil && len(committed) != groups || !slices.IsSorted(committed) {
			t.Errorf("%s: committed %v, want up to %d in order", tt.name, committed, tt.committed)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := table.InOrder(ctx, func() (func(context.Context, int) error, func() error) {
		return func(ctx context.Context, _ int) error { return ctx.Err() }, func() error { return nil }
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
