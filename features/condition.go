package features

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"github.com/icpfit/icpfit/datasets"
)

// A Condition is an expression of github.com/expr-lang/expr that is true for some
// rows of a table.
//
//	sector == "Retail" and employees > 50 and "SAP" in technologies
//
// Columns are named as in the table, those that are no identifiers through $env;
// they hold text ("" where missing), numbers (NaN), integers (0), flags (false
// where missing) and lists of texts. now() is not available: what holds on a day
// must not depend on when it is asked for.
//
// A Condition may be shared; a Matcher, which Bind makes, may not.
type Condition struct {
	fields  []datasets.Field
	program *vm.Program
	needed  []string
}

// NewCondition compiles an expression for tables with these columns. The error,
// which wraps datasets.ErrShape, shows the place in the expression; where a column
// is unknown it names the one that may have been meant.
func NewCondition(where string, fields []datasets.Field) (*Condition, error) {
	names, all, err := columnsIn(where)
	if err != nil {
		return nil, err
	}
	c := &Condition{fields: fields}
	sample := map[string]any{}
	var known []string
	for _, f := range fields {
		known = append(known, f.Name)
		if zero := zeroOf(f.Type); zero != nil {
			sample[f.Name] = zero
			if all || slices.Contains(names, f.Name) {
				c.needed = append(c.needed, f.Name)
			}
		}
	}
	c.program, err = expr.Compile(where, expr.Env(sample), expr.AsBool(), expr.DisableBuiltin("now"))
	if err != nil {
		return nil, datasets.Shapef("%v%s\ncolumns: %q", err, hint(names, known), known)
	}
	return c, nil
}

// Columns returns the columns that the condition looks at.
func (c *Condition) Columns() []string { return c.needed }

// columnsIn returns the names that an expression refers to, and whether it may
// refer to any.
func columnsIn(where string) (names []string, all bool, err error) {
	tree, err := parser.Parse(where)
	if err != nil {
		return nil, false, datasets.Shapef("%v", err)
	}
	f := &naming{}
	ast.Walk(&tree.Node, f)
	return f.names, f.all, nil
}

// naming collects the names of columns in an expression.
type naming struct {
	names []string
	all   bool
}

// Visit notes the name that a node is.
func (f *naming) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		f.names = append(f.names, n.Value)
	case *ast.MemberNode:
		base, ok := n.Node.(*ast.IdentifierNode)
		if !ok || base.Value != "$env" {
			return
		}
		if name, ok := n.Property.(*ast.StringNode); ok {
			f.names = append(f.names, name.Value)
			return
		}
		f.all = true
	}
}

// hint names the columns that unknown names may stand for.
func hint(names, columns []string) string {
	var b strings.Builder
	for _, name := range names {
		if name == "$env" || slices.Contains(columns, name) {
			continue
		}
		if near := nearest(name, columns); near != "" {
			fmt.Fprintf(&b, "\n%q is no column, did you mean %q?", name, near)
		}
	}
	return b.String()
}

// A Matcher tells for which rows of batches a condition holds.
type Matcher struct {
	of      *Condition
	machine vm.VM
	columns []texts         // of the needed columns, of the batch
	plain   bool            // none of them is a set
	env     map[string]any  // one value a needed column
	memo    map[string]bool // by the cells of the needed columns
	cells   []byte
}

// maxMemo is the most answers a matcher remembers.
const maxMemo = 1 << 14

// Bind returns a matcher of its own.
func (c *Condition) Bind() *Matcher {
	return &Matcher{of: c, env: map[string]any{}, memo: map[string]bool{}}
}

// Start takes a batch, which holds the columns that the condition looks at.
func (m *Matcher) Start(b *datasets.Batch) {
	m.columns, m.plain = m.columns[:0], true
	for _, name := range m.of.needed {
		c := b.Column(name)
		m.columns = append(m.columns, textsOf(c, 0, b.Rows))
		m.plain = m.plain && c.Type != datasets.Set
	}
}

// Holds reports whether the condition is true for row i of the batch. Rows with
// the same cells have the same answer, which is remembered.
func (m *Matcher) Holds(i int) (bool, error) {
	m.cells = m.cells[:0]
	for _, c := range m.columns {
		cell := c.at(i)
		m.cells = binary.AppendUvarint(m.cells, uint64(len(cell)))
		m.cells = append(m.cells, cell...)
	}
	if ok, known := m.memo[string(m.cells)]; known && m.plain {
		return ok, nil
	}
	for _, c := range m.columns {
		m.env[c.col.Name] = c.value(i)
	}
	out, err := m.machine.Run(m.of.program, m.env)
	if err != nil {
		return false, err
	}
	ok, _ := out.(bool) // AsBool
	if m.plain && len(m.memo) < maxMemo {
		m.memo[string(m.cells)] = ok
	}
	return ok, nil
}

// zeroOf returns a value of the Go type that columns of type t have in conditions.
func zeroOf(t datasets.Type) any {
	switch t {
	case datasets.Text, datasets.Category, datasets.Date:
		return ""
	case datasets.Number:
		return 0.0
	case datasets.Integer:
		return 0
	case datasets.Flag:
		return false
	case datasets.Set:
		return []string{}
	}
	return nil
}

// value returns the value of row i as conditions see it.
func (t texts) value(i int) any {
	c := t.col
	switch c.Type {
	case datasets.Number:
		return c.Numbers[i]
	case datasets.Integer:
		if c.Missing(i) {
			return 0
		}
		return int(c.Integers[i])
	case datasets.Flag:
		return c.Flags[i] == 1
	case datasets.Set:
		items := make([]string, 0, 8)
		for _, code := range c.Items(i) {
			items = append(items, c.Dictionary[code])
		}
		return items
	}
	return strings.Clone(t.at(i))
}
