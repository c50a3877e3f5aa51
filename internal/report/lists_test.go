package report_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model/predict"
)

// A memoryFile is a file beside the report.
type memoryFile struct {
	bytes.Buffer
	closed int
}

func (f *memoryFile) Close() error { f.closed++; return nil }

// withLists builds a report with its lists and returns these by file name.
func withLists(t *testing.T, in report.Input) (*report.Report, map[string]string) {
	t.Helper()
	files := map[string]*memoryFile{}
	in.Create = func(name string) (io.WriteCloser, error) {
		files[name] = &memoryFile{}
		return files[name], nil
	}
	r, err := report.Build(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for name, f := range files {
		out[name] = f.String()
		if f.closed != 1 {
			t.Errorf("%s was closed %d times", name, f.closed)
		}
	}
	return r, out
}

func TestLists(t *testing.T) {
	in := input(t, base(), now())
	in.Overrides = &predict.Overrides{List: []predict.Override{{Line: 2, Domain: "acme.com", Grade: "B", Author: "Ann", Reason: "=knows them", Expires: "2026-01-05"}}}
	r, files := withLists(t, in)
	if diff := cmp.Diff([]report.List{{"calls", 2}, {"changes", 6}, {"exploration", 0}, {"overrides", 1}, {"unscored", 4}}, r.Lists); diff != "" {
		t.Error(diff)
	}
	want := map[string]string{
		"calls.csv": `domain,account_id,name,grade,previous_grade,tier,points,reason_1,reason_2,reason_3,reason_4,reason_5
"hooli.com","4","Hooli","A",,1,90,"employees 1,300: +6.2",,,,
"initech.com","3","Initech","B","C",1,72,"industry Software: +12.0","technologies none: −1.2",,,
`,
		"changes.csv": `domain,account_id,customer,previous_grade,grade,previous_points,points,change,cause,cause_feature
"globex.fr","2",false,"D","F",52,30,-22,"data","industry"
"initech.com","3",false,"C","B",61,72,11,"data","technologies"
"hooli.com","4",false,,"A",,90,,"new",
"vide.fr","9",false,"F",,35,,,"data",
"gros.fr","10",false,"B","B",70,71,1,,
"old.com","11",false,"C",,60,,,"gone",
`,
		"unscored.csv": `domain,account_id,customer,reason,fix
,"6",false,"NO_DOMAIN","add the company's website"
"acme.com","7",true,"DUPLICATE_OF","merge it"
,"8",false,"FREE_MAIL_DOMAIN","replace it"
"vide.fr","9",false,"LOW_COVERAGE_FIRMO","add industry: would be B or better with 82 %"
`,
		"exploration.csv": "domain,account_id,grade,points\n",
		"overrides.csv": `domain,grade,cut_grade,author,reason,expires,status
"acme.com","B",,"Ann","'=knows them","2026-01-05","expired"
`,
	}
	for name, text := range want {
		if diff := cmp.Diff(text, files[name]); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
		checkTwin(t, name, files)
	}
	if len(files) != 2*len(want) {
		t.Errorf("%d files", len(files))
	}
	plain, err := report.Build(t.Context(), in)
	if err != nil || !cmp.Equal(plain.CallList, r.CallList) || !cmp.Equal(plain.Movers, r.Movers) || len(plain.Lists) != 0 {
		t.Errorf("a report without lists says something else (%v)", err)
	}
}

// checkTwin checks that a list's Parquet file has the rows of its CSV.
func checkTwin(t *testing.T, name string, files map[string]string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(files[name])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	path := create(t, t.TempDir(), "list.parquet", []byte(files[strings.TrimSuffix(name, ".csv")+".parquet"]))
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	at := 1
	for g := range f.Groups() {
		r, err := f.Group(g, f.Schema())
		if err != nil {
			t.Fatal(err)
		}
		var b datasets.Batch
		for r.Read(context.Background(), &b) == nil {
			for i := range b.Rows {
				for k := range b.Columns {
					if got, want := b.Columns[k].Text(i), rows[at][k]; !sameCell(got, want) {
						t.Errorf("%s: row %d, %s is %q in Parquet and %q in CSV", name, at, rows[0][k], got, want)
					}
				}
				at++
			}
		}
	}
	if at != len(rows) {
		t.Errorf("%s: %d rows in Parquet, %d in CSV", name, at-1, len(rows)-1)
	}
}

// sameCell compares cells, an apostrophe before a formula aside.
func sameCell(parquet, text string) bool {
	a, errA := strconv.ParseFloat(parquet, 64)
	b, errB := strconv.ParseFloat(text, 64)
	if errA == nil && errB == nil {
		return math.Abs(a-b) < 1e-9
	}
	return parquet == strings.TrimPrefix(text, "'")
}

// TestListsOfOtherNights checks which lists there are where nothing can be compared, or
// nothing is published.
func TestListsOfOtherNights(t *testing.T) {
	for name, change := range map[string]func(in *report.Input){
		"first": func(in *report.Input) { in.Previous = "" },
		"gone":  func(in *report.Input) { in.PreviousGone = true },
	} {
		in := input(t, base(), now())
		change(&in)
		if r, files := withLists(t, in); files["changes.csv"] != "" || len(r.Lists) != 4 || files["calls.csv"] == "" {
			t.Errorf("%s: lists %+v", name, r.Lists)
		}
	}
	in := input(t, base(), now())
	in.Held = []report.Gate{{Code: report.ColumnGone, Feature: "industry"}}
	if r, files := withLists(t, in); len(files) != 0 || len(r.Lists) != 0 {
		t.Errorf("lists of held grades: %+v", r.Lists)
	}
}

// A full disk is a file that takes no more.
type fullDisk struct{ closed *int }

func (f fullDisk) Write([]byte) (int, error) { return 0, errDisk }
func (f fullDisk) Close() error              { *f.closed++; return nil }

var errDisk = errors.New("no space left")

// TestListsOnAFullDisk checks that a list which could not be written is an error, and
// that every file that was made is closed.
func TestListsOnAFullDisk(t *testing.T) {
	for _, which := range []string{"calls", "changes", "unscored", "exploration", "overrides"} {
		for _, suffix := range []string{".csv", ".parquet"} {
			in := input(t, base(), now())
			made, closed := 0, 0
			in.Create = func(name string) (io.WriteCloser, error) {
				made++
				if name == which+suffix {
					return fullDisk{&closed}, nil
				}
				return countedFile{&closed}, nil
			}
			if _, err := report.Build(t.Context(), in); !errors.Is(err, errDisk) {
				t.Errorf("%s: error %v", which+suffix, err)
			}
			if made != closed {
				t.Errorf("%s: %d files made, %d closed", which+suffix, made, closed)
			}
		}
	}
	in := input(t, base(), now())
	in.Create = func(name string) (io.WriteCloser, error) { return nil, errDisk }
	if _, err := report.Build(t.Context(), in); !errors.Is(err, errDisk) {
		t.Errorf("error %v", err)
	}
}

type countedFile struct{ closed *int }

func (f countedFile) Write(p []byte) (int, error) { return len(p), nil }
func (f countedFile) Close() error                { *f.closed++; return nil }
