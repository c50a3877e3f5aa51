package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/internal/project"
	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model/registry"
	"github.com/icpfit/icpfit/model/train"
)

// TestClassify checks every exit code of the contract, each through a wrapped error.
func TestClassify(t *testing.T) {
	cancelled := func(s os.Signal) context.Context {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(&signalError{s})
		return ctx
	}
	for _, tt := range []struct {
		err  error
		ctx  context.Context
		exit int
		code string
	}{
		{err: errors.New("x"), exit: 1, code: "unexpected"},
		{err: usagef("x"), exit: 2, code: "usage"},
		{err: &pipeline.UsageError{Code: pipeline.Damaged}, exit: 2, code: "damaged"},
		{err: &project.ConfigError{}, exit: 2, code: "config"},
		{err: datasets.Shapef("x"), exit: 2, code: "malformed_input"},
		{err: &features.ColumnError{}, exit: 2, code: "malformed_input"},
		{err: registry.ErrNoChampion, exit: 2, code: "no_model"},
		{err: &fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}, exit: 2, code: "not_found"},
		{err: &fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, exit: 2, code: "file_access"},
		{err: &fs.PathError{Op: "mkdir", Path: "x", Err: syscall.EROFS}, exit: 2, code: "file_access"},
		{err: &fs.PathError{Op: "mkdir", Path: "x", Err: syscall.ENOTDIR}, exit: 2, code: "file_access"},
		{err: &features.GateError{Code: features.TooFewCustomers}, exit: 3, code: "too_few_customers"},
		{err: &pipeline.RefusalError{Code: pipeline.ColumnGone}, exit: 3, code: "column_gone"},
		{err: heldBy(report.BaseShrunk), exit: 3, code: "base_shrunk"},
		{err: heldBy(report.NewValues, report.StaleInput, report.StaleModel), exit: 6, code: "new_values"},
		{err: heldBy(report.CoverageFallen, report.NewValues), exit: 3, code: "coverage_fallen"},
		{err: heldBy(report.ColumnGone), exit: 3, code: "column_gone"},
		{err: train.ErrNothingLearned, exit: 3, code: "nothing_learned"},
		{err: train.ErrNoSignal, exit: 3, code: "no_signal"},
		{err: errPrinted, exit: 3, code: "refused"},
		{err: &artifact.HeldError{Dir: "x"}, exit: 5, code: "locked"},
		{err: &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, exit: 75, code: "transient"},
		{err: &fs.PathError{Op: "open", Path: "x", Err: syscall.EMFILE}, exit: 75, code: "transient"},
		{err: datasets.ErrUnavailable, exit: 75, code: "unavailable"},
		{err: context.Canceled, ctx: cancelled(os.Interrupt), exit: 130, code: "interrupted"},
		{err: context.Canceled, ctx: cancelled(syscall.SIGTERM), exit: 143, code: "terminated"},
		{err: context.Canceled, exit: 130, code: "interrupted"},
	} {
		ctx := tt.ctx
		if ctx == nil {
			ctx = t.Context()
		}
		if exit, code := classify(ctx, fmt.Errorf("step: %w", tt.err)); exit != tt.exit || code != tt.code {
			t.Errorf("classify(%T %v) = %d %s, want %d %s", tt.err, tt.err, exit, code, tt.exit, tt.code)
		}
	}
}

// heldBy returns an error of grades that are held back by gates of these codes.
func heldBy(codes ...string) error {
	out := &pipeline.HeldBackError{AsOf: "2026-02-02"}
	for _, code := range codes {
		out.Held = append(out.Held, report.Gate{Code: code})
	}
	return out
}

// TestPrintJSON checks that what is printed reads back as what it was, with
// nothing raw in it that moves a terminal.
func TestPrintJSON(t *testing.T) {
	for _, text := range append([]string{"", "plain", "Société Générale", "日本", "👍", "tab\tline\n"}, attacks...) {
		var out bytes.Buffer
		if err := printJSON(&out, map[string]string{"text": text}); err != nil {
			t.Fatal(err)
		}
		var back map[string]string
		if err := json.Unmarshal(out.Bytes(), &back); err != nil || back["text"] != text {
			t.Errorf("%q reads back as %q, %v", text, back["text"], err)
		}
		if printed := out.String(); clean(printed) != printed {
			t.Errorf("%q is printed raw: %q", text, printed)
		}
	}
	if err := printJSON(brokenPipe{}, 1); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("a write that fails is not reported: %v", err)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }
