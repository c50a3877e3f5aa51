package predict_test

import (
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/predict"
)

// A company is one account of the world that nights are drawn from.
type company struct {
	there     bool
	duplicate bool   // a second row has the same domain
	changed   string // feature changed since the night before; "": none, "*": it came or several
}

// A world is what the user's base, file of overrides and model are on a night.
type world struct {
	n         *night
	day       int
	companies []company
	table     *datasets.Batch // cells by row, one a company
	by        map[int]override
	model     *model.Model
	newModel  bool
	newCuts   bool
}

// An override is a line of the file.
type override struct {
	grade   string
	expires int // last day, 0: none
}

const companies = 40

func domainOf(i int) string { return fmt.Sprintf("company-%d.example", i) }

func newWorld(n *night, t *rapid.T) *world {
	w := &world{n: n, day: 1, by: map[int]override{}, model: n.model}
	var rows []int
	for i := 0; len(rows) < companies; i += 7 {
		if text(n.all, "row_reason", i) == "" {
			rows = append(rows, i)
		}
	}
	w.table = take(n.all, rows)
	for range companies {
		w.companies = append(w.companies, company{there: rapid.IntRange(0, 3).Draw(t, "there") > 0})
	}
	return w
}

// step changes the world for the next night.
func (w *world) step(t *rapid.T) {
	w.day++
	w.newModel, w.newCuts = false, false
	for i := range w.companies {
		w.companies[i].changed = ""
	}
	if rapid.IntRange(0, 3).Draw(t, "quiet") == 0 {
		return // nothing happens, but a decision may run out
	}
	w.newModel, w.newCuts = rapid.IntRange(0, 5).Draw(t, "model") == 0, rapid.IntRange(0, 5).Draw(t, "cuts") == 0
	for range rapid.IntRange(0, 12).Draw(t, "changes") {
		i := rapid.IntRange(0, companies-1).Draw(t, "company")
		switch rapid.SampledFrom([]string{"data", "data", "data", "leave", "come", "twin", "by hand", "by hand", "withdraw"}).Draw(t, "what") {
		case "data":
			w.change(t, i)
		case "leave":
			w.companies[i].there = false
		case "come":
			w.companies[i].there = true
		case "twin":
			w.companies[i].duplicate = !w.companies[i].duplicate
		case "by hand":
			if w.companies[i].there {
				w.by[i] = override{
					grade:   rapid.SampledFrom([]string{"A", "B", "F", predict.Exclude}).Draw(t, "grade"),
					expires: rapid.SampledFrom([]int{0, w.day, w.day + 1, w.day + 2}).Draw(t, "expires"),
				}
			}
		case "withdraw":
			delete(w.by, i)
		}
	}
	for i, o := range w.by { // a company that left cannot be decided on: the file would be refused
		if !w.companies[i].there && (o.expires == 0 || o.expires >= w.day) {
			delete(w.by, i)
		}
	}
	w.remodel()
}

// change gives company i another company's value of one feature.
func (w *world) change(t *rapid.T, i int) {
	k := rapid.IntRange(0, len(w.n.model.Terms)-1).Draw(t, "feature")
	name := w.n.model.Terms[k].Feature
	c := w.table.Column(name)
	rows := make([]int, companies)
	for r := range rows {
		rows[r] = r
	}
	rows[i] = rapid.IntRange(0, companies-1).Draw(t, "like")
	was := cellText(c, i)
	var other datasets.Column
	takeColumn(&other, c, rows)
	*c = other
	if cellText(c, i) == was {
		return
	}
	if w.companies[i].changed != "" && w.companies[i].changed != name {
		name = "*"
	}
	w.companies[i].changed = name
}

// remodel makes the night's model: other points, or the same and other cuts.
func (w *world) remodel() {
	if !w.newModel && !w.newCuts {
		return
	}
	text, err := w.model.Encode()
	if err != nil {
		panic(err)
	}
	m, err := model.Load(text)
	if err != nil {
		panic(err)
	}
	if w.newModel {
		for slot := range m.Terms[0].MicroPoints {
			m.Terms[0].MicroPoints[slot] = int32(7*int64(m.Terms[0].MicroPoints[slot])%9_000_000) + int32(w.day)
		}
		if err := m.MakeGolden(); err != nil {
			panic(err)
		}
	}
	for i := range m.Grades.Cuts[:5] {
		if w.newCuts && m.Grades.Cuts[i].Margin < math.MaxInt64/2 {
			m.Grades.Cuts[i].Margin += int64(2_000_000 * (1 + w.day%3 - 2*(w.day%2)))
		}
	}
	if w.newCuts {
		m.Grades.Notes = append(m.Grades.Notes, fmt.Sprint("cut on day ", w.day))
	}
	if err := m.Seal(); err != nil {
		panic(err)
	}
	w.model = m
}

// input draws the night's files: the companies in some order, some twice.
func (w *world) input(t *rapid.T, tb testing.TB) predict.Input {
	var rows []int
	var duplicate []bool
	for i, c := range w.companies {
		if !c.there {
			continue
		}
		rows, duplicate = append(rows, i), append(duplicate, false)
		if c.duplicate {
			rows, duplicate = append(rows, i), append(duplicate, true)
		}
	}
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	if rapid.Bool().Draw(t, "shuffled") {
		order = rapid.Permutation(order).Draw(t, "order")
	}
	shuffled := make([]int, len(rows))
	for i, at := range order {
		shuffled[i] = rows[at]
	}
	b := take(w.table, shuffled)
	domain, why := b.Column("domain"), b.Column("row_reason")
	domain.Reset()
	why.Codes, why.Dictionary = why.Codes[:0], []string{string(datasets.DuplicateOf)}
	for i, company := range shuffled {
		domain.Data = append(domain.Data, domainOf(company)...)
		domain.Offsets = append(domain.Offsets, int32(len(domain.Data)))
		code := int32(-1)
		if duplicate[order[i]] {
			code = 0
		}
		why.Codes = append(why.Codes, code)
	}
	in := w.n.input()
	in.Model = w.model
	in.Accounts = writeTable(tb, filepath.Join(w.n.folder, "accounts"), rapid.SampledFrom([]int{7, 64}).Draw(t, "group"), b)
	in.Overrides = w.overrides(t)
	return in
}

func dayText(day int) string {
	return time.Date(2026, 3, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func (w *world) overrides(t *rapid.T) *predict.Overrides {
	var file strings.Builder
	file.WriteString("domain,grade,author,reason,expires\n")
	for _, i := range slices.Sorted(maps.Keys(w.by)) {
		expires := ""
		if w.by[i].expires > 0 {
			expires = dayText(w.by[i].expires)
		}
		fmt.Fprintf(&file, "%s,%s,Ann,because,%s\n", domainOf(i), w.by[i].grade, expires)
	}
	o, err := predict.ReadOverrides(strings.NewReader(file.String()), "overrides.csv", dayText(w.day), &w.model.Grades)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// inForce returns what is decided about company i, "" for nothing.
func (w *world) inForce(i int) string {
	if o, ok := w.by[i]; ok && (o.expires == 0 || o.expires >= w.day) {
		return o.grade
	}
	return ""
}

// A said is what a table says of a company.
type said struct{ grade, tier, reasons, cause, feature, before string }

// tell reads a grade table, by company; duplicates are nobody.
func tell(b *datasets.Batch) map[string]said {
	out := map[string]said{}
	for i := range b.Rows {
		if text(b, "unscored_reason", i) != string(datasets.DuplicateOf) {
			out[text(b, "domain", i)] = said{
				text(b, "grade", i), cellText(b.Column("tier"), i), cellText(b.Column("reasons"), i),
				text(b, "cause", i), text(b, "cause_feature", i), text(b, "previous_grade", i),
			}
		}
	}
	return out
}

// A scope is a test within a test: its files go when it is closed.
type scope struct {
	testing.TB
	undo []func()
}

// Cleanup asks for f to be called by close.
func (s *scope) Cleanup(f func()) { s.undo = append(s.undo, f) }

// TempDir returns a folder that close removes.
func (s *scope) TempDir() string {
	dir, err := os.MkdirTemp("", "night")
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			s.Error(err)
		}
	})
	return dir
}

func (s *scope) close() {
	for _, f := range slices.Backward(s.undo) {
		f()
	}
}

// A tally counts what was met.
type tally struct {
	causes         map[string]int // changes
	named, unnamed int            // of cause data, of one changed feature
}

// TestNights draws sequences of nights: data that changes, accounts that come, go
// and have twins, decisions by hand that are made, withdrawn and run out, other
// models, other cuts, bases in any order, shards or not. Whatever happens, where
// nothing touches an account its grade stays; every grade that changed has the
// one cause of its precedence; the counts and the table of changes are what a
// comparison of the two nights finds.
func TestNights(t *testing.T) {
	if seed := flag.Lookup("rapid.seed"); seed.Value.String() == "0" {
		seed.Value.Set("1") // the same sequences in every run; -rapid.seed draws others
	}
	n := setUp(t)
	met := &tally{causes: map[string]int{}}
	rapid.Check(t, func(rt *rapid.T) {
		t := &scope{TB: t}
		defer t.close()
		w := newWorld(n, rt)
		var files [][]byte
		var last map[string]said
		var held map[int]string
		for night := range rapid.IntRange(2, 5).Draw(rt, "nights") {
			if night > 0 {
				w.step(rt)
			}
			in := w.input(rt, t)
			if files != nil {
				in.Previous = after(t, files...)
			}
			var sum *predict.Summary
			var now, changes *datasets.Batch
			files, sum, now, changes = w.grade(rt, t, in)
			told := tell(now)
			if night > 0 {
				w.check(rt, last, told, held, sum, changes, met)
			} else if sum.Changed != 0 || changes.Rows != 0 {
				rt.Fatalf("a first night has %d changes, %d listed", sum.Changed, changes.Rows)
			}
			last, held = told, map[int]string{}
			for i := range w.companies {
				held[i] = w.inForce(i)
			}
		}
	})
	t.Log("changes by cause: ", met.causes, "of one changed feature, named: ", met.named, " not: ", met.unnamed)
	if met.unnamed > met.named {
		t.Errorf("of %d accounts of which one feature changed %d have it named", met.named+met.unnamed, met.named)
	}
	for _, cause := range predict.Causes {
		if met.causes[cause] == 0 {
			t.Errorf("no change had the cause %s: this test does not test it; %v", cause, met.causes)
		}
	}
}

// grade grades the night in one piece or in shards, and returns its files.
func (w *world) grade(rt *rapid.T, t testing.TB, in predict.Input) (files [][]byte, _ *predict.Summary, now, changes *datasets.Batch) {
	now, changes = &datasets.Batch{}, &datasets.Batch{}
	now.Prepare(predict.Fields)
	changes.Prepare(predict.ChangeFields)
	total := predict.NewSummary()
	count := rapid.SampledFrom([]int{1, 1, 2, 7}).Draw(rt, "shards")
	for i := range count {
		in.Shard = predict.Shard{Index: i, Count: count}
		grades, changed, sum := run(t, in)
		files = append(files, grades)
		join(now, read(t, grades, predict.Fields))
		join(changes, read(t, changed, predict.ChangeFields))
		total.Add(sum)
	}
	return files, total, now, changes
}

// check compares two nights.
func (w *world) check(t *rapid.T, last, now map[string]said, held map[int]string, sum *predict.Summary, changes *datasets.Batch, met *tally) {
	listed := map[string]said{}
	for i := range changes.Rows {
		listed[text(changes, "domain", i)] = said{text(changes, "grade", i), cellText(changes.Column("tier"), i), cellText(changes.Column("reasons"), i), text(changes, "cause", i), text(changes, "cause_feature", i), text(changes, "previous_grade", i)}
	}
	if len(listed) != changes.Rows || sum.Listed != int64(changes.Rows) {
		t.Fatalf("%d rows of changes of %d accounts; the summary says %d", changes.Rows, len(listed), sum.Listed)
	}
	counted := map[string]int64{}
	for i := range w.companies {
		domain := domainOf(i)
		was, before := last[domain]
		is, there := now[domain]
		want := w.cause(i, was, is, before, there, held[i])
		if want != "" {
			counted[want]++
			met.causes[want]++
		}
		if there && (is.cause != want || is.before != was.grade) {
			t.Fatalf("day %d, %s: %q after %q (it says %q), cause %q; want %q", w.day, domain, is.grade, was.grade, is.before, is.cause, want)
		}
		if changed := w.companies[i].changed; want == predict.CauseData && changed != "" && changed != "*" {
			if is.feature == "" {
				met.unnamed++
			} else if met.named++; is.feature != changed {
				t.Fatalf("day %d, %s: the cause is %s; %s was changed", w.day, domain, is.feature, changed)
			}
		}
		if is.feature != "" && want != predict.CauseData {
			t.Fatalf("day %d, %s: cause %s, feature %q", w.day, domain, want, is.feature)
		}
		got, isListed := listed[domain]
		differs := is.grade != was.grade || before && there && (is.tier != was.tier || is.reasons != was.reasons)
		if isListed != differs {
			t.Fatalf("day %d, %s: %+v after %+v; listed as changed: %v", w.day, domain, is, was, isListed)
		}
		if isListed && (got.grade != is.grade || got.cause != want || got.before != was.grade || there && (got.tier != is.tier || got.reasons != is.reasons || got.feature != is.feature)) {
			t.Fatalf("day %d, %s: listed as %+v, the grades say %+v", w.day, domain, got, is)
		}
	}
	var all int64
	for cause, n := range sum.Causes {
		all += n
		if counted[cause] != n {
			t.Fatalf("day %d: %d changes by %s counted, the summary says %d", w.day, counted[cause], cause, n)
		}
	}
	if all != sum.Changed || len(counted) != len(sum.Causes) {
		t.Fatalf("day %d: %d changes, causes %v; counted %v", w.day, sum.Changed, sum.Causes, counted)
	}
}

// cause returns why the grade of company i changed, from what was done to the
// world; it fails where nothing was done to it.
func (w *world) cause(i int, was, is said, before, there bool, held string) string {
	now := w.inForce(i)
	switch {
	case was.grade == is.grade:
		return ""
	case before && !there:
		return predict.CauseGone
	case was.grade == "" && held != predict.Exclude:
		return predict.CauseNew
	case now != "" && is.grade != "" || now == predict.Exclude:
		return predict.CauseOverride
	case held != "" && now == "":
		if _, expired := w.by[i]; expired {
			return predict.CauseExpiry
		}
		return predict.CauseOverride
	case w.newModel:
		return predict.CauseModel
	case w.newCuts:
		return predict.CauseCut
	case w.companies[i].changed != "":
		return predict.CauseData
	}
	return "nothing was done to it"
}
