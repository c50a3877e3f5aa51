package trees

import (
	"cmp"
	"math"
	"slices"
)

// limits decide how far one tree grows, and what its leaves are worth.
type limits struct {
	leaves, depth int
	l2            float64
	leastHessian  float64 // of a leaf
	leastRows     float64 // weight of the rows of a leaf
	leastHeld     float64 // weight of the customers of a leaf
	catSmooth     float64 // hessian that stands for a category's uncertainty where categories are sorted
	catL2         float64 // added to l2 there
	shrink        float64 // hessian of a node at which half of a step to its child is taken
}

// mostCategories is how many categories the sorted side of a split has at most.
const mostCategories = 32

// sums are a gradient and a hessian, in units, and the weight of the customers
// where that matters.
type sums struct{ g, h, held int64 }

func (s sums) add(o sums) sums { return sums{s.g + o.g, s.h + o.h, s.held + o.held} }

func (s sums) minus(o sums) sums { return sums{s.g - o.g, s.h - o.h, s.held - o.held} }

// Where missing values go.
type side uint8

const (
	left side = iota
	right
	third
)

// A split parts the rows of a leaf. in holds the codes of the left side, for
// categories.
type split struct {
	gain        float64
	feature     int32
	at          int32
	in          []int32
	missing     side
	l2          float64 // added to the leaves' own
	left, right sums    // missing included where it goes there
}

// A search looks for the best split of one leaf.
type search struct {
	*grower
	leaf      *leaf
	least     int64 // units of hessian on either side
	leastHeld int64 // weight of customers on either side
	best      split
}

// find returns the best split of the leaf by the given columns; its gain is 0 if
// there is none.
func (g *grower) find(l *leaf, columns []int32) split {
	s := &search{grower: g, leaf: l}
	least := g.limits.leastHessian * g.units.h
	if l.weight > 0 { // rows are counted by their share of the hessian, as LightGBM does
		least = max(least, g.limits.leastRows*(float64(l.sums.h)/l.weight))
	}
	s.least = max(1, int64(math.Ceil(least)))
	s.leastHeld = int64(math.Ceil(g.limits.leastHeld * g.heldUnit))
	for _, i := range columns {
		c := g.t.columns[i]
		switch f := &g.t.features[c.feature]; {
		case f.kind == ordered:
			s.ordered(c.feature, f)
		case f.kind == set:
			s.item(c.feature, f, c.at)
		case c.at >= 0:
			s.value(c.feature, f, c.at)
		default:
			s.category(c.feature, f)
		}
	}
	return s.best
}

// score returns G²/(H+λ) of a side, in squared units of the gradient: twice the
// loss that its best value saves.
func (s *search) score(x sums, l2 float64) float64 {
	g := float64(x.g)
	return g * g / (float64(x.h)*s.perUnit + l2)
}

// within returns the best value of a side within the leaf's bounds.
func (s *search) within(x sums, l2 float64) float64 {
	return max(s.leaf.low, min(s.leaf.high, -float64(x.g)/s.units.g/(float64(x.h)*s.perUnit+l2)))
}

// try considers a split of feature k, and keeps it if it is the best so far.
// Without a place of their own, the missing are part of a side.
func (s *search) try(x split, sign int8) {
	if min(x.left.h, x.right.h) < s.least || s.leaf.held != nil && min(x.left.held, x.right.held) < s.leastHeld {
		return
	}
	both, l2 := x.left.add(x.right), s.limits.l2+x.l2
	if !s.bounded {
		x.gain = s.score(x.left, l2) + s.score(x.right, l2) - s.score(both, s.limits.l2)
	} else {
		a, b := s.within(x.left, l2), s.within(x.right, l2)
		if float64(sign)*(b-a) < 0 {
			return
		}
		x.gain = s.saves(x.left, a, l2) + s.saves(x.right, b, l2) - s.score(both, s.limits.l2)
	}
	if x.gain > s.best.gain && s.gains(x.gain) {
		s.best = x
	}
}

// saves returns twice the loss that a value saves, as score does.
func (s *search) saves(x sums, value, l2 float64) float64 {
	v := value * s.units.g
	return -2*float64(x.g)*v - (float64(x.h)*s.perUnit+l2)*v*v
}

// gains reports whether a gain is more than rounding.
func (s *search) gains(gain float64) bool { return gain > 1e-9*s.units.g*s.units.g }

// code returns the sums of one code of feature k.
func (s *search) code(k int32, code int) sums {
	x := s.leaf.histogram.code(k, code)
	if s.leaf.held != nil {
		_, x.held = unpack(s.leaf.held.blocks[k/lanes][k%lanes][code])
	}
	return x
}

// ordered looks for the best cut of a number, date or flag.
func (s *search) ordered(k int32, f *feature) {
	missing := s.code(k, 0)
	known := s.leaf.sums.minus(missing)
	x := split{feature: k, missing: third, right: known}
	switch {
	case !f.learn:
		s.cut(x, f)
	case missing.h == 0: // to the greater side, should any come later
		x.missing = right
		if s.cut(x, f); s.best.feature == k && s.best.left.h > s.best.right.h {
			s.best.missing = left
		}
	default:
		x.missing, x.left = left, missing
		s.cut(x, f)
		x.missing, x.left, x.right = right, sums{}, s.leaf.sums
		s.cut(x, f)
		s.try(split{feature: k, at: int32(f.slots - 1), missing: right, left: known, right: missing}, 0)
	}
}

// cut tries all cuts of an ordered feature, the codes of which are to move from
// the right side of x to the left one by one.
func (s *search) cut(x split, f *feature) {
	k := x.feature
	if s.bounded || s.leaf.held != nil {
		for code := 1; code < f.slots-1; code++ {
			moved := s.code(k, code)
			x.at, x.left, x.right = int32(code), x.left.add(moved), x.right.minus(moved)
			if moved.h != 0 {
				s.try(x, f.sign)
			}
		}
		return
	}
	h := s.leaf.histogram.blocks[k/lanes][k%lanes][:f.slots-1]
	total := x.left.add(x.right)
	base := s.score(total, s.limits.l2)
	l2, perUnit, best, at := s.limits.l2, s.perUnit, s.best.gain, -1
	sum := pack(x.left.g, x.left.h)
	for code := 1; code < len(h); code++ {
		sum += h[code]
		lg, lh := unpack(sum)
		rh := total.h - lh
		if lh < s.least || h[code] == 0 {
			continue
		}
		if rh < s.least {
			break
		}
		a, b := float64(lg), float64(total.g-lg)
		if gain := a*a/(float64(lh)*perUnit+l2) + b*b/(float64(rh)*perUnit+l2) - base; gain > best {
			best, at, x.left = gain, code, sums{g: lg, h: lh}
		}
	}
	if at > 0 {
		x.at, x.right = int32(at), total.minus(x.left)
		s.try(x, f.sign)
	}
}

// item looks at the split of a set by one item.
func (s *search) item(k int32, f *feature, item int32) {
	has := s.leaf.histogram.item(item)
	if has.h == 0 {
		return
	}
	if s.leaf.held != nil {
		_, has.held = unpack(s.leaf.held.items[item])
	}
	missing := s.code(k, 0)
	lacks := s.leaf.sums.minus(missing).minus(has)
	x := split{feature: k, at: 2 + item - int32(f.base), missing: third, left: lacks, right: has}
	if !f.learn {
		s.try(x, 0)
		return
	}
	x.missing, x.left = left, lacks.add(missing)
	s.try(x, 0)
	if missing.h > 0 {
		x.missing, x.left, x.right = right, lacks, has.add(missing)
		s.try(x, 0)
	}
}

// value looks at the split of a category by one value, against all others. What
// is unknown is a value too where it may be learned from.
func (s *search) value(k int32, f *feature, code int32) {
	if s.code(k, int(code)).h > 0 {
		s.values(k, f, []int32{code}, 0)
	}
}

// category looks for the best set of values to send left: a run of those sorted
// by their mean gradient, from either end [1]. What is unknown counts as a value
// where it may be learned from.
//
// [1] Fisher, "On grouping for maximum homogeneity", JASA 53 (1958); smoothed,
// and with a greater penalty, as in LightGBM.
func (s *search) category(k int32, f *feature) {
	from := 0
	if !f.learn {
		from = 1
	}
	enough := int64(s.limits.catSmooth / max(s.leaf.weight, 1) * float64(s.leaf.sums.h))
	var codes []int32
	for code := from; code < f.slots; code++ {
		if h := s.code(k, code).h; h > 0 && h >= enough {
			codes = append(codes, int32(code))
		}
	}
	mean := func(code int32) float64 {
		x := s.code(k, int(code))
		return float64(x.g) / (float64(x.h)*s.perUnit + s.limits.catSmooth)
	}
	slices.SortStableFunc(codes, func(a, b int32) int { return cmp.Compare(mean(a), mean(b)) })
	most := min(mostCategories, (len(codes)+1)/2)
	for range 2 {
		for n := 1; n <= most; n++ {
			s.values(k, f, codes[:n], s.limits.catL2)
		}
		slices.Reverse(codes)
	}
}

// values tries to send the given codes left.
func (s *search) values(k int32, f *feature, codes []int32, l2 float64) {
	x := split{feature: k, missing: third, l2: l2}
	total := s.leaf.sums
	if f.learn {
		x.missing = right
	} else {
		total = total.minus(s.code(k, 0))
	}
	for _, code := range codes {
		x.left = x.left.add(s.code(k, int(code)))
		if code == 0 {
			x.missing = left
		}
	}
	x.right = total.minus(x.left)
	gain := s.best.gain
	if s.try(x, 0); s.best.gain == gain {
		return
	}
	s.best.in = slices.DeleteFunc(slices.Clone(codes), func(code int32) bool { return code == 0 })
	slices.Sort(s.best.in)
	if len(s.best.in) > 0 {
		return
	}
	// A split names values: all that may be known, then, against the unknown.
	b := &s.best
	b.left, b.right, b.missing = b.right, b.left, right
	for code := 1; code < f.slots; code++ {
		b.in = append(b.in, int32(code))
	}
}
