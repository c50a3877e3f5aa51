package predict

import (
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model"
)

// Reasons is how many reasons a scored row has at most.
const Reasons = 5

// reasons collects the strongest contributions of each row.
type reasons struct {
	m       *model.Model
	display []*model.Display // by feature of the fit
	columns []*datasets.Column
	names   []string            // of the features, in the order of the terms: the dictionary of reasons.feature
	value   texts               // dictionary of reasons.value
	unknown int32               // value code of unknown; -1 not met yet, as below
	memo    [][]int32           // by feature: value code of each dictionary entry of a category, or of no and yes
	slots   [][]int32           // by feature that is a number: value code of each of model.Slot
	days    []map[int32]int32   // by feature that is a date: value code of each day
	numbers []map[float64]int32 // by feature: value code of each rounded number that has no slot

	offsets  []int32
	features []int32
	values   []int32
	micro    []int64
}

func newReasons(m *model.Model, asOf int32) *reasons {
	n := len(m.Terms)
	r := &reasons{
		m: m, columns: make([]*datasets.Column, n), memo: make([][]int32, n), slots: make([][]int32, n),
		days: make([]map[int32]int32, n), numbers: make([]map[float64]int32, n),
	}
	for k := range m.Terms {
		r.names = append(r.names, m.Terms[k].Feature)
		r.display = append(r.display, model.NewDisplay(m.Specs[k], &m.Terms[k]))
	}
	r.reset()
	return r
}

func (r *reasons) reset() {
	r.value.reset()
	r.unknown = -1
	for k, d := range r.display {
		d.NewReader()
		r.memo[k] = r.memo[k][:0]
		clear(r.days[k])
		clear(r.numbers[k])
		for i := range r.slots[k] {
			r.slots[k][i] = -1
		}
	}
}

func (r *reasons) start(batch *datasets.Batch, s *model.Scores) {
	for k := range r.columns {
		r.columns[k] = batch.Column(r.m.Terms[k].Feature)
	}
	r.offsets = append(r.offsets[:0], 0)
	r.features, r.values, r.micro = r.features[:0], r.values[:0], r.micro[:0]
}

// none closes a row without reasons.
func (r *reasons) none() { r.offsets = append(r.offsets, int32(len(r.features))) }

// add appends the strongest contributions of row i, by absolute value, ties in
// the order of the features: of the known features, and of unknown ones that
// carry points.
func (r *reasons) add(s *model.Scores, i int) {
	var top [Reasons]struct {
		strength int32
		k        int
	}
	n := 0
	for k, c := range s.Contributions {
		strength := c[i]
		if strength < 0 {
			strength = -strength
		}
		if strength == 0 && s.Unknown[k][i] {
			continue
		}
		if n == Reasons && strength <= top[n-1].strength {
			continue
		}
		if n < Reasons {
			n++
		}
		at := n - 1
		for at > 0 && strength > top[at-1].strength {
			top[at] = top[at-1]
			at--
		}
		top[at].strength, top[at].k = strength, k
	}
	for _, t := range top[:n] {
		r.features = append(r.features, int32(t.k))
		r.values = append(r.values, r.code(t.k, i, s.Unknown[t.k][i]))
		r.micro = append(r.micro, int64(s.Contributions[t.k][i]))
	}
	r.none()
}

// code returns the code of what row i says of feature k.
func (r *reasons) code(k, i int, unknown bool) int32 {
	c := r.columns[k]
	entry, entries := -1, 0
	switch {
	case unknown:
		if r.unknown < 0 {
			r.unknown = r.value.code("unknown")
		}
		return r.unknown
	case c.Type == datasets.Category:
		entry, entries = int(c.Codes[i]), len(c.Dictionary)
	case c.Type == datasets.Flag:
		entry, entries = int(c.Flags[i]), 2
	case c.Type == datasets.Number:
		return r.number(k, i)
	case c.Type == datasets.Date:
		return remembered(&r.days[k], c.Days[i], func() int32 { return r.value.code(r.display[k].Value(c, i)) })
	default:
		return r.value.code(r.display[k].Value(c, i))
	}
	for len(r.memo[k]) < entries {
		r.memo[k] = append(r.memo[k], -1)
	}
	if r.memo[k][entry] < 0 {
		r.memo[k][entry] = r.value.code(r.display[k].Value(c, i))
	}
	return r.memo[k][entry]
}

// number returns the code of a known number.
func (r *reasons) number(k, i int) int32 {
	c := r.columns[k]
	text := func() int32 { return r.value.code(r.display[k].Value(c, i)) }
	slot := model.Slot(c.Numbers[i])
	if slot < 0 {
		return remembered(&r.numbers[k], r.display[k].Round(c.Numbers[i]), text)
	}
	if r.slots[k] == nil {
		r.slots[k] = slices.Repeat([]int32{-1}, model.NumberSlots)
	}
	if r.slots[k][slot] < 0 {
		r.slots[k][slot] = text()
	}
	return r.slots[k][slot]
}

// remembered returns the code of a key, found once.
func remembered[K comparable](codes *map[K]int32, key K, find func() int32) int32 {
	code, ok := (*codes)[key]
	if !ok {
		if *codes == nil {
			*codes = map[K]int32{}
		}
		code = find()
		(*codes)[key] = code
	}
	return code
}

func (r *reasons) finish(dst *datasets.Column) {
	dst.Offsets = append(dst.Offsets[:0], r.offsets...)
	dst.Children[0].Codes = append(dst.Children[0].Codes, r.features...)
	dst.Children[0].Dictionary = r.names
	dst.Children[1].Codes = append(dst.Children[1].Codes, r.values...)
	dst.Children[1].Dictionary = r.value.list
	dst.Children[2].Integers = append(dst.Children[2].Integers, r.micro...)
	dst.Null = slices.Grow(dst.Null[:0], len(r.offsets))
	for i := range len(r.offsets) - 1 {
		dst.Null = append(dst.Null, r.offsets[i] == r.offsets[i+1])
	}
}
