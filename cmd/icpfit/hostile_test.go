package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

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
	peak := ts.MkAbs(args[1] + ".peak")
	cmd.Env = append(os.Environ(), peakEnv+"="+peak)
	out, err := cmd.CombinedOutput()
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out, 0o666))
	if err != nil {
		ts.Fatalf("%v: %v\n%s", args[2:], err, out)
	}
	text, err := os.ReadFile(peak)
	ts.Check(err)
	if len(text) == 0 {
		ts.Logf("what memory it took is not known on this system")
		return
	}
	kilobytes, err := strconv.Atoi(string(text))
	ts.Check(err)
	if kilobytes>>10 > most {
		ts.Fatalf("%v took %d MB; want at most %d", args[2:], kilobytes>>10, most)
	}
}

// peakEnv names the file into which the process writes what memory it took.
const peakEnv = "ICPFIT_PEAK"

// tellPeak writes how many kB of memory the process has taken at most, or nothing
// where /proc does not know. What the system tells the parent of an ended process
// will not do: it counts the parent's own memory, which both share for a moment.
func tellPeak() {
	path := os.Getenv(peakEnv)
	if path == "" {
		return
	}
	status, _ := os.ReadFile("/proc/self/status") // there is none: not known
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	line, _, _ = strings.Cut(line, "kB")
	if err := os.WriteFile(path, []byte(strings.TrimSpace(line)), 0o666); err != nil {
		panic(err)
	}
}
