package datasets

import "slices"

// Concat returns a batch with the rows of a, then those of b. It has the
// columns of b; a must have them too, of the same types. Dictionaries are
// merged, each text once, a's first. It shares no memory with either.
func Concat(a, b *Batch) *Batch {
	out := &Batch{Rows: a.Rows + b.Rows}
	for i := range b.Columns {
		out.Columns = append(out.Columns, concat(a.Column(b.Columns[i].Name), &b.Columns[i], a.Rows, b.Rows))
	}
	return out
}

func concat(a, b *Column, aRows, bRows int) Column {
	c := Column{Field: b.Field}
	c.Numbers = slices.Concat(a.Numbers, b.Numbers)
	c.Integers = slices.Concat(a.Integers, b.Integers)
	c.Days = slices.Concat(a.Days, b.Days)
	c.Flags = slices.Concat(a.Flags, b.Flags)
	c.Data = slices.Concat(a.Data, b.Data)
	if a.Null != nil || b.Null != nil {
		c.Null = make([]bool, aRows+bRows)
		copy(c.Null, a.Null)
		copy(c.Null[aRows:], b.Null)
	}
	if len(b.Offsets) > 0 {
		c.Offsets = slices.Clone(a.Offsets)
		last := a.Offsets[aRows]
		for _, o := range b.Offsets[1:] {
			c.Offsets = append(c.Offsets, last+o-b.Offsets[0])
		}
	}
	if b.Type != Category && b.Type != Set {
		return c
	}
	c.Dictionary = slices.Clone(a.Dictionary)
	codes := make(map[string]int32, len(a.Dictionary))
	for code, text := range a.Dictionary {
		codes[text] = int32(code)
	}
	remap := make([]int32, len(b.Dictionary))
	for code, text := range b.Dictionary {
		to, ok := codes[text]
		if !ok {
			to = int32(len(c.Dictionary))
			codes[text] = to
			c.Dictionary = append(c.Dictionary, text)
		}
		remap[code] = to
	}
	c.Codes = slices.Clone(a.Codes)
	for _, code := range b.Codes {
		if code >= 0 {
			code = remap[code]
		}
		c.Codes = append(c.Codes, code)
	}
	return c
}
