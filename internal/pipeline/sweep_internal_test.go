//go:build unix

package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/disk"
	"github.com/icpfit/icpfit/internal/disk/disktest"
	"github.com/icpfit/icpfit/model/predict"
)

const (
	sweepBefore = "2026-01-30"
	sweepDay    = "2026-01-31"
)

// A sweeper makes the states that commands are disturbed in.
type sweeper struct {
	t   *testing.T
	dir string
}

// newSweeper writes a project of 60 customers and 120 others, and makes the
// features of two days.
func newSweeper(t *testing.T, learner string) *sweeper {
	s := &sweeper{t, t.TempDir()}
	s.write("icpfit.yaml", "version: 1\nname: sweep\naccounts: {path: accounts.csv, domain: site}\ncustomers: {path: customers.csv, domain: domain}\nfeatures:\n"+
		"  - {name: sector, pillar: firmographic, kind: category, column: sector}\n  - {name: size, pillar: firmographic, kind: number, column: size}\n"+
		"model: {learner: "+learner+", missing: neutral, seed: 1}\nmetrics: {textfile: metrics.prom}\nlineage: {file: lineage.jsonl}\n")
	var customers strings.Builder
	customers.WriteString("domain\n")
	for i := range 60 {
		fmt.Fprintf(&customers, "c%d.com\n", i)
	}
	s.write("customers.csv", customers.String())
	s.accounts(0)
	s.must(s.features(sweepBefore)(s.dir))
	s.must(s.features(sweepDay)(s.dir))
	return s
}

// accounts writes the base, in which more sizes differ from the first with every version.
func (s *sweeper) accounts(version int) {
	var b strings.Builder
	b.WriteString("site,sector,size\n")
	for i := range 180 {
		kind, size := "x", 10+i*7%90
		if i < 60 {
			kind, size = "c", 60+i*11%140
		}
		fmt.Fprintf(&b, "%s%d.com,%s,%d\n", kind, i, [...]string{"Tech", "Retail", "Energy"}[(i+i/7)%3], size+version*(i%5))
	}
	s.write("accounts.csv", b.String())
}

func (s *sweeper) write(name, text string) {
	s.must(os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644))
}

func (s *sweeper) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// on makes a command of a step.
func (s *sweeper) on(step func(r *Run) error) func(dir string) error {
	return func(dir string) error {
		r, err := Open(dir, time.Date(2026, 2, 1, 3, 0, 0, 0, time.UTC))
		if err != nil {
			return err
		}
		return step(r)
	}
}

func (s *sweeper) features(day string) func(string) error {
	return s.on(func(r *Run) error { _, err := r.Features(s.t.Context(), day); return err })
}

func (s *sweeper) train(seed uint64) func(string) error {
	return s.on(func(r *Run) error {
		_, err := r.Train(s.t.Context(), TrainOptions{AllowSmall: true, Seed: &seed, Author: "sweep"})
		return err
	})
}

func (s *sweeper) predict(day string) func(string) error {
	return s.on(func(r *Run) error { _, err := r.Predict(s.t.Context(), day, ""); return err })
}

func (s *sweeper) report(lang string) func(string) error {
	return s.on(func(r *Run) error { _, err := r.Report(s.t.Context(), sweepDay, lang); return err })
}

// audit audits the day.
func (s *sweeper) audit(lang string) func(string) error {
	return s.on(func(r *Run) error { _, err := r.Audit(s.t.Context(), sweepDay, lang); return err })
}

// segments divides the accounts of the day.
func (s *sweeper) segments(renew bool) func(string) error {
	return s.on(func(r *Run) error { _, err := r.Segments(s.t.Context(), sweepDay, renew); return err })
}

// refresh is the nightly command, with its lock.
func (s *sweeper) refresh() func(string) error {
	return s.on(func(r *Run) error {
		l, err := artifact.Acquire(r.Project.Dir, artifact.Holder{PID: os.Getpid(), Host: "here", Command: "refresh"})
		if err != nil {
			return err
		}
		_, err = r.Refresh(s.t.Context(), sweepDay, "en")
		return errors.Join(err, l.Release())
	})
}

func (s *sweeper) shards() func(string) error {
	return s.on(func(r *Run) error {
		for i := range 2 {
			if _, err := r.PredictShard(s.t.Context(), sweepDay, "", predict.Shard{Index: i, Count: 2}); err != nil {
				return err
			}
		}
		return nil
	})
}

// promote makes the version that is not the champion of s.dir the champion.
func (s *sweeper) promote() func(string) error {
	r, err := Open(s.dir, time.Now())
	s.must(err)
	champion, err := r.Champion()
	s.must(err)
	versions, err := r.Versions()
	s.must(err)
	for _, v := range versions {
		if v != champion {
			return s.on(func(r *Run) error { _, err := r.Promote(v, "sweep", "because"); return err })
		}
	}
	s.t.Fatal("there is one version")
	return nil
}

// sweepView returns what readers find in a project.
func sweepView(dir string) (map[string]string, error) {
	out := map[string]string{}
	for _, pattern := range []string{"features/*/as_of=*", "grades/as_of=*", "reports/as_of=*", "audits/as_of=*", "segments/as_of=*", "models/2*"} {
		folders, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, folder := range folders {
			m, err := artifact.Verify(folder, artifact.ByHash)
			if err != nil {
				return nil, err
			}
			out[strings.TrimPrefix(folder, dir+"/")] = artifact.Fingerprint(m)
		}
	}
	r, err := Open(dir, time.Now())
	if err != nil {
		return nil, err
	}
	for _, day := range []string{sweepBefore, sweepDay} {
		if err := viewDay(r, day, out); err != nil {
			return nil, err
		}
	}
	return out, viewModels(r, out)
}

// viewDay adds what a day's readers find beyond whole folders: tables of two runs
// are refused, and changes are those of the night beside which they stand.
func viewDay(r *Run, day string, out map[string]string) error {
	of, with := out["features/accounts/as_of="+day], out["features/customers/as_of="+day]
	if of != "" && with != "" {
		accounts, customers, err := r.pair(day)
		if err != nil && !strings.Contains(err.Error(), "not of one run") {
			return err
		}
		if err == nil {
			a, _ := artifact.ReadManifest(r.Project.Features(features.AccountsTable, day))
			c, _ := artifact.ReadManifest(r.Project.Features(features.CustomersTable, day))
			if a.Inputs["accounts"] != c.Inputs["accounts"] {
				return errors.New("tables of two runs are opened")
			}
			if err := errors.Join(accounts.Close(), customers.Close()); err != nil {
				return err
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(r.Project.Changes(day), artifact.ManifestName))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var m artifact.Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	rows, err := os.ReadFile(filepath.Join(r.Project.Changes(day), partFile))
	if err != nil || hashOf(rows) != m.Files[0].SHA256 {
		return fmt.Errorf("changes of %s: %v, or not what their manifest says", day, err)
	}
	out["changes/as_of="+day] = m.Files[0].SHA256
	return nil
}

func viewModels(r *Run, out map[string]string) error {
	if champion, err := r.Champion(); err == nil {
		if _, err := r.Model(champion); err != nil {
			return err
		}
		out["champion"] = champion
	}
	log, err := r.registry().Log()
	for i, e := range log {
		out[fmt.Sprintf("promotion %d", i)] = e.Version
	}
	return err
}

// sweptScenarios returns every command that publishes, in states in which it has
// something to replace, and the first time.
func sweptScenarios(t *testing.T) map[string]disktest.Scenario {
	out := map[string]disktest.Scenario{}
	add := func(name string, s *sweeper, run func(string) error) {
		folder := filepath.Join(t.TempDir(), "before")
		if err := os.CopyFS(folder, os.DirFS(s.dir)); err != nil {
			t.Fatal(err)
		}
		out[name] = disktest.Scenario{Folder: folder, Run: run, View: sweepView, Own: []string{artifact.LockName, "metrics.prom", "lineage.jsonl"}}
	}
	s := newSweeper(t, "scorecard")
	s.accounts(1)
	add("features", s, s.features(sweepDay))
	add("features, a first day", s, s.features("2026-01-29"))
	s.accounts(0)
	add("train, a first model", s, s.train(1))
	s.must(s.train(1)(s.dir))
	add("train", s, s.train(2))
	add("predict, a first night", s, s.predict(sweepDay))
	s.must(s.predict(sweepBefore)(s.dir))
	s.must(s.predict(sweepDay)(s.dir))
	s.must(s.report("en")(s.dir))
	add("report", s, s.report("fr"))
	s.must(s.audit("en")(s.dir))
	add("audit", s, s.audit("fr"))
	s.must(s.segments(true)(s.dir)) // found once: what is left of a night is to divide its accounts
	s.accounts(1)
	add("refresh", s, s.refresh())
	s.must(s.features(sweepDay)(s.dir))
	add("predict", s, s.predict(sweepDay))
	add("predict, in shards", s, s.shards())
	s.must(s.train(2)(s.dir))
	add("promote", s, s.promote())
	return out
}

// TestSweep disturbs each command at each operation on the disk: in turn by one of
// the faults, or by every one of them where ICPFIT_SWEEP is "all".
func TestSweep(t *testing.T) {
	if testing.Short() {
		t.Skip("each command once for each operation: too long with the race detector")
	}
	for name, s := range sweptScenarios(t) {
		t.Run(name, func(t *testing.T) {
			every := 1
			if strings.HasPrefix(name, "train") {
				every = 5 // which learns anew each time
			}
			faults := func(at int) []disktest.Fault {
				all := disktest.Faults(at)
				if at%every > 0 {
					return nil
				}
				return all[at/every%len(all) : at/every%len(all)+1]
			}
			if os.Getenv("ICPFIT_SWEEP") == "all" {
				faults = disktest.Faults
			}
			start := time.Now()
			r, err := disktest.Sweep(s, t.TempDir(), faults)
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range r.Faults {
				t.Error(fault)
			}
			t.Logf("%d operations, disturbed %d times, %d faults, %.1f s", r.Points, r.Runs, len(r.Faults), time.Since(start).Seconds())
		})
	}
}

// TestSweepCatches checks that a sync which predict forgets is found, whichever it is.
func TestSweepCatches(t *testing.T) {
	if testing.Short() {
		t.Skip("predict once for each operation: too long with the race detector")
	}
	s := sweptScenarios(t)["predict"]
	losing := func(at int) []disktest.Fault {
		return []disktest.Fault{{At: at, Loss: disktest.Loss(1 + at%2)}}
	}
	for name, forgotten := range map[string]func(disk.Op) bool{
		"of the grades": func(op disk.Op) bool { return op.Kind == disk.OpSync && filepath.Base(op.Path) == partFile },
		"of the manifest": func(op disk.Op) bool {
			return op.Kind == disk.OpSync && filepath.Base(op.Path) == artifact.ManifestName
		},
		"of the new folder": func(op disk.Op) bool {
			return op.Kind == disk.OpSyncFolder && strings.Contains(filepath.Base(op.Path), "as_of")
		},
		"of the new name": func(op disk.Op) bool { return op.Kind == disk.OpSyncFolder && filepath.Base(op.Path) == "grades" },
	} {
		s.Blind = forgotten
		r, err := disktest.Sweep(s, t.TempDir(), losing)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Faults) == 0 {
			t.Errorf("the sync %s is forgotten, and nothing is found", name)
		} else {
			t.Logf("the sync %s is forgotten: %d faults, such as %s", name, len(r.Faults), r.Faults[0])
		}
	}
}

// TestClockBack puts the clock back by two days between nights: what was published
// stays, whichever day a command takes for today, and the night that the clock
// comes to again is graded after the newest one before it.
func TestClockBack(t *testing.T) {
	s := newSweeper(t, "scorecard")
	s.must(s.train(1)(s.dir))
	night := func(day int) map[string]string {
		r, err := Open(s.dir, time.Date(2026, 2, day, 3, 0, 0, 0, time.UTC))
		s.must(err)
		_, err = r.Refresh(t.Context(), "", "en")
		s.must(err)
		view, err := sweepView(s.dir)
		s.must(err)
		return view
	}
	first := night(5)
	back := night(3)
	for name, content := range first {
		if back[name] != content {
			t.Errorf("after the clock went back %s is another", name)
		}
	}
	for _, name := range []string{"grades/as_of=2026-02-03", "reports/as_of=2026-02-03"} {
		if back[name] == "" {
			t.Errorf("%s is not there", name)
		}
	}
	again := night(5)
	m, err := artifact.ReadManifest(filepath.Join(s.dir, "grades", "as_of=2026-02-05"))
	if err != nil || m.Inputs["previous"] != "2026-02-03" {
		t.Errorf("the night of the 5th is graded after %q, %v; want the 3rd", m.Inputs["previous"], err)
	}
	if last := night(5); !maps.Equal(last, again) {
		t.Error("the same night again is another")
	}
	r, err := Open(s.dir, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
	s.must(err)
	s.must(s.train(2)(s.dir))
	versions, err := r.Versions()
	s.must(err)
	champion, err := r.Champion()
	s.must(err)
	for _, v := range versions {
		if v != champion {
			_, err = r.Promote(v, "sweep", "years before")
			s.must(err)
		}
	}
	log, err := r.registry().Log()
	if err != nil || len(log) != 2 || log[1].Time[:4] != "2020" || log[1].Before != champion {
		t.Errorf("the log is %+v, %v; want the promotion of 2020 behind the first", log, err)
	}
}
