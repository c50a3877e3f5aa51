package features

import (
	"strings"
)

// The names of the steps of a funnel.
const (
	stepListed   = "listed"
	stepValid    = "valid domain"
	stepDistinct = "deduplicated"
	stepFound    = "found in the base"
	stepKnown    = "with features"
)

// funnel follows the best and pipeline customers. met says which entries have a
// row that can be scored, and which of those have a known feature.
func (c *Customers) funnel(met found) []FunnelStep {
	n := &c.intake
	steps := []FunnelStep{
		{Name: stepListed, Count: n.Listed, Best: n.ListedBest},
		{Name: stepValid, Count: n.Valid, Best: n.ValidBest, Lost: n.Listed - n.Valid},
		{Name: stepDistinct},
		{Name: stepFound},
		{Name: stepKnown},
	}
	for _, bad := range n.Bad {
		steps[1].Samples = append(steps[1].Samples, bad.Text)
	}
	distinct, inBase, known := &steps[2], &steps[3], &steps[4]
	distinct.Samples = n.Repeated
	for i, e := range c.entries {
		if !e.class.positive() {
			continue
		}
		distinct.count(e.class)
		switch {
		case !met.inBase[i]:
			inBase.lose(e.key)
		case !met.known[i]:
			inBase.count(e.class)
			known.lose(e.key)
		default:
			inBase.count(e.class)
			known.count(e.class)
		}
	}
	distinct.Lost = n.Valid - distinct.Count
	return steps
}

func (s *FunnelStep) count(c Class) {
	s.Count++
	if c == Best {
		s.Best++
	}
}

func (s *FunnelStep) lose(key string) {
	s.Lost++
	if len(s.Samples) < maxLost {
		s.Samples = append(s.Samples, key)
	}
}

// clip makes a cell fit to be shown: control characters are replaced, and it is
// cut to sampleBytes.
func clip(cell string) string {
	if len(cell) > sampleBytes {
		cell = strings.ToValidUTF8(cell[:sampleBytes-3], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		if isControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '\uFFFD'
		}
		return r
	}, strings.Clone(cell))
}
