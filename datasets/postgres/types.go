package postgres

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/icpfit/icpfit/datasets"
)

// A wire is how the server sends the cells of a column.
type wire uint8

const (
	asText    wire = iota // any type, written as text
	asInteger             // big-endian, of 2, 4 or 8 bytes
	asDigits              // an integer, written as text
	asOID                 // big-endian, of 4 bytes, unsigned
	asFloat               // IEEE, of 4 or 8 bytes
	asDecimal             // a number, written as text
	asBool                // one byte
	asDay                 // days since 2000, 4 bytes
	asMicros              // microseconds since 2000, 8 bytes
	asTexts               // an array of texts
)

// binary reports whether cells are sent in the server's own form.
func (w wire) binary() bool { return w != asText && w != asDigits && w != asDecimal }

// types returns the type of a column by how it is sent.
var types = [...]datasets.Type{
	asText: datasets.Text, asInteger: datasets.Integer, asDigits: datasets.Integer, asOID: datasets.Integer, asFloat: datasets.Number, asDecimal: datasets.Number,
	asBool: datasets.Flag, asDay: datasets.Date, asMicros: datasets.Date, asTexts: datasets.Set,
}

// known are the types with a number that every server shares.
var known = map[uint32]wire{
	pgtype.Int2OID: asInteger, pgtype.Int4OID: asInteger, pgtype.Int8OID: asInteger, pgtype.OIDOID: asOID,
	pgtype.Float4OID: asFloat, pgtype.Float8OID: asFloat, pgtype.NumericOID: asDecimal, pgtype.BoolOID: asBool,
	pgtype.DateOID: asDay, pgtype.TimestampOID: asMicros, pgtype.TimestamptzOID: asMicros,

	pgtype.TextOID: asText, pgtype.VarcharOID: asText, pgtype.BPCharOID: asText, pgtype.NameOID: asText, pgtype.QCharOID: asText, pgtype.UUIDOID: asText,
	pgtype.IntervalOID: asText, pgtype.TimeOID: asText, pgtype.TimetzOID: asText, 790: asText, // money
	pgtype.InetOID: asText, pgtype.CIDROID: asText, pgtype.MacaddrOID: asText, pgtype.Macaddr8OID: asText,

	pgtype.TextArrayOID: asTexts, pgtype.VarcharArrayOID: asTexts, pgtype.BPCharArrayOID: asTexts, pgtype.NameArrayOID: asTexts,
}

// wireOf returns how the cells of a known type are sent. The modifier of a
// numeric says how many digits it has.
func wireOf(f pgconn.FieldDescription) (wire, bool) {
	w, ok := known[f.DataTypeOID]
	if w == asDecimal && f.TypeModifier >= 4 {
		const exact = 18 // digits that every int64 has room for
		precision, scale := (f.TypeModifier-4)>>16, (f.TypeModifier-4)&0x7ff
		if scale == 0 && precision <= exact {
			w = asDigits
		}
	}
	return w, ok
}

// bind makes the columns of the described result.
func (r *reader) bind(ctx context.Context, described []pgconn.FieldDescription) error {
	if len(described) == 0 {
		return r.shapef("the query has no columns; name some behind select")
	}
	others, err := r.look(ctx, described)
	if err != nil {
		return err
	}
	first := map[string]int{}
	for i, f := range described {
		if at, twice := first[f.Name]; twice {
			return r.shapef("columns %d and %d of the query are both named %q; give one another name, as in %s as other", at+1, i+1, f.Name, pgIdentifier(f.Name))
		}
		first[f.Name] = i
		w, ok := wireOf(f)
		if t := others[f.DataTypeOID]; !ok && !t.textual {
			return r.shapef("column %q is of type %s, which is no text, number, date or yes and no; %s", f.Name, t.name, t.cast(f.Name))
		}
		c := column{wire: w}
		if w == asTexts {
			c.items = newItems()
		}
		r.columns = append(r.columns, c)
		r.fields = append(r.fields, datasets.Field{Name: f.Name, Type: types[w]})
		r.formats = append(r.formats, format(w))
	}
	return nil
}

// format returns the protocol's word for text or binary.
func format(w wire) int16 {
	if w.binary() {
		return pgtype.BinaryFormatCode
	}
	return pgtype.TextFormatCode
}

// A foreign type is one whose number is the server's own, or that has no wire.
type foreign struct {
	name    string
	array   bool
	textual bool // an enum, or text under another name
}

// look asks the server about types that are not known.
func (r *reader) look(ctx context.Context, described []pgconn.FieldDescription) (map[uint32]foreign, error) {
	var oids []string
	for _, f := range described {
		if _, ok := wireOf(f); !ok {
			oids = append(oids, strconv.FormatUint(uint64(f.DataTypeOID), 10))
		}
	}
	if oids == nil {
		return nil, nil
	}
	const text = `select oid, pg_catalog.format_type(oid, null), typcategory = 'A', typtype = 'e' or typcategory = 'S'
from pg_catalog.pg_type where oid = any (($1::text)::pg_catalog.oid[])`
	list := "{" + strings.Join(oids, ",") + "}"
	found := r.conn.ExecParams(ctx, text, [][]byte{[]byte(list)}, nil, nil, nil).Read()
	if found.Err != nil {
		return nil, r.source.fault(found.Err)
	}
	out := map[uint32]foreign{}
	for _, row := range found.Rows {
		oid, err := strconv.ParseUint(string(row[0]), 10, 32)
		if err != nil {
			return nil, fmt.Errorf("%s: type %q: %w", r.source.name, row[0], err)
		}
		out[uint32(oid)] = foreign{string(row[1]), string(row[2]) == "t", string(row[3]) == "t"}
	}
	return out, nil
}

// cast says how to make something readable of a column.
func (t foreign) cast(column string) string {
	name := pgIdentifier(column)
	switch {
	case t.array:
		return fmt.Sprintf("cast it to a set of texts, as in %s::text[]", name)
	case t.name == "json" || t.name == "jsonb":
		return fmt.Sprintf("name the parts you want, as in %s->>'industry' as industry", name)
	case t.name == "bytea":
		return "leave it out of the query"
	}
	return fmt.Sprintf("cast it, as in %s::text", name)
}

// pgIdentifier writes a column's name as SQL wants it.
func pgIdentifier(name string) string {
	for i, r := range name {
		if r != '_' && (r < 'a' || r > 'z') && (i == 0 || r < '0' || r > '9') {
			return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
	}
	return name
}
