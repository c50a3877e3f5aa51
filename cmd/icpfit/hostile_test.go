package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/icpfit/icpfit/model"
)

// craftModel makes a champion that somebody has edited by hand, and sealed again
// with the checksum of its content.
func craftModel(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: craft PROJECT OLD NEW")
	}
	models := ts.MkAbs(filepath.Join(args[0], "models"))
	champion, err := os.ReadFile(filepath.Join(models, "champion"))
	ts.Check(err)
	text, err := os.ReadFile(filepath.Join(models, strings.TrimSpace(string(champion)), "model.json"))
	ts.Check(err)
	var m model.Model
	ts.Check(json.Unmarshal(text, &m))
	text, err = json.Marshal(&m)
	ts.Check(err)
	if !strings.Contains(string(text), args[1]) {
		ts.Fatalf("model.json does not hold %q", args[1])
	}
	m = model.Model{}
	ts.Check(json.Unmarshal([]byte(strings.Replace(string(text), args[1], args[2], 1)), &m))
	ts.Check(m.Seal())
	text, err = m.Encode()
	ts.Check(err)
	folder := filepath.Join(models, m.Version)
	ts.Check(os.MkdirAll(folder, 0o777))
	ts.Check(os.WriteFile(filepath.Join(folder, "model.json"), text, 0o666))
	ts.Check(os.WriteFile(filepath.Join(models, "champion"), []byte(m.Version+"\n"), 0o666))
}

// within runs a program that must take no more memory than so many megabytes.
func within(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: within MEGABYTES OUT PROGRAM [ARG...]")
	}
	most, err := strconv.Atoi(args[0])
	ts.Check(err)
	path, err := exec.LookPath(args[2])
	ts.Check(err)
	cmd := exec.Command(path, args[3:]...)
	cmd.Dir = ts.MkAbs(".")
	out, err := cmd.CombinedOutput()
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out, 0o666))
	if err != nil {
		ts.Fatalf("%v: %v\n%s", args[2:], err, out)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if ok && usage.Maxrss>>10 > int64(most) { // kilobytes on Linux
		ts.Fatalf("%v took %d MB; want at most %d", args[2:], usage.Maxrss>>10, most)
	}
}
