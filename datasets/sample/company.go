package sample

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/icpfit/icpfit/datasets"
)

// A feature is a place in Base.Columns.
type feature int

const (
	industryCol feature = iota
	employeesCol
	revenueCol
	countryCol
	foundedCol
	technologiesCol
	crmCol
	stageCol
	hiringCol
	fundingCol
	visitsCol
	pricingCol
)

var fields = [...]datasets.Field{
	industryCol:     {Name: "industry", Type: datasets.Category},
	employeesCol:    {Name: "employees", Type: datasets.Number},
	revenueCol:      {Name: "annual_revenue", Type: datasets.Number},
	countryCol:      {Name: "country", Type: datasets.Category},
	foundedCol:      {Name: "founded", Type: datasets.Number},
	technologiesCol: {Name: "technologies", Type: datasets.Set},
	crmCol:          {Name: "crm_in_use", Type: datasets.Category},
	stageCol:        {Name: "funding_stage", Type: datasets.Category},
	hiringCol:       {Name: "hiring", Type: datasets.Flag},
	fundingCol:      {Name: "last_funding_date", Type: datasets.Date},
	visitsCol:       {Name: "web_visits_90d", Type: datasets.Number},
	pricingCol:      {Name: "pricing_page_visits", Type: datasets.Number},
}

var (
	industryShares = cumulate(len(industries), func(i int) float64 { return industries[i].share })
	countryShares  = cumulate(len(countries), func(i int) float64 { return countries[i].share })
	boosts         = boostTable()
)

// boostTable returns the log odds of each technology by industry, without size.
func boostTable() [len(industries)][len(technologies)]float64 {
	var t [len(industries)][len(technologies)]float64
	for i := range industries {
		for k, tech := range technologies {
			t[i][k] = tech.base + tech.boost[i]
		}
	}
	return t
}

// A company is one row's worth of clean values.
type company struct {
	industry, country, crm, stage int
	employees, revenue            float64
	founded                       int   // year
	born, funded                  int32 // days
	hiring                        bool
	technologies                  [len(technologies)]bool
	visits, pricing               int
}

// companies fills the clean columns and returns each row's unscaled log lift.
func (b *Base) companies(d *draws) []float64 {
	n := b.Options.Accounts
	b.Columns = make([]datasets.Column, len(fields))
	for i, f := range fields {
		b.Columns[i].Field = f
		b.Columns[i].Reset()
	}
	b.column(industryCol).Dictionary = dictionary(len(industries), func(i int) string { return industries[i].name })
	b.column(countryCol).Dictionary = dictionary(len(countries), func(i int) string { return countries[i].code })
	b.column(technologiesCol).Dictionary = dictionary(len(technologies), func(i int) string { return technologies[i].name })
	b.column(crmCol).Dictionary = dictionary(len(crms), func(i int) string { return crms[i].name })
	b.column(stageCol).Dictionary = dictionary(len(stages), func(i int) string { return stages[i].name })

	score := make([]float64, n)
	thisYear := year(b.Options.AsOf)
	var c company
	for i := range n {
		source := i
		if b.DuplicateOf[i] >= 0 {
			source = int(b.DuplicateOf[i])
		}
		c.draw(d, source, b.Options.AsOf)
		score[i] = c.score(thisYear)
		c.visit(d, source, score[i])
		b.append(&c)
	}
	return score
}

func dictionary(n int, name func(i int) string) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = name(i)
	}
	return names
}

func (b *Base) append(c *company) {
	category := func(f feature, code int) {
		b.Columns[f].Codes = append(b.Columns[f].Codes, int32(code))
	}
	number := func(f feature, x float64) {
		b.Columns[f].Numbers = append(b.Columns[f].Numbers, x)
	}
	category(industryCol, c.industry)
	category(countryCol, c.country)
	category(crmCol, c.crm)
	category(stageCol, c.stage)
	number(employeesCol, c.employees)
	number(revenueCol, c.revenue)
	number(foundedCol, float64(c.founded))
	number(visitsCol, float64(c.visits))
	number(pricingCol, float64(c.pricing))
	hiring := int8(0)
	if c.hiring {
		hiring = 1
	}
	b.Columns[hiringCol].Flags = append(b.Columns[hiringCol].Flags, hiring)
	b.Columns[fundingCol].Days = append(b.Columns[fundingCol].Days, c.funded)
	set := &b.Columns[technologiesCol]
	for k, has := range c.technologies {
		if has {
			set.Codes = append(set.Codes, int32(k))
		}
	}
	set.Offsets = append(set.Offsets, int32(len(set.Codes)))
}

// draw makes the company of a row. Nothing in it is later than asOf.
func (c *company) draw(d *draws, row int, asOf int32) {
	c.industry = weighted(d.at(streamIndustry, row), industryShares)
	c.country = weighted(d.at(streamCountry, row), countryShares)
	ind := &industries[c.industry]
	c.employees = math.Round(clamp(math.Exp(math.Log(ind.employees)+ind.spread*d.at(streamEmployees, row).NormFloat64()), 1, 500_000))
	perHead := 1000 * ind.revenue * math.Exp(.5*d.at(streamRevenue, row).NormFloat64())
	c.revenue = roundTo(c.employees*perHead, 3)

	r := d.at(streamFounded, row)
	c.founded = year(asOf) - 2 - int(clamp(math.Exp(2.3+.8*r.NormFloat64()), 0, 150))
	c.born = day(c.founded, time.January, 1) + int32(r.IntN(365))
	c.drawTools(d, row)
	c.stage = drawStage(d.at(streamStage, row), ind.funded, c.employees)
	growth := .5*math.Log(c.employees/50) + 1.5*float64(btoi(c.stage >= 1 && c.stage <= 4))
	c.hiring = d.at(streamHiring, row).Float64() < sigmoid(-.9+growth)
	c.funded = c.born // a bootstrapped company's own founders are its last funding
	if c.stage > 0 {
		first, last := max(c.born+90, asOf-8*365), asOf-60
		c.funded = first + int32(d.at(streamFunding, row).IntN(int(last-first)+1))
	}
}

// drawTools chooses the CRM, which size decides, and the technologies, which
// size and industry decide. There is always one technology: an empty list would
// say as much as a missing one.
func (c *company) drawTools(d *draws, row int) {
	size := math.Log(c.employees / 100)
	var odds [len(crms)]float64
	total := 0.0
	for k := range crms {
		odds[k] = math.Exp(crms[k].base + crms[k].size*size)
		total += odds[k]
	}
	u := d.at(streamCRM, row).Float64() * total
	c.crm = len(crms) - 1
	for k := range odds {
		if u -= odds[k]; u < 0 {
			c.crm = k
			break
		}
	}
	r := d.at(streamTechnologies, row)
	some := false
	for k := range technologies {
		has := r.Float64() < sigmoid(boosts[c.industry][k]+technologies[k].size*size)
		if t := crms[c.crm].technology; t != "" && t == technologies[k].name {
			has = true
		}
		c.technologies[k] = has
		some = some || has
	}
	if !some {
		c.technologies[0] = true
	}
}

// drawStage chooses the funding stage. Venture money goes by industry, and the
// later the stage the larger the company.
func drawStage(r *rand.Rand, funded, employees float64) int {
	odds := make([]float64, 0, len(stages))
	size := math.Log(employees / 50)
	total := 0.0
	for k, s := range stages {
		o := s.odds
		if k > 0 {
			o *= math.Exp(clamp(float64(k-2)*.5*size, -4, 2))
		}
		if k >= 1 && k <= 4 {
			o *= funded
		}
		odds = append(odds, o)
		total += o
	}
	u := r.Float64() * total
	for k, o := range odds {
		if u -= o; u < 0 {
			return k
		}
	}
	return 0
}

// visit counts visits of our site in the last 90 days: they follow the log
// lift, loosely, and most companies have none. Some of them reach the prices.
func (c *company) visit(d *draws, row int, score float64) {
	r := d.at(streamVisits, row)
	rate := math.Exp(-1 + .5*score + 1.3*r.NormFloat64())
	c.visits = poisson(r, math.Min(rate, 400))
	c.pricing = 0
	for range c.visits {
		if r.Float64() < .12 {
			c.pricing++
		}
	}
}

// poisson draws a count of the given mean, at most 400, by multiplying
// uniforms (Knuth, The Art of Computer Programming 3.4.1).
func poisson(r *rand.Rand, mean float64) int {
	limit, p, k := math.Exp(-mean), r.Float64(), 0
	for p > limit {
		p *= r.Float64()
		k++
	}
	return k
}

// roundTo keeps so many significant digits, as published revenues do.
func roundTo(x float64, digits int) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(x))-float64(digits-1))
	return math.Round(math.Round(x/unit) * unit)
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
