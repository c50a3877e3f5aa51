package features_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/features/parse"
)

func TestValidate(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*features.Spec)
		want   string // "" for none
	}{
		{"good", func(*features.Spec) {}, ""},
		{"default parser named", func(s *features.Spec) { s.Parser = "number" }, ""},
		{"monotone number", func(s *features.Spec) { s.Monotone = -1 }, ""},
		{"no name", func(s *features.Spec) { s.Name = "" }, "no name"},
		{"long name", func(s *features.Spec) { s.Name = strings.Repeat("n", 64) }, "64 bytes"},
		{"longest name", func(s *features.Spec) { s.Name = strings.Repeat("n", 63) }, ""},
		{"hidden name", func(s *features.Spec) { s.Name = "_x" }, "starts with _"},
		{"control characters", func(s *features.Spec) { s.Name = "a\x1bb" }, "control characters"},
		{"fixed name", func(s *features.Spec) { s.Name = "Domain" }, "taken by a column of every feature table"},
		{"name of the customers table", func(s *features.Spec) { s.Name = "won_at" }, "taken by a column of every feature table"},
		{"partition", func(s *features.Spec) { s.Name = "as_of" }, "taken by a column of every feature table"},
		{"no column", func(s *features.Spec) { s.Column = "" }, "no column"},
		{"pillar", func(s *features.Spec) { s.Pillar = "size" }, `pillar is "size"; want one of firmographic, technographic, intent`},
		{"kind", func(s *features.Spec) { s.Kind = "text" }, `kind is "text"`},
		{"parser", func(s *features.Spec) { s.Parser = "nonsense" }, `parser is "nonsense"`},
		{"parser of another kind", func(s *features.Spec) { s.Parser = "country" }, `parser is "country"`},
		{"monotone set", func(s *features.Spec) { s.Kind, s.Monotone = features.Set, 1 }, "monotone is for numbers"},
		{"monotone 2", func(s *features.Spec) { s.Monotone = 2 }, "monotone is 2"},
		{"separator of a number", func(s *features.Spec) { s.Separator = ";" }, "a separator is for kind set"},
		{"separator", func(s *features.Spec) { s.Kind, s.Separator = features.Set, `"` }, "separator is"},
		{"missing", func(s *features.Spec) { s.Missing = "zero" }, `missing is "zero"`},
		{"empty set", func(s *features.Spec) { s.Kind, s.Empty = features.Set, "none" }, ""},
		{"empty number", func(s *features.Spec) { s.Empty = "none" }, "empty is for kind set"},
		{"empty", func(s *features.Spec) { s.Kind, s.Empty = features.Set, "zero" }, `empty is "zero"; want unknown or none`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := spec("employees", features.Number)
			tt.change(&s)
			err := features.Validate([]features.Spec{s})
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestValidateReportsAllFaults(t *testing.T) {
	bad := features.Spec{Name: "A", Pillar: "x", Kind: "y"}
	err := features.Validate([]features.Spec{spec("a", features.Number), bad})
	for _, want := range []string{"pillar", "kind", "no column", "feature 1 has this name"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
	if err := features.Validate(nil); err == nil {
		t.Error("no specs at all: no error")
	}
}

// TestParserNames checks that a feature can ask for every parser there is.
func TestParserNames(t *testing.T) {
	for _, name := range parse.Names {
		usable := slices.ContainsFunc(features.Kinds, func(k features.Kind) bool {
			s := spec("x", k)
			s.Parser = name
			return features.Validate([]features.Spec{s}) == nil
		})
		if !usable {
			t.Errorf("no kind takes parser %q", name)
		}
	}
	for _, k := range features.Kinds {
		if err := features.Validate([]features.Spec{spec("x", k)}); err != nil {
			t.Errorf("kind %s has no default: %v", k, err)
		}
	}
}

func TestSpecHash(t *testing.T) {
	base := features.Spec{Name: "n", Pillar: features.Intent, Kind: features.Set, Column: "c"}
	full := base
	full.Parser, full.Separator, full.Empty = "set", "|", "unknown"
	if features.SpecHash([]features.Spec{base}) != features.SpecHash([]features.Spec{full}) {
		t.Error("defaults left out and written out have different hashes")
	}
	seen := map[string]bool{features.SpecHash([]features.Spec{base}): true}
	for _, change := range []func(*features.Spec){
		func(s *features.Spec) { s.Name = "m" }, func(s *features.Spec) { s.Pillar = features.Firmographic },
		func(s *features.Spec) { s.Kind = features.Words }, func(s *features.Spec) { s.Column = "d" },
		func(s *features.Spec) { s.Parser = "code" }, func(s *features.Spec) { s.Separator = ";" },
		func(s *features.Spec) { s.Monotone = 1 }, func(s *features.Spec) { s.Missing = "learn" },
		func(s *features.Spec) { s.Empty = "none" },
	} {
		s := base
		change(&s)
		hash := features.SpecHash([]features.Spec{s})
		if seen[hash] || len(hash) != 64 {
			t.Errorf("%+v: hash %s is not its own", s, hash)
		}
		seen[hash] = true
	}
}

func TestDomainHash(t *testing.T) {
	// By a few lines of Python with unbounded integers, from the definitions of
	// FNV-1a and of MurmurHash3's fmix64.
	for key, want := range map[string]uint64{"": 0xefd01f60ba992926, "acme.com": 0x185a24238ec6bc} {
		if got := features.DomainHash(key); got != want {
			t.Errorf("DomainHash(%q) = %#x, want %#x", key, got, want)
		}
	}
}
