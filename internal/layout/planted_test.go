package layout_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// TestPlanted gives each check a tree with one fault: it must find that one, and
// none in the tree beside it that is in order.
func TestPlanted(t *testing.T) {
	const long = "// line\n"
	tests := []struct {
		check, path, good, bad, want string
	}{
		{"folders", "datasets/orcfile/a.go", "package orcfile", "", ""},
		{"folders", "features/joins/a.go", "", "package joins", "features/joins: package without a room"},
		{"folders", "a.go", "", "package icpfit", ".: package without a room"},
		{"folders", "pkg/a.go", "", "package pkg", "pkg: not a folder of the house"},
		{"names", "model/trees/a.go", "package trees", "package helpers", "helpers says nothing"},
		{"names", "datasets/util/a.go", "", "package util", "util says nothing"},

		{"imports", "datasets/a.go", importing("context"), importing(module + "/features"), "datasets may import []"},
		{"imports", "datasets/csvfile/a.go", importing(module + "/datasets"), importing(module + "/datasets/jsonfile"), "no other's driver"},
		{"imports", "datasets/internal/textfile/a.go", importing(module + "/datasets"), importing(module + "/datasets/csvfile"), "it serves the backends"},
		{"imports", "features/a.go", importing(module + "/features/parse"), importing(module + "/model"), "before the model"},
		{"imports", "features/parse/a.go", importing(module + "/datasets"), importing(module + "/features"), "it knows no table"},
		{"imports", "model/a.go", importing(module + "/model/bin"), importing(module + "/model/train"), "does not know who learned it"},
		{"imports", "model/trees/a.go", importing(module + "/model"), importing(module + "/model/logistic"), "learners do not know each other"},
		{"imports", "model/metrics/a.go", importing("math"), importing(module + "/model"), "slices in, numbers out"},
		{"imports", "model/predict/a.go", importing(module + "/features"), importing(module + "/model/scorecard"), "no learner may be reached"},
		{"imports", "internal/artifact/a.go", importing("os"), importing(module + "/model"), "files, hashes and renames"},
		{"imports", "internal/report/a.go", importing(module + "/model/train"), importing(module + "/internal/pipeline"), "runs no step"},
		{"imports", "internal/report/a.go", "", importing(module + "/internal/web"), "runs no step"},
		{"imports", "internal/web/a.go", importing(module + "/internal/report"), importing(module + "/internal/pipeline"), "for the command line"},
		{"imports", "internal/pipeline/a.go", importing(module + "/internal/report"), importing(module + "/cmd/icpfit"), "knows no command"},
		{"imports", "cmd/icpfit/a.go", importing(module + "/internal/pipeline"), importing(module + "/datasets/parquetfile"), "opens no file of data"},
		{"imports", "model/bin/a_test.go", importing(module + "/datasets/sample"), importing(module + "/internal/pipeline"), "model/bin may import"},
		{"imports", "model/bin/a_test.go", importing(module + "/model/train"), importing(module), "model/bin may import"},

		{"drivers", "datasets/parquetfile/a.go", importing("github.com/parquet-go/parquet-go"), "", ""},
		{"drivers", "datasets/a.go", importing("github.com/parquet-golang/x"), importing("github.com/parquet-go/parquet-go/format"), "brings in no driver"},
		{"drivers", "internal/pipeline/a.go", importing("flag"), importing("github.com/urfave/cli/v2"), "knows no flag"},

		{"sizes", "model/a.go", "package model\n" + strings.Repeat(long, mostLines-1), "package model\n" + strings.Repeat(long, mostLines), "501 lines"},
		{"sizes", "model/a_test.go", "package model\n" + strings.Repeat(long, 2*mostLines), "", ""},

		{"row maps", "features/a.go", "package features\nvar m map[string]string", "package features\nvar m map[string]any", "rows are held by column"},
		{"row maps", "model/bin/a.go", "package bin\nvar m map[int]any", "package bin\nfunc f(m []map[string]interface{}) {}", "rows are held by column"},
		{"row maps", "internal/report/a.go", "package report\nvar m map[string]any", "", ""},

		{"template conversions", "internal/report/a.go", "package report\nimport \"text/template\"\nvar x template.FuncMap", "package report\nimport \"html/template\"\nvar x = template.HTML(name)", "escaping off"},
		{"template conversions", "internal/web/a.go", "package web\nimport \"html/template\"\nvar x template.Template", "package web\nimport h \"html/template\"\nvar x = h.JS(name)", "escaping off"},

		{"clocks", "model/a.go", "package model\nimport \"time\"\nvar x = time.UTC", "package model\nimport \"time\"\nvar x = time.Now()", "make it an argument"},
		{"clocks", "features/a.go", "package features\nimport \"os\"\nvar x = os.Open", "package features\nimport \"os\"\nvar x = os.Getenv", "make it an argument"},
		{"changes of the disk", "internal/pipeline/a.go", "package pipeline\nimport \"os\"\nvar x = os.Open", "package pipeline\nimport \"os\"\nvar x = os.Rename", "through internal/disk"},
		{"changes of the disk", "internal/disk/a.go", "package disk\nimport \"os\"\nvar x = os.Rename", "", ""},
		{"clocks", "internal/project/a.go", "package project\nimport \"os\"\nvar x = os.Getenv", "", ""},
	}
	covered := map[string]bool{}
	for _, test := range tests {
		t.Run(test.check+" "+test.path, func(t *testing.T) {
			if test.good != "" {
				if faults := planted(t, test.check, test.path, test.good); len(faults) > 0 {
					t.Errorf("in order, yet found: %q", faults)
				}
			}
			if test.bad == "" {
				return
			}
			covered[test.check] = true
			if faults := planted(t, test.check, test.path, test.bad); len(faults) != 1 || !strings.Contains(faults[0], test.want) {
				t.Errorf("found %q; want one fault with %q", faults, test.want)
			}
		})
	}
	for _, c := range checks {
		if !covered[c.name] {
			t.Errorf("check %q has no case in which it must fail", c.name)
		}
	}
}

// TestRooms fails where the table contradicts itself: a room twice, a room
// without a reason, two rooms that may import each other.
func TestRooms(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rooms {
		if seen[r.path] || r.why == "" {
			t.Errorf("room %s: twice, or without a reason", r.path)
		}
		seen[r.path] = true
	}
	for _, a := range rooms {
		for _, b := range rooms {
			if a.path != b.path && mayImport(a, b.path) && mayImport(b, a.path) && !strings.Contains(a.path+b.path, "...") {
				t.Errorf("%s and %s may import each other; imports point one way", a.path, b.path)
			}
		}
	}
}

func mayImport(r room, to string) bool {
	for _, p := range r.may {
		if matches(p, to) {
			return true
		}
	}
	return false
}

func importing(to string) string { return fmt.Sprintf("package a\n\nimport %q\n", to) }

// planted returns what a check finds in a tree of one file.
func planted(t *testing.T, name, path, text string) []string {
	t.Helper()
	m := read(t, fstest.MapFS{path: {Data: []byte(text)}})
	for _, c := range checks {
		if c.name == name {
			return c.find(m)
		}
	}
	t.Fatalf("no check named %q", name)
	return nil
}
