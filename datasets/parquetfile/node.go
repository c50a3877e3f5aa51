package parquetfile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// A node is an element of the file's schema. The library's own columns forget
// annotations that they do not know, FLOAT16 among them.
type node struct {
	name           string
	elem           *format.SchemaElement
	children       []*node
	leaf           bool
	index          int // of a leaf, among leaves
	maxDef, maxRep byte
}

// tree builds the schema's tree from its elements, which are in depth-first
// order.
func tree(elems []format.SchemaElement) (*node, error) {
	b := treeBuilder{elems: elems}
	root, err := b.build(0, 0, 0)
	if err == nil && len(b.elems) > 0 {
		err = errors.New("its schema has elements that belong nowhere")
	}
	return root, err
}

type treeBuilder struct {
	elems  []format.SchemaElement // still to be placed
	leaves int
}

func (b *treeBuilder) build(depth int, maxDef, maxRep byte) (*node, error) {
	if len(b.elems) == 0 || depth > maxDepth {
		return nil, errors.New("its schema is not a tree")
	}
	e := &b.elems[0]
	b.elems = b.elems[1:]
	n := &node{name: strings.Clone(e.Name), elem: e, leaf: e.Type.Valid, maxDef: maxDef, maxRep: maxRep}
	if depth > 0 && n.repeated() {
		n.maxRep++
	}
	if depth > 0 && (n.repeated() || n.optional()) {
		n.maxDef++
	}
	if n.leaf {
		n.index = b.leaves
		b.leaves++
		return n, nil
	}
	for range e.NumChildren.V {
		child, err := b.build(depth+1, n.maxDef, n.maxRep)
		if err != nil {
			return nil, err
		}
		n.children = append(n.children, child)
	}
	return n, nil
}

func (n *node) repeated() bool {
	return n.elem.RepetitionType.Valid && n.elem.RepetitionType.V == format.Repeated
}

func (n *node) optional() bool {
	return n.elem.RepetitionType.Valid && n.elem.RepetitionType.V == format.Optional
}

// annotated reports whether the node has that converted type, or the logical
// type that replaces it.
func (n *node) annotated(ct deprecated.ConvertedType) bool {
	switch n.elem.LogicalType.Value.(type) {
	case *format.ListType:
		return ct == deprecated.List
	case *format.MapType:
		return ct == deprecated.Map
	case nil:
		return n.elem.ConvertedType.Valid && n.elem.ConvertedType.V == ct
	}
	return false
}

// listItem returns the node of a list's items and the definition level of an
// empty list, or nil if n is not a list. Lists come in three shapes: three
// levels as the format says, two levels from old writers, and repeated columns
// without annotation.
//
// Source: https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists
func (n *node) listItem() (item *node, outer byte) {
	if n.repeated() {
		return n, 0
	}
	if n.leaf || !n.annotated(deprecated.List) || len(n.children) != 1 || !n.children[0].repeated() {
		return nil, 0
	}
	repeated := n.children[0]
	if repeated.leaf || len(repeated.children) != 1 || repeated.annotated(deprecated.List) || repeated.children[0].repeated() ||
		repeated.name == "array" || repeated.name == n.name+"_tuple" {
		return repeated, n.maxDef
	}
	return repeated.children[0], n.maxDef
}

// scale returns the decimals of a decimal.
func (n *node) scale() int {
	if d, ok := n.elem.LogicalType.Value.(*format.DecimalType); ok {
		return int(d.Scale)
	}
	return int(n.elem.Scale.V)
}

// stored returns how the values of a leaf are decoded; false if not at all.
func (n *node) stored() (physical, bool) {
	switch n.elem.Type.V {
	case format.Boolean:
		return asBoolean, n.plain()
	case format.Int32:
		return n.integer(asInt32, asUint32, asDecimal32)
	case format.Int64:
		return n.integer(asInt64, asUint64, asDecimal64)
	case format.Int96:
		return asInt96, n.plain()
	case format.Float:
		return asFloat, n.plain()
	case format.Double:
		return asDouble, n.plain()
	case format.ByteArray:
		return n.bytes()
	}
	return n.fixed()
}

// plain reports whether a leaf has no annotation.
func (n *node) plain() bool {
	return n.elem.LogicalType.Value == nil && !n.elem.ConvertedType.Valid
}

func (n *node) integer(signed, unsigned, decimal physical) (physical, bool) {
	narrow := signed == asInt32
	switch t := n.elem.LogicalType.Value.(type) {
	case *format.IntType:
		if t.IsSigned {
			return signed, true
		}
		return unsigned, true
	case *format.DecimalType:
		return decimal, t.Scale >= 0
	case *format.DateType:
		return asDays, narrow
	case *format.TimestampType:
		switch t.Unit.Value.(type) {
		case *format.MilliSeconds:
			return asMillis, !narrow
		case *format.MicroSeconds:
			return asMicros, !narrow
		case *format.NanoSeconds:
			return asNanos, !narrow
		}
		return 0, false
	case nil:
	default:
		return 0, false
	}
	if !n.elem.ConvertedType.Valid {
		return signed, true
	}
	switch n.elem.ConvertedType.V {
	case deprecated.Int8, deprecated.Int16, deprecated.Int32, deprecated.Int64:
		return signed, true
	case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
		return unsigned, true
	case deprecated.Decimal:
		return decimal, n.scale() >= 0
	case deprecated.Date:
		return asDays, narrow
	case deprecated.TimestampMillis:
		return asMillis, !narrow
	case deprecated.TimestampMicros:
		return asMicros, !narrow
	}
	return 0, false
}

func (n *node) bytes() (physical, bool) {
	switch n.elem.LogicalType.Value.(type) {
	case *format.StringType, *format.EnumType, *format.JsonType:
		return asBytes, true
	case *format.DecimalType:
		return asDecimalBytes, n.scale() >= 0
	case nil:
	default:
		return 0, false
	}
	if !n.elem.ConvertedType.Valid {
		return asBytes, true
	}
	switch n.elem.ConvertedType.V {
	case deprecated.UTF8, deprecated.Enum, deprecated.Json:
		return asBytes, true
	case deprecated.Decimal:
		return asDecimalBytes, n.scale() >= 0
	}
	return 0, false
}

func (n *node) fixed() (physical, bool) {
	switch n.elem.LogicalType.Value.(type) {
	case *format.UUIDType:
		return asUUID, n.elem.TypeLength.V == 16
	case *format.Float16Type:
		return asFloat16, n.elem.TypeLength.V == 2
	case *format.DecimalType:
		return asDecimalFixed, n.scale() >= 0
	case nil:
		decimal := n.elem.ConvertedType.Valid && n.elem.ConvertedType.V == deprecated.Decimal
		return asDecimalFixed, decimal && n.scale() >= 0
	}
	return 0, false
}

// String renders the node's type for an error.
func (n *node) String() string {
	switch item, _ := n.listItem(); {
	case item != nil && item != n:
		return fmt.Sprintf("list<%s>", item)
	case item != nil && n.leaf:
		return fmt.Sprintf("repeated %s", n.leafType())
	case n.leaf:
		return n.leafType()
	case n.annotated(deprecated.Map):
		return "map"
	}
	names := make([]string, len(n.children))
	for i, child := range n.children {
		names[i] = child.name
	}
	return fmt.Sprintf("struct<%s>", strings.Join(names, ", "))
}

func (n *node) leafType() string {
	s := n.elem.Type.V.String()
	if n.elem.Type.V == format.FixedLenByteArray {
		s = fmt.Sprintf("%s(%d)", s, n.elem.TypeLength.V)
	}
	if n.elem.LogicalType.Value != nil {
		return fmt.Sprintf("%s (%v)", s, n.elem.LogicalType.Value)
	}
	if n.elem.ConvertedType.Valid {
		return fmt.Sprintf("%s (%s)", s, convertedName(n.elem.ConvertedType.V))
	}
	return s
}

// convertedName names a converted type as the format does.
func convertedName(ct deprecated.ConvertedType) string {
	names := [...]string{
		"UTF8", "MAP", "MAP_KEY_VALUE", "LIST", "ENUM", "DECIMAL", "DATE", "TIME_MILLIS", "TIME_MICROS", "TIMESTAMP_MILLIS", "TIMESTAMP_MICROS",
		"UINT_8", "UINT_16", "UINT_32", "UINT_64", "INT_8", "INT_16", "INT_32", "INT_64", "JSON", "BSON", "INTERVAL",
	}
	if ct < 0 || int(ct) >= len(names) {
		return fmt.Sprintf("converted type %d", ct)
	}
	return names[ct]
}
