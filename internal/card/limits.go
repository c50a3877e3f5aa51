package card

import (
	"fmt"
	"strings"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model/drift"
	"github.com/icpfit/icpfit/model/train"
)

func (b *builder) use() Use {
	u := Use{
		For: []string{
			"Ordering an account base by how much its companies resemble the customers you have won, to decide whom to call first.",
			"Saying why: the points of every feature add up exactly to the points of the account.",
			"Sharing out accounts between sales teams by grade, and finding gaps in the data that cost accounts their grade.",
		},
		NotFor: []string{
			"A probability of buying. Points say how customer-like a company is; whether, when and for how much it buys is not in the data.",
			"Decisions about persons: it grades companies. Where an account is a sole trader, it is about a person: leave it out.",
			"Credit, prices, employment, or refusing service.",
			"Companies of a kind that no customer is (see Limits): there a low grade means unknown, not unfit.",
			"Judging a feature as a cause. Changing a company's technology does not make it a customer.",
			"Choosing new best customers from its own grades and training on them: it would learn from itself.",
		},
		SCAR: []string{
			fmt.Sprintf("The %s customers are those that sales found, chased and won. They are taken for a fair sample of all companies that would fit (selected completely at random, SCAR), and they are not: whom sales never called, in a country, a size or a sector, is missing among them.", b.Count(int64(b.e.Customers))),
			"So read every grade as “like those we have won”, not “likely to buy”. Where sales did not go, the model is blind, and repeats the past.",
			"The pool is unlabelled, not negative: some of it would be good customers. That is why no accuracy and no share of wrong grades is given here: such data cannot show them.",
		},
	}
	if b.grid {
		u.SCAR = []string{"The grid was written by people. It holds their opinion of who fits, and no customer has tested it."}
	}
	return u
}

// fewCustomers is the number below which a model is provisional.
const fewCustomers = 200

func (b *builder) limits() []string {
	out := []string{}
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if b.e.Verdict == train.Provisional {
		add("Provisional: %s customers are fewer than the %d from which figures settle.", b.Count(int64(b.e.Customers)), fewCustomers)
	}
	if c, ok := b.e.Metrics["capture_10"]; ok && !b.grid {
		add("With %s customers, capture@10%% is known to ±%s points. A change of that size between two versions may be chance, unless they are compared account by account.", b.Count(int64(b.e.Customers)), b.Num(100*halfWidth(c), 1))
	}
	if s := b.e.Support; s != nil {
		var names []string
		for _, f := range s.Features {
			names = append(names, page.Clean(f.Feature))
		}
		add("%s of the pool is outside of the customers' experience: no customer has their combination of %s (%s of the %s combinations). What the model says there rests on the features one by one.",
			b.Percent(s.Share), strings.Join(names, ", "), b.Count(int64(s.Without)), b.Count(int64(s.Cells)))
	} else {
		add("No feature is known as country, sector or size, so how much of the pool is outside of the customers' experience could not be looked at.")
	}
	for _, s := range b.segments() {
		if s.AUC.Low <= 0.5 {
			add("Within %s = %s (%s customers) the ranking may be no better than chance: AUC %s.", s.Feature, s.Label, b.Count(int64(s.Customers)), b.Plain(s.AUC))
		}
	}
	if b.Model.Missing == "learn" {
		add("Empty cells carry points (missing: learn): an account can win by how it was enriched. Watch the warnings on missingness.")
	} else {
		add("An empty cell is worth 0 points, the average of the pool: a company of which little is known lands near 50 points, whatever it is.")
	}
	add("The learned figures are of customers as of %s. Nothing says that they hold for customers of another kind, or of another time.", b.Date(b.Model.AsOf))
	return out
}

func (b *builder) support() []SupportPart {
	out := []SupportPart{}
	s := b.e.Support
	if s == nil {
		return out
	}
	for _, f := range s.Features {
		out = append(out, SupportPart{f.Role + ": " + page.Clean(f.Feature), f.Share, fmt.Sprintf("of the pool has a %s that no customer has", f.Role)})
	}
	out = append(out, SupportPart{"all of them together", s.Share, "of the pool has a combination that no customer has"})
	if s.Top != nil {
		out = append(out, SupportPart{"all together, A and B", *s.Top, "of the pool's accounts graded A or B has a combination that no customer has: look at those by hand"})
	}
	return out
}

// monitoring announces what the refresh report looks at every night, with the
// thresholds that it uses.
func (b *builder) monitoring() []Check {
	p := func(share float64) string { return b.Num(100*share, 0) + "%" }
	id := b.identity()
	checks := []Check{
		{"Coverage of the features that matter", fmt.Sprintf("a feature with at least %s of the importance is known for less than %s of what it was at training", p(report.Carries), p(report.LeastCovered)), "fix the data before trusting new grades", "every night"},
		{"Accounts without a grade", fmt.Sprintf("more than %s of the base, because too little is known of them", p(report.MostUnscored)), "fix the data", "every night"},
		{"Breadth", fmt.Sprintf("more than %s of the base is A or B", p(report.TooBroad)), "raise the cuts: it is no ideal customer profile", "every night"},
		{"Age", fmt.Sprintf("review due on %s, overdue after %s", b.Date(id.ReviewOn), b.Date(id.ExpiresOn)), "review; retrain when overdue", "every night"},
	}
	if b.grid {
		return checks
	}
	past := fmt.Sprintf("PSI of a feature above %s or what chance gives any feature in one night of a hundred, whichever is more, for features with more than %s of the importance together", b.Num(drift.LeastPSI, 2), p(report.MostDrifted))
	drifts := []Check{
		{"Drift overnight", past + ", since the night before", "look at the source first", "every night"},
		{"Drift of the pool", past + ", since the training", "retrain", "every night"},
	}
	checks = append(checks[:2:2], append(drifts, checks[2:]...)...)
	capture := b.e.Metrics["capture_10"]
	return append(checks,
		Check{"New customers", fmt.Sprintf("fewer than %s of the customers won since are in the best tenth of the pool: the lower end of today's interval", b.Percent(capture.Low)), "retrain, and look at who they are", "when 50 more are won"},
		Check{"Overrides by hand", "more than 10% of the A and B accounts that sales looked at are turned down", "talk to sales; look for the feature that misleads", "every quarter"})
}
