package model

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

// A Display writes an account's value of a feature for people. Numbers are
// rounded to three digits, which keeps the texts few; sets show the items that
// weigh most. It remembers what it has written; it is not safe for concurrent use.
type Display struct {
	spec    features.Spec
	term    *Term
	numbers map[float64]string
	items   map[string]int32 // folded item to slot
	weight  []int32          // of each dictionary entry of the reader, absolute micro-points
	sets    map[string]string
	key     []byte
}

// NewDisplay returns a display of one term's values.
func NewDisplay(spec features.Spec, term *Term) *Display {
	d := &Display{spec: spec, term: term, numbers: map[float64]string{}, sets: map[string]string{}, items: map[string]int32{}}
	for i, item := range term.Items {
		d.items[item] = int32(i + 2)
	}
	return d
}

// NewReader forgets the dictionary: call it when columns come from another reader.
func (d *Display) NewReader() {
	d.weight = d.weight[:0]
	clear(d.sets)
}

// Value writes row i of c.
func (d *Display) Value(c *datasets.Column, i int) string {
	if c.Missing(i) {
		return "unknown"
	}
	switch c.Type {
	case datasets.Number:
		return d.number(c.Numbers[i])
	case datasets.Date:
		return d.date(c.Days[i])
	case datasets.Flag:
		return [...]string{"no", "yes"}[c.Flags[i]]
	case datasets.Category:
		return c.Dictionary[c.Codes[i]]
	default:
		return d.set(c, c.Items(i))
	}
}

// memoLimit bounds what a display remembers.
const memoLimit = 1 << 16

func (d *Display) number(v float64) string {
	v = d.Round(v)
	text, ok := d.numbers[v]
	if !ok {
		text = bin.Short(v)
		if d.spec.Parser == "year" {
			text = strconv.FormatFloat(v, 'f', -1, 64)
		}
		if len(d.numbers) < memoLimit {
			d.numbers[v] = text
		}
	}
	return text
}

// Round returns the number that is written for v: three digits, or all of a
// whole number up to 9,999.
func (d *Display) Round(v float64) float64 {
	a := math.Abs(v)
	if !Rounded(v) {
		return v + 0 // -0 becomes 0
	}
	scale := math.Pow10(2 - int(math.Floor(math.Log10(a))))
	return math.Round(v*scale) / scale
}

// Rounded reports whether Round writes other numbers like v: v is neither a whole
// number up to 9,999 nor one of a size that is not rounded.
func Rounded(v float64) bool {
	a := math.Abs(v)
	return !(v == math.Trunc(v) && a < whole) && a > 1e-300 && a < 1e300
}

// NumberSlots is how many slots Slot tells apart.
const NumberSlots = whole + decades*901

const (
	whole    = 10000 // slots of whole numbers from 0 on
	least    = -4    // the first decade
	decades  = 13    // up to a thousand million
	atBorder = 1e-9  // so close to a power of ten, relatively, a logarithm may err
)

// powers[i] is 10 to the i+least-1, and scales[i] what Round multiplies the
// numbers of the decade i+least by.
var powers, scales = func() (p [decades + 2]float64, s [decades]float64) {
	for i := range p {
		p[i] = math.Pow10(i + least - 1)
	}
	for i := range s {
		s[i] = math.Pow10(2 - (i + least))
	}
	return p, s
}()

// Slot numbers what Round makes of v: numbers of the same slot are written
// alike. It is -1 where it cannot tell, as for negative numbers.
func Slot(v float64) int {
	if v >= 0 && v < whole && v == float64(int(v)) {
		return int(v)
	}
	if !(v > powers[1]*(1+atBorder) && v < powers[decades+1]*(1-atBorder)) {
		return -1
	}
	i := (int(math.Float64bits(v)>>52) - 1023 - least*3) * 3 / 10 // about the decade, never above it
	i = max(0, min(decades-1, i-1))
	for v >= powers[i+2] {
		i++
	}
	if v < powers[i+1]*(1+atBorder) || v > powers[i+2]*(1-atBorder) {
		return -1
	}
	return whole + i*901 + int(v*scales[i]+0.5) - 100 // as math.Round: three digits and a half are exact
}

func (d *Display) date(day int32) string {
	v := float64(day)
	text, ok := d.numbers[v]
	if !ok {
		text = time.Unix(int64(day)*86400, 0).UTC().Format(time.DateOnly)
		if len(d.numbers) < memoLimit {
			d.numbers[v] = text
		}
	}
	return text
}

// ShownItems is how many items of a set are written; of larger ones, how many more there are.
const ShownItems = 3

// set writes the items of most weight, ties in the order they come.
func (d *Display) set(c *datasets.Column, items []int32) string {
	if len(items) == 0 {
		return "none"
	}
	for len(d.weight) < len(c.Dictionary) {
		w := int32(0)
		if slot, ok := d.items[bin.Fold(c.Dictionary[len(d.weight)])]; ok {
			if w = d.term.Shape()[slot]; w < 0 {
				w = -w
			}
		}
		d.weight = append(d.weight, w)
	}
	d.key = d.key[:0]
	for _, code := range items {
		d.key = append(d.key, byte(code), byte(code>>8), byte(code>>16), byte(code>>24))
	}
	if text, ok := d.sets[string(d.key)]; ok {
		return text
	}
	order := slices.Clone(items)
	slices.SortStableFunc(order, func(a, b int32) int { return int(d.weight[b]) - int(d.weight[a]) })
	var names []string
	for _, code := range order[:min(len(order), ShownItems)] {
		names = append(names, c.Dictionary[code])
	}
	text := strings.Join(names, ", ")
	if more := len(order) - ShownItems; more > 0 {
		text += " +" + strconv.Itoa(more)
	}
	if len(d.sets) < memoLimit {
		d.sets[string(d.key)] = text
	}
	return text
}
