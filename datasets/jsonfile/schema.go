package jsonfile

import (
	"errors"

	"github.com/icpfit/icpfit/datasets"
)

const maxColumns = 4096

// A keyTable numbers keys, and notices one that comes twice in a row.
type keyTable struct {
	names []string
	place map[string]int
	seen  []int64 // by key, the last row that had it
	row   int64   // current, from 1
	last  int     // key found last: the next one mostly follows it
}

// find returns the number of a key, or -1.
func (t *keyTable) find(path []byte) int {
	if n := t.last + 1; n < len(t.names) && t.names[n] == string(path) {
		t.last = n
		return n
	}
	n, ok := t.place[string(path)]
	if !ok {
		return -1
	}
	t.last = n
	return n
}

// mark notes that the current row has key n.
func (t *keyTable) mark(n int) error {
	if t.seen[n] == t.row {
		return &datasets.RowError{Column: t.names[n], Err: datasets.Shapef("key comes twice in a row; keep one")}
	}
	t.seen[n] = t.row
	return nil
}

// A schema is what a pass over a file found. It does not change.
type schema struct {
	names  []string       // keys, of objects too, in order of first appearance
	place  map[string]int // by name
	column []int          // by key, its place in fields; -1 has no column
	fields []datasets.Field
}

// inference collects keys and their kinds.
type inference struct {
	keyTable
	kinds []kind // by key, all that it has been
}

func newInference() *inference {
	return &inference{keyTable: keyTable{place: map[string]int{}, last: -1}}
}

func (in *inference) key(path []byte, k kind) error {
	n := in.find(path)
	if n < 0 {
		if len(in.names) == maxColumns {
			return &datasets.RowError{Err: datasets.Shapef("more than %d keys; are ids used as keys?", maxColumns)}
		}
		n = len(in.names)
		name := string(path)
		in.names, in.place[name] = append(in.names, name), n
		in.seen, in.kinds = append(in.seen, 0), append(in.kinds, 0)
		in.last = n
	}
	in.kinds[n] |= k
	return in.mark(n)
}

func (in *inference) text([]byte) {}

// schema makes a column of every key but those that only hold objects, in some
// rows or in all.
func (in *inference) schema() *schema {
	s := &schema{names: in.names, place: in.place, column: make([]int, len(in.names))}
	for n, k := range in.kinds {
		f := datasets.Field{Name: in.names[n], Type: datasets.Text}
		switch {
		case k&array != 0:
			f.Type = datasets.Set
		case k&scalar == 0 && k&object != 0:
			s.column[n] = -1
			continue
		}
		s.column[n] = len(s.fields)
		s.fields = append(s.fields, f)
	}
	return s
}

// locate adds file and line to a fault of the row at hand. Other errors are
// returned as they are.
func locate(path string, line int64, err error) error {
	switch fault := err.(type) { // the parser and the records do not wrap theirs
	case *datasets.RowError:
		fault.Source, fault.Row = path, line
	case *datasets.ShapeError:
		return &datasets.RowError{Source: path, Row: line, Err: fault}
	}
	return err
}

// errChanged is met when the second pass finds what the first did not.
var errChanged = errors.New("the file changed while it was read; start again")
