package parquetfile

import (
	"slices"

	"github.com/icpfit/icpfit/datasets"
)

// Definition levels of the three levels of a list: the row is missing, its list
// is empty, an item is missing, an item is there. A list of structs has one
// more, a missing struct, which is never written.
const (
	defEmpty = 1
	defItem  = 3
)

// levels returns the definition levels of n cells more.
func (p *pageMaker) levels(n int) []byte {
	p.def = slices.Grow(p.def, n)[:len(p.def)+n]
	return p.def[len(p.def)-n:]
}

// putSet puts rows of a set. Items that are missing or empty are left out.
func (p *pageMaker) putSet(c *datasets.Column, from, to int) error {
	first := int(c.Offsets[from])
	p.items = slices.Grow(p.items[:0], int(c.Offsets[to])-first)[:int(c.Offsets[to])-first]
	if err := p.values.put(c, first, int(c.Offsets[to]), p.items, 0); err != nil {
		return err
	}
	for i := from; i < to; i++ {
		there := 0
		for _, level := range p.items[int(c.Offsets[i])-first : int(c.Offsets[i+1])-first] {
			if level == 0 {
				continue
			}
			p.rep, p.def = append(p.rep, byte(min(1, there))), append(p.def, defItem)
			there++
		}
		if there == 0 {
			p.putEmpty(isNull(c, i))
		}
	}
	return nil
}

// putEmpty puts a row without items.
func (p *pageMaker) putEmpty(missing bool) {
	level := byte(defEmpty)
	if missing {
		level = 0
	}
	p.rep, p.def = append(p.rep, 0), append(p.def, level)
}

// putList puts rows of a list: the cells of one child. They lie side by side, so
// they are put at once, and only rows without any cut in.
func (p *pageMaker) putList(c, child *datasets.Column, from, to int) error {
	for i := from; i < to; {
		if c.Offsets[i] == c.Offsets[i+1] || isNull(c, i) {
			p.putEmpty(isNull(c, i))
			i++
			continue
		}
		run := i
		for i < to && c.Offsets[i] < c.Offsets[i+1] && !isNull(c, i) {
			i++
		}
		first, end := int(c.Offsets[run]), int(c.Offsets[i])
		if err := p.values.put(child, first, end, p.levels(end-first), defItem); err != nil {
			return err
		}
		p.rep = slices.Grow(p.rep, end-first)[:len(p.rep)+end-first]
		rep := p.rep[len(p.rep)-(end-first):]
		fill(rep, 1)
		for _, at := range c.Offsets[run:i] {
			rep[int(at)-first] = 0
		}
	}
	return nil
}
