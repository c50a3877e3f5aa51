package predict

import (
	"cmp"
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
	value   texts               // dictionary of reasons.value, kept from one row group to the next
	unknown int32               // value code of unknown; -1 not met yet, as below
	memo    [][]int32           // by feature: value code of each entry of a category's dictionary in the row group, or of no and yes
	slots   [][]int32           // by feature that is a number: value code of each of model.Slot
	days    []map[int32]int32   // by feature that is a date: value code of each day
	numbers []map[float64]int32 // by feature: value code of each rounded number that has no slot

	order []int             // features of the fit, those that can weigh most first
	keys  [][Reasons]uint64 // by row of the batch: its strongest, descending; 0: none

	offsets  []int32
	features []int32
	values   []int32
	micro    []int64
}

func newReasons(m *model.Model) *reasons {
	n := len(m.Terms)
	r := &reasons{
		m: m, columns: make([]*datasets.Column, n), memo: make([][]int32, n), slots: make([][]int32, n),
		days: make([]map[int32]int32, n), numbers: make([]map[float64]int32, n),
	}
	for k := range m.Terms {
		r.names = append(r.names, m.Terms[k].Feature)
		r.display = append(r.display, model.NewDisplay(m.Specs[k], &m.Terms[k]))
		r.order = append(r.order, k)
	}
	// Any order finds the same. The sooner a row's strongest are found, the fewer
	// of the others are compared more than once.
	slices.SortStableFunc(r.order, func(a, b int) int { return cmp.Compare(widest(&m.Terms[b]), widest(&m.Terms[a])) })
	r.forget()
	return r
}

// mostTexts is how many texts of values are kept for the next row group.
const mostTexts = 1 << 15

// newGroup starts a row group. What it says does not depend on the texts that are
// kept: a row group's dictionary in the file is its own.
func (r *reasons) newGroup() {
	for k, d := range r.display {
		d.NewReader()
		r.memo[k] = r.memo[k][:0]
	}
	if len(r.value.list) > mostTexts {
		r.forget()
	}
}

// forget empties the dictionary of values.
func (r *reasons) forget() {
	r.value.reset()
	r.unknown = -1
	for k := range r.display {
		r.memo[k] = r.memo[k][:0]
		clear(r.days[k])
		clear(r.numbers[k])
		for i := range r.slots[k] {
			r.slots[k][i] = -1
		}
	}
}

// widest returns the most micro-points that a term's bins give or take.
func widest(t *model.Term) int32 {
	most := int32(0)
	for _, p := range t.Shape() {
		most = max(most, p, -p)
	}
	return most
}

// keyRows is how many rows' strongest are looked for at a time: their keys stay
// in the nearest memory.
const keyRows = 512

// start finds the strongest contributions of every row of a batch, by absolute
// value, ties in the order of the features: of the known features, and of unknown
// ones that carry points. It goes feature by feature, as the scores lie.
func (r *reasons) start(batch *datasets.Batch, s *model.Scores) {
	for k := range r.columns {
		r.columns[k] = batch.Column(r.m.Terms[k].Feature)
	}
	r.offsets = append(r.offsets[:0], 0)
	r.features, r.values, r.micro = r.features[:0], r.values[:0], r.micro[:0]
	r.keys = slices.Grow(r.keys[:0], s.Rows)[:s.Rows]
	clear(r.keys)
	for from := 0; from < s.Rows; from += keyRows {
		to := min(s.Rows, from+keyRows)
		for _, k := range r.order {
			enterKeys(r.keys[from:to], k, s.Contributions[k][from:to], s.Unknown[k][from:to])
		}
	}
}

// A key is the strength of a reason, its feature, whether that takes points, and
// whether it is unknown: the larger key is the stronger reason, and of equal ones
// that of the earlier feature.
const (
	keyUnknown  = 1
	keyMinus    = 2
	keyFeature  = 2 // from this bit on: what the feature's number lacks to lastFeature
	keyStrength = 26
	lastFeature = 1<<(keyStrength-keyFeature) - 1
)

// enterKeys puts the contributions of feature k among the strongest of their rows.
func enterKeys(keys [][Reasons]uint64, k int, contributions []int32, unknown []bool) {
	feature := uint64(lastFeature-k) << keyFeature
	keys, unknown = keys[:len(contributions)], unknown[:len(contributions)]
	for i, c := range contributions {
		row := &keys[i]
		strength := uint64(max(int64(c), -int64(c)))
		key := strength<<keyStrength | feature
		if key <= row[Reasons-1] {
			continue
		}
		key |= uint64(uint32(c)>>31) * keyMinus
		if unknown[i] {
			if strength == 0 {
				continue
			}
			key |= keyUnknown
		}
		for at, have := range row { // without a branch: where it belongs is anybody's guess
			row[at], key = max(have, key), min(have, key)
		}
	}
}

// none closes a row without reasons.
func (r *reasons) none() { r.offsets = append(r.offsets, int32(len(r.features))) }

// add closes row i with its strongest contributions.
func (r *reasons) add(i int) {
	for _, key := range r.keys[i] {
		if key == 0 {
			break
		}
		k := lastFeature - int(key>>keyFeature&lastFeature)
		micro := int64(key >> keyStrength)
		if key&keyMinus != 0 {
			micro = -micro
		}
		r.features = append(r.features, int32(k))
		r.values = append(r.values, r.code(k, i, key&keyUnknown != 0))
		r.micro = append(r.micro, micro)
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
	at := model.Slot(c.Numbers[i])
	if at < 0 {
		return remembered(&r.numbers[k], r.display[k].Round(c.Numbers[i]), func() int32 { return r.value.code(r.display[k].Value(c, i)) })
	}
	if r.slots[k] == nil {
		r.slots[k] = slices.Repeat([]int32{-1}, model.NumberSlots)
	}
	if r.slots[k][at] < 0 {
		r.slots[k][at] = r.value.code(r.display[k].Value(c, i))
	}
	return r.slots[k][at]
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
