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
	value   texts               // dictionary of reasons.value
	unknown int32               // value code of unknown; -1 not met yet, as below
	memo    [][]int32           // by feature: value code of each dictionary entry of a category, or of no and yes
	slots   [][]int32           // by feature that is a number: value code of each of model.Slot
	written [][]string          // by feature that is a number: text of each of model.Slot, "" until it is met
	days    []map[int32]int32   // by feature that is a date: value code of each day
	numbers []map[float64]int32 // by feature: value code of each rounded number that has no slot

	order []int    // features of the fit, those that can weigh most first
	keys  []uint64 // by row of the batch: its Reasons strongest, descending; 0: none

	offsets  []int32
	features []int32
	values   []int32
	micro    []int64
}

func newReasons(m *model.Model, asOf int32) *reasons {
	n := len(m.Terms)
	r := &reasons{
		m: m, columns: make([]*datasets.Column, n), memo: make([][]int32, n), slots: make([][]int32, n), written: make([][]string, n),
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

// widest returns the most micro-points that a term's bins give or take.
func widest(t *model.Term) int32 {
	most := int32(0)
	for _, p := range t.Shape() {
		most = max(most, p, -p)
	}
	return most
}

// start finds the strongest contributions of every row of a batch, by absolute
// value, ties in the order of the features: of the known features, and of unknown
// ones that carry points. It goes feature by feature, as the scores lie.
func (r *reasons) start(batch *datasets.Batch, s *model.Scores) {
	for k := range r.columns {
		r.columns[k] = batch.Column(r.m.Terms[k].Feature)
	}
	r.offsets = append(r.offsets[:0], 0)
	r.features, r.values, r.micro = r.features[:0], r.values[:0], r.micro[:0]
	r.keys = slices.Grow(r.keys[:0], s.Rows*Reasons)[:s.Rows*Reasons]
	clear(r.keys)
	for _, k := range r.order {
		unknown := s.Unknown[k]
		for i, c := range s.Contributions[k] {
			strength := uint64(max(int64(c), -int64(c)))
			key := strength<<keyBits | (1<<keyBits - 1 - uint64(k))
			row := (*[Reasons]uint64)(r.keys[i*Reasons:])
			if key <= row[Reasons-1] || strength == 0 && unknown[i] {
				continue
			}
			at := Reasons - 1
			for ; at > 0 && key > row[at-1]; at-- {
				row[at] = row[at-1]
			}
			row[at] = key
		}
	}
}

// keyBits of a key are its feature's, the others its strength: the larger key is
// the stronger reason, and of equal ones that of the earlier feature.
const keyBits = 24

// none closes a row without reasons.
func (r *reasons) none() { r.offsets = append(r.offsets, int32(len(r.features))) }

// add closes row i with its strongest contributions.
func (r *reasons) add(s *model.Scores, i int) {
	for _, key := range r.keys[i*Reasons : (i+1)*Reasons] {
		if key == 0 {
			break
		}
		k := 1<<keyBits - 1 - int(key&(1<<keyBits-1))
		r.features = append(r.features, int32(k))
		r.values = append(r.values, r.code(k, i, s.Unknown[k][i]))
		r.micro = append(r.micro, int64(s.Contributions[k][i]))
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
		r.slots[k], r.written[k] = slices.Repeat([]int32{-1}, model.NumberSlots), make([]string, model.NumberSlots)
	}
	if r.slots[k][at] < 0 {
		if r.written[k][at] == "" {
			r.written[k][at] = r.display[k].Value(c, i)
		}
		r.slots[k][at] = r.value.code(r.written[k][at])
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
