package pipeline

import (
	"context"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
)

// poolSize returns how many pool accounts to learn from: twenty a customer, at
// least 20,000, at most 200,000. The variance of a ranking is that of the
// customers plus that of the pool, so more would add a twentieth at best.
func poolSize(customers int) int { return min(max(20*customers, 20_000), 200_000) }

// sampleSeed keeps the pool sample apart from the learners' draws.
const sampleSeed = 0x706f6f6c

// drawn is a frame of accounts with the names that oof.parquet needs.
type drawn struct {
	*evaluate.Frame
	domains *datasets.Column
}

// frame loads the customers and a sample of the pool, without the held-out
// domains, for the given specs.
func (r *Run) frame(ctx context.Context, accounts, customers *features.Table, specs []features.Spec, held map[uint64]bool) (*drawn, error) {
	columns := []string{"domain"}
	for _, s := range specs {
		columns = append(columns, s.Name)
	}
	best, err := customers.Load(ctx, append(columns[:len(columns):len(columns)], "weight", "won_at"), func(row features.Row) bool { return !held[row.Hash] })
	if err != nil {
		return nil, err
	}
	families, err := r.families(ctx, accounts, nil)
	if err != nil {
		return nil, err
	}
	pool, err := accounts.Load(ctx, columns, families.others(best, r.poolRows(accounts, best.Rows, held)))
	if err != nil {
		return nil, err
	}
	all, err := eligible(ctx, accounts, held)
	if err != nil {
		return nil, err
	}
	return r.join(accounts, best, pool, families, float64(all)/float64(max(pool.Rows, 1)))
}

// families maps the hash of a domain to that of its ultimate parent; nil: no
// parents are known, and every account is a group of its own.
type families map[uint64]uint64

// families reads who belongs to whom, of the accounts that of picks, nil for all,
// where icpfit.yaml names the column.
func (r *Run) families(ctx context.Context, accounts *features.Table, of map[uint64]bool) (families, error) {
	if r.Project.Config.Accounts.Parent == "" {
		return nil, nil
	}
	rows, err := accounts.Load(ctx, []string{"domain", "parent"}, func(row features.Row) bool { return row.Reason == "" && (of == nil || of[row.Hash]) })
	if err != nil {
		return nil, err
	}
	out := families{}
	domain, parent := rows.Column("domain"), rows.Column("parent")
	for i := range rows.Rows {
		if !parent.Missing(i) {
			out[features.DomainHash(string(domain.Cell(i)))] = features.DomainHash(string(parent.Cell(i)))
		}
	}
	return out, nil
}

// key returns the group of an account.
func (f families) key(domain uint64) uint64 {
	if parent, ok := f[domain]; ok {
		return parent
	}
	return domain
}

// others keeps the rows that belong to no customer's group: a subsidiary of a
// customer is no prospect to learn from.
func (f families) others(customers *datasets.Batch, keep func(features.Row) bool) func(features.Row) bool {
	if f == nil {
		return keep
	}
	won := map[uint64]bool{}
	domain := customers.Column("domain")
	for i := range customers.Rows {
		won[f.key(features.DomainHash(string(domain.Cell(i))))] = true
	}
	return func(row features.Row) bool { return keep(row) && !won[f.key(row.Hash)] }
}

// poolRows returns which rows of the accounts table are in the pool's sample.
// Rows are picked by the hash of their domain, so the sample does not depend on
// the order of the base.
func (r *Run) poolRows(accounts *features.Table, customers int, held map[uint64]bool) func(features.Row) bool {
	share := float64(poolSize(customers)) / float64(max(accounts.Rows(), 1))
	return func(row features.Row) bool {
		return inPool(row, held) && (share >= 1 || model.Uniform(row.Hash, sampleSeed+r.Project.Config.Model.Seed) < share)
	}
}

func inPool(row features.Row, held map[uint64]bool) bool {
	return row.Reason == "" && row.Class == "" && !row.Customer && !held[row.Hash]
}

// eligible counts the pool.
func eligible(ctx context.Context, accounts *features.Table, held map[uint64]bool) (n int64, err error) {
	_, err = accounts.Load(ctx, []string{"domain"}, func(row features.Row) bool {
		if inPool(row, held) {
			n++
		}
		return false
	})
	return n, err
}

// join makes one frame of customers and pool accounts, each of which stands for
// poolWeight of them.
func (r *Run) join(accounts *features.Table, best, pool *datasets.Batch, groups families, poolWeight float64) (*drawn, error) {
	day, err := ParseDay(accounts.AsOf)
	if err != nil {
		return nil, err
	}
	weights := best.Column("weight").Numbers
	batch := datasets.Concat(best, pool)
	s := &drawn{Frame: &evaluate.Frame{Batch: batch, AsOf: day, Learn: r.Project.Config.Model.Missing == "learn", Seed: r.Project.Config.Model.Seed, Bins: bin.DefaultOptions()}, domains: batch.Column("domain")}
	for i := range batch.Rows {
		customer := i < best.Rows
		w, won := poolWeight, datasets.MissingDay
		if customer {
			w, won = weights[i], best.Column("won_at").Days[i]
		}
		s.Customer, s.Weights = append(s.Customer, customer), append(s.Weights, w)
		s.Keys = append(s.Keys, groups.key(features.DomainHash(string(s.domains.Cell(i)))))
		s.WonAt = append(s.WonAt, won)
	}
	return s, nil
}
