package report

import (
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
)

// newReason returns what a feature of that kind gives an account, in words.
func newReason(p *page.Printer, feature string, kind features.Kind, value string, micro int64) Reason {
	r := Reason{Feature: page.Clean(feature), Value: p.Value(kind, value), MicroPoints: micro}
	r.Text = p.T("reason", r.Feature, r.Value, p.Signed(float64(micro)/model.Micro, 1))
	return r
}
