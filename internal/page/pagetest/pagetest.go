// Package pagetest checks the texts of what is written in several languages.
package pagetest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var verb = regexp.MustCompile(`%(\[\d\])?s`)

// SameTexts checks that both languages have the same keys, that the two texts of a
// key take the same arguments, and that a percent sign is doubled where arguments
// are filled in, and only there.
func SameTexts(t *testing.T, english, french map[string]string) {
	t.Helper()
	for key, text := range english {
		other, ok := french[key]
		if !ok {
			t.Errorf("no French text for %q", key)
			continue
		}
		if a, b := verb.FindAllString(text, -1), verb.FindAllString(other, -1); !slices.Equal(a, b) {
			t.Errorf("%q takes %v in English and %v in French", key, a, b)
		}
		for _, s := range []string{text, other} {
			rest := verb.ReplaceAllString(s, "")
			doubled := strings.Count(rest, "%%")
			if verb.MatchString(s) && strings.Count(rest, "%") != 2*doubled || !verb.MatchString(s) && doubled > 0 {
				t.Errorf("%q: %q has a stray percent sign", key, s)
			}
		}
	}
	for key := range french {
		if _, ok := english[key]; !ok {
			t.Errorf("no English text for %q", key)
		}
	}
}

// Source returns the Go source in these folders that uses texts: without tests,
// and without the words_*.go that hold them.
func Source(t *testing.T, folders ...string) string {
	t.Helper()
	var source strings.Builder
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasPrefix(filepath.Base(path), "words_") || strings.HasSuffix(path, "_test.go") {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(text)
		}
	}
	if source.Len() == 0 {
		t.Fatalf("no Go source in %v", folders)
	}
	return source.String()
}
