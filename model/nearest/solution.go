package nearest

import (
	"cmp"
	"slices"

	"github.com/icpfit/icpfit/model"
)

// A solution is a way with what it is ranked by.
type solution struct {
	way   Way
	known int     // changes of known values
	share float64 // product of the changes' shares
}

// best returns the ways to show: those that correct the fewest known values first,
// then the likeliest.
func (s *search) best(found []solution) []Way {
	slices.SortStableFunc(found, func(a, b solution) int {
		return cmp.Or(cmp.Compare(a.known, b.known), cmp.Compare(b.share, a.share))
	})
	var out []Way
	for _, f := range found[:min(len(found), waysShown)] {
		out = append(out, f.way)
	}
	return out
}

// solve gathers combinations that reach the grade into one way: slots by term, any
// of which do it with any of the others'. It starts from the likeliest combination
// and adds slots while that holds.
func (s *search) solve(terms []int, lists [][]option, reached []bool) solution {
	share := func(i, o int) float64 { return max(0, slotShare(&s.Model.Terms[terms[i]], lists[i][o].slot)) }
	at := func(choice []int) int {
		row := 0
		for i, o := range choice {
			row = row*len(lists[i]) + o
		}
		return row
	}
	start := likeliest(lists, reached, share)
	taken := make([][]int, len(terms))
	for i := range terms {
		taken[i] = []int{start[i]}
	}
	for i := range terms {
		for _, o := range byShare(len(lists[i]), func(o int) float64 { return share(i, o) }) {
			if o != start[i] && all(taken, i, o, func(choice []int) bool { return reached[at(choice)] }) {
				taken[i] = append(taken[i], o)
			}
		}
	}
	out := solution{share: 1}
	for i, k := range terms {
		c := Change{Term: k, Known: s.Columns[k].Codes[0] != 0}
		for _, o := range taken[i] {
			c.Slots = append(c.Slots, lists[i][o].slot)
		}
		slices.Sort(c.Slots)
		c.Share = sharesOf(&s.Model.Terms[k], c.Slots)
		if c.Known {
			out.known++
		}
		out.share *= max(0, c.Share)
		out.way.Changes = append(out.way.Changes, c)
	}
	return out
}

// likeliest returns the combination that reaches the grade with the greatest
// product of shares, the first of equal ones.
func likeliest(lists [][]option, reached []bool, share func(i, o int) float64) []int {
	best, most := make([]int, len(lists)), -1.0
	choice := make([]int, len(lists))
	for row, ok := range reached {
		if !ok {
			continue
		}
		product := 1.0
		for i, rest := len(lists)-1, row; i >= 0; i-- {
			choice[i] = rest % len(lists[i])
			rest /= len(lists[i])
			product *= share(i, choice[i])
		}
		if product > most {
			most = product
			copy(best, choice)
		}
	}
	return best
}

// byShare returns 0 to n-1, the greatest share first.
func byShare(n int, share func(int) float64) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(share(b), share(a)) })
	return order
}

// all reports whether ok holds for option o of list i with every choice of the
// others' options that are taken.
func all(taken [][]int, i, o int, ok func(choice []int) bool) bool {
	choice := make([]int, len(taken))
	var walk func(k int) bool
	walk = func(k int) bool {
		if k == len(taken) {
			return ok(choice)
		}
		options := taken[k]
		if k == i {
			options = []int{o}
		}
		for _, option := range options {
			choice[k] = option
			if !walk(k + 1) {
				return false
			}
		}
		return true
	}
	return walk(0)
}

// slotShare returns the share of the pool's accounts whose value is known that have
// the slot, negative where there are no counts.
func slotShare(t *model.Term, slot int) float64 {
	known := 0
	if t.IsSet() {
		known = t.Pool[1]
	} else {
		for _, n := range t.Pool[1:] {
			known += n
		}
	}
	if known == 0 {
		return -1
	}
	return float64(t.Pool[slot]) / float64(known)
}

// sharesOf is slotShare of slots that exclude each other; of a set's items, which
// do not, the greatest.
func sharesOf(t *model.Term, slots []int) float64 {
	sum := 0.0
	for i, slot := range slots {
		share := slotShare(t, slot)
		switch {
		case share < 0:
			return share
		case t.IsSet() || i == 0:
			sum = max(sum, share)
		default:
			sum += share
		}
	}
	return sum
}
