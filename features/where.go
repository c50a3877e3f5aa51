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

// A filter picks the customers among the accounts.
type filter struct {
	where string
	names []string // what the expression refers to
	all   bool     // it may refer to any column
	cols  CustomerColumns
}

// FilterCustomers returns the customers that a filter picks among the accounts:
// the rows for which where, an expression of github.com/expr-lang/expr, is true.
//
//	Type == "Customer" and not ($env["Billing Country"] in ["France", "FR"])
//
// Columns are named as in the source, those that are no identifiers through
// $env; they hold text ("" where missing), but for typed sources numbers (NaN),
// integers (0), flags (false where missing) and lists of texts. cols names
// columns of the accounts that give class, won_at and weight. now() is not
// available: the customers of a day must not depend on when they are asked for.
//
// An expression that does not parse is an error with a caret here; unknown
// columns are found by Build and Scan, which know the columns.
func FilterCustomers(where string, cols CustomerColumns) (*Customers, error) {
	tree, err := parser.Parse(where)
	if err != nil {
		return nil, datasets.Shapef("customers: where: %v", err)
	}
	f := &filter{where: where, cols: cols}
	ast.Walk(&tree.Node, f)
	return &Customers{filter: f}, nil
}

// Visit collects the names of columns in an expression.
func (f *filter) Visit(node *ast.Node) {
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

// A picker is a filter made ready for the columns of a source. It is not safe
// for concurrent use; the program may be shared.
type picker struct {
	source  string
	program *vm.Program
	machine vm.VM
	needed  []int          // columns
	env     map[string]any // one value a needed column
	at      *customerColumns
	memo    map[string]bool // by the cells of the needed columns
	cells   []byte
	found   []entry
}

// maxMemo is the most answers a picker remembers.
const maxMemo = 1 << 14

// bind compiles the filter for the accounts of b. A nil filter makes no picker.
func (f *filter) bind(b *base) (*picker, error) {
	if f == nil {
		return nil, nil
	}
	find := finder{source: b.Accounts.Name(), schema: b.schema}
	at := &customerColumns{
		source: find.source, domain: find.find("domain", b.Domain), class: find.find("class", f.cols.Class),
		wonAt: find.find("won_at", f.cols.WonAt), weight: find.find("weight", f.cols.Weight),
	}
	if err := find.err(); err != nil {
		return nil, err
	}
	p := &picker{source: find.source, at: at, env: map[string]any{}, memo: map[string]bool{}}
	sample := map[string]any{}
	for i, field := range b.schema {
		if zero := zeroOf(field.Type); zero != nil {
			sample[field.Name] = zero
			if f.all || slices.Contains(f.names, field.Name) {
				p.needed = append(p.needed, i)
			}
		}
	}
	var err error
	p.program, err = expr.Compile(f.where, expr.Env(sample), expr.AsBool(), expr.DisableBuiltin("now"))
	if err != nil {
		return nil, datasets.Shapef("customers: where: %v%s\ncolumns: %q", err, f.hint(find.names()), find.names())
	}
	return p, nil
}

// hint names the columns that unknown names may stand for.
func (f *filter) hint(columns []string) string {
	var b strings.Builder
	for _, name := range f.names {
		if name == "$env" || slices.Contains(columns, name) {
			continue
		}
		if near := nearest(name, columns); near != "" {
			fmt.Fprintf(&b, "\n%q is no column, did you mean %q?", name, near)
		}
	}
	return b.String()
}

// zeroOf returns a value of the Go type that columns of type t have in filters.
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

// add collects the rows of b that the filter picks.
func (p *picker) add(b *datasets.Batch) error {
	if p == nil {
		return nil
	}
	columns := make([]texts, len(p.needed))
	for k, at := range p.needed {
		columns[k] = textsOf(&b.Columns[at], 0, b.Rows)
	}
	for i := range b.Rows {
		ok, err := p.picks(columns, i)
		if err != nil {
			return &datasets.RowError{Source: p.source, Row: b.Line(i), Err: datasets.Shapef("customers: where: %v", err)}
		}
		if !ok {
			continue
		}
		e, err := p.at.entry(b, i)
		if err != nil {
			return err
		}
		p.found = append(p.found, e)
	}
	return nil
}

// picks reports whether the filter is true for row i. Rows with the same cells
// have the same answer, which is remembered.
func (p *picker) picks(columns []texts, i int) (bool, error) {
	p.cells = p.cells[:0]
	for _, c := range columns {
		cell := c.at(i)
		p.cells = binary.AppendUvarint(p.cells, uint64(len(cell)))
		p.cells = append(p.cells, cell...)
	}
	plain := !slices.ContainsFunc(columns, func(c texts) bool { return c.col.Type == datasets.Set })
	if ok, known := p.memo[string(p.cells)]; known && plain {
		return ok, nil
	}
	for _, c := range columns {
		p.env[c.col.Name] = c.value(i)
	}
	out, err := p.machine.Run(p.program, p.env)
	if err != nil {
		return false, err
	}
	ok, _ := out.(bool) // AsBool
	if plain && len(p.memo) < maxMemo {
		p.memo[string(p.cells)] = ok
	}
	return ok, nil
}

// value returns the value of row i as filters see it.
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
