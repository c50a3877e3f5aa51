package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/icpfit/icpfit/datasets/sample"
)

// largeProject makes a project whose tables have more than one row group, with
// no more customers than training wants, so that it does not take long.
func largeProject(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	o := sample.DefaultOptions()
	o.Accounts, o.Customers = 150_000, 250
	base, err := sample.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := base.Write(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	icpfit(t, "init", "--dir", folder, "--accounts", filepath.Join(folder, sample.AccountsFile), "--customers", filepath.Join(folder, sample.CustomersFile))
	return folder
}

// chain are a training and a night.
var chain = [][]string{
	{"features", "--as-of", "2025-06-30"},
	{"train", "--learner", "scorecard"},
	{"predict"},
	{"report"},
}

// TestLarge runs the chain on a large base: with one processor and with two the
// files are the same, byte for byte; and a signal at any moment leaves the old
// files or the new, and nothing unfinished.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("a base of 150,000 accounts is left out with -short")
	}
	t.Parallel()
	one := largeProject(t)
	took := make([]time.Duration, len(chain))
	for i, step := range chain {
		start := time.Now()
		icpfitIn(t, t.Context(), one, []string{"GOMAXPROCS=1"}, step...)
		took[i] = time.Since(start)
	}
	before := hashes(t, one)
	for _, step := range chain {
		if step[0] != "train" { // TestSameBytes has it
			icpfitIn(t, t.Context(), one, []string{"GOMAXPROCS=2"}, step...)
		}
	}
	if after := hashes(t, one); !maps.Equal(before, after) {
		t.Errorf("two processors make other files than one: %v and %v", before, after)
	}
	for i, step := range chain {
		t.Run(step[0], func(t *testing.T) { interrupt(t, one, took[i], step) })
	}
	if after := hashes(t, one); !maps.Equal(before, after) {
		t.Errorf("the same commands, interrupted and run again, make other files: %v and %v", before, after)
	}
}

// interrupt sends a command signals at several moments, then lets it end.
func interrupt(t *testing.T, dir string, took time.Duration, step []string) {
	stopped := 0
	for i, part := range []float64{0.15, 0.4, 0.65} {
		signal := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}[i%2]
		after := time.Duration(part * float64(took))
		if signalled(t, dir, signal, after, step...) {
			stopped++
		}
		if err := published(dir); err != nil {
			t.Fatalf("%v after %v: %v", signal, after, err)
		}
	}
	if stopped == 0 {
		t.Errorf("%v ended before every signal; nothing was tested", step)
	}
	icpfitIn(t, t.Context(), dir, nil, step...)
}

// signalled starts a command, sends it a signal, and reports whether that
// stopped it: it must end soon, by the exit code of the signal or as if there
// had been none.
func signalled(t *testing.T, dir string, signal syscall.Signal, after time.Duration, args ...string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "icpfit", args...)
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	cmd.Process.Signal(signal) // it may have ended: then there is nobody to tell
	err := cmd.Wait()
	if err == nil {
		return false
	}
	want := map[syscall.Signal]int{syscall.SIGINT: exitInterrupt, syscall.SIGTERM: exitTerminated}[signal]
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	killed := ok && status.Signaled() && status.Signal() == signal // before it could listen
	if code := cmd.ProcessState.ExitCode(); code != want && !killed {
		t.Errorf("%v after %v: exit code %d (%v), want %d", args, after, code, err, want)
	}
	return true
}

// TestDemoInterrupted stops a demo at several moments: the folder is as it was,
// so that the same command can be given again.
func TestDemoInterrupted(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "demo")
	for i, after := range []time.Duration{50, 300, 900} {
		signal := []syscall.Signal{syscall.SIGTERM, syscall.SIGINT}[i%2]
		if !signalled(t, "", signal, after*time.Millisecond, "demo", "--accounts", "40000", folder) {
			t.Fatalf("the demo ended within %d ms; nothing was tested", after)
		}
		if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("after %d ms: the folder is still there (%v)", after, err)
		}
	}
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	signalled(t, "", syscall.SIGINT, 500*time.Millisecond, "demo", "--accounts", "40000", folder)
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Fatalf("a folder that was there and empty holds %v, %v", left, err)
	}
	icpfit(t, "demo", "--accounts", "2000", folder)
}

// TestSameBytes runs the demo with one processor and with two.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	dirs := []string{t.TempDir(), t.TempDir()}
	for i, dir := range dirs {
		out := icpfitIn(t, t.Context(), dir, []string{fmt.Sprintf("GOMAXPROCS=%d", i+1)}, "demo", "--accounts", "2000", "--as-of", "2026-01-31", "--quiet", "x")
		if out != "" {
			t.Errorf("demo --quiet prints %q", out)
		}
	}
	same(t, dirs[0], dirs[1])
}

// same checks that two projects hold the same files.
func same(t *testing.T, one, two string) {
	t.Helper()
	a, b := hashes(t, one), hashes(t, two)
	if len(a) < 15 {
		t.Errorf("only %d files: %v", len(a), slices.Sorted(maps.Keys(a)))
	}
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if a[name] != b[name] {
			t.Errorf("%s differs", name)
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d files and %d: %v, %v", len(a), len(b), slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b)))
	}
}

// hashes returns the SHA-256 of every file of a project, but for the promotion
// log, which holds the time.
func hashes(t *testing.T, root string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "log.jsonl" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		sum := sha256.Sum256(data)
		sums[name] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
}
