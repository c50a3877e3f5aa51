package parquetfile

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"

	"github.com/icpfit/icpfit/datasets"
)

const (
	schemaKey     = "icpfit.schema" // of the metadata
	schemaVersion = 1
	writerName    = "icpfit" // of the footer's created_by
)

// A fileSchema is what the files written here say of their columns.
type fileSchema struct {
	Version int           `json:"version"`
	Fields  []schemaField `json:"fields"`
}

type schemaField struct {
	Name     string        `json:"name"`
	Type     string        `json:"type"`           // datasets.Type.String
	Bits     int           `json:"bits,omitempty"` // 32 for an integer stored as INT32
	Children []schemaField `json:"children,omitempty"`
}

// encodeSchema renders fields for the metadata.
func encodeSchema(fields []datasets.Field, int32s map[string]bool) (string, error) {
	b, err := json.Marshal(fileSchema{Version: schemaVersion, Fields: schemaFields(fields, int32s)})
	return string(b), err
}

func schemaFields(fields []datasets.Field, int32s map[string]bool) []schemaField {
	var out []schemaField
	for _, f := range fields {
		s := schemaField{Name: f.Name, Type: f.Type.String(), Children: schemaFields(f.Children, nil)}
		if int32s[f.Name] {
			s.Bits = 32
		}
		out = append(out, s)
	}
	return out
}

// applySchema gives the columns of one of our own files the types it states,
// after checking that each is stored as the Writer stores it: a footer has no
// checksum, and this is what tells a damaged one.
func (f *File) applySchema(createdBy string) error {
	text, ok := f.Metadata(schemaKey)
	if !ok {
		if strings.HasPrefix(createdBy, writerName+" ") {
			return fmt.Errorf("written by %s, but without %q in its metadata", writerName, schemaKey)
		}
		return nil
	}
	var s fileSchema
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return fmt.Errorf("its %q is damaged: %w", schemaKey, err)
	}
	if s.Version != schemaVersion {
		return fmt.Errorf("its %q has version %d; this icpfit reads %d", schemaKey, s.Version, schemaVersion)
	}
	if len(s.Fields) != len(f.columns) {
		return fmt.Errorf("%d columns, %q says %d", len(f.columns), schemaKey, len(s.Fields))
	}
	f.own = true
	for i, field := range s.Fields {
		if err := f.columns[i].apply(field); err != nil {
			return err
		}
	}
	return nil
}

// apply checks a column against its field of icpfit.schema.
func (c *column) apply(s schemaField) error {
	want, err := s.field()
	if err != nil {
		return err
	}
	fits := c.err == nil && c.field.Name == want.Name && len(c.leaves) == max(1, len(want.Children)) && len(c.field.Children) == len(want.Children)
	switch want.Type {
	case datasets.Set:
		fits = fits && c.field.Type == datasets.Set && c.outer == 1 && c.leaves[0].fits(datasets.Text, 0, 3)
	case datasets.List:
		fits = fits && c.field.Type == datasets.List && c.outer == 1
		for k := range want.Children {
			fits = fits && c.leaves[k].name == want.Children[k].Name && c.leaves[k].fits(want.Children[k].Type, 0, 4)
		}
	default:
		fits = fits && c.leaves[0].fits(want.Type, s.Bits, 1)
	}
	if !fits {
		return fmt.Errorf("column %q is not stored as %q says", c.field.Name, schemaKey)
	}
	c.field = want
	return nil
}

// fits reports whether the Writer stores type t so, in bits where it has a
// choice, at that definition level.
func (l leaf) fits(t datasets.Type, bits int, maxDef byte) bool {
	want := map[datasets.Type]physical{
		datasets.Text: asBytes, datasets.Number: asDouble, datasets.Integer: asInt64, datasets.Date: asDays,
		datasets.Flag: asBoolean, datasets.Category: asBytes,
	}[t]
	if bits == 32 {
		want = asInt32
	}
	return l.stored == want && l.maxDef == maxDef && l.optional
}

// field returns the field that s describes.
func (s schemaField) field() (datasets.Field, error) {
	f := datasets.Field{Name: s.Name}
	for t := datasets.Text; ; t++ {
		if t > datasets.List {
			return f, fmt.Errorf("its %q names a type %q", schemaKey, s.Type)
		}
		if t.String() == s.Type {
			f.Type = t
			break
		}
	}
	for _, c := range s.Children {
		child, err := c.field()
		if err != nil {
			return f, err
		}
		f.Children = append(f.Children, child)
	}
	return f, nil
}

// An orderedGroup is a group whose fields keep their order; the library's own
// sorts them by name.
type orderedGroup struct {
	parquet.Group
	order []string
}

func newGroup(fields []datasets.Field, node func(datasets.Field) parquet.Node) orderedGroup {
	g := orderedGroup{Group: make(parquet.Group, len(fields))}
	for _, f := range fields {
		g.Group[f.Name] = node(f)
		g.order = append(g.order, f.Name)
	}
	return g
}

// Fields implements parquet.Node.
func (g orderedGroup) Fields() []parquet.Field {
	fields := g.Group.Fields()
	slices.SortFunc(fields, func(a, b parquet.Field) int {
		return slices.Index(g.order, a.Name()) - slices.Index(g.order, b.Name())
	})
	return fields
}

// layout returns the file's schema: every column optional, lists in the
// standard three levels.
func layout(fields []datasets.Field, opts Options) *parquet.Schema {
	return parquet.NewSchema("icpfit", newGroup(fields, func(f datasets.Field) parquet.Node {
		switch f.Type {
		case datasets.Set:
			return parquet.Optional(parquet.List(leafNode(datasets.Category, false)))
		case datasets.List:
			item := newGroup(f.Children, func(c datasets.Field) parquet.Node {
				if c.Type == datasets.Integer { // such as points, of which a model has few that differ
					return parquet.Optional(parquet.Encoded(parquet.Leaf(parquet.Int64Type), &parquet.RLEDictionary))
				}
				return leafNode(c.Type, false)
			})
			return parquet.Optional(parquet.List(parquet.Optional(item)))
		}
		if slices.Contains(opts.Repeated, f.Name) {
			return parquet.Optional(parquet.Encoded(parquet.Leaf(parquet.DoubleType), &parquet.RLEDictionary))
		}
		return leafNode(f.Type, opts.Int32[f.Name])
	}))
}

// leafNode returns the optional leaf that holds values of type t.
func leafNode(t datasets.Type, narrow bool) parquet.Node {
	var node parquet.Node
	var enc encoding.Encoding = &parquet.Plain
	switch t {
	case datasets.Number:
		node = parquet.Leaf(parquet.DoubleType)
	case datasets.Integer:
		enc = &parquet.DeltaBinaryPacked
		if node = parquet.Leaf(parquet.Int64Type); narrow {
			node = parquet.Leaf(parquet.Int32Type)
		}
	case datasets.Date:
		node, enc = parquet.Date(), &parquet.DeltaBinaryPacked
	case datasets.Flag:
		node = parquet.Leaf(parquet.BooleanType)
	case datasets.Category:
		node, enc = parquet.String(), &parquet.RLEDictionary
	default:
		node = parquet.String()
	}
	return parquet.Optional(parquet.Encoded(node, enc))
}
