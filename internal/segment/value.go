package segment

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/metrics"
)

// A Value sets a segment apart: it is more frequent there than among the other
// accounts. Shares are of the accounts of which the feature is known.
type Value struct {
	Feature string           `json:"feature"`
	Kind    features.Kind    `json:"kind"`
	Text    string           `json:"text,omitempty"`  // of a category, item or flag (yes, no)
	Above   *float64         `json:"above,omitempty"` // of a number: values above this
	UpTo    *float64         `json:"up_to,omitempty"` // and up to this; nil: open
	Years   bool             `json:"years,omitempty"`
	Share   float64          `json:"share"`
	Rest    float64          `json:"rest"`
	Lift    metrics.Interval `json:"lift"`
}

// Which values are shown.
const (
	mostShown   = 6
	mostOfOne   = 2    // of one feature
	leastShown  = 0.1  // share of the segment that has the value
	leastBelow  = 1.2  // least lift shown
	sureLift    = 3.29 // standard errors: some hundred values are looked at, so 99.9 %
	namesOf     = 2    // values in a name,
	mostNames   = 3    // where that many do not make it one of its own
	leastNaming = 0.25 // share of the segment that has a value in its name
)

// values returns what sets a segment apart from the other accounts, most telling
// first: the share of the segment times the logarithm of the lift that is sure.
func (d *Definition) values(t *tally, segment int) []Value {
	type ranked struct {
		Value
		rank float64
		slot int
	}
	var all []ranked
	add := func(f, slot int, v Value, a, b, n, rest int64) {
		low := fill(&v, a, n, b, rest)
		if v.Share >= leastShown && v.Lift.Value >= leastBelow && low > 1 {
			all = append(all, ranked{v, v.Share * math.Log(low), slot + f<<20})
		}
	}
	for f := range d.Features {
		feature := &d.Features[f]
		own, others, n, rest := t.split(f, segment, feature.IsSet())
		if n == 0 || rest == 0 {
			continue
		}
		v := Value{Feature: page.Clean(feature.Feature), Kind: feature.Kind, Years: feature.Years}
		if feature.ranked() {
			if v, a, b, ok := feature.span(v, own, others, n, rest); ok {
				add(f, 0, v, a, b, n, rest)
			}
			continue
		}
		for slot := range own {
			if v.Text = feature.text(slot); v.Text != "" {
				add(f, slot, v, own[slot], others[slot], n, rest)
			}
		}
	}
	slices.SortFunc(all, func(a, b ranked) int { return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(a.slot, b.slot)) })
	out := []Value{}
	of := map[string]int{}
	for _, v := range all {
		if of[v.Feature]++; of[v.Feature] <= mostOfOne && len(out) < mostShown {
			out = append(out, v.Value)
		}
	}
	return out
}

// split returns how many accounts of a segment, and of all others, are in each slot
// of a feature, and of how many it is known.
func (t *tally) split(f, segment int, set bool) (own, others []int64, n, rest int64) {
	k := len(t.segments)
	slots := t.slots[f]
	own, others = make([]int64, len(slots)/k), make([]int64, len(slots)/k)
	for i, v := range slots {
		if i%k == segment {
			own[i/k] += v
		} else {
			others[i/k] += v
		}
	}
	for slot := 1; slot < len(own) && (!set || slot == 1); slot++ {
		n += own[slot]
		rest += others[slot]
	}
	return own, others, n, rest
}

// text names a slot of a category, flag or set; "" where it is no value.
func (f *Feature) text(slot int) string {
	switch {
	case slot == 0, f.IsSet() && slot == 1, f.Kind == features.Category && slot > len(f.Values):
		return ""
	case f.Kind == features.Flag:
		return [...]string{"no", "yes"}[slot-1]
	case f.IsSet():
		return page.Clean(f.Labels[slot-2])
	}
	return page.Clean(f.Labels[slot-1])
}

// span returns the range of a number, of all ranges of its bins, that is most
// telling, and how many accounts of the segment and of the others are in it.
func (f *Feature) span(v Value, own, others []int64, n, rest int64) (out Value, a, b int64, ok bool) {
	rank := 0.0
	for from := 1; from < len(own); from++ {
		var x, y int64
		for to := from; to < len(own); to++ {
			x, y = x+own[to], y+others[to]
			if to-from == len(own)-2 {
				break // everything
			}
			low := fill(&v, x, n, y, rest)
			if r := v.Share * math.Log(max(low, 1)); r > rank {
				rank, out, a, b, ok = r, v, x, y, true
				out.Above, out.UpTo = nil, nil
				if from > 1 {
					out.Above = &f.Edges[from-2]
				}
				if to <= len(f.Edges) {
					out.UpTo = &f.Edges[to-1]
				}
			}
		}
	}
	return out, a, b, ok
}

// fill sets the shares and the lift of a value that a of n accounts of the segment
// and b of rest others have, and returns the lift that is sure. Half an account is
// added to each, and one to those of which it could be: a value that no other
// account has then has a finite lift [1].
//
// [1] Pettigrew, Gart and Thomas, "The bias and higher cumulants of the logarithm
// of a binomial variate", Biometrika 73 (1986).
func fill(v *Value, a, n, b, rest int64) (sure float64) {
	v.Share, v.Rest = float64(a)/float64(n), float64(b)/float64(rest)
	p, q := (float64(a)+0.5)/(float64(n)+1), (float64(b)+0.5)/(float64(rest)+1)
	at := math.Log(p / q)
	error := math.Sqrt(max(0, (1-p)/(float64(a)+0.5)+(1-q)/(float64(b)+0.5)))
	v.Lift = metrics.Interval{Value: math.Exp(at), Low: math.Exp(at - metrics.Z95*error), High: math.Exp(at + metrics.Z95*error)}
	return math.Exp(at - sureLift*error)
}

// Say puts a value into words: "employees over 1,000", "Retail", "SAP",
// "has_shop: yes".
func (v *Value) Say(p *page.Printer) string {
	switch v.Kind {
	case features.Number, features.Date:
		return p.Name(v.Feature) + " " + v.within(p)
	case features.Flag:
		return p.Name(v.Feature) + ": " + p.T("value."+v.Text)
	}
	return v.Text
}

// Label names a value without its feature.
func (v *Value) Label(p *page.Printer) string {
	switch v.Kind {
	case features.Number, features.Date:
		return v.within(p)
	case features.Flag:
		return p.T("value." + v.Text)
	}
	return v.Text
}

// within names the range of a number, as bins are named.
func (v *Value) within(p *page.Printer) string {
	b := &bin.Binning{Kind: v.Kind}
	slot := 1
	for _, edge := range []*float64{v.Above, v.UpTo} {
		if edge != nil {
			b.Edges = append(b.Edges, *edge)
		}
	}
	if v.Above != nil {
		slot = 2
	}
	parser := ""
	if v.Years {
		parser = "year"
	}
	return page.NewLabeller(p, b, parser).Slots(slot, slot)
}

// name gives the segments of a definition names: those of rules their own, others
// of the values that set them apart, as many as make the name one of its own.
func (d *Definition) name(t *tally) {
	p, err := page.NewPrinter("en", Words)
	if err != nil {
		panic(err) // English is there
	}
	taken := map[string]bool{Other: true}
	for i := range d.Segments {
		s := &d.Segments[i]
		if d.Written() {
			s.Name, s.Where = d.Options.Rules[i].Name, d.Options.Rules[i].Where
			continue
		}
		if len(d.Segments) == 1 {
			s.Name = All
			continue
		}
		s.Named = slices.DeleteFunc(d.values(t, i), func(v Value) bool { return v.Share < leastNaming })
		d.nameOne(p, s, taken)
		taken[strings.ToLower(s.Name)] = true
	}
}

// nameOne gives a segment the shortest name of its values that is not taken; where
// all are, a number tells it from its twins.
func (d *Definition) nameOne(p *page.Printer, s *Segment, taken map[string]bool) {
	telling := s.Named
	for n := min(namesOf, len(telling)); n <= min(mostNames, len(telling)); n++ {
		s.Named = telling[:n]
		if s.Name = Name(p, s.Named, 0); !taken[strings.ToLower(s.Name)] {
			return
		}
	}
	for s.Twin = 2; ; s.Twin++ {
		if s.Name = Name(p, s.Named, s.Twin); !taken[strings.ToLower(s.Name)] {
			return
		}
	}
}

// All is the name of the one segment of a base without stable segments.
const All = "all accounts"

// mostName is the most characters of a value in a name.
const mostName = 36

// Name makes a name of values; a segment that nothing sets apart is called mixed.
// twin, if not 0, tells segments of the same values apart.
func Name(p *page.Printer, values []Value, twin int) string {
	var parts []string
	for i := range values {
		text := []rune(values[i].Say(p))
		if len(text) > mostName {
			text = append(text[:mostName-1:mostName-1], '…')
		}
		parts = append(parts, string(text))
	}
	if parts == nil {
		parts = append(parts, p.T("segment.mixed"))
	}
	name := strings.Join(parts, ", ")
	if twin > 0 {
		name += " (" + strconv.Itoa(twin) + ")"
	}
	return name
}
