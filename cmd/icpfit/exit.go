package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"syscall"
	"unicode/utf16"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/internal/project"
	"github.com/icpfit/icpfit/model/registry"
	"github.com/icpfit/icpfit/model/train"
)

// Exit codes.
const (
	exitOK         = 0
	exitUnexpected = 1
	exitUsage      = 2   // command, configuration, shape of a file
	exitRefused    = 3   // a data or model gate
	exitLocked     = 5   // another command writes to the project
	exitAged       = 6   // grades are held back: the input or the model is stale, or values are new to the model
	exitTransient  = 75  // try again: disk full, too many open files, a server that is away
	exitInterrupt  = 130 // SIGINT
	exitTerminated = 143 // SIGTERM
)

// errPrinted ends a command whose result, already printed, is a refusal.
var errPrinted = errors.New("refused")

func usagef(format string, args ...any) error {
	return &pipeline.UsageError{Code: pipeline.BadUsage, Msg: fmt.Sprintf(format, args...)}
}

// classify returns the exit code of an error, and a word for the kind of error
// that does not change with its text.
func classify(ctx context.Context, err error) (exit int, code string) {
	var usage *pipeline.UsageError
	var config *project.ConfigError
	var gate *features.GateError
	var refusal *pipeline.RefusalError
	var held *artifact.HeldError
	var back *pipeline.HeldBackError
	var by *signalError
	is := func(targets ...error) bool {
		for _, target := range targets {
			if errors.Is(err, target) {
				return true
			}
		}
		return false
	}
	switch {
	case is(context.Canceled) && errors.As(context.Cause(ctx), &by) && by.signal == syscall.SIGTERM:
		return exitTerminated, "terminated"
	case is(context.Canceled):
		return exitInterrupt, "interrupted"
	case errors.As(err, &back) && back.Aged():
		return exitAged, back.Code()
	case errors.As(err, &back):
		return exitRefused, back.Code()
	case errors.As(err, &gate):
		return exitRefused, gate.Code
	case errors.As(err, &refusal):
		return exitRefused, refusal.Code
	case is(train.ErrNothingLearned):
		return exitRefused, train.NothingLearned
	case is(train.ErrLeak):
		return exitRefused, features.LeakSuspected
	case is(datasets.ErrUnavailable):
		return exitTransient, "unavailable"
	case is(train.ErrNoSignal):
		return exitRefused, "no_signal"
	case is(errPrinted):
		return exitRefused, "refused"
	case errors.As(err, &held):
		return exitLocked, "locked"
	case errors.As(err, &usage):
		return exitUsage, usage.Code
	case errors.As(err, &config):
		return exitUsage, "config"
	case is(registry.ErrNoChampion):
		return exitUsage, "no_model"
	case is(datasets.ErrShape):
		return exitUsage, "malformed_input"
	case is(fs.ErrNotExist):
		return exitUsage, pipeline.NotFound
	case is(syscall.ENOSPC, syscall.EDQUOT, syscall.EMFILE, syscall.ENFILE, syscall.EAGAIN):
		return exitTransient, "transient"
	case is(fs.ErrPermission, fs.ErrExist, syscall.EROFS, syscall.ENOTDIR, syscall.EISDIR, syscall.ELOOP, syscall.ENAMETOOLONG):
		return exitUsage, "file_access"
	}
	return exitUnexpected, "unexpected"
}

// refuse ends a command that found something and yet must refuse: it prints
// what it found with the refusal beside it.
func refuse(c *cli.Context, found any, err error) error {
	stopProgress(c.App)
	exit, code := classify(c.Context, err)
	complain(c.App, err, exit, code)
	if !isSet(c, "json") {
		return errPrinted
	}
	text, failed := json.Marshal(found)
	refusal, failed2 := json.Marshal(refused{Error: err.Error(), Exit: exit, Code: code})
	if failed = errors.Join(failed, failed2); failed != nil {
		return fmt.Errorf("print: %w", failed)
	}
	// Two objects become one.
	whole := append(append(refusal[:len(refusal)-1:len(refusal)-1], ','), text[1:]...)
	return errors.Join(errPrinted, printJSON(c.App.Writer, json.RawMessage(whole)))
}

// A refused result is what --json prints of a command that ends badly: error,
// exit and code beside whatever the command found.
type refused struct {
	Error string                `json:"error"`
	Exit  int                   `json:"exit"`
	Code  string                `json:"code"`
	Steps []features.FunnelStep `json:"funnel,omitempty"`

	*pipeline.HeldBackError // nil: no grades are held back
}

func newRefused(err error, exit int, code string) refused {
	out := refused{Error: err.Error(), Exit: exit, Code: code}
	var gate *features.GateError
	if errors.As(err, &gate) {
		out.Steps = gate.Steps
	}
	errors.As(err, &out.HeldBackError)
	return out
}

// printRefusal prints the one JSON object of a command that failed, unless the
// command printed its own.
func printRefusal(w io.Writer, err error, exit int, code string) error {
	if errors.Is(err, errPrinted) {
		return nil
	}
	return printJSON(w, newRefused(err, exit, code))
}

// printJSON prints v with everything escaped that could move a terminal:
// encoding/json leaves DEL, C1 controls and bidirectional marks as they are.
func printJSON(w io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	var out []byte
	for _, r := range string(text) {
		switch {
		case r == '\n' || datasets.Printable(string(r), false) != "":
			out = append(out, string(r)...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	if _, err := w.Write(append(out, '\n')); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
