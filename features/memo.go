package features

import "strings"

// A memo remembers what cells were read as. It gives up where cells hardly
// repeat. It changes nothing but the time taken.
type memo[T any] struct {
	values       map[string]T
	near         [64]near[T] // short cells that were asked for last, by their bytes
	hits, misses int
	off          bool
}

// A near is a cell of up to nearBytes bytes, which its length and two words make
// up, and what it was read as. Length 0 is none.
type near[T any] struct {
	head, tail uint64
	length     int
	value      T
}

const nearBytes = 16

// Bounds of a memo.
const (
	maxRemembered = 1 << 14 // cells
	maxRecallable = 128     // bytes of a cell
	trial         = 1 << 12 // misses after which a memo must have as many hits
)

// get returns what cell was read as.
func (m *memo[T]) get(cell string) (v T, ok bool) {
	if m.off || len(cell) > maxRecallable || cell == "" {
		return v, false
	}
	if len(cell) > nearBytes {
		if v, ok = m.values[cell]; ok {
			m.hits++
		}
		return v, ok
	}
	head, tail := wordsOf(cell)
	n := &m.near[(head^tail<<1^uint64(len(cell)))*0x9e3779b97f4a7c15>>58] // Fibonacci hashing, to 6 bits
	if n.length == len(cell) && n.head == head && n.tail == tail {
		m.hits++
		return n.value, true
	}
	if v, ok = m.values[cell]; ok {
		m.hits++
		*n = near[T]{head, tail, len(cell), v}
	}
	return v, ok
}

// wordsOf returns the bytes of a text of 1 to nearBytes bytes: texts of one length
// have the same words only if they are the same.
func wordsOf(text string) (head, tail uint64) {
	switch n := len(text); {
	case n >= 8:
		return word64(text), word64(text[n-8:])
	case n >= 4:
		return uint64(word32(text)), uint64(word32(text[n-4:]))
	default:
		return uint64(text[0]) | uint64(text[n>>1])<<8 | uint64(text[n-1])<<16, 0
	}
}

func word64(b string) uint64 { return uint64(word32(b)) | uint64(word32(b[4:]))<<32 }

func word32(b string) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// wants reports whether put will remember a cell, after get did not know it.
func (m *memo[T]) wants(cell string) bool {
	if m.off || len(cell) > maxRecallable {
		return false
	}
	m.misses++
	if m.misses > trial && m.hits < m.misses {
		m.off, m.values = true, nil
	}
	return !m.off && len(m.values) < maxRemembered
}

// put notes what a wanted cell was read as.
func (m *memo[T]) put(cell string, v T) {
	if m.values == nil {
		m.values = make(map[string]T)
	}
	m.values[strings.Clone(cell)] = v
}

// forget drops what is remembered, but not whether it was worth it.
func (m *memo[T]) forget() {
	clear(m.values)
	clear(m.near[:])
}

// A dictionary numbers texts in the order of their first use.
type dictionary struct {
	texts []string
	codes map[string]int32
}

// code returns the code of text.
func (d *dictionary) code(text string) int32 {
	if code, ok := d.codes[text]; ok {
		return code
	}
	if d.codes == nil {
		d.codes = make(map[string]int32)
	}
	code := int32(len(d.texts))
	text = strings.Clone(text)
	d.texts, d.codes[text] = append(d.texts, text), code
	return code
}

// forget starts a dictionary anew. Slices of the old one stay as they are.
func (d *dictionary) forget() {
	d.texts = nil
	clear(d.codes)
}

// A recoder gives the codes of other dictionaries, one after the other, new
// codes.
type recoder struct {
	from  []string // the dictionary that codes is about
	codes []int32  // new code by old one
}

const unseen = -2

// follow turns to another dictionary, or to one that has grown.
func (r *recoder) follow(dictionary []string) {
	same := 0
	for same < len(r.codes) && same < len(dictionary) && r.from[same] == dictionary[same] {
		same++
	}
	r.from, r.codes = dictionary, r.codes[:same]
	for len(r.codes) < len(dictionary) {
		r.codes = append(r.codes, unseen)
	}
}

// code returns the new code of a code of the current dictionary: what give
// returns for its text, asked once, and -1 for -1.
func (r *recoder) code(code int32, give func(text string) int32) int32 {
	if code < 0 {
		return -1
	}
	if r.codes[code] == unseen {
		r.codes[code] = give(r.from[code])
	}
	return r.codes[code]
}
