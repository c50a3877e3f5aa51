package predict

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// A scatter holds what the night before says of the accounts of tonight in the
// order of tonight, in a file: where that order is another, every row group of
// tonight would else read every row group of that night. It is made in one pass
// over either table, when the row groups read so far show that it is needed; what
// is read from it is what is read from the night's own files.
//
// Memory is that of strips of some megabytes; the file has some 80 bytes an account
// that is there on both nights.
type scatter struct {
	in     *Input
	join   *join
	read   atomic.Int64 // rows of the night before that were read in its own order
	once   sync.Once
	made   atomic.Bool
	err    error // of making it
	file   Scratch
	strips [][]extent // by row group of tonight, its lot, in the order of the night before

	mu      sync.Mutex
	end     int64 // of the file
	feature texts // features of reasons; records hold their codes
}

// A Scratch is a temporary file, which several goroutines write and read. Close
// removes it.
type Scratch interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

// An extent is a run of records in the file, all for one lot.
type extent struct {
	first  int32 // row of the night before
	size   int32
	offset int64
}

const (
	mostPasses  = 4       // over the rows of the night before, in its own order
	stripBytes  = 4 << 20 // of records that are sorted in memory at a time
	farFromHere = 8       // rows read for each that is wanted, beyond the row groups it may lie in
)

// wanted reports whether so many rows of tonight had better not read so many rows
// of the night before, in groups of at most largest: they are spread over it, or
// the night has been read often enough.
func (s *scatter) wanted(rows, reads, largest int64) bool {
	all := int64(s.in.Previous.rows)
	return s.read.Add(reads) > mostPasses*all || reads > farFromHere*rows+4*largest
}

// make sorts the night before by row group of tonight, its lots. All callers wait for it.
func (s *scatter) make(ctx context.Context) error {
	s.once.Do(func() {
		s.err = s.scatter(ctx)
		s.made.Store(s.err == nil)
	})
	if s.err != nil {
		return fmt.Errorf("sort the night before: %w", s.err)
	}
	return nil
}

func (s *scatter) scatter(ctx context.Context) error {
	s.feature.reset()
	wanted := newChains(&s.join.file, wishSize, len(s.in.Previous.groups))
	if err := s.aim(ctx, wanted); err != nil {
		return err
	}
	var err error
	if s.file, err = s.in.Scratch(); err != nil {
		return err
	}
	s.strips = make([][]extent, s.in.Accounts.Groups())
	err = inParallel(ctx, len(s.in.Previous.groups), func() (func(context.Context, int) error, func() error) {
		w := &strip{scatter: s, wanted: wanted, past: past{previous: s.in.Previous}}
		return w.group, func() error { return nil }
	})
	for _, list := range s.strips {
		slices.SortFunc(list, func(a, b extent) int { return cmp.Compare(a.first, b.first) })
	}
	return err
}

// aim finds out which lot wants which row of the night before.
func (s *scatter) aim(ctx context.Context, to *chains) error {
	return inParallel(ctx, s.in.Accounts.Groups(), func() (func(context.Context, int) error, func() error) {
		w := to.writer()
		var p pairReader
		return func(_ context.Context, lot int) error {
			if err := p.read(s.join, lot); err != nil {
				return err
			}
			g, end := 0, 0
			for _, p := range p.pairs {
				if int(p.then) >= end {
					g, end = s.in.Previous.groupOf(p.then)
				}
				r, err := w.record(g)
				if err != nil {
					return err
				}
				binary.LittleEndian.PutUint32(r, uint32(p.then))
				binary.LittleEndian.PutUint32(r[4:], uint32(lot))
			}
			return nil
		}, w.flush
	})
}

// close closes the file, if there is one.
func (s *scatter) close() error {
	if s == nil || s.file == nil {
		return nil
	}
	return s.file.Close()
}

// A strip is a stretch of the night before being sorted.
type strip struct {
	*scatter
	wanted  *chains
	wishes  []wish
	block   []byte
	past    past
	pairs   []pair   // a row once
	codes   []uint32 // of the scatter, by code of the row group's features
	records []byte
	places  []place
	sorted  []byte
}

// A wish is a row of the night before that a lot wants.
type wish struct {
	then int32
	lot  uint32
}

const wishSize = 4 + 4

// A place is where a record is and who wants it.
type place struct {
	wish
	start, end int32
}

// group writes the records of one row group of the night before.
func (w *strip) group(ctx context.Context, g int) error {
	w.wishes = w.wishes[:0]
	var err error
	w.block, err = w.wanted.read(g, w.block, func(r []byte) error {
		w.wishes = append(w.wishes, wish{int32(binary.LittleEndian.Uint32(r)), binary.LittleEndian.Uint32(r[4:])})
		return nil
	})
	if err != nil || len(w.wishes) == 0 {
		return err
	}
	slices.SortFunc(w.wishes, func(a, b wish) int { return cmp.Or(cmp.Compare(a.then, b.then), cmp.Compare(a.lot, b.lot)) })
	w.wishes = slices.Compact(w.wishes)
	w.pairs = w.pairs[:0]
	for _, by := range w.wishes {
		if n := len(w.pairs); n == 0 || w.pairs[n-1].then != by.then {
			w.pairs = append(w.pairs, pair{by.then, int32(n)})
		}
	}
	w.past.reset(len(w.pairs))
	if err := w.past.loadGroup(ctx, &w.in.Previous.groups[g], w.pairs); err != nil {
		return err
	}
	w.mu.Lock()
	w.codes = w.codes[:0]
	for _, name := range w.past.feature.list {
		w.codes = append(w.codes, uint32(w.feature.code(name)))
	}
	w.mu.Unlock()
	wishes := w.wishes
	for i, p := range w.pairs {
		n := 0
		for n < len(wishes) && wishes[n].then == p.then {
			n++
		}
		if err := w.add(wishes[:n], i); err != nil {
			return err
		}
		wishes = wishes[n:]
	}
	return w.flush()
}

// add appends the record of row i of past for all who wish for it.
func (w *strip) add(by []wish, i int) error {
	start := int32(len(w.records))
	w.records = w.past.encode(w.records, by[0].then, i, w.codes)
	for _, b := range by {
		w.places = append(w.places, place{b, start, int32(len(w.records))})
	}
	if len(w.records) < stripBytes {
		return nil
	}
	return w.flush()
}

// flush writes the records by who wants them.
func (w *strip) flush() error {
	slices.SortStableFunc(w.places, func(a, b place) int { return cmp.Compare(a.lot, b.lot) })
	w.sorted = w.sorted[:0]
	for _, p := range w.places {
		w.sorted = append(w.sorted, w.records[p.start:p.end]...)
	}
	w.mu.Lock()
	offset := w.end
	w.end += int64(len(w.sorted))
	at := offset
	for i := 0; i < len(w.places); {
		e := extent{first: w.places[i].then, offset: at}
		lot := w.places[i].lot
		for ; i < len(w.places) && w.places[i].lot == lot; i++ {
			e.size += w.places[i].end - w.places[i].start
		}
		at += int64(e.size)
		w.strips[lot] = append(w.strips[lot], e)
	}
	w.mu.Unlock()
	w.records, w.places = w.records[:0], w.places[:0]
	_, err := w.file.WriteAt(w.sorted, offset)
	return err
}

// encode appends the record of row i: its row of the night, then what past holds
// of it. features has the codes to write.
func (p *past) encode(dst []byte, then int32, i int, features []uint32) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, uint32(then))
	dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(p.points[i]))
	flags := byte(0)
	if p.overridden[i] {
		flags |= 1
	}
	if p.excluded[i] {
		flags |= 2
	}
	dst = binary.AppendVarint(append(dst, flags), p.tier[i])
	dst = appendText(appendText(dst, p.grade[i]), p.cut[i])
	from, to := p.offsets[i], p.offsets[i+1]
	dst = binary.AppendUvarint(dst, uint64(to-from))
	for at := from; at < to; at++ {
		feature := uint64(0) // none
		if code := p.features[at]; code >= 0 {
			feature = uint64(features[code]) + 1
		}
		dst = binary.AppendVarint(binary.AppendUvarint(dst, feature), p.micro[at])
		dst = appendText(dst, p.valueOf(at))
	}
	return dst
}

func appendText(dst []byte, text string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}

// load reads what the night before says of the accounts of a row group of
// tonight; pairs are in the order of that night.
func (s *scatter) load(p *past, group int, pairs []pair) error {
	p.feature = texts{list: s.feature.list}
	p.intern.reset()
	for _, e := range s.strips[group] {
		p.record = slices.Grow(p.record[:0], int(e.size))[:e.size]
		if _, err := s.file.ReadAt(p.record, e.offset); err != nil {
			return errors.Join(err, io.ErrUnexpectedEOF)
		}
		for r := (record{b: p.record}); len(r.b) > 0; {
			then := int32(r.u32())
			i := int32(len(p.grade))
			p.decode(&r)
			for len(pairs) > 0 && pairs[0].then <= then {
				if pairs[0].then == then {
					p.row[pairs[0].now] = i
				}
				pairs = pairs[1:]
			}
		}
	}
	return nil
}

// decode appends the record at r.
func (p *past) decode(r *record) {
	p.points = append(p.points, math.Float64frombits(r.u64()))
	flags := r.b[0]
	r.b = r.b[1:]
	p.overridden, p.excluded = append(p.overridden, flags&1 != 0), append(p.excluded, flags&2 != 0)
	p.tier = append(p.tier, r.varint())
	p.grade = append(p.grade, p.intern.textOf(r.text()))
	p.cut = append(p.cut, p.intern.textOf(r.text()))
	for range r.uvarint() {
		p.features = append(p.features, int32(r.uvarint())-1)
		p.micro = append(p.micro, r.varint())
		p.values = append(p.values, p.value.codeOf(r.text()))
	}
	p.offsets = append(p.offsets, int32(len(p.features)))
}

// A record reads what encode wrote.
type record struct{ b []byte }

func (r *record) u32() uint32 {
	v := binary.LittleEndian.Uint32(r.b)
	r.b = r.b[4:]
	return v
}

func (r *record) u64() uint64 {
	v := binary.LittleEndian.Uint64(r.b)
	r.b = r.b[8:]
	return v
}

func (r *record) varint() int64 {
	v, n := binary.Varint(r.b)
	r.b = r.b[n:]
	return v
}

func (r *record) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	r.b = r.b[n:]
	return v
}

func (r *record) text() []byte {
	n := r.uvarint()
	text := r.b[:n]
	r.b = r.b[n:]
	return text
}

// codeOf is code without making a string of a text that is known.
func (t *texts) codeOf(b []byte) int32 {
	if len(t.list) > scanned {
		if c, ok := t.codes[string(b)]; ok {
			return c
		}
	} else {
		for c, have := range t.list {
			if have == string(b) {
				return int32(c)
			}
		}
	}
	return t.code(string(b))
}

// textOf returns b as a string, the same for the same text.
func (t *texts) textOf(b []byte) string {
	if c := t.codeOf(b); c >= 0 {
		return t.list[c]
	}
	return ""
}
