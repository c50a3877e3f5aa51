package report

import (
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/explain"
	"github.com/icpfit/icpfit/internal/page"
)

// newReason returns what a feature of that kind gives an account, in words.
func newReason(t *explain.Teller, feature string, kind features.Kind, value string, micro int64) Reason {
	return Reason{Feature: page.Clean(feature), Value: t.Value(kind, value), MicroPoints: micro, Text: t.Brief(feature, value, micro)}
}
