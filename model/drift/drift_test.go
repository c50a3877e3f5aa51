package drift_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/drift"
	"github.com/icpfit/icpfit/model/evaluate"
)

// TestExperience checks the experience of a model against its rows, one by one, and
// that a model set against its own experience has not drifted.
func TestExperience(t *testing.T) {
	f := frame(t, 6000, 7)
	m := learn(t, f)
	_, scores := score(t, m, f)
	e := m.Experience
	var accounts, scored, margin int64
	for i, customer := range f.Customer {
		if customer {
			continue
		}
		accounts++
		margin += scores.Margin[i]
		if scores.Known[i] {
			scored++
		}
	}
	if e.Accounts != accounts || e.Scored != scored || e.Margin != margin || total(e.Cells) != scored || total(e.Grades) != scored {
		t.Errorf("%d accounts, %d scored, margin %d; want %d, %d, %d", e.Accounts, e.Scored, e.Margin, accounts, scored, margin)
	}
	var sum int64
	for k, c := range e.Features {
		sum += c.MicroPoints
		if numeric := m.Terms[k].Kind == features.Number || m.Terms[k].Kind == features.Date; numeric != (c.Low != nil) {
			t.Errorf("%s: range %v to %v", c.Feature, c.Low, c.High)
		}
		if mean := float64(c.MicroPoints) / model.Micro / float64(accounts); math.Abs(mean) > 1e-3 {
			t.Errorf("%s: the pool trained on has %v points on average; contributions are centred on it", c.Feature, mean)
		}
	}
	if sum != margin {
		t.Errorf("contributions sum to %d, the margins to %d", sum, margin)
	}
	d := drift.Compare(m, nil, tally(t, m, f, f.Batch.Rows)[0])
	for name, table := range tables(d) {
		if table != nil && (table.PSI != 0 || table.JS > 1e-7) {
			t.Errorf("%s: PSI %v of a pool against itself", name, table.PSI)
		}
	}
	if d.Score.KS != 0 || d.Score.Shift.Value != 0 || d.Novelty.Share[drift.Then] != d.Novelty.Share[drift.Now] {
		t.Errorf("score %+v, novelty %+v of a pool against itself", d.Score, d.Novelty)
	}
}

func total(counts []int64) (n int64) {
	for _, c := range counts {
		n += c
	}
	return n
}

// TestPartsSum checks that a pool counted in parts, in any order, is the pool.
func TestPartsSum(t *testing.T) {
	m := learn(t, frame(t, 4000, 7))
	f := frame(t, 3000, 8)
	rows := f.Batch.Rows // clean bases have a company a row
	want := tally(t, m, f, rows)[0]
	got := drift.NewTally(m)
	parts := tally(t, m, f, rows/5)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	for _, part := range parts {
		drift.Add(got, part)
	}
	if diff := cmp.Diff(want, got); diff != "" || rows%5 > 0 {
		t.Errorf("%d rows: %s", rows, diff)
	}
	if err := m.CheckTally(got); err != nil {
		t.Error(err)
	}
}

// TestShift checks that the points by which features moved are the differences of
// mean contributions, through trees too, and sum to that of the points; and that of
// a model without trees they are the changes of the shares times the points.
func TestShift(t *testing.T) {
	f := frame(t, 6000, 7)
	m := learn(t, f)
	other := frame(t, 5000, 9)
	shiftBy(other.Batch.Column("employees"), true, 1)
	for name, m := range map[string]*model.Model{"trees": m, "table": table(t, m, f)} {
		_, then := score(t, m, f)
		_, now := score(t, m, other)
		d := drift.Compare(m, nil, tally(t, m, other, other.Batch.Rows)[0])
		var sum float64
		for k := range m.Terms {
			want := mean(now.Contributions[k], other.Customer) - mean(then.Contributions[k], f.Customer)
			got := d.Features[k].Points
			if math.Abs(got.Value-want) > 1e-9 || !(got.Low <= got.Value && got.Value <= got.High) {
				t.Errorf("%s: %s moved by %+v points, want %v", name, m.Terms[k].Feature, got, want)
			}
			if name == "table" && !m.Terms[k].IsSet() {
				var slots float64
				counts := tally(t, m, other, other.Batch.Rows)[0].Features[k].Slots
				for slot, p := range m.Terms[k].MicroPoints {
					slots += (float64(counts[slot])/float64(total(counts)) - float64(m.Terms[k].Pool[slot])/float64(m.Experience.Accounts)) * float64(p) / model.Micro
				}
				if math.Abs(got.Value-slots) > 1e-9 {
					t.Errorf("%s moved by %v points, its bins by %v", m.Terms[k].Feature, got.Value, slots)
				}
			}
			sum += got.Value
		}
		if s := d.Score; math.Abs(s.Shift.Value-sum) > 1e-9 || math.Abs(s.Mean[drift.Now]-s.Mean[drift.Then]-sum) > 1e-9 || math.Abs(sum) < 0.01 {
			t.Errorf("%s: the points moved by %+v, the features by %v", name, s.Shift, sum)
		}
	}
}

func mean(contributions []int32, customer []bool) float64 {
	var sum, n float64
	for i, v := range contributions {
		if !customer[i] {
			sum, n = sum+float64(v)/model.Micro, n+1
		}
	}
	return sum / n
}

// table is m without its trees; its bins have points of their own, and what it was
// trained on is counted anew.
func table(t *testing.T, m *model.Model, f *evaluate.Frame) *model.Model {
	t.Helper()
	clone := *m
	clone.Trees, clone.Experience, clone.Terms = nil, nil, append([]model.Term(nil), m.Terms...)
	for k := range clone.Terms {
		term := &clone.Terms[k]
		term.Effect, term.MicroPoints = nil, make([]int32, term.Slots())
		for slot := 1; slot < term.Slots(); slot++ {
			term.MicroPoints[slot] = int32(slot%7-3) * 1_000_000
		}
	}
	s, scores := score(t, &clone, f)
	clone.Experience = drift.Experience(&clone, s, scores, f.Batch, f.AsOf, poolOf(f))
	return &clone
}

// TestNovelty plants values that the model has not met: a head count beyond all,
// and the same account's year of foundation; the account is counted once.
func TestNovelty(t *testing.T) {
	m := learn(t, frame(t, 4000, 7))
	f := frame(t, 4000, 8)
	before := tally(t, m, f, f.Batch.Rows)[0]
	employees, founded := f.Batch.Column("employees"), f.Batch.Column("founded")
	planted := 0
	for i := range f.Batch.Rows {
		if f.Customer[i] || math.IsNaN(employees.Numbers[i]) || math.IsNaN(founded.Numbers[i]) || i%4 > 0 {
			continue
		}
		employees.Numbers[i], founded.Numbers[i] = 1e9, math.Inf(-1)
		planted++
	}
	now := tally(t, m, f, f.Batch.Rows)[0]
	if got := now.Outside - before.Outside; got < int64(planted)*9/10 || got > int64(planted) {
		t.Errorf("%d accounts more are outside, %d were planted", got, planted)
	}
	d := drift.Compare(m, before, now)
	for i := range d.Features {
		f := &d.Features[i]
		alarmed := f.New.Alarm()
		if want := f.Feature == "employees" || f.Feature == "founded"; alarmed != want {
			t.Errorf("%s: new values %v, %+v", f.Feature, f.NewShare, f.New)
		}
	}
	if !d.Novelty.Table.Alarm() || !(d.Novelty.Share[drift.Now] > d.Novelty.Share[drift.Before]+0.1) {
		t.Errorf("novelty %+v", d.Novelty)
	}
}
