package predict

import (
	"cmp"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
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

	order  []int                   // features of the fit, those that can weigh most first
	byCode []*[bin.MaxCodes]uint64 // by feature whose contribution follows from its code: the key of each; else nil
	keys   [][Reasons]uint64       // by row of the batch: its strongest, descending; 0: none
	scored []bool                  // by row of the batch
	wanted [][]mention             // by feature: the reasons whose values are to be said

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
		byCode: make([]*[bin.MaxCodes]uint64, n), wanted: make([][]mention, n),
	}
	for k := range m.Terms {
		r.names = append(r.names, m.Terms[k].Feature)
		r.display = append(r.display, model.NewDisplay(m.Specs[k], &m.Terms[k]))
		r.order = append(r.order, k)
		if len(m.Trees) == 0 && m.Grid == nil && !m.Terms[k].IsSet() {
			r.byCode[k] = new([bin.MaxCodes]uint64)
			for code, c := range m.Terms[k].MicroPoints {
				r.byCode[k][code] = newKey(k, c, code == 0)
			}
		}
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
// ones that carry points. It goes feature by feature, as the scores lie, which
// scorer has just made.
func (r *reasons) start(batch *datasets.Batch, scorer *model.Scorer, s *model.Scores) {
	for k := range r.columns {
		r.columns[k] = batch.Column(r.m.Terms[k].Feature)
	}
	r.scored = r.scored[:0]
	r.keys = slices.Grow(r.keys[:0], s.Rows)[:s.Rows]
	clear(r.keys)
	for from := 0; from < s.Rows; from += keyRows {
		to := min(s.Rows, from+keyRows)
		for _, k := range r.order {
			if r.byCode[k] != nil {
				enterCodes(r.keys[from:to], r.byCode[k], scorer.Coded(k).Codes[from:to])
				continue
			}
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

// newKey returns the key of a contribution of feature k; 0 where it is no reason.
func newKey(k int, contribution int32, unknown bool) uint64 {
	strength := uint64(magnitude(int64(contribution)))
	key := strength<<keyStrength | uint64(lastFeature-k)<<keyFeature | uint64(uint32(contribution)>>31)*keyMinus
	switch {
	case !unknown:
		return key
	case strength == 0:
		return 0
	}
	return key | keyUnknown
}

// enterCodes puts a feature whose keys follow from its codes among the strongest
// of the rows.
func enterCodes(keys [][Reasons]uint64, byCode *[bin.MaxCodes]uint64, codes []uint8) {
	keys = keys[:len(codes)]
	for i, code := range codes {
		if key := byCode[code]; key > keys[i][Reasons-1] {
			enter(&keys[i], key)
		}
	}
}

// enterKeys puts the contributions of feature k among the strongest of their rows.
func enterKeys(keys [][Reasons]uint64, k int, contributions []int32, unknown []bool) {
	feature := uint64(lastFeature-k) << keyFeature
	keys, unknown = keys[:len(contributions)], unknown[:len(contributions)]
	for i, c := range contributions {
		if uint64(max(int64(c), -int64(c)))<<keyStrength|feature <= keys[i][Reasons-1] {
			continue
		}
		if key := newKey(k, c, unknown[i]); key != 0 {
			enter(&keys[i], key)
		}
	}
}

var _ = [1]struct{}{}[Reasons-5] // enter has a step for each

// enter puts a key where it belongs, without a branch: where that is is anybody's
// guess. No step waits for another.
func enter(row *[Reasons]uint64, key uint64) {
	row[4] = max(row[4], min(row[3], key))
	row[3] = max(row[3], min(row[2], key))
	row[2] = max(row[2], min(row[1], key))
	row[1] = max(row[1], min(row[0], key))
	row[0] = max(row[0], key)
}

// add says of the next row whether it has reasons: it is scored.
func (r *reasons) add(scored bool) { r.scored = append(r.scored, scored) }

// A mention is a reason that waits for its value.
type mention struct {
	row int32 // of the batch
	at  int32 // among the batch's reasons
}

// gather lists the strongest contributions of all rows that are scored. Their
// values are said feature by feature, so that what a feature remembers is near.
func (r *reasons) gather() {
	most := len(r.scored) * Reasons
	r.features, r.values, r.micro = slices.Grow(r.features[:0], most)[:most], slices.Grow(r.values[:0], most)[:most], slices.Grow(r.micro[:0], most)[:most]
	r.offsets = append(r.offsets[:0], 0)
	for k := range r.wanted {
		r.wanted[k] = r.wanted[k][:0]
	}
	n := 0
	for i, scored := range r.scored {
		if scored {
			n = r.list(i, n)
		}
		r.offsets = append(r.offsets, int32(n))
	}
	r.features, r.values, r.micro = r.features[:n], r.values[:n], r.micro[:n]
	for k, wanted := range r.wanted {
		r.say(k, wanted)
	}
}

// list stores the reasons of row i from number n on, and returns the number after
// them.
func (r *reasons) list(i, n int) int {
	for _, key := range r.keys[i] {
		if key == 0 {
			break
		}
		k := lastFeature - int(key>>keyFeature&lastFeature)
		minus := -int64(key & keyMinus / keyMinus) // all bits where it takes points
		r.features[n] = int32(k)
		r.micro[n] = (int64(key>>keyStrength) ^ minus) - minus
		if key&keyUnknown != 0 {
			r.values[n] = r.sayUnknown()
		} else {
			r.wanted[k] = append(r.wanted[k], mention{int32(i), int32(n)})
		}
		n++
	}
	return n
}

func (r *reasons) sayUnknown() int32 {
	if r.unknown < 0 {
		r.unknown = r.value.code("unknown")
	}
	return r.unknown
}

// say stores the codes of what rows say of feature k, which is known.
func (r *reasons) say(k int, wanted []mention) {
	c := r.columns[k]
	switch c.Type {
	case datasets.Category:
		r.sayEntries(k, wanted, len(c.Dictionary), func(i int32) int { return int(c.Codes[i]) })
	case datasets.Flag:
		r.sayEntries(k, wanted, 2, func(i int32) int { return int(c.Flags[i]) })
	case datasets.Number:
		if r.slots[k] == nil {
			r.slots[k] = slices.Repeat([]int32{-1}, model.NumberSlots)
		}
		for _, p := range wanted {
			r.values[p.at] = r.number(k, int(p.row))
		}
	case datasets.Date:
		for _, p := range wanted {
			r.values[p.at] = remembered(&r.days[k], c.Days[p.row], func() int32 { return r.value.code(r.display[k].Value(c, int(p.row))) })
		}
	default:
		for _, p := range wanted {
			r.values[p.at] = r.value.code(r.display[k].Value(c, int(p.row)))
		}
	}
}

// sayEntries is say for a column of so many different values; entry numbers that
// of a row.
func (r *reasons) sayEntries(k int, wanted []mention, entries int, entry func(row int32) int) {
	for len(r.memo[k]) < entries {
		r.memo[k] = append(r.memo[k], -1)
	}
	memo := r.memo[k]
	for _, p := range wanted {
		code := &memo[entry(p.row)]
		if *code < 0 {
			*code = r.value.code(r.display[k].Value(r.columns[k], int(p.row)))
		}
		r.values[p.at] = *code
	}
}

// number returns the code of a known number.
func (r *reasons) number(k, i int) int32 {
	c := r.columns[k]
	at := model.Slot(c.Numbers[i])
	if at < 0 {
		return remembered(&r.numbers[k], r.display[k].Round(c.Numbers[i]), func() int32 { return r.value.code(r.display[k].Value(c, i)) })
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
	r.gather()
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
