package features

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// parsers lists, by kind, the parsers a spec may name; the first is the default.
var parsers = map[Kind][]string{
	Number:   {"number", "range", "money", "percent", "year"},
	Category: {"text", "country", "code"},
	Set:      {"set", "country", "code"},
	Flag:     {"flag", "filled"},
	Date:     {"date"},
	Words:    {"words"},
}

// parser returns the name of the spec's parser.
func (s Spec) parser() string {
	if s.Parser == "" && len(parsers[s.Kind]) > 0 {
		return parsers[s.Kind][0]
	}
	return s.Parser
}

// separator returns what stands between the items of the spec's set.
func (s Spec) separator() string {
	if s.Separator == "" {
		return "|"
	}
	return s.Separator
}

// Validate reports every fault of specs, not just the first: a name that is
// empty, taken twice, taken by a fixed column of the tables or starting with
// "_"; an empty column; an unknown pillar, kind, parser or missing policy; a
// separator without a set; a monotone sign where values have no order. It
// returns nil if there is none. No specs at all is a fault.
func Validate(specs []Spec) error {
	var errs []error
	if len(specs) == 0 {
		errs = append(errs, errors.New("features: none is defined; want at least one"))
	}
	seen := map[string]int{}
	for i, s := range specs {
		for _, fault := range s.faults() {
			errs = append(errs, fmt.Errorf("feature %d %q: %s", i+1, s.Name, fault))
		}
		// Engines that read the tables compare the names of columns without case.
		name := strings.ToLower(s.Name)
		if first, ok := seen[name]; ok && name != "" {
			errs = append(errs, fmt.Errorf("feature %d %q: feature %d has this name; want each once", i+1, s.Name, first))
			continue
		}
		seen[name] = i + 1
	}
	return errors.Join(errs...)
}

// maxName is the longest name of a feature, in bytes: PostgreSQL cuts longer ones.
const maxName = 63

// faults returns what is wrong with s on its own.
func (s Spec) faults() []string {
	var faults []string
	check := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Sprintf(format, args...))
		}
	}
	check(s.Name != "", "no name; want the name of its column in the feature table")
	check(len(s.Name) <= maxName, "the name has %d bytes; want at most %d", len(s.Name), maxName)
	check(utf8.ValidString(s.Name) && !strings.ContainsFunc(s.Name, isControl), "the name holds control characters or is not UTF-8")
	check(!strings.HasPrefix(s.Name, "_"), "the name starts with _; such names are kept for icpfit")
	check(!isFixed(s.Name), "the name is taken by a column of every feature table; want another one")
	check(s.Column != "", "no column; want a column of the accounts")
	check(slices.Contains(Pillars, s.Pillar), "pillar is %q; want one of %s", s.Pillar, list(Pillars))
	names, known := parsers[s.Kind]
	check(known, "kind is %q; want one of %s", s.Kind, list(Kinds))
	check(!known || slices.Contains(names, s.parser()), "parser is %q; want one of %s for kind %s", s.Parser, list(names), s.Kind)
	check(s.Separator == "" || s.Kind == Set, "a separator is for kind set; kind is %s", s.Kind)
	check(len(s.Separator) <= 8 && !strings.ContainsAny(s.Separator, "\"\x00"), "separator is %q; want 1 to 8 bytes without quotes", s.Separator)
	check(s.Monotone >= -1 && s.Monotone <= 1, "monotone is %d; want -1, 0 or 1", s.Monotone)
	check(s.Monotone == 0 || s.ordered(), "monotone is for numbers, dates and flags; kind is %s", s.Kind)
	check(slices.Contains([]string{"", "neutral", "learn"}, s.Missing), "missing is %q; want neutral or learn", s.Missing)
	check(slices.Contains([]string{"", "unknown", "none"}, s.Empty), "empty is %q; want unknown or none", s.Empty)
	check(s.Empty == "" || s.Kind == Set, "empty is for kind set; kind is %s", s.Kind)
	return faults
}

// ordered reports whether the values of s have an order.
func (s Spec) ordered() bool { return s.Kind == Number || s.Kind == Date || s.Kind == Flag }

// isFixed reports whether a column of every table has this name, or whether
// Hive partitions do.
func isFixed(name string) bool {
	same := func(f string) bool { return strings.EqualFold(f, name) }
	return slices.ContainsFunc(fixedNames(), same)
}

func isControl(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// list joins names with commas.
func list[T ~string](names []T) string { return strings.Join(texted(names), ", ") }

// SpecHash returns the SHA-256 of specs in canonical JSON, in hexadecimal:
// defaults are written out, fields are in the order of Spec. Two lists have the
// same hash if and only if Build makes columns of the same meaning from them.
func SpecHash(specs []Spec) string {
	full := make([]Spec, len(specs))
	for i, s := range specs {
		s.Parser = s.parser()
		if s.Kind == Set {
			s.Separator = s.separator()
		}
		if s.Empty == "unknown" {
			s.Empty = ""
		}
		full[i] = s
	}
	text, err := json.Marshal(full)
	if err != nil {
		panic(err) // strings and integers always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
