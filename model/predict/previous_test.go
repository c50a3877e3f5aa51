package predict_test

import (
	"bytes"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/predict"
)

// after loads a grade table as the night before.
func after(t testing.TB, files ...[]byte) *predict.Previous {
	t.Helper()
	folder := t.TempDir()
	for i, file := range files {
		if err := os.WriteFile(filepath.Join(folder, "part-"+string(rune('0'+i))+".parquet"), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := predict.LoadPrevious(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// TestNoChange checks that a night on the same data and model changes no grade,
// and that a duplicate has no previous grade: its domain's is another row's.
func TestNoChange(t *testing.T) {
	n := setUp(t)
	file, first, _ := grade(t, n.input())
	in := n.input()
	in.Previous = after(t, file)
	_, sum, out := grade(t, in)
	if sum.Changed != 0 || len(sum.Causes) != 0 || !equal(sum.Grades, first.Grades) {
		t.Errorf("summary %+v, the night before %+v", sum, first)
	}
	duplicates := 0
	for i := range out.Rows {
		want := text(out, "grade", i)
		if text(out, "unscored_reason", i) == string(datasets.DuplicateOf) {
			duplicates++
		}
		if got := text(out, "previous_grade", i); got != want || text(out, "cause", i) != "" {
			t.Fatalf("row %d: previous grade %q, grade %q, cause %q", i, got, want, text(out, "cause", i))
		}
	}
	if duplicates == 0 {
		t.Error("no duplicates: this test does not test them")
	}
}

// shifted returns the model with all cuts higher by so many points. What it was
// trained on is graded otherwise then.
func (n *night) shifted(t *testing.T, points float64) *model.Model {
	return n.edited(t, func(m *model.Model) {
		m.Experience.Grades[4]--
		m.Experience.Grades[5]++
		for i := range m.Grades.Cuts[:5] {
			if m.Grades.Cuts[i].Margin < math.MaxInt64/2 {
				m.Grades.Cuts[i].Margin += int64(points * model.Micro)
			}
		}
	})
}

// TestHysteresis checks nights whose cuts lie otherwise by less than the
// hysteresis of a point, which change nothing but cut_grade, and by more.
func TestHysteresis(t *testing.T) {
	n := setUp(t)
	for _, points := range []float64{0.9, -0.9, 3, -3} {
		before := n.input()
		before.Model = n.shifted(t, points)
		file, _, _ := grade(t, before)
		in := n.input()
		in.Previous = after(t, file)
		_, sum, out := grade(t, in)
		moved, kept := int64(0), 0
		for i := range out.Rows {
			now, was, cut := text(out, "grade", i), text(out, "previous_grade", i), text(out, "cut_grade", i)
			if now == "" {
				continue
			}
			want, cause := n.model.Grades.Cuts[n.model.Grades.Keep(out.Column("margin").Integers[i], was)], ""
			if want.Grade != was {
				cause = predict.CauseCut
				moved++
			}
			if now != cut {
				kept++
			}
			if now != want.Grade || text(out, "cause", i) != cause || out.Column("tier").Integers[i] != int64(want.Tier) {
				t.Fatalf("%v points, row %d: %s after %s, cut %s, cause %q, tier %d; want %s", points, i, now, was, cut, text(out, "cause", i), out.Column("tier").Integers[i], want.Grade)
			}
		}
		if small := math.Abs(points) < 1; small != (moved == 0) || kept == 0 {
			t.Errorf("cuts moved by %v points: %d grades moved, %d kept", points, moved, kept)
		}
		if sum.Changed != moved || sum.Causes[predict.CauseCut] != moved {
			t.Errorf("cuts moved by %v points: summary %+v, counted %d", points, sum, moved)
		}
	}
}

// TestAnotherModel checks that another model starts afresh: grades are as cut,
// and where they differ the model is the cause, also where it cannot score what
// the one before could.
func TestAnotherModel(t *testing.T) {
	n := setUp(t)
	file, _, _ := grade(t, n.input())
	in := n.input()
	in.Previous = after(t, file)
	in.Model = n.edited(t, func(m *model.Model) {
		m.Terms, m.Specs, m.Intent = m.Terms[:1], m.Specs[:1], nil
		if err := m.Seal(); err != nil {
			t.Fatal(err)
		}
	})
	_, sum, out := grade(t, in)
	lost := int64(0)
	for i := range out.Rows {
		now, was := text(out, "grade", i), text(out, "previous_grade", i)
		cause := ""
		if now != was {
			cause = predict.CauseModel
		}
		if got := text(out, "cause", i); got != cause || now != text(out, "cut_grade", i) {
			t.Fatalf("row %d: %q after %q, cut %q, cause %q", i, now, was, text(out, "cut_grade", i), got)
		}
		if now == "" && was != "" {
			lost++
		}
	}
	if lost == 0 || sum.Causes[predict.CauseModel] != sum.Changed || sum.Changed < lost {
		t.Errorf("%d lost their grade; summary %+v", lost, sum)
	}
	// The same, under the version of the night before: then it is the data.
	in.Model.Version = n.model.Version
	_, sum, _ = grade(t, in)
	if sum.Causes[predict.CauseData] != sum.Changed || sum.Changed < lost {
		t.Errorf("%d lost their grade; summary %+v", lost, sum)
	}
}

// TestNew checks that accounts which had no grade are new, whether they were
// unscored or not there, and that a night in several files is one night.
func TestNew(t *testing.T) {
	n := setUp(t)
	in := n.input()
	in.Model = n.edited(t, func(m *model.Model) { m.Terms, m.Specs, m.Intent = m.Terms[:1], m.Specs[:1], nil })
	file, _, before := grade(t, in)
	in = n.input()
	in.Previous = after(t, file, file)
	_, sum, out := grade(t, in)
	fresh := int64(0)
	for i := range out.Rows {
		isNew := text(before, "grade", i) == "" && text(out, "grade", i) != ""
		if isNew {
			fresh++
		}
		if got := text(out, "cause", i) == predict.CauseNew; got != isNew {
			t.Fatalf("row %d: grade %q after %q, cause %q", i, text(out, "grade", i), text(before, "grade", i), text(out, "cause", i))
		}
	}
	if fresh == 0 || sum.Causes[predict.CauseNew] != fresh {
		t.Errorf("%d are new; summary %+v", fresh, sum)
	}
}

func TestPreviousRefuses(t *testing.T) {
	n := setUp(t)
	if _, err := predict.LoadPrevious(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	empty := t.TempDir()
	if err := os.WriteFile(filepath.Join(empty, "_manifest.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := predict.LoadPrevious(empty); err == nil || !strings.Contains(err.Error(), "no part files") {
		t.Errorf("no parts: %v", err)
	}
	if _, err := predict.Version(empty); err == nil {
		t.Error("an empty folder has a version")
	}
	file, _, _ := grade(t, n.input())
	cut := t.TempDir()
	path := filepath.Join(cut, "part-0.parquet")
	if err := os.WriteFile(path, file[:len(file)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := predict.LoadPrevious(cut); err == nil || !strings.Contains(err.Error(), "part-0.parquet") {
		t.Errorf("half a file: %v", err)
	}
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if v, err := predict.Version(cut); v != n.model.Version || err != nil {
		t.Errorf("version %q, %v", v, err)
	}
	if parts, err := predict.Parts(cut); !slices.Equal(parts, []string{path}) || err != nil {
		t.Errorf("parts %v, %v", parts, err)
	}
	// A feature table is no grade table.
	table, err := os.ReadFile(filepath.Join(n.folder, "accounts", "part-0.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Clone(table), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := predict.LoadPrevious(cut); err == nil {
		t.Error("a feature table is read as grades")
	}
	if _, err := predict.Version(cut); err == nil || !strings.Contains(err.Error(), "names no model") {
		t.Errorf("the version of a feature table: %v", err)
	}
}

// TestPreviousDamaged checks that damage behind a whole footer ends the run with an
// error that says of which night it is, unless it is in a column that nobody reads.
func TestPreviousDamaged(t *testing.T) {
	n := setUp(t)
	whole, _, _ := grade(t, n.input())
	failed := 0
	for at := 1_000; at < len(whole)*3/4; at += len(whole) / 8 {
		file := bytes.Clone(whole)
		for i := range 64 {
			file[at+i] ^= 0x5a
		}
		in := n.input()
		in.Previous = after(t, file)
		_, err := predict.Run(t.Context(), in, &bytes.Buffer{}, &bytes.Buffer{})
		if err == nil {
			continue
		}
		failed++
		var before *predict.PreviousError
		if !errors.As(err, &before) || !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), "part-0.parquet") {
			t.Errorf("damage at byte %d of %d: %v", at, len(whole), err)
		}
	}
	if failed < 3 {
		t.Errorf("%d places of damage were found", failed)
	}
}
