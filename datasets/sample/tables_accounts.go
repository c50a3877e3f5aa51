package sample

import (
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/icpfit/icpfit/datasets"
)

// writeSignals writes what was seen of accounts in the last year: visits of the
// price page, funding, hiring, tenders, new leaders, what a rival's product is
// used for, and how customers use ours.
func (h *History) writeSignals(s *sheet) {
	s.write("domain", "kind", "date", "value", "source", "evidence")
	asOf := h.Options.AsOf
	for row := range h.Options.Accounts {
		if h.DuplicateOf[row] >= 0 || h.Domain[row] == "" {
			continue
		}
		r := s.at(streamSignal, row)
		put := func(kind string, day int32, value float64, source, evidence string) {
			amount := ""
			if !math.IsNaN(value) {
				amount = strconv.FormatFloat(value, 'f', -1, 64)
			}
			s.write(s.site(r, h.Domain[row]), kind, date(day), amount, source, evidence)
		}
		if n := h.column(pricingCol).Numbers[row]; n > 0 {
			put("pricing_page", asOf-1-int32(r.IntN(89)), n, "web", "visited the price page")
		}
		if day := h.column(fundingCol).Days[row]; h.column(stageCol).Codes[row] > 0 && day > asOf-365 {
			put("funding", day, math.NaN(), "press", "raised "+stages[h.column(stageCol).Codes[row]].name)
		}
		if h.column(hiringCol).Flags[row] == 1 && r.Float64() < .2 {
			put("hiring", asOf-1-int32(r.IntN(179)), float64(1+r.IntN(9)), "job boards", "open positions")
		}
		for _, rare := range [...]struct {
			kind, source, evidence string
			share, value           float64
		}{
			{"tender", "tender bulletin", "call for tenders", .003, math.NaN()},
			{"evaluation", "reviews", "compared products of the category", .006, math.NaN()},
			{"rival_usage", "technology survey", "rival's product used less", .004, -.25},
			{"new_leader", "press", "new head of sales", .01, math.NaN()},
		} {
			if r.Float64() < rare.share*math.Exp(clamp(.3*h.LogLift[row], -2, 2)) {
				put(rare.kind, asOf-1-int32(r.IntN(300)), rare.value, rare.source, rare.evidence)
			}
		}
		if h.Customer[row] && r.Float64() < .5 {
			put("adoption", asOf-1-int32(r.IntN(60)), math.Round(100*(.2+.9*r.Float64()))/100, "product", "share of the seats in use")
		}
	}
}

// noChurn is the day of those who stay.
const noChurn = datasets.MissingDay

// churn returns the day on which a customer leaves, or noChurn. The hazard is
// constant; those who fit stay longer.
func (h *History) churn(r *rand.Rand, row int32) int32 {
	yearly := clamp(.07*math.Exp(-.25*h.LogLift[row]), .02, .3)
	if h.Options.has(Churn) {
		yearly = .45
	}
	rate := -math.Log(1-yearly) / 365
	day := h.Won[row] + 1 + int32(math.Min(r.ExpFloat64()/rate, 1e6))
	if day >= h.Options.AsOf {
		return noChurn
	}
	return day
}

// writeHealth writes a row a quarter and customer, from three months after it was
// won to AsOf, or to the day it left.
func (h *History) writeHealth(s *sheet) {
	s.write("domain", "date", "score", "nps", "revenue", "renewal_at", "churned_at")
	for _, row := range h.found {
		r := s.at(streamHealth, int(row))
		left := h.churn(r, row)
		last := h.Options.AsOf - 1
		if left != noChurn {
			last = left
		}
		revenue := 9000 * math.Pow(h.column(employeesCol).Numbers[row]/100, .4) * math.Exp(.6*r.NormFloat64())
		trend, mood := .02+.05*r.NormFloat64(), 70+10*r.NormFloat64()
		put := func(day, churned int32) {
			renewal := h.Won[row]
			for renewal <= day {
				renewal += 365
			}
			nps := ""
			if r.Float64() < .6 {
				nps = strconv.Itoa(int(clamp(math.Round(mood/10+1.5*r.NormFloat64()), 0, 10)))
			}
			s.write(s.site(r, h.Domain[row]), date(day), strconv.Itoa(int(clamp(mood+5*r.NormFloat64(), 0, 100))), nps, s.money(r, math.Round(revenue)), date(renewal), date(churned))
		}
		day := h.Won[row] + 90
		for ; day < last; day += 91 {
			put(day, noChurn)
			revenue *= math.Exp(trend + .03*r.NormFloat64())
		}
		put(last, left)
	}
}
