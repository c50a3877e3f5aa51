package main

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output in the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"icpfit": func() {
		code := process()
		tellPeak()
		os.Exit(code)
	}})
}

// TestScript runs the scripts. Beside testscript's own commands they have:
//
//	exits CODE PROGRAM [ARG...]          run it; its exit code must be CODE
//	json FILE [PATH=VALUE | PATH~PART | !PATH]...
//	                                     FILE holds one JSON object and nothing else; PATH as in a.b.0
//	printable FILE...                    nothing in it can move a terminal
//	base FOLDER CUSTOMERS POOL [KIND]    write accounts.csv, customers.csv and icpfit.yaml
//	trained FOLDER                       a copy of a project with features, two models, grades and report
//	published FOLDER                     every dated folder and version is complete, and nothing unfinished is left
//	edit FILE OLD NEW                    replace a text that is there once
//	cut FILE BYTES                       keep the first bytes, or drop the last with a minus
//	craft PROJECT OLD NEW                the champion with a text replaced, and the checksum that belongs to it
//	within MEGABYTES OUT PROGRAM [ARG...]
//	                                     run it: it must end well, with no more memory; OUT gets what it prints
//	dates FILE COLUMN DATE               set a column to a date
//	tell FILE COLUMN                     make a column say who is a customer
//	fill FILE COLUMN PERCENT TEXT        write a text into a share of a column's cells
//	thin FILE PERCENT                    drop a share of the rows
func TestScript(t *testing.T) {
	shared := trainedProject(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, "LOGNAME=tester", "USER=tester")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     exits,
			"json":      checkJSON,
			"printable": checkPrintable,
			"base":      writeBase,
			"published": checkPublished,
			"edit":      editFile,
			"cut":       cutFile,
			"craft":     craftModel,
			"within":    within,
			"dates":     writeDates,
			"tell":      tellLabel,
			"fill":      fillColumn,
			"thin":      thinRows,
			"trained": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(shared)))
			},
		},
	})
}

// trainedProject makes the project that scripts copy: a demo base, graded on
// one night.
func trainedProject(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "project")
	icpfit(t, "demo", "--accounts", "2000", "--as-of", "2026-01-31", folder)
	return folder
}

// icpfit runs the command and returns its output.
func icpfit(t *testing.T, args ...string) string {
	t.Helper()
	return icpfitIn(t, t.Context(), "", nil, args...)
}

func icpfitIn(t *testing.T, ctx context.Context, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(ctx, "icpfit", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("icpfit %q: %v\n%s", args, err, out)
	}
	return string(out)
}
