package pipeline

import (
	"context"
	"errors"

	"github.com/icpfit/icpfit/internal/activity"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/backtest"
	"github.com/icpfit/icpfit/internal/feedback"
	"github.com/icpfit/icpfit/internal/project"
	"github.com/icpfit/icpfit/internal/report"
)

// addOutcomes adds to a report what is known of outcomes since a past night, and
// what people say of the grades. Where there is neither, it says nothing of them. A
// table that cannot be read is a warning of the report: the grades are right
// without it.
func (r *Run) addOutcomes(ctx context.Context, in *report.Input) error {
	past, err := r.pastNight(in.AsOf)
	if err != nil {
		return err
	}
	teller, err := feedback.NewTeller(in.Lang)
	if err != nil {
		return err
	}
	var b *backtest.Backtest
	var tested error
	done := make(chan struct{})
	go func() { // each reads all grades of a night
		defer close(done)
		if past != "" {
			b, tested = r.backtest(ctx, past, in.AsOf)
		}
	}()
	f, said := r.feedback(ctx, in.AsOf, in.Model, teller)
	<-done
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if refused := (*RefusalError)(nil); tested != nil && !errors.As(tested, &refused) { // else there is nothing to hold the grades against yet
		in.TableFaults = append(in.TableFaults, tested.Error())
	}
	if tested == nil && b != nil && b.Outcomes.Deals+b.Outcomes.Customers > 0 {
		in.Backtest = b
		asConfigured(b.Table, r.Project.Config.Tables.Opportunities)
	}
	if said != nil {
		in.TableFaults = append(in.TableFaults, said.Error())
	}
	if said == nil && f != nil && f.Table.Read > 0 {
		in.Feedback = f
		asConfigured(f.Table, r.Project.Config.Tables.Feedback)
	}
	return nil
}

// asConfigured names the file of a table as icpfit.yaml does: a report is the same
// wherever the project lies.
func asConfigured(in *activity.Intake, t *project.TableConfig) {
	if in != nil && t != nil && t.Path != "" {
		in.Source = t.Path
	}
}

// outcomesPrint returns the fingerprint of what addOutcomes would read for a date.
// What a query returns is not known before it is read: its text stands for it.
func (r *Run) outcomesPrint(ctx context.Context, asOf string) string {
	past, err := r.pastNight(asOf)
	print := []any{backtest.Format, past, errorText(err)}
	if past != "" {
		m, err := artifact.ReadManifest(r.Project.Grades(past))
		print = append(print, m, errorText(err))
	}
	for _, t := range []*project.TableConfig{r.Project.Config.Tables.Opportunities, r.Project.Config.Tables.Feedback} {
		if t == nil {
			continue
		}
		print = append(print, t)
		if t.Path != "" {
			hash, err := hashPath(ctx, r.Project.Path(t.Path))
			print = append(print, hash, errorText(err))
		}
	}
	return artifact.Fingerprint(print)
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
