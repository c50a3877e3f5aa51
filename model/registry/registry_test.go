package registry_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/registry"
)

// open returns a registry with versions of the stored model that differ by name.
func open(t *testing.T, names ...string) (registry.Registry, []string) {
	t.Helper()
	text, err := os.ReadFile("../testdata/compat/format-1.json")
	if err != nil {
		t.Fatal(err)
	}
	r := registry.Registry{Dir: t.TempDir()}
	var versions []string
	for _, name := range names {
		m, err := model.Load(text)
		if err != nil {
			t.Fatal(err)
		}
		m.Name = name
		if err := m.Seal(); err != nil {
			t.Fatal(err)
		}
		data, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		stage, err := artifact.Stage(r.Folder(m.Version))
		if err != nil {
			t.Fatal(err)
		}
		err = errors.Join(stage.Write("model.json", data), stage.Write("evaluation.json", []byte("{}")), stage.Publish(artifact.Manifest{Step: "train"}))
		if err != nil {
			t.Fatal(err)
		}
		versions = append(versions, m.Version)
	}
	return r, versions
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func says(t *testing.T, what string, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: %v, want %q", what, err, want)
	}
}

// TestPromote checks the champion and the log over two promotions and a rollback.
func TestPromote(t *testing.T) {
	r, v := open(t, "one", "two")
	before := ""
	for i, to := range []string{v[0], v[1], v[0]} {
		e := registry.Entry{Time: "2025-07-01T00:00:00Z", Author: "ann", Reason: "try " + to}
		if err := r.Promote(to, before, e); err != nil {
			t.Fatal(err)
		}
		if got, err := r.Champion(); got != to || err != nil {
			t.Errorf("the champion is %s, %v, want %s", got, err, to)
		}
		log, err := r.Log()
		if err != nil || len(log) != i+1 {
			t.Fatalf("%d entries, %v, want %d", len(log), err, i+1)
		}
		e.Version, e.Before = to, before
		if log[i] != e {
			t.Errorf("entry %+v, want %+v", log[i], e)
		}
		before = to
	}
	// Promoting the champion is no promotion.
	if err := r.Promote(before, before, registry.Entry{}); err != nil {
		t.Error(err)
	}
	if log, err := r.Log(); len(log) != 3 || err != nil {
		t.Errorf("%d entries, %v, want 3", len(log), err)
	}
	if m, err := r.Model(before); err != nil || m.Version != before {
		t.Errorf("model %v, %v", m, err)
	}
}

// TestPromoteCompares checks that a promotion that saw another champion changes
// nothing.
func TestPromoteCompares(t *testing.T) {
	r, v := open(t, "one", "two")
	if err := r.Promote(v[0], "", registry.Entry{}); err != nil {
		t.Fatal(err)
	}
	says(t, "a stale view", r.Promote(v[1], "", registry.Entry{}), "somebody promoted in between")
	says(t, "another stale view", r.Promote(v[1], v[1], registry.Entry{}), "somebody promoted in between")
	if got, err := r.Champion(); got != v[0] || err != nil {
		t.Errorf("the champion is %s, %v", got, err)
	}
	if log, err := r.Log(); len(log) != 1 || err != nil {
		t.Errorf("%d entries, %v", len(log), err)
	}
}

// TestLogAppends checks that what is in the log stays, byte for byte.
func TestLogAppends(t *testing.T) {
	r, v := open(t, "one", "two")
	path := filepath.Join(r.Dir, "log.jsonl")
	var last string
	before := ""
	for _, to := range v {
		if err := r.Promote(to, before, registry.Entry{Reason: "line\nbreak"}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), last) || !strings.HasSuffix(string(text), "\n") || strings.Count(string(text), "\n") != strings.Count(last, "\n")+1 {
			t.Errorf("the log was %q and is %q", last, text)
		}
		last, before = string(text), to
	}
}

func TestVersions(t *testing.T) {
	r, v := open(t, "one", "two", "three")
	for _, name := range []string{"2025-06-30-xyz", ".stage-1", "champion.d", "2025-6-30-00000000"} {
		if err := os.Mkdir(r.Folder(name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(r.Dir, "2025-06-30-00000000"), "a file")
	slices.Sort(v)
	if got, err := r.Versions(); !slices.Equal(got, v) || err != nil {
		t.Errorf("versions %v, %v, want %v", got, err, v)
	}
}

// TestEmpty checks a project that has trained nothing yet.
func TestEmpty(t *testing.T) {
	for _, r := range []registry.Registry{{Dir: t.TempDir()}, {Dir: filepath.Join(t.TempDir(), "none")}} {
		if _, err := r.Champion(); !errors.Is(err, registry.ErrNoChampion) {
			t.Errorf("champion: %v, want ErrNoChampion", err)
		}
		if v, err := r.Versions(); v != nil || err != nil {
			t.Errorf("versions %v, %v", v, err)
		}
		if log, err := r.Log(); log != nil || err != nil {
			t.Errorf("log %v, %v", log, err)
		}
		if _, err := r.Model("2025-06-30-00000000"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("model: %v, want fs.ErrNotExist", err)
		}
	}
}

// TestBadNames checks that names cannot lead out of the folder.
func TestBadNames(t *testing.T) {
	r, v := open(t, "one")
	for _, name := range []string{"", ".", "..", "../" + v[0], v[0] + "/", v[0] + "\n", "2025-06-30-0000000G", "champion", "2025-06-30-0123456", "2025-06-30-012345678"} {
		_, err := r.Model(name)
		says(t, "model "+name, err, "is no version")
		says(t, "promote "+name, r.Promote(name, "", registry.Entry{}), "is no version")
	}
	if _, err := r.Champion(); !errors.Is(err, registry.ErrNoChampion) {
		t.Errorf("the champion: %v", err)
	}
}

// TestDamaged checks files that somebody changed.
func TestDamaged(t *testing.T) {
	r, v := open(t, "one", "two")
	write(t, filepath.Join(r.Dir, "champion"), "../../etc\n")
	_, err := r.Champion()
	says(t, "a bad champion", err, "is no version")
	if err := r.Promote(v[0], "", registry.Entry{}); err != nil {
		t.Errorf("promotion over a bad champion: %v", err)
	}
	if got, err := r.Champion(); got != v[0] || err != nil {
		t.Errorf("after promotion over a bad champion: %q, %v", got, err)
	}

	write(t, filepath.Join(r.Dir, "champion"), v[0]+"\n")
	if err := os.Rename(filepath.Join(r.Folder(v[0]), "model.json"), filepath.Join(r.Folder(v[1]), "model.json")); err != nil {
		t.Fatal(err)
	}
	_, err = r.Model(v[1])
	says(t, "another version's model", err, "holds version "+v[0])
	_, err = r.Model(v[0])
	says(t, "a version without model", err, "no version")
	write(t, filepath.Join(r.Folder(v[1]), "model.json"), "{")
	_, err = r.Model(v[1])
	says(t, "half a file", err, v[1])

	write(t, filepath.Join(r.Dir, "log.jsonl"), "")
	if log, err := r.Log(); len(log) != 0 || err != nil {
		t.Errorf("an empty log: %v, %v", log, err)
	}
	write(t, filepath.Join(r.Dir, "log.jsonl"), "{\"version\":\"a\"}\nnonsense\n")
	_, err = r.Log()
	says(t, "a damaged log", err, "log.jsonl:2")
}

// TestFlipped checks that one flipped bit in any file of a version is found
// before the version is used or promoted.
func TestFlipped(t *testing.T) {
	r, v := open(t, "one")
	for _, name := range []string{"model.json", "evaluation.json", artifact.ManifestName} {
		path := filepath.Join(r.Folder(v[0]), name)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		spoilt := slices.Clone(data)
		at := len(data) / 2
		if name == artifact.ManifestName {
			at = strings.Index(string(data), "sha256") + len(`sha256": "`)
		}
		spoilt[at] ^= 1
		write(t, path, string(spoilt))
		if _, err := r.Model(v[0]); err == nil {
			t.Errorf("%s: a flipped bit is not found", name)
		}
		if err := r.Promote(v[0], "", registry.Entry{}); err == nil {
			t.Errorf("%s: a version with a flipped bit is promoted", name)
		}
		write(t, path, string(data))
	}
	if _, err := r.Model(v[0]); err != nil {
		t.Error(err)
	}
}

// TestKilledPromotion puts a models folder in each state that a promotion killed
// on its way leaves, and checks that the next one converges.
func TestKilledPromotion(t *testing.T) {
	entry := registry.Entry{Time: "2025-07-01T00:00:00Z", Author: "ann", Reason: "why"}
	whole, v := open(t, "one", "two")
	if err := errors.Join(whole.Promote(v[0], "", entry), whole.Promote(v[1], v[0], entry)); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(whole.Dir, "log.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	first := strings.Index(string(want), "\n") + 1
	line := string(want[first:])
	for _, tt := range []struct{ name, champion, log string }{
		{"before the champion", v[0], string(want[:first])},
		{"before the log", v[1], string(want[:first])},
		{"in the log", v[1], string(want[:first+20])},
		{"after the log", v[1], string(want)},
	} {
		r, _ := open(t, "one", "two")
		write(t, filepath.Join(r.Dir, "champion"), tt.champion+"\n")
		write(t, filepath.Join(r.Dir, "log.jsonl"), tt.log)
		write(t, filepath.Join(r.Dir, ".promotion"), line)
		if _, err := r.Log(); err != nil {
			t.Errorf("%s: the log: %v", tt.name, err)
		}
		if err := r.Promote(v[1], tt.champion, entry); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if got, err := r.Champion(); got != v[1] || err != nil {
			t.Errorf("%s: the champion is %s, %v", tt.name, got, err)
		}
		if got, _ := os.ReadFile(filepath.Join(r.Dir, "log.jsonl")); string(got) != string(want) {
			t.Errorf("%s: the log is\n%s\nwant\n%s", tt.name, got, want)
		}
		if _, err := os.Stat(filepath.Join(r.Dir, ".promotion")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: .promotion is left: %v", tt.name, err)
		}
	}
}

// TestOneWins checks that of promotions at once, which all saw the same
// champion, one wins and is the only one logged.
func TestOneWins(t *testing.T) {
	r, v := open(t, "one", "two", "three", "four")
	won := make(chan error, len(v))
	for _, to := range v {
		go func() { won <- r.Promote(to, "", registry.Entry{Author: to}) }()
	}
	wins := 0
	for range v {
		if err := <-won; err == nil {
			wins++
		} else if !strings.Contains(err.Error(), "somebody promoted in between") {
			t.Error(err)
		}
	}
	champion, err := r.Champion()
	log, err2 := r.Log()
	if wins != 1 || err != nil || err2 != nil || len(log) != 1 || log[0].Version != champion {
		t.Errorf("%d won; champion %s, %v; log %+v, %v", wins, champion, err, log, err2)
	}
}
