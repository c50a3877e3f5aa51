package report_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/drift"
)

// counted returns a tally of m with the given slots; what is not given is as it
// was trained.
func counted(m *model.Model, slots map[string][]int64) *model.Tally {
	t := drift.NewTally(m)
	t.Accounts = 10_000
	for k := range m.Terms {
		f := &t.Features[k]
		for slot, n := range m.Terms[k].Pool {
			f.Slots[slot] = int64(n)
		}
		if other, ok := slots[f.Feature]; ok {
			f.Slots = other
		}
		if values := len(m.Terms[k].Values); values > 0 {
			f.Outside = f.Slots[1+values]
		}
		for slot, n := range f.Slots {
			f.MicroPoints += n * int64(m.Terms[k].MicroPoints[slot])
		}
	}
	return t
}

// large is the fixture with a hundred times as many accounts trained on.
func large(t *testing.T, slots map[string][]int64) report.Input {
	t.Helper()
	in := input(t, base(), now())
	for k := range in.Model.Terms {
		for slot := range in.Model.Terms[k].Pool {
			in.Model.Terms[k].Pool[slot] *= 100
		}
	}
	in.Pool = counted(in.Model, slots)
	return in
}

// TestDrift compares with closed forms. Employees were known for 80 %, half of
// these up to 100 and half over; now for 4,000 of 6,000, a quarter and three
// quarters. HubSpot was had by 2,000 of 5,000, now by 3,000 of 4,000.
func TestDrift(t *testing.T) {
	r, page, md, _ := build(t, large(t, map[string][]int64{
		"employees": {2000, 1000, 3000}, "technologies": {2000, 4000, 2400, 3000},
	}))
	near := func(what string, got *float64, want float64) {
		t.Helper()
		if got == nil || math.Abs(*got-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	d := r.Drift[0]
	near("psi", d.PSI, 0.25*math.Log(3))
	near("limit", d.Limit, 0.10)
	near("points", d.Points, (1./6-.4)*-5+(.5-.4)*10)
	near("known then", d.KnownThen, .8)
	near("known", d.Known, 4./6)
	near("coverage", d.Coverage.PSI, (.8-4./6)*math.Log(.8/(4./6))+(1./3-.2)*math.Log((1./3)/.2))
	if !d.Alarm || strings.Join(d.Alarms, " ") != "values" || d.Change != "up to 100" || d.ShareThen != .4 || d.Cells != 2 {
		t.Errorf("drift of employees: %+v", d)
	}
	if d = r.Drift[1]; d.Alarm || *d.PSI != 0 || *d.Points != 0 || d.Change != "" {
		t.Errorf("drift of what did not drift: %+v", d)
	}
	d = r.Drift[2]
	near("psi of a set", d.PSI, .35*math.Log(.75/.4)+.35*math.Log(.6/.25))
	near("points of a set", d.Points, (4./6-.5)*-1+(.5-.2)*10+(2400./6000-.3)*-8)
	if d.Item != "HubSpot" || d.Change != "HubSpot" || d.Share != .5 || !d.Alarm {
		t.Errorf("drift of a set: %+v", d)
	}
	if r.Action != report.Retrain || !strings.Contains(r.Headline, "employees, technologies") {
		t.Errorf("%s: %s", r.Action, r.Headline)
	}
	for name, text := range map[string]string{"html": page, "md": md} {
		for _, want := range []string{"Technologies: HubSpot", "up to 100: 40.0%", "66.7%"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
	}
	var csv bytes.Buffer
	if err := report.WriteDrift(&csv, r); err != nil {
		t.Fatal(err)
	}
	if want := "\"technologies\",\"HubSpot\",2000,,3000,10\n"; !strings.Contains(csv.String(), want) {
		t.Errorf("drift.csv lacks %q:\n%s", want, csv.String())
	}
}

// TestOvernight checks that what changed overnight is told from what drifted
// slowly, and that an emptied column is named as what it is.
func TestOvernight(t *testing.T) {
	gone := map[string][]int64{"industry": {10000, 0, 0, 0}}
	in := large(t, gone)
	in.PreviousPool = counted(in.Model, nil)
	r, page, _, _ := build(t, in)
	d := r.Drift[1]
	if d.PSI != nil || strings.Join(d.Alarms, " ") != "coverage" || strings.Join(d.Overnight.Alarms, " ") != "coverage" || *d.Coverage.Before != .9 {
		t.Errorf("an emptied column: %+v", d)
	}
	if r.Action != report.FixData || len(r.ActionReasons) != 2 || !strings.Contains(r.ActionReasons[1], "overnight (industry)") {
		t.Errorf("%s %q", r.Action, r.ActionReasons)
	}
	if !strings.Contains(page, "changed overnight") {
		t.Error("the page does not say what changed overnight")
	}
	in.PreviousPool = counted(in.Model, gone)
	r, _, _, _ = build(t, in)
	if d := r.Drift[1]; len(d.Overnight.Alarms) != 0 || !d.Alarm {
		t.Errorf("gone the night before already: %+v", d)
	}
}

// TestNoTally checks the report of a night that a release has graded which did not
// count the pool.
func TestNoTally(t *testing.T) {
	in := input(t, base(), now())
	in.Pool = nil
	r, page, _, _ := build(t, in)
	if len(r.Drift) != 0 || r.ScoreDrift != nil || !strings.Contains(page, "was not counted") {
		t.Errorf("drift %+v without a tally", r.Drift)
	}
}
