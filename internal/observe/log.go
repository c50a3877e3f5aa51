package observe

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/icpfit/icpfit/datasets"
)

// Formats are the forms of a log.
var Formats = []string{"text", "json"}

// NewLog returns a log that writes one line a record. Texts may come from a CRM:
// what would start a line of its own or move a terminal is dropped from them.
func NewLog(w io.Writer, format string) (*slog.Logger, error) {
	o := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Value.Kind() == slog.KindString {
			a.Value = slog.StringValue(datasets.Printable(a.Value.String(), false))
		}
		return a
	}}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, o)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, o)), nil
	}
	return nil, fmt.Errorf("%q is no form of log; want text or json", format)
}
