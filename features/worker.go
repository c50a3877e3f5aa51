package features

import (
	"context"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features/parse"
)

// A worker turns pieces of the base into rows of the tables, a group at a time.
// What it remembers from one group to the next changes no result.
type worker struct {
	run      *run
	features []feature
	rows     datasets.Batch // typed rows of the accounts table, a batch at most
	audit    *Audit         // of the current group
	chosen   *datasets.Batch

	// By row of the current piece:
	classes []Class // of rows that can be scored; unscored for the others
	entries []int32 // of the customer list, -1
	pillars []uint8 // bit p: a feature of pillar p is known
}

// unscored stands for the class of a row that has a reason.
const unscored Class = "-"

// A feature is the way from a column of the base to a column of the table.
type feature struct {
	spec    Spec
	from    int // column of the base
	to      int // column of the table
	pillar  uint8
	convert converter
}

func newWorker(r *run) *worker {
	w := &worker{run: r}
	for i, s := range r.Specs {
		w.features = append(w.features, feature{
			spec: s, from: r.layout.features[i], to: len(fixedAccounts) + i,
			pillar: 1 << codeOf(Pillars, s.Pillar), convert: newConverter(s, r.AsOf, r.orders[r.layout.features[i]]),
		})
	}
	return w
}

// do makes the group of t.
func (w *worker) do(ctx context.Context, t *task) error {
	w.audit, w.chosen = newAudit(w.run.Input), nil
	if w.run.out != nil {
		t.group = w.run.accountsFile.NewGroup()
	}
	for i := range w.features {
		w.features[i].convert.reset(&w.audit.Features[i])
	}
	w.empty()
	for p := range t.pieces {
		err := w.addPiece(t, p)
		p.batch.done()
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if err := w.flush(t); err != nil {
		return err
	}
	if t.group != nil {
		if err := t.group.Flush(); err != nil {
			return err
		}
	}
	t.chosen, t.audit = w.chosen, w.audit
	close(t.finished)
	return nil
}

// empty makes room for a batch of typed rows, in the same dictionaries.
func (w *worker) empty() {
	w.rows.Prepare(w.run.accounts)
	w.rows.Columns[colReason].Dictionary = reasonTexts
	w.rows.Columns[colClass].Dictionary = classTexts
}

// addPiece adds the rows of p, in steps that fill batches of the same size
// however the source cut its own: pages, and so the bytes of the file, depend
// on it.
func (w *worker) addPiece(t *task, p piece) error {
	for from := p.from; from < p.to; {
		n := min(p.to-from, datasets.BatchRows-w.rows.Rows)
		w.addRows(&p.batch.Batch, from, from+n)
		from += n
		if w.rows.Rows < datasets.BatchRows {
			continue
		}
		if err := w.flush(t); err != nil {
			return err
		}
	}
	return nil
}

// flush writes the typed rows.
func (w *worker) flush(t *task) error {
	if w.rows.Rows > 0 && t.group != nil {
		if err := t.group.Write(&w.rows); err != nil {
			return err
		}
	}
	w.empty()
	return nil
}

// addRows adds rows from to to of b to the typed rows.
func (w *worker) addRows(b *datasets.Batch, from, to int) {
	at := w.rows.Rows
	w.addNames(b, from, to)
	w.pillars = append(w.pillars[:0], make([]uint8, to-from)...)
	for i := range w.features {
		f := &w.features[i]
		dst := &w.rows.Columns[f.to]
		f.convert.add(dst, b, &b.Columns[f.from], from, to)
		w.countKnown(f, dst, at, &w.audit.Features[i])
	}
	w.rows.Rows += to - from
	w.countRows(b, from, at)
}

// addNames fills the fixed columns, classes and entries.
func (w *worker) addNames(b *datasets.Batch, from, to int) {
	l, c := &w.run.layout, w.rows.Columns
	domains := textsOf(&b.Columns[l.domain], from, to)
	ids, names, parents := optional(b, l.id, from, to), optional(b, l.name, from, to), optional(b, l.parent, from, to)
	members := w.run.census.from(b.First + int64(from))
	w.classes, w.entries = w.classes[:0], w.entries[:0]
	for i := from; i < to; i++ {
		row := b.First + int64(i)
		key, reason := w.run.census.key(row, domains.at(i))
		id := rowID(ids.at(i), row)
		survivor := ""
		if len(members) > 0 && int64(members[0].row) == row {
			if s, merged := w.run.census.survivor(members[0]); merged {
				reason, survivor = datasets.DuplicateOf, s
				w.audit.merged(key, id, s)
			}
			members = members[1:]
		}
		if reason == datasets.BadDomain {
			w.audit.BadDomains = addSample(w.audit.BadDomains, Sample{b.Line(i), clip(domains.at(i))})
		}
		if reason == datasets.FreeMailDomain {
			if entry := w.run.customers.provider(domains.at(i)); entry >= 0 {
				w.audit.barred = append(w.audit.barred, entry)
			}
		}
		appendText(&c[colDomain], key)
		appendText(&c[colID], id)
		name, _ := parse.Category(names.at(i))
		appendText(&c[colName], cut(name))
		c[colReason].Codes = append(c[colReason].Codes, codeOf(datasets.Reasons, reason))
		appendText(&c[colDuplicateOf], survivor)
		w.addClass(key, reason)
		appendText(&c[colParent], w.parent(ids.at(i), key, parents.at(i)))
	}
}

// optional returns the texts of a column that may not be there.
func optional(b *datasets.Batch, at, from, to int) texts {
	if at < 0 {
		return texts{}
	}
	return textsOf(&b.Columns[at], from, to)
}

// addClass fills customer and class, and notes both for counting.
func (w *worker) addClass(key string, reason datasets.Reason) {
	entry := -1
	if key != "" {
		entry = w.run.customers.lookup(key)
	}
	var class Class
	if entry >= 0 {
		class = w.run.customers.entries[entry].class
	}
	flags, codes := &w.rows.Columns[colCustomer].Flags, &w.rows.Columns[colClass].Codes
	*flags = append(*flags, boolFlag(class.positive()))
	*codes = append(*codes, codeOf(Classes, class))
	if reason != "" {
		class = unscored
		w.audit.Reasons[reason]++
	} else if len(w.audit.First) < maxFirst {
		w.audit.First = append(w.audit.First, strings.Clone(key))
	}
	w.classes, w.entries = append(w.classes, class), append(w.entries, int32(entry))
}

// parent returns the ultimate parent of an account.
func (w *worker) parent(id, key, cell string) string {
	parent := parentName(cell)
	if parent == "" || w.run.families == nil {
		return ""
	}
	return w.run.families.top(id, key, parent)
}

// countKnown counts the scorable rows, from at, in which a feature is known.
func (w *worker) countKnown(f *feature, dst *datasets.Column, at int, audit *FeatureAudit) {
	for i, class := range w.classes {
		if class == unscored || dst.Missing(at+i) {
			continue
		}
		w.pillars[i] |= f.pillar
		audit.known.count(class)
	}
}

// countRows counts the rows from at, which are those of b from from, and keeps
// those of customers.
func (w *worker) countRows(b *datasets.Batch, from, at int) {
	a := w.audit
	a.Rows += int64(len(w.classes))
	for i, class := range w.classes {
		if class == unscored {
			continue
		}
		a.Scorable++
		for p := range a.Pillars {
			if w.pillars[i]&(1<<p) != 0 {
				a.Pillars[p].known.count(class)
			}
		}
		switch {
		case class == "":
			a.Pool++
		case !class.positive():
			a.LeftOut++
		default:
			a.Customers++
			if class == Best {
				a.Best++
			}
			w.choose(at+i, w.entries[i], w.pillars[i] != 0)
			w.countLate(at+i, w.entries[i], b.Line(from+i))
		}
	}
}

// choose adds a row of a customer to the customers of the group.
func (w *worker) choose(row int, entry int32, known bool) {
	// Rows that can be scored have a domain each, so nobody else writes here.
	met := w.run.audit.found
	met.inBase[entry], met.known[entry] = true, known
	if w.chosen == nil {
		w.chosen = &datasets.Batch{}
		w.chosen.Prepare(w.run.chosen)
		w.chosen.Columns[customerClass].Dictionary = classTexts
	}
	e := w.run.customers.entries[entry]
	dst := w.chosen.Columns
	for k := range customerClass {
		appendRow(&dst[k], &w.rows.Columns[k], row)
	}
	dst[customerClass].Codes = append(dst[customerClass].Codes, codeOf(Classes, e.class))
	dst[customerWeight].Numbers = append(dst[customerWeight].Numbers, e.weight)
	dst[customerWonAt].Days = append(dst[customerWonAt].Days, e.wonAt)
	for i := range w.features {
		src, c := &w.rows.Columns[w.features[i].to], &dst[len(fixedCustomers)+i]
		appendRow(c, src, row)
		c.Dictionary = src.Dictionary
		if src.Type == datasets.Date && e.wonAt != datasets.MissingDay && src.Days[row] > e.wonAt-w.run.Lag {
			c.Days[len(c.Days)-1] = datasets.MissingDay
		}
	}
	w.chosen.Rows++
}

func boolFlag(yes bool) int8 {
	if yes {
		return 1
	}
	return 0
}
