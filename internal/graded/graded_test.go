package graded_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/internal/activity"
	"github.com/icpfit/icpfit/internal/graded"
	"github.com/icpfit/icpfit/internal/page"
)

// write writes rows of domain, id, customer, grade as a grade table.
func write(t *testing.T, rows [][4]string) string {
	t.Helper()
	fields := []datasets.Field{{Name: "domain"}, {Name: "account_id"}, {Name: "customer", Type: datasets.Flag}, {Name: "grade", Type: datasets.Category}}
	b := &datasets.Batch{}
	b.Prepare(fields)
	grades := []string{"A", "B", "Z"}
	b.Columns[3].Dictionary = grades
	for _, row := range rows {
		for i := range 2 {
			c := &b.Columns[i]
			c.Data = append(c.Data, row[i]...)
			c.Offsets = append(c.Offsets, int32(len(c.Data)))
		}
		b.Columns[2].Flags = append(b.Columns[2].Flags, map[string]int8{"yes": 1, "": 0}[row[2]])
		b.Columns[3].Codes = append(b.Columns[3].Codes, int32(slices.Index(grades, row[3])))
		b.Rows++
	}
	folder := t.TempDir()
	f, err := os.Create(filepath.Join(folder, "part-00000.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	w, err := parquetfile.NewWriter(f, fields, parquetfile.DefaultOptions())
	if err == nil {
		err = errors.Join(w.Write(b), w.Close(), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestNight: rows of one domain are one account, with the grade of the row that
// has one; rows without a domain are none.
func TestNight(t *testing.T) {
	n, err := graded.Load(t.Context(), write(t, [][4]string{
		{"a.com", "1", "", ""}, {"a.com", "2", "yes", "B"}, {"", "3", "", ""}, {"b.com", "4", "", "A"}, {"c.com", "", "", ""},
	}), []string{"A", "B"})
	if err != nil {
		t.Fatal(err)
	}
	if n.Len() != 3 || n.Grade(0) != 1 || !n.Customer(0) || n.Grade(1) != 0 || n.Customer(1) || n.Grade(2) != graded.Unscored {
		t.Errorf("%d accounts", n.Len())
	}
	if n.Base.Number("b.com") != 1 || n.Base.Number("d.com") != -1 || n.Base.Domain(2) != "c.com" {
		t.Error("accounts are not found by their domain")
	}
	_, err = graded.Load(t.Context(), write(t, [][4]string{{"a.com", "1", "", "Z"}}), []string{"A", "B"})
	if !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), `grade "Z" is none of its model's`) {
		t.Error(err)
	}
	if _, err := graded.Load(t.Context(), t.TempDir(), nil); err == nil {
		t.Error("a folder without grades is a night")
	}
}

// TestIntake: what was not read is said, in both languages; a whole table says
// nothing.
func TestIntake(t *testing.T) {
	in := &activity.Intake{Table: "opportunities", Bad: 1, Repeated: 2, Columns: []activity.ColumnIntake{
		{Name: "stage", Known: 9}, {Name: "amount", Unreadable: 3, Samples: []activity.Sample{{Line: 1204, Text: "soon"}}},
	}}
	for lang, want := range map[string][]string{
		"en": {"opportunities: 1 row lacks what makes it mean anything.", "opportunities: 2 rows are listed twice and count once.", `opportunities.amount: 3 cells cannot be read, such as "soon" in row 1,204.`},
		"fr": {"opportunities : il manque à 1 ligne ce qui lui donne un sens.", "opportunities : 2 lignes sont en double et comptent une fois.", "opportunities.amount : 3 cellules sont illisibles, comme « soon » à la ligne 1\u202f204."},
	} {
		p, err := page.NewPrinter(lang, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := graded.Intake(p, in); !slices.Equal(got, want) {
			t.Errorf("%s: %q\nwant %q", lang, got, want)
		}
		if got := graded.Intake(p, &activity.Intake{}); got != nil {
			t.Errorf("%q", got)
		}
	}
}
