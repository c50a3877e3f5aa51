package features

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// groupRows is the number of rows of a row group, the last one's apart: large
// enough for dictionaries to pay, small enough for two processors to share a
// base of 60,000 accounts. The same input makes the same groups.
const groupRows = 1 << 15

// Output is where Build writes the two tables. Progress, if not nil, is called
// with the number of rows done after each row group, from one goroutine.
type Output struct {
	Accounts  io.Writer
	Customers io.Writer
	Progress  func(rows int64)
}

// Build reads the accounts and writes the two feature tables; see the package
// comment for their columns. It returns what became of the rows and cells.
//
// The files depend on the input only: not on the number of processors, not on
// the size of the source's batches. Memory: 25 bytes a row, about 60 more a row
// that has a duplicate and 200 a row that has a parent, and 64 MB or two row
// groups of raw cells.
//
// A column that is missing is a *ColumnError; a column that is not what its
// spec says is an error wrapping datasets.ErrShape. What has been written when
// Build fails is of no use.
func Build(ctx context.Context, in Input, out Output) (*Audit, error) {
	return build(ctx, in, &out)
}

// Scan returns the audit that Build would, and writes nothing.
func Scan(ctx context.Context, in Input) (*Audit, error) { return build(ctx, in, nil) }

func build(ctx context.Context, in Input, out *Output) (*Audit, error) {
	if err := in.validate(); err != nil {
		return nil, err
	}
	base, err := in.peek(ctx)
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	workers := runtime.GOMAXPROCS(0)
	names, err := takeCensus(ctx, base, workers)
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	r := &run{base: base, names: names, accounts: fieldsOf(fixedAccounts, in.Specs), chosen: fieldsOf(fixedCustomers, in.Specs)}
	if err := r.open(out); err != nil {
		return nil, err
	}
	if err := r.write(ctx, workers); err != nil {
		return nil, fmt.Errorf("build features: %w", err)
	}
	r.audit.finish(r.customers)
	r.audit.Changed = r.changed
	if err := r.audit.misfit(in.Accounts.Name()); err != nil {
		return nil, err
	}
	return r.audit, r.close()
}

// A run is the second pass: what its workers share, and what they make.
type run struct {
	*base
	names
	accounts []datasets.Field // of the accounts table
	chosen   []datasets.Field // of the customers table

	out           *Output // nil: nothing is written
	accountsFile  *parquetfile.Writer
	customersFile *parquetfile.Writer
	audit         *Audit
}

// open starts the two files.
func (r *run) open(out *Output) error {
	r.audit = newAudit(r.Input)
	if r.customers != nil {
		n := len(r.customers.entries)
		r.audit.found = found{make([]bool, n), make([]bool, n)}
	}
	if out == nil {
		return nil
	}
	r.out = out
	var err error
	if r.accountsFile, err = parquetfile.NewWriter(out.Accounts, r.accounts, r.options(AccountsTable)); err != nil {
		return err
	}
	r.customersFile, err = parquetfile.NewWriter(out.Customers, r.chosen, r.options(CustomersTable))
	return err
}

// close ends the two files.
func (r *run) close() error {
	if r.out == nil {
		return nil
	}
	if err := r.accountsFile.Close(); err != nil {
		return fmt.Errorf("write the accounts table: %w", err)
	}
	if err := r.customersFile.Close(); err != nil {
		return fmt.Errorf("write the customers table: %w", err)
	}
	return nil
}

// options returns how the file of a table is written, with what it says about
// itself.
func (r *run) options(table string) parquetfile.Options {
	specs, err := json.Marshal(r.Specs)
	if err != nil {
		panic(err) // strings and integers always marshal
	}
	opts := parquetfile.DefaultOptions()
	if table == AccountsTable {
		opts.Filtered = []string{"domain"} // for Table.Find
	}
	opts.Metadata = map[string]string{
		keyFormat: strconv.Itoa(tableFormat), keyTable: table, keySpec: string(specs),
		keySpecHash: r.audit.SpecHash, keyAsOf: r.audit.AsOf,
	}
	return opts
}

// write runs the second pass. One goroutine reads and cuts the rows into
// groups; each worker parses and encodes a group at a time; one goroutine
// commits the groups in order.
func (r *run) write(ctx context.Context, workers int) error {
	todo := make(chan *task, workers)
	order := make(chan *task, 2*workers)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return r.cut(ctx, todo, order) })
	for range workers {
		w := newWorker(r)
		g.Go(func() error {
			for t := range todo {
				if err := w.do(ctx, t); err != nil {
					return err
				}
			}
			return nil
		})
	}
	g.Go(func() error { return r.commit(ctx, order) })
	return g.Wait()
}

// commit appends finished groups to the files and to the audit.
func (r *run) commit(ctx context.Context, order <-chan *task) error {
	for t := range order {
		select {
		case <-t.finished:
		case <-ctx.Done():
			return ctx.Err()
		}
		r.audit.add(t.audit)
		if r.out == nil {
			continue
		}
		if err := t.group.Commit(); err != nil {
			return fmt.Errorf("write the accounts table: %w", err)
		}
		if t.chosen != nil {
			if err := r.customersFile.Write(t.chosen); err != nil {
				return fmt.Errorf("write the customers table: %w", err)
			}
		}
		if r.out.Progress != nil {
			r.out.Progress(r.audit.Rows)
		}
	}
	return nil
}
