package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/icpfit/icpfit/internal/artifact"
)

// exits runs a program and checks its exit code; stdout and stderr are kept for
// the commands of those names.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// checkJSON checks that a file is one JSON object, and what is in it.
func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: json FILE [PATH=VALUE | PATH~PART | !PATH]...")
	}
	d := json.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	d.UseNumber()
	var whole map[string]any
	if err := d.Decode(&whole); err != nil {
		ts.Fatalf("%s is no JSON object: %v", args[0], err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		ts.Fatalf("%s holds more than one object", args[0])
	}
	for _, want := range args[1:] {
		path := want[:strings.IndexAny(want+"=", "=~")]
		if absent, ok := strings.CutPrefix(path, "!"); ok {
			if got := at(whole, absent); got != "" {
				ts.Fatalf("%s is %s, want none", absent, got)
			}
			continue
		}
		got, value := at(whole, path), want[min(len(want), len(path)+1):]
		if strings.HasPrefix(want[len(path):], "~") {
			if !strings.Contains(got, value) {
				ts.Fatalf("%s is %q, want it to contain %q", path, got, value)
			}
		} else if got != value {
			ts.Fatalf("%s is %q, want %q", path, got, value)
		}
	}
}

// at returns the value at a path such as features.0.name, "" if there is none.
func at(v any, path string) string {
	for key := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[key]
		case []any:
			i, err := strconv.Atoi(key)
			if key == "#" {
				v = json.Number(strconv.Itoa(len(x)))
			} else if err != nil || i >= len(x) {
				return ""
			} else {
				v = x[i]
			}
		default:
			return ""
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// checkPrintable checks that a text can move no terminal: no escape, no
// control character but the line end, no invisible or bidirectional mark.
func checkPrintable(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		text := ts.ReadFile(name)
		bad := strings.IndexFunc(text, func(r rune) bool {
			return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
		})
		if !utf8.ValidString(text) {
			bad = 0
		}
		if (bad >= 0) != neg {
			ts.Fatalf("%s: printable is %t; first at byte %d: %q", name, bad < 0, bad, text[max(0, bad):min(len(text), bad+40)])
		}
	}
}

// checkPublished checks that what readers see is whole: each dated folder and
// version has a manifest whose files are there with their sizes and hashes, and
// nothing unfinished is left.
func checkPublished(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(published(ts.MkAbs(args[0])))
}

func published(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if artifact.Unfinished(d.Name()) {
			return fmt.Errorf("unfinished work is left: %s", path)
		}
		inModels := filepath.Base(filepath.Dir(path)) == "models"
		if !d.IsDir() || !strings.HasPrefix(d.Name(), "as_of=") && !inModels {
			return nil
		}
		m, err := artifact.ReadManifest(path)
		if err != nil {
			return err
		}
		for _, f := range m.Files {
			data, err := os.ReadFile(filepath.Join(path, f.Name))
			if err != nil {
				return err
			}
			if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f.SHA256 || int64(len(data)) != f.Size {
				return fmt.Errorf("%s: %s is not what the manifest says", path, f.Name)
			}
		}
		return nil
	})
}

func editFile(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: edit FILE OLD NEW")
	}
	unescape := strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\0`, "\x00")
	text, from := ts.ReadFile(args[0]), unescape.Replace(args[1])
	if n := strings.Count(text, from); n != 1 {
		ts.Fatalf("%s holds %q %d times, want once", args[0], from, n)
	}
	text = strings.Replace(text, from, unescape.Replace(args[2]), 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}

func cutFile(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: cut FILE BYTES")
	}
	path := ts.MkAbs(args[0])
	data, err := os.ReadFile(path)
	ts.Check(err)
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	if n < 0 {
		n += len(data)
	}
	if n < 0 || n >= len(data) {
		ts.Fatalf("%s has %d bytes; nothing to cut at %d", args[0], len(data), n)
	}
	ts.Check(os.WriteFile(path, bytes.Clone(data[:n]), 0o666))
}

// writeDates sets the cells of a column, which it adds where there is none, to a
// date: `dates FILE COLUMN DATE`.
func writeDates(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: dates FILE COLUMN DATE")
	}
	setColumn(ts, args[0], args[1], func([]string) string { return args[2] })
}

// tellLabel makes a column say who is a customer: `tell FILE COLUMN`.
func tellLabel(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: tell FILE COLUMN")
	}
	setColumn(ts, args[0], args[1], func(row []string) string { return "Letter " + row[0][:1] })
}

// fillColumn writes a text into a share of the cells of a column: `fill FILE
// COLUMN PERCENT TEXT`.
func fillColumn(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 4 {
		ts.Fatalf("usage: fill FILE COLUMN PERCENT TEXT")
	}
	percent, err := strconv.Atoi(args[2])
	ts.Check(err)
	row := -1
	at := slices.Index(strings.Split(strings.SplitN(ts.ReadFile(args[0]), "\n", 2)[0], ","), args[1])
	setColumn(ts, args[0], args[1], func(cells []string) string {
		if row++; row%100 < percent {
			return args[3]
		}
		return cells[at]
	})
}

// thinRows drops a share of the rows: `thin FILE PERCENT`.
func thinRows(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: thin FILE PERCENT")
	}
	percent, err := strconv.Atoi(args[1])
	ts.Check(err)
	lines := strings.SplitAfter(ts.ReadFile(args[0]), "\n")
	kept := lines[:1:1]
	for i, line := range lines[1:] {
		if i%100 >= percent {
			kept = append(kept, line)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Join(kept, "")), 0o666))
}

func setColumn(ts *testscript.TestScript, file, column string, value func(row []string) string) {
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(file))).ReadAll()
	ts.Check(err)
	at := slices.Index(rows[0], column)
	if at < 0 {
		at = len(rows[0])
		rows[0] = append(rows[0], column)
	}
	for i, row := range rows[1:] {
		row = append(row, "")[:len(rows[0])]
		row[at] = value(row)
		rows[i+1] = row
	}
	var text bytes.Buffer
	ts.Check(csv.NewWriter(&text).WriteAll(rows))
	ts.Check(os.WriteFile(ts.MkAbs(file), text.Bytes(), 0o666))
}
