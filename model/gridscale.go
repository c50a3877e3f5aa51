package model

import (
	"math"
	"slices"

	"github.com/icpfit/icpfit/features"
)

// scale turns the raw points of a written grid into shares of a 0–100 score. An
// unknown criterion leaves both the sum and the maximum, so the score is 100
// times points over known maximum; in pillars mode, the weighted mean of that
// share over the pillars that have a known criterion. Each criterion's share is
// rounded to a micro-point by itself, so that they sum to the margin exactly.
func (g *Grid) scale(s *Scores, terms []scoredTerm) {
	for i := range s.Rows {
		var maximum [8]int64 // known micro-points by pillar
		for k, t := range terms {
			if !s.Unknown[k][i] {
				maximum[g.group(t.pillar)] += int64(g.Maximum[k])
			}
		}
		var weights float64
		for p := range features.Pillars {
			if maximum[p] > 0 {
				weights += g.weight(p)
			}
		}
		for k, t := range terms {
			p := g.group(t.pillar)
			if s.Unknown[k][i] || maximum[p] == 0 {
				s.Contributions[k][i] = 0
				continue
			}
			share := 100 * Micro * g.weight(p) / weights
			s.Contributions[k][i] = int32(share*float64(s.Contributions[k][i])/float64(maximum[p]) + 0.5)
		}
	}
}

// group returns the pillar whose maximum a criterion counts towards: its own,
// or one for all in sum mode.
func (g *Grid) group(pillar int) int {
	if g.Mode == "sum" {
		return 0
	}
	return pillar
}

func (g *Grid) weight(pillar int) float64 {
	if g.Mode == "sum" {
		return 1
	}
	return g.Weights[string(features.Pillars[pillar])]
}

// pillarScore returns 100 times the pillar's points over its known maximum.
func (g *Grid) pillarScore(m *Model, s *Scores, pillar, i int) float64 {
	var points, maximum, all int64
	for k := range m.Terms {
		if s.Unknown[k][i] {
			continue
		}
		all += int64(g.Maximum[k])
		if m.Terms[k].Pillar == features.Pillars[pillar] {
			points += int64(s.Contributions[k][i])
			maximum += int64(g.Maximum[k])
		}
	}
	if maximum == 0 {
		return 0
	}
	// Undo the scaling of contributions: each is a share of the whole score.
	if g.Mode == "sum" {
		return float64(points) / Micro * float64(all) / float64(maximum)
	}
	var weights float64
	for p, name := range features.Pillars {
		for k := range m.Terms {
			if m.Terms[k].Pillar == name && !s.Unknown[k][i] && g.Maximum[k] > 0 {
				weights += g.weight(p)
				break
			}
		}
	}
	return float64(points) / Micro * weights / g.weight(pillar)
}

// Weighted returns the terms of the grid with the micro-points that they add to a
// score of 0 to 100 where every criterion is known.
func (g *Grid) Weighted(terms []Term) []Term {
	group := make([]int, len(terms))
	var maximum [8]float64
	for k, t := range terms {
		group[k] = g.group(slices.Index(features.Pillars, t.Pillar))
		maximum[group[k]] += float64(g.Maximum[k])
	}
	var weights float64
	for p := range features.Pillars {
		if maximum[p] > 0 {
			weights += g.weight(p)
		}
	}
	out := slices.Clone(terms)
	for k := range out {
		share := 100 * Micro * g.weight(group[k]) / weights / max(maximum[group[k]], 1)
		out[k].MicroPoints = make([]int32, len(terms[k].MicroPoints))
		for s, p := range terms[k].MicroPoints {
			out[k].MicroPoints[s] = int32(math.Round(share * float64(p)))
		}
	}
	return out
}
