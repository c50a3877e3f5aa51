// Package observe tells others what a step does, while nobody watches: a
// structured log, a file of metrics for Prometheus, a file of OpenLineage events.
//
// It never ends a step: what cannot be written is a warning. It holds no secret:
// an input that comes from a database has the name of its key in icpfit.yaml.
package observe

import (
	"log/slog"
	"time"

	"github.com/google/uuid"
)

// A Dataset is what a step read or wrote.
type Dataset struct {
	Namespace string // file, or postgres
	Name      string // absolute path, or the key of the query
	Version   string // a hash of its content; "" if not known
	Rows      int64  // -1 if not known
}

// A Step is one run of a step. What is not known at its begin is added before
// its end.
type Step struct {
	ICP   string
	Name  string // features, train, predict or report
	AsOf  string // 2006-01-02; "" if not known
	Start time.Time

	End      time.Time
	Err      error
	Rows     int64
	Inputs   []Dataset
	Outputs  []Dataset
	Grades   map[string]int64 // of predict: accounts by grade
	Unscored map[string]int64 // of predict: accounts by reason
	Held     map[string]int64 // of predict: 1 by gate that holds the grades back, empty where none does; nil: not known
	Ages     map[string]time.Duration

	id uuid.UUID
}

// The keys of Step.Ages.
const (
	Input = "input" // the file of accounts, since it was changed; 0 for a query
	Model = "model" // the model in use, since the date of what it learned
)

// Seconds returns how long the step took.
func (s *Step) Seconds() float64 { return s.End.Sub(s.Start).Seconds() }

// A Watcher passes steps on. The zero Watcher passes nothing on.
type Watcher struct {
	Log      *slog.Logger // nil: none
	Textfile string       // path of the metrics, "" for none
	Lineage  string       // path of the events, "" for none
	Warn     func(error)  // told what could not be written; nil: nobody
}

// Begin says that a step starts.
func (w *Watcher) Begin(s *Step) {
	s.id = uuid.Must(uuid.NewV7())
	if w.Log != nil {
		w.Log.Info("step started", "icp", s.ICP, "step", s.Name, "as_of", s.AsOf)
	}
	w.lineage(s, start)
}

// End says how a step ended.
func (w *Watcher) End(s *Step) {
	switch {
	case w.Log == nil:
	case s.Err != nil:
		w.Log.Error("step failed", "icp", s.ICP, "step", s.Name, "as_of", s.AsOf, "seconds", s.Seconds(), "error", s.Err.Error())
	default:
		w.Log.Info("step done", "icp", s.ICP, "step", s.Name, "as_of", s.AsOf, "seconds", s.Seconds(), "rows", s.Rows)
	}
	if w.Textfile != "" {
		w.warn(writeMetrics(w.Textfile, s))
	}
	if s.Err != nil {
		w.lineage(s, fail)
	} else {
		w.lineage(s, complete)
	}
}

// Kept says that what a step made is current: it ended well without a run.
func (w *Watcher) Kept(s *Step) {
	if w.Log != nil {
		w.Log.Info("step current", "icp", s.ICP, "step", s.Name, "as_of", s.AsOf, "rows", s.Rows)
	}
	if w.Textfile != "" {
		w.warn(writeMetrics(w.Textfile, s))
	}
}

// Again says that an input went away and is read again.
func (w *Watcher) Again(input string, cause error) {
	if w.Log != nil {
		w.Log.Warn("input unavailable, read again", "input", input, "error", cause.Error())
	}
}

// Accepted says that somebody has passed a gate.
func (w *Watcher) Accepted(s *Step, gate, feature, message, reason, author string) {
	if w.Log != nil {
		w.Log.Warn("gate accepted", "icp", s.ICP, "step", s.Name, "as_of", s.AsOf, "gate", gate, "feature", feature, "message", message, "reason", reason, "author", author)
	}
}

func (w *Watcher) lineage(s *Step, state string) {
	if w.Lineage != "" {
		w.warn(appendEvent(w.Lineage, s, state))
	}
}

func (w *Watcher) warn(err error) {
	if err == nil {
		return
	}
	if w.Log != nil {
		w.Log.Warn("not written", "error", err.Error())
	} else if w.Warn != nil {
		w.Warn(err)
	}
}
