package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/model/metrics"
)

// clean makes texts that may come from a CRM safe for a terminal.
func clean(s string) string { return datasets.Printable(s, true) }

// isSet reports whether a global flag was given before or after the command.
func isSet(c *cli.Context, name string) bool {
	for _, l := range c.Lineage() {
		if l.Bool(name) {
			return true
		}
	}
	return false
}

func dir(c *cli.Context) string {
	for _, l := range c.Lineage() {
		if l.IsSet("dir") {
			return l.String("dir")
		}
	}
	return "."
}

// open loads the project of a command, with a progress bar where somebody watches.
func open(c *cli.Context) (*pipeline.Run, error) {
	r, err := pipeline.Open(dir(c), time.Now())
	if err != nil {
		return nil, err
	}
	r.Progress, r.Watch.Log = progress(c), logOf(c.App)
	r.Watch.Warn = func(err error) {
		stopProgress(c.App)
		fmt.Fprintf(c.App.ErrWriter, "icpfit: warning: %s\n", clean(err.Error()))
	}
	return r, nil
}

// say prints a result for people: nothing with --quiet or --json. Texts among
// args may come from a CRM; they cannot start a line of their own.
func say(c *cli.Context, format string, args ...any) {
	for i, arg := range args {
		if s, ok := arg.(string); ok {
			args[i] = datasets.Printable(s, false)
		}
	}
	sayText(c, fmt.Sprintf(format, args...))
}

// sayText prints lines as they are, but for what moves a terminal.
func sayText(c *cli.Context, text string) {
	stopProgress(c.App)
	if !isSet(c, "quiet") && !isSet(c, "json") {
		fmt.Fprint(c.App.Writer, clean(text))
	}
}

// table prints columns for people.
func table(c *cli.Context, rows [][]string) {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			row[i] = datasets.Printable(cell, false)
		}
		fmt.Fprintln(w, "  "+strings.Join(row, "\t"))
	}
	w.Flush()
	for line := range strings.Lines(b.String()) {
		sayText(c, strings.TrimRight(line, " \n")+"\n")
	}
}

// result prints v as the one JSON object, where asked.
func result(c *cli.Context, v any) error {
	if isSet(c, "json") {
		return printJSON(c.App.Writer, v)
	}
	return nil
}

// script prints a text that is the whole result of a command.
func script(c *cli.Context, text string) error {
	if !isSet(c, "quiet") && !isSet(c, "json") {
		_, err := fmt.Fprint(c.App.Writer, text)
		return err
	}
	return result(c, map[string]string{"text": text})
}

// barKey is where the app keeps the progress bar that is on the screen.
const barKey = "bar"

// progress returns a progress bar on stderr, or nil where stderr is no terminal
// or nobody wants one. It has no colours, so NO_COLOR has nothing to switch off.
func progress(c *cli.Context) func(string, int64, int64) {
	if isSet(c, "quiet") || isSet(c, "json") || logOf(c.App) != nil || !isTerminal(c.App.ErrWriter) {
		return nil
	}
	var bar *progressbar.ProgressBar
	var step string
	return func(what string, done, of int64) {
		if what != step {
			stopProgress(c.App)
			step = what
			if of == 0 {
				of = -1
			}
			bar = progressbar.NewOptions64(of, progressbar.OptionSetWriter(c.App.ErrWriter), progressbar.OptionSetDescription(what),
				progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString(unit(what)), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond),
				progressbar.OptionSetSpinnerChangeInterval(0)) // no goroutine that draws on after the work is done
			c.App.Metadata[barKey] = bar
		}
		bar.Set64(done) // a bar that cannot be drawn is no reason to stop
	}
}

// unit names what a step's progress counts.
func unit(what string) string {
	if what == "train" {
		return "fits"
	}
	return "rows"
}

// stopProgress clears the progress bar, so that what is printed next starts on
// a line of its own.
func stopProgress(app *cli.App) {
	if bar, ok := app.Metadata[barKey].(*progressbar.ProgressBar); ok {
		bar.Clear()
		bar.Exit()
		delete(app.Metadata, barKey)
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func interval(i metrics.Interval, percent bool) string {
	if percent {
		return fmt.Sprintf("%.1f %%  (95 %%: %.1f to %.1f)", 100*i.Value, 100*i.Low, 100*i.High)
	}
	return fmt.Sprintf("%.3f  (95 %%: %.3f to %.3f)", i.Value, i.Low, i.High)
}
