package feedback

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/icpfit/icpfit/internal/activity"
	"github.com/icpfit/icpfit/internal/graded"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/metrics"
)

// Input is what feedback is held against.
type Input struct {
	AsOf     string // of the grades, 2006-01-02
	Model    *model.Model
	Accounts string // folder features/accounts/as_of=D
	Night    *graded.Night
	Set      *activity.Set // joined to Night.Base
	Seed     uint64
	Words    *page.Printer // of values
}

// A Feedback is what people say of a night's accounts. Shares are from 0 to 1.
type Feedback struct {
	AsOf      string           `json:"as_of"`
	Grades    []Row            `json:"grades"` // best first, then unscored where somebody spoke of such
	Rejected  Disagreement     `json:"rejected"`
	Won       Disagreement     `json:"won"`
	Campaigns []Campaign       `json:"campaigns"` // at most 100, the least liked first
	Rated     int              `json:"campaigns_rated"`
	Table     *activity.Intake `json:"table"`
}

// A Row counts the newest verdicts on the accounts of a grade.
type Row struct {
	Grade    string            `json:"grade"` // "": unscored
	Accepted int64             `json:"accepted"`
	Rejected int64             `json:"rejected"`
	Won      int64             `json:"won"`
	Lost     int64             `json:"lost"`
	Refused  *metrics.Interval `json:"rejected_share"` // Rejected of all four; nil of none
}

// A Campaign counts what people say of one.
type Campaign struct {
	Campaign  string `json:"campaign"`
	Excellent int64  `json:"excellent"`
	Good      int64  `json:"good"`
	Fair      int64  `json:"fair"`
	Poor      int64  `json:"poor"`
}

// mostCampaigns is how many campaigns are listed.
const mostCampaigns = 100

// liked returns the mean verdict, from 0 for poor to 3 for excellent.
func (c Campaign) liked() float64 {
	return float64(3*c.Excellent+2*c.Good+c.Fair) / float64(c.Excellent+c.Good+c.Fair+c.Poor)
}

// A said is the newest verdict on an account.
type said struct {
	account int
	activity.Feedback
}

// later reports whether a verdict replaces another: it is of a later day, or of
// the same and further down in the table. One without a date is the oldest.
func later(f, than *activity.Feedback) bool {
	return cmp.Or(cmp.Compare(f.Date.Day(), than.Date.Day()), cmp.Compare(f.Line, than.Line)) >= 0
}

// Build holds a night against the feedback of the project; nil where the project
// has no such table. A verdict of a later day than the night's counts as well:
// people speak of grades that they have seen.
func Build(ctx context.Context, in Input) (*Feedback, error) {
	if !in.Set.Has("feedback") {
		return nil, nil
	}
	f := &Feedback{AsOf: in.AsOf, Campaigns: []Campaign{}}
	newest := map[int]said{}
	campaigns := map[string]*Campaign{}
	var err error
	f.Table, err = activity.Each(ctx, in.Set, func(row activity.Feedback) error {
		if row.Verdict.OfCampaign() {
			rate(campaigns, &row)
			return nil
		}
		if row.Domain == "" {
			return nil
		}
		at := in.Night.Base.Number(row.Domain)
		if old, ok := newest[at]; !ok || later(&row, &old.Feedback) {
			newest[at] = said{at, row}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("feedback: %w", err)
	}
	for _, c := range campaigns {
		f.Campaigns = append(f.Campaigns, *c)
	}
	slices.SortFunc(f.Campaigns, func(a, b Campaign) int {
		return cmp.Or(cmp.Compare(a.liked(), b.liked()), cmp.Compare(a.Campaign, b.Campaign))
	})
	f.Rated = len(f.Campaigns)
	f.Campaigns = f.Campaigns[:min(f.Rated, mostCampaigns)]
	all := make([]said, 0, len(newest))
	for _, s := range newest {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b said) int { return a.account - b.account })
	f.count(all, in.Night)
	return f, f.disagree(ctx, &in, all)
}

// rate counts a verdict on a campaign.
func rate(campaigns map[string]*Campaign, row *activity.Feedback) {
	name := page.Clean(row.Campaign)
	c := campaigns[name]
	if c == nil {
		c = &Campaign{Campaign: name}
		campaigns[name] = c
	}
	switch row.Verdict {
	case activity.Excellent:
		c.Excellent++
	case activity.Good:
		c.Good++
	case activity.Fair:
		c.Fair++
	case activity.Poor:
		c.Poor++
	}
}

// count fills the table of verdicts by grade.
func (f *Feedback) count(all []said, night *graded.Night) {
	rows := make([]Row, len(night.Grades)+1)
	for i, g := range night.Grades {
		rows[i].Grade = g
	}
	for _, s := range all {
		at := night.Grade(s.account)
		if at == graded.Unscored {
			at = len(night.Grades)
		}
		switch s.Verdict {
		case activity.Accepted:
			rows[at].Accepted++
		case activity.Rejected:
			rows[at].Rejected++
		case activity.SaidWon:
			rows[at].Won++
		case activity.SaidLost:
			rows[at].Lost++
		}
	}
	for i := range rows {
		r := &rows[i]
		if n := r.Accepted + r.Rejected + r.Won + r.Lost; n > 0 {
			share, _ := metrics.Wilson(float64(r.Rejected), float64(n))
			r.Refused = &share
		}
	}
	if last := len(night.Grades); rows[last].Refused == nil {
		rows = rows[:last]
	}
	f.Grades = rows
}

// disagree makes both disagreements.
func (f *Feedback) disagree(ctx context.Context, in *Input, all []said) error {
	n := len(in.Night.Grades)
	f.Rejected = newDisagreement(in.Night, all, activity.Rejected, 0, 2)
	f.Won = newDisagreement(in.Night, all, activity.SaidWon, max(2, n-2), n)
	var wanted []*Disagreement
	for _, d := range []*Disagreement{&f.Rejected, &f.Won} {
		if d.Cases < leastCases {
			d.Result = TooFew
			continue
		}
		wanted = append(wanted, d)
	}
	if wanted == nil {
		return nil
	}
	p, err := loadPeople(ctx, in, wanted)
	if err != nil {
		return fmt.Errorf("feedback: %w", err)
	}
	for i, d := range wanted {
		d.share(p, in, uint64(i+1))
	}
	return nil
}
