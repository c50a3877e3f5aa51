package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/datasets/sample"
)

// each calls f with every command and the words that name it.
func each(commands []*cli.Command, words []string, f func([]string, *cli.Command)) {
	for _, c := range commands {
		path := append(words[:len(words):len(words)], c.Name)
		f(path, c)
		each(c.Subcommands, path, f)
	}
}

// TestHelp checks that every command has help with an example of its own, and
// flags that say what they take.
func TestHelp(t *testing.T) {
	var all []string
	each(newApp(nil, nil).Commands, nil, func(path []string, c *cli.Command) {
		name := strings.Join(path, " ")
		all = append(all, name)
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), append(append([]string{"icpfit"}, path...), "--help"), &stdout, &stderr); code != exitOK || stderr.Len() > 0 {
			t.Errorf("%s --help: exit %d, stderr %q", name, code, stderr.String())
		}
		help := stdout.String()
		if !strings.Contains(help, "icpfit "+name) || !strings.Contains(help, c.Usage) {
			t.Errorf("%s --help does not name the command and its use:\n%s", name, help)
		}
		if lines := examples(c.Description); len(lines) == 0 || !strings.Contains(lines[0], "icpfit "+path[0]) {
			t.Errorf("%s --help has no example of it: %q", name, lines)
		}
		if strings.Contains(help, " value ") {
			t.Errorf("%s --help has a flag that does not say what it takes:\n%s", name, help)
		}
		for _, flag := range []string{"--dir FOLDER", "--json", "--quiet"} {
			if !strings.Contains(help, flag) {
				t.Errorf("%s --help lacks %s", name, flag)
			}
		}
	})
	if len(all) < 18 {
		t.Errorf("%d commands: %v", len(all), all)
	}
}

// examples returns the commands below "Example:" in a description.
func examples(description string) []string {
	_, block, _ := strings.Cut(description, "Example:\n")
	var lines []string
	for line := range strings.Lines(block) {
		if line, ok := strings.CutPrefix(line, "   "); ok {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// readme returns the commands in the README's blocks.
func readme(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for i, block := range strings.Split(string(text), "```") {
		if i%2 == 0 {
			continue
		}
		for line := range strings.Lines(block) {
			line = strings.TrimPrefix(strings.TrimSpace(line), "$ ")
			line = strings.Replace(line, "go run ./cmd/icpfit ", "icpfit ", 1)
			if command, _, _ := strings.Cut(line, "  #"); strings.HasPrefix(line, "icpfit ") {
				lines = append(lines, strings.TrimSpace(command))
			}
		}
	}
	if len(lines) < 5 {
		t.Fatalf("README.md has only %d commands: %q", len(lines), lines)
	}
	return lines
}

// TestManual runs every example of the README and of the commands' help, in
// their order, in the folder of somebody who has the files they name. A version
// in an example stands for one that is there, and a folder below /tmp for one
// of the test's.
func TestManual(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash to run the examples with")
	}
	t.Parallel()
	t.Run("readme", func(t *testing.T) { manual(t, readme(t)) })
	t.Run("help", func(t *testing.T) {
		var lines []string
		each(newApp(nil, nil).Commands, nil, func(_ []string, c *cli.Command) { lines = append(lines, examples(c.Description)...) })
		manual(t, lines)
	})
}

var versionForm = regexp.MustCompile(`20\d\d-\d\d-\d\d-[0-9a-f]{8}`)

func manual(t *testing.T, lines []string) {
	t.Helper()
	dir := t.TempDir()
	ownFiles(t, dir)
	for n, line := range lines {
		ran := strings.ReplaceAll(line, "/tmp/", fmt.Sprintf("%s/run%d-", dir, n))
		ran = strings.Replace(ran, " demo ", " demo --accounts 2000 ", 1)
		champion, _ := os.ReadFile(filepath.Join(dir, "models", "champion"))
		versions, _ := filepath.Glob(filepath.Join(dir, "models", "20*"))
		for _, v := range versions { // another than the champion, where there is one
			if v = filepath.Base(v); len(versions) == 1 || v != strings.TrimSpace(string(champion)) {
				ran = versionForm.ReplaceAllString(ran, v)
				break
			}
		}
		if strings.Contains(ran, "icpfit backtest") || strings.Contains(ran, "icpfit feedback") {
			ownTables(t, dir)
		}
		cmd := exec.Command("bash", "-e", "-o", "pipefail", "-c", ran)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s\n(run as %s): %v\n%s", line, ran, err, out)
		}
	}
}

// ownModel is a LightGBM model over a feature of the examples' base.
const ownModel = `tree
version=v4
num_class=1
num_tree_per_iteration=1
max_feature_idx=0
objective=binary sigmoid:1
feature_names=employees

Tree=0
num_leaves=2
split_feature=0
threshold=200.5
decision_type=8
left_child=-1
right_child=-2
leaf_value=-1 -3

end of trees
`

// ownTables writes the opportunities and the feedback of the examples, and names
// them in icpfit.yaml.
func ownTables(t *testing.T, dir string) {
	t.Helper()
	settings := filepath.Join(dir, "icpfit.yaml")
	text, err := os.ReadFile(settings)
	if err == nil && !strings.Contains(string(text), "\ntables:") {
		text = append(text, "\ntables: {opportunities: {path: opportunities.csv}, feedback: {path: feedback.csv}}\n"...)
		err = errors.Join(os.WriteFile(settings, text, 0o666),
			os.WriteFile(filepath.Join(dir, "feedback.csv"), []byte("domain,verdict\nacme.com,rejected\n"), 0o666),
			os.WriteFile(filepath.Join(dir, "opportunities.csv"), []byte("Website,Stage,Close Date\nacme.com,Closed Won,2026-03-01\n"), 0o666))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// ownFiles writes the accounts.csv and customers.csv of the examples, with an
// account acme.com, and their lightgbm.txt.
func ownFiles(t *testing.T, dir string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "lightgbm.txt"), []byte(ownModel), 0o666); err != nil {
		t.Fatal(err)
	}
	made := t.TempDir()
	o := sample.DefaultOptions()
	o.Accounts, o.Customers = 2_000, 250
	base, err := sample.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := base.Write(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"accounts.csv", "customers.csv"} {
		data, err := os.ReadFile(filepath.Join(made, name))
		if err != nil {
			t.Fatal(err)
		}
		if name == "accounts.csv" {
			lines := strings.SplitAfterN(string(data), "\n", 3)
			header := strings.Split(strings.TrimSpace(lines[0]), ",")
			cells := make([]string, len(header))
			for i, column := range header {
				if strings.EqualFold(column, "website") || strings.EqualFold(column, "domain") {
					cells[i] = "https://www.acme.com/"
				}
				if strings.EqualFold(column, "industry") {
					cells[i] = "Software"
				}
			}
			data = []byte(lines[0] + strings.Join(cells, ",") + "\n" + lines[1] + lines[2])
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
