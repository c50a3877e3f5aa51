// Package graded holds the grades of a night by account, as they were published,
// for what compares them with other things that are known of the accounts.
package graded

import (
	"context"
	"fmt"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/internal/activity"
	"github.com/icpfit/icpfit/model/predict"
)

// A Night is the grades of a night, in some 75 bytes an account. Accounts are
// numbered by Base, which finds them by domain and by id. It is read-only once
// loaded.
type Night struct {
	Grades []string // best first
	Base   *activity.Base

	grade    []int8 // place in Grades, or Unscored
	customer []bool
}

// Unscored is the grade of an account that has none.
const Unscored = -1

var fields = []datasets.Field{
	{Name: "domain", Type: datasets.Text},
	{Name: "account_id", Type: datasets.Text},
	{Name: "customer", Type: datasets.Flag},
	{Name: "grade", Type: datasets.Category},
}

// Load reads the grades in folder; grades are those of the model that made them,
// best first.
func Load(ctx context.Context, folder string, grades []string) (*Night, error) {
	n := &Night{Grades: grades, Base: activity.NewBase()}
	err := predict.Read(ctx, folder, fields, func(b *datasets.Batch) error {
		for i := range b.Rows {
			if err := n.add(b, i); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return n, nil
}

// add adds row i. Of several rows of a domain the one that has a grade counts:
// the others were merged into it.
func (n *Night) add(b *datasets.Batch, i int) error {
	domain := b.Columns[0].Text(i)
	if domain == "" {
		return nil
	}
	n.Base.Add(domain, b.Columns[1].Text(i))
	at := n.Base.Number(domain)
	if at == len(n.grade) {
		n.grade, n.customer = append(n.grade, Unscored), append(n.customer, false)
	}
	n.customer[at] = n.customer[at] || b.Columns[2].Flags[i] == 1
	if grade := b.Columns[3].Text(i); grade != "" {
		place := slices.Index(n.Grades, grade)
		if place < 0 {
			return fmt.Errorf("grades: %w", datasets.Shapef("grade %q is none of its model's; grade that night again", grade))
		}
		n.grade[at] = int8(place)
	}
	return nil
}

// Len returns the number of accounts.
func (n *Night) Len() int { return len(n.grade) }

// Grade returns the place in Grades of an account's grade, or Unscored.
func (n *Night) Grade(account int) int { return int(n.grade[account]) }

// Customer reports whether the account was a customer.
func (n *Night) Customer(account int) bool { return n.customer[account] }
