package card

import (
	"fmt"
	"math"

	"github.com/icpfit/icpfit/internal/page"
)

// doublings returns the logarithm of a lift to the base 2, at least that of 1/16.
func doublings(lift float64) float64 { return math.Log2(max(lift, 1.0/16)) }

// shownShapes is how many features have their shape drawn.
const shownShapes = 24

func (c *Card) driversSection(p *page.Printer) page.Section {
	s := page.Section{ID: "drivers", Title: "What drives it", Nav: "Drivers", Lead: "Three answers to three questions: how far a feature moves an account, how much of what the model knows of new accounts comes through it, and what would be missed without its values."}
	grid := c.Identity.Learner == "grid"
	points := "Mean absolute points that the feature gives or takes from the accounts of the pool."
	if grid {
		s.Lead, points = "What each criterion of the written grid can give.", "The most points that the criterion can give."
	}
	s.Parts = append(s.Parts, page.Part{Title: "Points", Note: points, Chart: importanceChart("Points", points, c.Importance, func(i *Importance) page.Item {
		return page.Item{Value: i.MeanAbsolute, Figure: p.Num(i.MeanAbsolute, 1)}
	})})
	if !grid {
		const gain = "How much less log loss a customer the feature's points leave, among accounts that the model had not seen, with its 95% interval (in nats; the bars sum to what the model gains). Below 0, the feature misleads. This is the Aumann–Shapley value of the loss."
		s.Parts = append(s.Parts, page.Part{Title: "Gain", Note: gain, Chart: importanceChart("Gain", gain, c.Importance, func(i *Importance) page.Item {
			return page.Item{Value: i.Gain.Value, Low: i.Gain.Low, High: i.Gain.High, Figure: p.Num(i.Gain.Value, 3)}
		})})
		const drop = "Share of the customers that leave the best tenth of the pool when the feature's cells are shuffled among accounts that the model had not seen, mean of 5 shuffles, with its 95% interval. A feature for which others stand in loses little here."
		s.Parts = append(s.Parts, page.Part{Title: "Permutation", Note: drop, Chart: importanceChart("Permutation", drop, c.Importance, func(i *Importance) page.Item {
			return page.Item{Value: i.CaptureDrop.Value, Low: i.CaptureDrop.Low, High: i.CaptureDrop.High, Figure: p.Num(100*i.CaptureDrop.Value, 1) + "%"}
		})})
	}
	s.Parts = append(s.Parts, page.Part{Title: "The three together", Table: c.importanceTable(grid, p)})
	return c.addShapes(s, grid, p)
}

func (c *Card) addShapes(s page.Section, grid bool, p *page.Printer) page.Section {
	cards := page.Part{Title: "Points by value", Note: "Bars: points against the average account. Thin lines: one standard error either way, from models fitted without a fifth of the accounts each; two of them are about a 95% interval. They understate: they do not know of customers of a kind not seen yet. Grey: fewer than 5 customers, so little is known."}
	if grid {
		cards.Note = "Bars: points of each value as written."
	}
	for _, shape := range c.Shapes[:min(shownShapes, len(c.Shapes))] {
		cards.Cards = append(cards.Cards, p.ShapeCard(shape, grid))
	}
	s.Parts = append(s.Parts, cards)
	if n := len(c.Shapes); n > shownShapes {
		s.Parts = append(s.Parts, page.Part{Note: fmt.Sprintf("Only the %d strongest features are drawn; card.json has all %s.", shownShapes, p.Count(int64(n)))})
	}
	return s
}

func importanceChart(title, about string, all []Importance, of func(*Importance) page.Item) *page.Chart {
	var items []page.Item
	for i := range all {
		if all[i].Gain == nil && title != "Points" {
			continue
		}
		it := of(&all[i])
		it.Name = all[i].Feature
		items = append(items, it)
	}
	return page.RowChart(title, about, 42, items[:min(len(items), shownShapes)])
}

func (c *Card) importanceTable(grid bool, p *page.Printer) *page.Table {
	t := &page.Table{Label: "Importance", Stack: true, Sortable: true, Columns: append(page.Words("Feature"), page.Numbers("Points")...)}
	if !grid {
		t.Columns = append(t.Columns, page.Numbers("Gain", "Share of gain", "Capture@10% lost")...)
	}
	t.Columns = append(t.Columns, page.Words("What it means")...)
	for _, i := range c.Importance {
		row := []page.Field{page.Word(i.Feature), page.Number(i.MeanAbsolute, p.Num(i.MeanAbsolute, 1))}
		if !grid {
			row = append(row, p.Interval(i.Gain, p.Plain), p.Optional(i.GainShare, p.Percent), p.Interval(i.CaptureDrop, p.Percents))
		}
		t.Rows = append(t.Rows, append(row, page.Word(i.Means)))
	}
	return t
}

func (c *Card) candidatesSection(p *page.Printer) page.Section {
	s := page.Section{ID: "candidates", Title: "What else was tried", Nav: "Candidates", Lead: "Chosen by: " + c.Identity.Chosen + "."}
	if len(c.Candidates) > 0 {
		t := &page.Table{Label: s.Title, Stack: true, Columns: append(append(page.Words("Candidate", "Kind"), page.Numbers("AUC", "Capture@10%", "AUC less the chosen one's")...), page.Words("What it means")...)}
		var items []page.Item
		for _, k := range c.Candidates {
			difference := page.Field{Text: p.T("none")}
			if !k.Chosen {
				difference = page.Number(k.Difference.Value, fmt.Sprintf("%s (%s to %s)", p.Signed(k.Difference.Value, 4), p.Signed(k.Difference.Low, 4), p.Signed(k.Difference.High, 4)))
			}
			t.Rows = append(t.Rows, []page.Field{page.Word(k.Learner), page.Word(k.Kind), page.Number(k.AUC.Value, p.Plain(k.AUC)), page.Number(k.Capture.Value, p.Percents(k.Capture)), difference, page.Word(k.Means)})
			it := aucItem(k.Learner, k.AUC, p)
			if !k.Chosen {
				it.Class = "few"
			}
			items = append(items, it)
		}
		const about = "Bar: AUC from 0.5, which is chance, on the same folds, with its 95% interval. The intervals of two bars may overlap although one is better: the table compares them account by account."
		s.Parts = append(s.Parts, page.Part{Title: "Candidates and what they must beat", Legend: about, Chart: page.RowChart("AUC of the candidates", about, 42, items), Table: t})
	}
	s.Parts = append(s.Parts, page.Part{Title: "What a table alone would cost", Note: c.Table})
	if len(c.Weights) > 0 {
		t := &page.Table{Label: "Weights of the blend", Columns: append(page.Words("Learner"), page.Numbers("Weight of its log lift")...)}
		for _, w := range c.Weights {
			t.Rows = append(t.Rows, []page.Field{page.Word(w.Learner), page.Number(w.Weight, p.Num(w.Weight, 2))})
		}
		s.Parts = append(s.Parts, page.Part{Title: "Weights of the blend", Table: t, Note: "Found out of fold; a learner with weight 0 says nothing that the others do not."})
	}
	return c.addCurve(s, p)
}

func (c *Card) addCurve(s page.Section, p *page.Printer) page.Section {
	k := c.Curve
	if k == nil {
		return s
	}
	t := &page.Table{Label: "Learning curve", Columns: page.Numbers("Customers", "AUC", "Fitted curve")}
	var items []page.Item
	for _, point := range k.Points {
		it := aucItem(p.Count(int64(point.Customers))+" customers", point.AUC, p)
		fitted := point.Fitted - 0.5
		it.Mark = &fitted
		items = append(items, it)
		t.Rows = append(t.Rows, []page.Field{page.Number(float64(point.Customers), p.Count(int64(point.Customers))), page.Number(point.AUC.Value, p.Plain(point.AUC)), page.Number(point.Fitted, p.Num(point.Fitted, 3))})
	}
	const about = "Bar: AUC from 0.5, which is chance, when so many customers are learned from in each fold, with its 95% interval. Tick: the curve fitted through the bars."
	s.Parts = append(s.Parts,
		page.Part{Title: "Would more customers help?", Legend: about, Note: k.Answer, Chart: page.RowChart("Learning curve", about, 34, items)},
		page.Part{Title: p.T("chart.data"), Fold: true, Table: t})
	return s
}

func (c *Card) dataSection(p *page.Printer) page.Section {
	d := c.Data
	s := page.Section{ID: "data", Title: "What it was learned from", Nav: "Data"}
	t := &page.Table{Label: s.Title, Columns: page.Words("Fact", "Value")}
	add := func(fact, value string) { t.Rows = append(t.Rows, []page.Field{page.Word(fact), page.Word(value)}) }
	add("A customer is", d.Positives)
	add("Customers", fmt.Sprintf("%s, in %s groups of one parent company", p.Count(int64(d.Customers)), p.Count(int64(d.CustomerGroups))))
	if d.Dated > 0 {
		add("Won", fmt.Sprintf("from %s to %s, %s of them dated; nothing is used that was written in the %s days before, or later", p.Date(d.WonFirst), p.Date(d.WonLast), p.Count(int64(d.Dated)), p.Count(int64(d.LagDays))))
	} else {
		add("Won", "no dates: the customers are described as they are today, which may tell of the time after the sale")
	}
	add("Pool", fmt.Sprintf("%s accounts with a domain that are no customers, nor belong to the group of one; %s", p.Num(d.PoolStands, 0), d.Sampling))
	add("Measured by", d.Folds)
	s.Parts = append(s.Parts, page.Part{Table: t})
	if len(d.Funnel) > 0 {
		funnel := &page.Table{Label: "Customers, from the list to the model", Columns: append(page.Words("Step"), page.Numbers("Left", "Lost")...)}
		for _, step := range d.Funnel {
			funnel.Rows = append(funnel.Rows, []page.Field{page.Word(step.Name), page.Number(float64(step.Count), p.Count(int64(step.Count))), page.Number(float64(step.Lost), p.Count(int64(step.Lost)))})
		}
		s.Parts = append(s.Parts, page.Part{Title: funnel.Label, Table: funnel})
	}
	s.Parts = append(s.Parts, c.featuresParts(p)...)
	return s
}

func (c *Card) featuresParts(p *page.Printer) []page.Part {
	t := &page.Table{Label: "Features", Sortable: true, Columns: append(append(page.Words("Feature", "Pillar", "Kind"), page.Numbers("Known of customers", "Known of the pool", "Information value")...), page.Words("Empty cell")...)}
	for _, f := range c.Features {
		iv := page.Field{Text: p.T("none"), Sort: "-Infinity"}
		if f.IV != nil {
			iv = page.Number(*f.IV, fmt.Sprintf("%s (chance %s)", p.Num(*f.IV, 2), p.Num(*f.Noise, 2)))
		}
		t.Rows = append(t.Rows, []page.Field{page.Word(f.Feature), page.Word(f.Pillar), page.Word(f.Kind), p.Share(f.Customers), p.Share(f.Pool), iv, page.Word(f.Missing)})
	}
	parts := []page.Part{{Title: "Features", Table: t, Note: "The information value is over the known bins of the accounts trained on: about 0.1 is weak, 0.3 strong; above 0.5 look for a leak. Chance: what it averages for a feature that says nothing. Empty cell: neutral is worth 0 points; learn carries points of its own. A gap between the two shares is a warning sign: who filled the cells?"}}
	excluded := page.Part{Title: "Left out", Note: "Every feature of icpfit.yaml is in the fit."}
	if len(c.Excluded) > 0 {
		excluded.Note = ""
		for _, e := range c.Excluded {
			excluded.List = append(excluded.List, e.Feature+": "+e.Reason)
		}
	}
	return append(parts, excluded)
}

func (c *Card) monitoringSection(*page.Printer) page.Section {
	s := page.Section{ID: "monitoring", Title: "How it is watched", Nav: "Monitoring", Lead: "The refresh report looks at most of this every night and says what to do."}
	t := &page.Table{Label: s.Title, Stack: true, Columns: page.Words("What", "Alarm", "Then", "When")}
	for _, m := range c.Monitoring {
		t.Rows = append(t.Rows, []page.Field{page.Word(m.What), page.Word(m.Threshold), page.Word(m.Then), page.Word(m.When)})
	}
	edits := page.Part{Title: "Edits by hand", Note: "None: the points are as learned."}
	if c.Identity.Learner == "grid" {
		edits.Note = "The whole grid is by hand: it is in icpfit.yaml."
	}
	if len(c.Edits) > 0 {
		edits.Note = ""
		for _, e := range c.Edits {
			edits.List = append(edits.List, e.Feature+": "+e.What)
		}
	}
	s.Parts = []page.Part{{Table: t}, {Title: "Stability", List: c.Stability}, edits}
	return s
}

func (c *Card) aboutSection(p *page.Printer) page.Section {
	id := c.Identity
	s := page.Section{ID: "about", Title: "Who answers for it", Nav: "About"}
	t := &page.Table{Label: s.Title, Columns: page.Words("Fact", "Value")}
	for _, row := range [][2]string{
		{"Version", id.Version},
		{"Learner", id.Learner},
		{"Data of", p.Date(id.AsOf)},
		{"Trained by", id.TrainedBy},
		{"Approved by", id.Approval},
		{"Review due", p.Date(id.ReviewOn) + "; overdue after " + p.Date(id.ExpiresOn)},
		{"Empty cells", id.Missing},
		{"Seed", fmt.Sprint(id.Seed)},
		{"Fingerprint of the features", id.SpecHash},
	} {
		t.Rows = append(t.Rows, []page.Field{page.Word(row[0]), page.Word(row[1])})
	}
	s.Parts = []page.Part{{Table: t}}
	return s
}
