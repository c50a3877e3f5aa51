package trees

// part arranges a span of rows by the side of s they are on, left before right
// before missing, otherwise in the order they were, and returns the three spans.
// gh, if not nil, is arranged alike.
func (g *grower) part(rows []int32, gh []int64, all span, s *split) [3]span {
	rows = rows[all.from:all.to]
	if gh != nil {
		gh = gh[all.from:all.to]
	}
	workers := g.workers
	if len(rows) < fewRows {
		workers = 1
	}
	counts := make([][3]int, workers)
	cut := func(i int) (from, to int) { return len(rows) * i / workers, len(rows) * (i + 1) / workers }
	parallel(workers, workers, func(i int) {
		from, to := cut(i)
		counts[i] = g.t.side(g.sides[from:to], rows[from:to], s)
	})
	starts := make([][3]int, workers)
	var out [3]span
	at := 0
	for side := range out {
		out[side].from = all.from + at
		for i := range workers {
			starts[i][side] = at
			at += counts[i][side]
		}
		out[side].to = all.from + at
	}
	parallel(workers, workers, func(i int) {
		from, to := cut(i)
		if gh != nil {
			g.scatter(rows[from:to], gh[from:to], g.sides[from:to], starts[i])
		} else {
			g.scatterRows(rows[from:to], g.sides[from:to], starts[i])
		}
	})
	parallel(workers, workers, func(i int) {
		from, to := cut(i)
		copy(rows[from:to], g.spare[from:to])
		if gh != nil {
			copy(gh[from:to], g.spares[from:to])
		}
	})
	return out
}

// scatter writes rows and their gradients to their places.
func (g *grower) scatter(rows []int32, gh []int64, sides []side, at [3]int) {
	a, b, c := at[0], at[1], at[2]
	gh, sides = gh[:len(rows)], sides[:len(rows)]
	for i, r := range rows {
		s := int(sides[i])
		to := a
		if s == 1 {
			to = b
		}
		if s == 2 {
			to = c
		}
		g.spare[to], g.spares[to] = r, gh[i]
		b += s & 1
		c += s >> 1
		a += 1 - s&1 - s>>1
	}
}

func (g *grower) scatterRows(rows []int32, sides []side, at [3]int) {
	for i, r := range rows {
		s := sides[i]
		g.spare[at[s]] = r
		at[s]++
	}
}

// side stores which side of s each row is on, and returns how many are on each.
func (t *table) side(dst []side, rows []int32, s *split) (counts [3]int) {
	k := s.feature
	codes := t.d.Table.Columns[k].Codes
	if t.features[k].kind == set {
		item := int32(t.features[k].base) + s.at - 2
		for i, r := range rows {
			to := left
			if codes[t.source[r]] == 0 {
				to = s.missing
			} else if t.has(r, item) {
				to = right
			}
			dst[i] = to
			counts[to]++
		}
		return counts
	}
	var sides [256]side
	for code := range sides {
		sides[code] = right
		if s.in == nil && int32(code) <= s.at {
			sides[code] = left
		}
	}
	for _, code := range s.in {
		sides[code] = left
	}
	sides[0] = s.missing
	var b, c int
	for i, r := range rows {
		to := sides[codes[t.source[r]]]
		dst[i] = to
		b += int(to & 1)
		c += int(to >> 1)
	}
	return [3]int{len(rows) - b - c, b, c}
}
