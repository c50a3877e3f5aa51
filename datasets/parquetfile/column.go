package parquetfile

import (
	"errors"
	"fmt"

	"github.com/icpfit/icpfit/datasets"
)

// A physical says how the values of a leaf column are stored.
type physical uint8

const (
	asDouble physical = iota
	asFloat
	asFloat16
	asDecimal32
	asDecimal64
	asDecimalBytes
	asDecimalFixed
	asInt32
	asUint32
	asInt64
	asUint64
	asBoolean
	asDays
	asMillis
	asMicros
	asNanos
	asInt96
	asBytes
	asUUID
)

// natural returns the type that values stored so have unless another is asked.
func (p physical) natural() datasets.Type {
	switch {
	case p <= asDecimalFixed:
		return datasets.Number
	case p <= asUint64:
		return datasets.Integer
	case p == asBoolean:
		return datasets.Flag
	case p <= asInt96:
		return datasets.Date
	}
	return datasets.Text
}

// reads reports whether values stored so can be read as that type.
func (p physical) reads(t datasets.Type) bool {
	natural := p.natural()
	return t == natural || t == datasets.Number && natural == datasets.Integer || t == datasets.Category && natural == datasets.Text
}

// A leaf is a column of the file that holds values.
type leaf struct {
	name           string
	index          int // among the file's leaves
	stored         physical
	scale          int  // of a decimal, at least 0
	optional       bool // the leaf itself may be null
	maxDef, maxRep byte
}

// A column is a top-level column of the file as a Batch shows it.
type column struct {
	field  datasets.Field
	leaves []leaf // one; a list has one a child
	outer  byte   // set, list: the definition level of an empty list; a row below it is missing
	err    error  // why the column cannot be read; its field then has only a name
}

// columnOf decides what a top-level column of the file becomes.
func columnOf(c *node) column {
	col := column{field: datasets.Field{Name: c.name}}
	err := col.resolve(c)
	if err != nil {
		col = column{field: datasets.Field{Name: c.name}}
		col.err = fmt.Errorf("column %q is %s: %w; drop the column or cast it", c.name, c, err)
	}
	return col
}

func (col *column) resolve(c *node) error {
	item, outer := c.listItem()
	switch {
	case item != nil && item.leaf:
		col.field.Type, col.outer = datasets.Set, outer
		if err := col.add(item); err != nil {
			return err
		}
		if col.leaves[0].stored.natural() != datasets.Text {
			return errors.New("lists hold texts or structs")
		}
		return nil
	case item != nil:
		col.field.Type, col.outer = datasets.List, outer
		for _, child := range item.children {
			if !child.leaf || child.repeated() {
				return errors.New("the items of a list are flat")
			}
			if err := col.add(child); err != nil {
				return fmt.Errorf("%s: %w", child.name, err)
			}
			stored := col.leaves[len(col.leaves)-1].stored
			col.field.Children = append(col.field.Children, datasets.Field{Name: child.name, Type: stored.natural()})
		}
		if len(col.leaves) == 0 {
			return errors.New("its items have no fields")
		}
		return nil
	case c.leaf:
		if err := col.add(c); err != nil {
			return err
		}
		col.field.Type = col.leaves[0].stored.natural()
		return nil
	}
	return errors.New("no column of a table holds this")
}

// add appends a leaf of the file to the column.
func (col *column) add(n *node) error {
	if n.maxRep > 1 {
		return errors.New("lists of lists are not read")
	}
	stored, ok := n.stored()
	if !ok {
		return errors.New("no column of a table holds this")
	}
	col.leaves = append(col.leaves, leaf{
		name: n.name, index: n.index, stored: stored, scale: n.scale(),
		optional: n.optional(), maxDef: n.maxDef, maxRep: n.maxRep,
	})
	return nil
}
