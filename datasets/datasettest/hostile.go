package datasettest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
)

// MostMemory is the most memory that reading a file may take, whatever the file
// holds: MiB of the process at its peak.
const MostMemory = 512

// hostileEnv names the folder of the process that reads hostile files.
const hostileEnv = "ICPFIT_HOSTILE"

// highWater starts the line with which a process says how many kB of memory it took
// at its peak, and that of /proc/self/status which knows. What the system tells the
// parent of an ended process will not do: it counts the parent's own memory, which
// both share for a moment when the process is started.
const highWater = "VmHWM:"

// Alone makes files in a folder, then runs read on it in a process of its own,
// which must pass and peak below MostMemory MiB: the binary of the test is
// started anew with just this test. environ is the process's.
func Alone(t *testing.T, environ []string, write, read func(t *testing.T, folder string)) {
	t.Helper()
	for _, variable := range environ {
		if folder, ok := strings.CutPrefix(variable, hostileEnv+"="); ok {
			read(t, folder)
			status, err := os.ReadFile("/proc/self/status")
			if err != nil {
				t.Skipf("what memory the process takes is not known on this system: %v", err)
			}
			_, line, _ := strings.Cut(string(status), highWater)
			line, _, _ = strings.Cut(line, "kB")
			fmt.Printf("%s%s\n", highWater, strings.TrimSpace(line))
			return
		}
	}
	if testing.Short() {
		t.Skip("it measures memory, of which the race detector, run with -short, takes several times as much")
	}
	folder := t.TempDir()
	write(t, folder)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(environ, hostileEnv+"="+folder)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out[max(0, len(out)-4000):])
	}
	peak := -1
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, ".go:") {
			t.Log(strings.TrimSpace(line))
		}
		if kilobytes, ok := strings.CutPrefix(strings.TrimSpace(line), highWater); ok {
			if peak, err = strconv.Atoi(kilobytes); err != nil {
				t.Fatal(err)
			}
			peak >>= 10
		}
	}
	if peak < 0 {
		t.Skip("what memory the process took is not known on this system")
	}
	t.Logf("peak memory of the process: %d MiB", peak)
	if peak > MostMemory {
		t.Errorf("the process took %d MiB, want at most %d", peak, MostMemory)
	}
}

// ReadMutated reads mutations of files, one after the other, as the file of that
// name: no panic, an error that names the file, no more memory than allowed. check,
// if not nil, sees what became of each. There are as many as ICPFIT_MUTATIONS says
// in environ, else few; seed draws them.
func ReadMutated(t *testing.T, environ []string, name string, seed uint64, files [][]byte, open func(path string) datasets.Source, check func(number int, rows int64, err error)) {
	t.Helper()
	Alone(t, environ, func(*testing.T, string) {}, func(t *testing.T, folder string) {
		path := filepath.Join(folder, name)
		r := rand.New(rand.NewPCG(seed, 4))
		n, refused := mutations(t, environ), 0
		for i := range n {
			if err := os.WriteFile(path, Mutate(r, files[i%len(files)]), 0o600); err != nil {
				t.Fatal(err)
			}
			rows, err := ReadHostile(t, open(path))
			if err != nil {
				refused++
			}
			if check != nil {
				check(i, rows, err)
			}
		}
		t.Logf("%d files mutated %d times: %d refused", len(files), n, refused)
		if refused == 0 {
			t.Error("no mutation was refused: this test does not test it")
		}
	})
}

// mutations is how many mutated files a test reads.
func mutations(t *testing.T, environ []string) int {
	t.Helper()
	for _, variable := range environ {
		text, ok := strings.CutPrefix(variable, "ICPFIT_MUTATIONS=")
		if !ok {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("ICPFIT_MUTATIONS is %q; want a number from 1 on", text)
		}
		return n
	}
	return 1000
}

// Mutate returns data with one to four faults: bytes changed, numbers made
// extreme, spans cut out, written twice or put elsewhere, the end cut off. One
// fault in two is near the end, where Parquet has its footer.
func Mutate(r *rand.Rand, data []byte) []byte {
	out := slices.Clone(data)
	for range 1 + r.IntN(4) {
		if len(out) < 16 {
			return out
		}
		at := r.IntN(len(out))
		if r.IntN(2) == 0 {
			at = len(out) - 1 - r.IntN(min(len(out), 2000))
		}
		span := min(1+r.IntN(64), len(out)-at)
		switch r.IntN(8) {
		case 0:
			out[at] ^= 1 << r.IntN(8)
		case 1:
			out[at] = byte(r.IntN(256))
		case 2: // a length, a count or an offset that cannot be
			for i := range min(span, 8) {
				out[at+i] = [...]byte{0xFF, 0x7F, 0x80, 0}[r.IntN(4)]
			}
		case 3: // a varint of nine bytes
			for i := range min(span, 9) {
				out[at+i] |= 0x80
			}
		case 4:
			out = slices.Delete(out, at, at+span)
		case 5:
			out = slices.Insert(out, at, slices.Clone(out[at:at+span])...)
		case 6:
			copy(out[r.IntN(len(out)):], slices.Clone(out[at:at+span]))
		default:
			if r.IntN(4) == 0 {
				out = out[:at]
			}
		}
	}
	return out
}

// ReadHostile reads a whole file. The error, if there is one, must be one of
// shape and name the file; it is returned.
func ReadHostile(t *testing.T, src datasets.Source) (rows int64, err error) {
	t.Helper()
	r, err := src.Open(context.Background())
	if err == nil {
		var b datasets.Batch
		for err == nil {
			if err = r.Read(context.Background(), &b); err == nil {
				rows += int64(b.Rows)
			}
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
		if cerr := r.Close(); cerr != nil {
			t.Errorf("%s: close: %v", src.Name(), cerr)
		}
	}
	if err != nil && (!errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), src.Name())) {
		t.Errorf("error %q is not of shape, or does not name %s", err, src.Name())
	}
	return rows, err
}
