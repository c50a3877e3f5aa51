package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"syscall"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
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
	exitTransient  = 75  // try again: disk full, too many open files
	exitInterrupt  = 130 // SIGINT
	exitTerminated = 143 // SIGTERM
)

// errPrinted ends a command whose result, already printed, is a refusal.
var errPrinted = errors.New("refused")

func usagef(format string, args ...any) error {
	return &pipeline.UsageError{Msg: fmt.Sprintf(format, args...)}
}

// exitCode maps an error to an exit code.
func exitCode(ctx context.Context, err error) int {
	var usage *pipeline.UsageError
	var config *project.ConfigError
	var gate *features.GateError
	switch {
	case errors.Is(err, context.Canceled):
		var by *signalError
		if errors.As(context.Cause(ctx), &by) && by.signal == syscall.SIGTERM {
			return exitTerminated
		}
		return exitInterrupt
	case errors.As(err, &gate), errors.Is(err, train.ErrNothingLearned), errors.Is(err, train.ErrNoSignal), errors.Is(err, errPrinted):
		return exitRefused
	case errors.As(err, &usage), errors.As(err, &config), errors.Is(err, datasets.ErrShape), errors.Is(err, registry.ErrNoChampion),
		errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrExist), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		return exitUsage
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.EAGAIN):
		return exitTransient
	}
	return exitUnexpected
}

// printRefusal prints the one JSON object of a command that failed, unless the
// command printed its own.
func printRefusal(w io.Writer, err error, code int) {
	if errors.Is(err, errPrinted) {
		return
	}
	out := struct {
		Error string                `json:"error"`
		Exit  int                   `json:"exit"`
		Code  string                `json:"code,omitempty"`
		Steps []features.FunnelStep `json:"funnel,omitempty"`
	}{Error: err.Error(), Exit: code}
	var gate *features.GateError
	if errors.As(err, &gate) {
		out.Code, out.Steps = gate.Code, gate.Steps
	}
	printJSON(w, out)
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
