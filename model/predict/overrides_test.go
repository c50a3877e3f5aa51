package predict_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/predict"
)

const today = "2026-02-01"

// scale returns the grades A to F.
func scale(t testing.TB) *model.Grades {
	t.Helper()
	g, err := model.NewGrades("A-F", []int64{5, 4, 3, 2, 1})
	if err != nil {
		t.Fatal(err)
	}
	return &g
}

func TestReadOverrides(t *testing.T) {
	file := "\ufeffAuthor,domain,grade,expires,reason\n" +
		"# a comment\n" +
		"Ann,https://www.acme.com/about,b,2026-02-01,\"partner, of the board\"\n" +
		"Bob, globex.fr ,EXCLUDE,,in court\n" +
		"Bob,old.com,Z,2026-01-31,of an earlier scale\n"
	o, err := predict.ReadOverrides(strings.NewReader(file), "o.csv", today, scale(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []predict.Override{
		{Domain: "acme.com", Grade: "B", Author: "Ann", Reason: "partner, of the board", Expires: "2026-02-01", Line: 3},
		{Domain: "globex.fr", Grade: predict.Exclude, Author: "Bob", Reason: "in court", Line: 4},
		{Domain: "old.com", Grade: "Z", Author: "Bob", Reason: "of an earlier scale", Expires: "2026-01-31", Line: 5},
	}
	if fmt.Sprint(o.List) != fmt.Sprint(want) {
		t.Errorf("got  %+v\nwant %+v", o.List, want)
	}
	// The last day still counts, the day after does not.
	if expired := o.Expired(); len(expired) != 1 || expired[0].Domain != "old.com" {
		t.Errorf("expired: %+v", expired)
	}
}

// TestReadOverridesFaults fixes the text of errors: place, fact, what to do.
func TestReadOverridesFaults(t *testing.T) {
	const head = "domain,grade,author,reason,expires\n"
	for _, tt := range []struct{ name, file, want string }{
		{"empty", "", "o.csv:1: is empty; want the header domain,grade,author,reason,expires"},
		{"no reason column", "domain,grade,author,expires\na.com,A,Ann,\n", `o.csv:1: no column "reason"; want the header domain,grade,author,reason,expires`},
		{"unknown column", "domain,grade,author,reason,expires,points\n", `o.csv:1: column "points" is not known; want the header domain,grade,author,reason,expires`},
		{"no domain", head + ",A,Ann,why,\n", `o.csv:2: column "domain": is empty; give the account's domain`},
		{"mail provider", head + "ann@gmail.com,A,Ann,why,\n", `o.csv:2: column "domain": "ann@gmail.com" is no account's domain (FREE_MAIL_DOMAIN); give one like acme.com`},
		{"bad grade", head + "a.com,G,Ann,why,\n", `o.csv:2: column "grade": "G" is not one of A, B, C, D, E, F, or exclude`},
		{"no grade", head + "a.com,,Ann,why,\n", `o.csv:2: column "grade": is empty; want one of A, B, C, D, E, F, or exclude`},
		{"bad date", head + "a.com,A,Ann,why,31.12.2026\n", `o.csv:2: column "expires": "31.12.2026" is no date; want one like 2026-12-31, or nothing`},
		{"no author and no reason", head + "a.com,A,,,\n", "o.csv:2: column \"author\": is empty; an override by hand has an author and a reason\noverrides: o.csv:2: column \"reason\": is empty; an override by hand has an author and a reason"},
		{"twice", head + "a.com,A,Ann,why,\nwww.a.com,B,Ann,why,\n", "o.csv:3: a.com is on line 2 already; keep one of the two"},
		{"a cell too many", head + "a.com,A,Ann,why, not,\n", "o.csv:2: has 6 cells, the header 5; texts with commas go into double quotes"},
		{"open quote", head + "a.com,A,\"Ann,why,\n", `o.csv:2: extraneous or missing " in quoted-field; write one account a line, texts with commas in double quotes`},
		{"long reason", head + "a.com,A,Ann," + strings.Repeat("x", 501) + ",\n", `o.csv:2: column "reason": has more than 500 characters`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := predict.ReadOverrides(strings.NewReader(tt.file), "o.csv", today, scale(t))
			var wrong *predict.OverrideError
			if !errors.As(err, &wrong) || err.Error() != "overrides: "+tt.want {
				t.Errorf("got  %v\nwant overrides: %s", err, tt.want)
			}
		})
	}
}

// FuzzOverrides checks that no file makes the reader panic, and that what it takes
// has a domain, a grade, an author and a reason on a line of the file.
func FuzzOverrides(f *testing.F) {
	f.Add("domain,grade,author,reason,expires\na.com,A,Ann,why,2026-12-31\n")
	f.Add("domain,grade,author,reason,expires\r\nexample.fr,exclude,\"A \"\"x\"\"\",b,\r\n")
	f.Fuzz(func(t *testing.T, file string) {
		o, err := predict.ReadOverrides(strings.NewReader(file), "o.csv", today, scale(t))
		if err != nil {
			return
		}
		lines := strings.Count(strings.ReplaceAll(file, "\r", "\n"), "\n") + 1
		for _, x := range o.List {
			key, _ := datasets.DomainKey(x.Domain)
			if key != x.Domain || x.Grade == "" || x.Author == "" || x.Reason == "" || x.Line < 2 || x.Line > lines {
				t.Fatalf("%+v of %d lines", x, lines)
			}
		}
	})
}

// TestOverrides checks graded and excluded accounts: the score stays the model's,
// and an account that cannot be scored gets no grade by hand.
func TestOverrides(t *testing.T) {
	n := setUp(t)
	_, _, plain := grade(t, n.input())
	graded, unscored := -1, -1
	for i := range plain.Rows {
		if text(plain, "grade", i) == "E" {
			graded = i
		}
		if strings.HasPrefix(text(plain, "unscored_reason", i), "LOW_") {
			unscored = i
		}
	}
	file := fmt.Sprintf("domain,grade,author,reason,expires\n%s,A,Ann,why,\n%s,B,Ann,why,\n%s,exclude,Ann,in court,\n", text(plain, "domain", graded), text(plain, "domain", unscored), text(plain, "domain", 0))
	in := n.input()
	var err error
	if in.Overrides, err = predict.ReadOverrides(strings.NewReader(file), "o.csv", today, &n.model.Grades); err != nil {
		t.Fatal(err)
	}
	_, sum, out := grade(t, in)
	if sum.Overridden != 1 || sum.Unscored[string(datasets.Excluded)] != 1 {
		t.Errorf("summary %+v", sum)
	}
	for i := range out.Rows {
		was, now := rowText(plain, i), rowText(out, i)
		switch i {
		case graded:
			if text(out, "grade", i) != "A" || text(out, "cut_grade", i) != "E" || out.Column("tier").Integers[i] != 1 || out.Column("margin").Integers[i] != plain.Column("margin").Integers[i] || out.Column("overridden").Flags[i] != 1 {
				t.Errorf("graded by hand: %s", now)
			}
		case 0:
			if text(out, "grade", i) != "" || text(out, "unscored_reason", i) != "EXCLUDED" || text(out, "unscored_fix", i) != "lift the exclusion by Ann: in court" || !out.Column("margin").Missing(i) {
				t.Errorf("excluded: %s", now)
			}
		default:
			if was != now {
				t.Fatalf("row %d has no override: %s, was %s", i, now, was)
			}
		}
	}
	// An account that the base does not have stops nothing, and is named.
	file += "nowhere.example,A,Ann,why,2026-02-01\nlong-gone.example,A,Ann,why,2026-01-01\n"
	if in.Overrides, err = predict.ReadOverrides(strings.NewReader(file), "o.csv", today, &n.model.Grades); err != nil {
		t.Fatal(err)
	}
	sum, err = predict.Run(t.Context(), in, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if len(sum.Unknown) != 1 || sum.Unknown[0].Domain != "nowhere.example" || sum.Unknown[0].Line != 5 {
		t.Errorf("accounts that are not in the base: %+v", sum.Unknown)
	}
}

func rowText(b *datasets.Batch, i int) string {
	var cells []string
	for k := range b.Columns {
		cells = append(cells, cellText(&b.Columns[k], i))
	}
	return strings.Join(cells, "\t")
}

// TestExploration checks that the slice is the share asked for, of low-graded
// prospects only, and depends on domain and seed alone.
func TestExploration(t *testing.T) {
	n := setUp(t)
	in := n.input()
	in.Exploration = predict.Exploration{Share: 0.1, Seed: 3}
	_, sum, out := grade(t, in)
	low := 0.0
	for i := range out.Rows {
		g := text(out, "grade", i)
		can := g != "" && g != "A" && g != "B" && out.Column("customer").Flags[i] != 1
		if can {
			low++
		}
		want := can && model.Uniform(features.DomainHash(text(out, "domain", i)), 3) < 0.1
		if got := out.Column("exploration").Flags[i] == 1; got != want {
			t.Fatalf("row %d, %s: offered %v, want %v", i, g, got, want)
		}
	}
	// Five standard deviations of a binomial count.
	if got := float64(sum.Exploration); math.Abs(got-0.1*low) > 5*math.Sqrt(low*0.1*0.9) {
		t.Errorf("%v of %v offered", got, low)
	}
	in.Exploration.Seed = 4
	_, other, again := grade(t, in)
	same := 0
	for i := range again.Rows {
		if again.Column("exploration").Flags[i] == 1 && out.Column("exploration").Flags[i] == 1 {
			same++
		}
	}
	if other.Exploration == 0 || int64(same) > other.Exploration/2 {
		t.Errorf("another seed offers %d, %d of them the same", other.Exploration, same)
	}
}

// TestShards checks that the shards of a base come, in any order, to what one run
// says of every account, each account in one of them.
func TestShards(t *testing.T) {
	n := setUp(t)
	all, in := n.some(t, 8_000)
	first, _, _ := run(t, in)
	in.Previous, in.Model = after(t, first), n.shifted(t, 2)
	grades, changes, want := run(t, in)
	wantGrades, wantChanges := lines(read(t, grades, predict.Fields)), lines(read(t, changes, predict.ChangeFields))
	for _, count := range []int{1, 2, 7, 64} {
		union, changed, sum := &datasets.Batch{}, &datasets.Batch{}, predict.NewSummary()
		union.Prepare(predict.Fields)
		changed.Prepare(predict.ChangeFields)
		shardOf := map[string]int{}
		for k := range count {
			i := (k*5 + 3) % count // 5 has no divisor in common with any count
			in := in
			in.Previous = after(t, first) // as another process has it
			in.Shard = predict.Shard{Index: i, Count: count}
			g, c, part := run(t, in)
			rows := read(t, g, predict.Fields)
			for r := range rows.Rows {
				if d := text(rows, "domain", r); d != "" {
					if other, twice := shardOf[d]; twice && other != i {
						t.Fatalf("%s is in shards %d and %d of %d", d, other, i, count)
					}
					shardOf[d] = i
				}
			}
			if count > 1 && (rows.Rows == 0 || rows.Rows > 2*all.Rows/count) {
				t.Errorf("shard %d/%d has %d of %d rows", i, count, rows.Rows, all.Rows)
			}
			join(union, rows)
			join(changed, read(t, c, predict.ChangeFields))
			sum.Add(part)
		}
		if got := lines(union); strings.Join(got, "\n") != strings.Join(wantGrades, "\n") {
			t.Errorf("%d shards say something else than one run: %d rows, want %d", count, len(got), len(wantGrades))
		}
		if got := lines(changed); strings.Join(got, "\n") != strings.Join(wantChanges, "\n") {
			t.Errorf("%d shards have %d changes, want %d", count, len(got), len(wantChanges))
		}
		if diff := cmp.Diff(want, sum); diff != "" {
			t.Errorf("%d shards count otherwise than one run:\n%s", count, diff)
		}
	}
}

func TestParseShard(t *testing.T) {
	for text, want := range map[string]predict.Shard{"0/1": {Index: 0, Count: 1}, "6/7": {Index: 6, Count: 7}, "0/10000": {Index: 0, Count: 10_000}} {
		if got, err := predict.ParseShard(text); got != want || err != nil {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "7", "7/7", "-1/7", "1/0", "a/b", "1/10001", "1/7/2", " 1/7"} {
		if got, err := predict.ParseShard(text); err == nil || !strings.Contains(err.Error(), "want i/N") {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}
