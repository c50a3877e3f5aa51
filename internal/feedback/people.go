package feedback

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/graded"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// people are the accounts of disagreements and of their grades, with the slots of
// their values: offset of the feature plus slot, rising by feature.
type people struct {
	terms   []model.Term
	offset  []int32 // by feature, and the number of all slots
	slots   map[int][]int32
	wanted  map[int]bool
	night   *graded.Night
	applier []*bin.Applier
	codes   []bin.Column
}

// loadPeople reads the values of the cases of all disagreements and of a sample
// of the other accounts of their grades.
func loadPeople(ctx context.Context, in *Input, of []*Disagreement) (_ *people, err error) {
	p := &people{terms: in.Model.Terms, night: in.Night, slots: map[int][]int32{}, wanted: map[int]bool{}, codes: make([]bin.Column, len(in.Model.Terms))}
	day, err := time.Parse(time.DateOnly, in.AsOf)
	if err != nil {
		return nil, err
	}
	columns, at := []string{"domain", "row_reason"}, int32(0)
	for i := range p.terms {
		p.applier = append(p.applier, bin.NewApplier(&p.terms[i].Binning, int32(day.Unix()/86400)))
		p.offset = append(p.offset, at)
		at += int32(p.terms[i].Slots())
		columns = append(columns, p.terms[i].Feature)
	}
	p.offset = append(p.offset, at)
	for _, d := range of {
		p.want(d)
	}
	t, err := features.OpenTable(in.Accounts)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	for g := range t.Groups() {
		if err := p.group(ctx, t, g, columns); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// want notes the cases of a disagreement, and picks others by the hash of their
// domain, so that the pick does not depend on the order of the base.
func (p *people) want(d *Disagreement) {
	cases := map[int]bool{}
	for _, s := range d.of {
		cases[s.account] = true
	}
	type pick struct {
		hash uint64
		at   int
	}
	first := slices.Index(p.night.Grades, d.Grades[0])
	others := make([][]pick, len(d.Grades))
	for at := range p.night.Len() {
		grade := p.night.Grade(at) - first
		if grade < 0 || grade >= len(others) || p.night.Customer(at) || cases[at] {
			continue
		}
		others[grade] = append(others[grade], pick{features.DomainHash(p.night.Base.Domain(at)), at})
	}
	byHash := func(a, b pick) int {
		switch {
		case a.hash < b.hash:
			return -1
		case a.hash > b.hash:
			return 1
		}
		return a.at - b.at
	}
	strata := make([]stratum, len(others))
	for grade := range others {
		slices.SortFunc(others[grade], byHash)
		for _, o := range others[grade][:min(len(others[grade]), mostOthers)] {
			strata[grade].others = append(strata[grade].others, o.at)
		}
	}
	var picked []pick
	for at := range cases {
		picked = append(picked, pick{features.DomainHash(p.night.Base.Domain(at)), at})
	}
	slices.SortFunc(picked, byHash)
	for _, c := range picked[:min(len(picked), mostCases)] {
		grade := p.night.Grade(c.at) - first
		strata[grade].cases = append(strata[grade].cases, c.at)
	}
	for _, s := range strata {
		for _, at := range slices.Concat(s.cases, s.others) {
			p.wanted[at] = true
		}
		d.Others += len(s.others)
	}
	d.strata = strata
}

// group reads the values of the wanted accounts of one row group.
func (p *people) group(ctx context.Context, t *features.Table, g int, columns []string) (err error) {
	r, err := t.Group(g, columns)
	if err != nil {
		return err
	}
	for _, a := range p.applier {
		a.NewReader()
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	var b datasets.Batch
	for {
		if err := r.Read(ctx, &b); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := p.batch(&b); err != nil {
			return err
		}
	}
}

// batch keeps the slots of the wanted accounts' surviving rows.
func (p *people) batch(b *datasets.Batch) error {
	var rows, accounts []int
	for i := range b.Rows {
		if !b.Columns[1].Missing(i) {
			continue
		}
		if at := p.night.Base.Number(b.Columns[0].Text(i)); at >= 0 && p.wanted[at] {
			rows, accounts = append(rows, i), append(accounts, at)
		}
	}
	if rows == nil {
		return p.extend(b) // dictionaries grow with every batch
	}
	if err := p.extend(b); err != nil {
		return err
	}
	for k, i := range rows {
		var slots []int32
		for f := range p.terms {
			c := &p.codes[f]
			slots = append(slots, p.offset[f]+int32(c.Codes[i]))
			if !p.terms[f].IsSet() {
				continue
			}
			for _, item := range c.Items[c.Offsets[i]:c.Offsets[i+1]] {
				slots = append(slots, p.offset[f]+2+int32(item))
			}
		}
		p.slots[accounts[k]] = slots
	}
	return nil
}

// extend bins the columns of a batch.
func (p *people) extend(b *datasets.Batch) error {
	for f := range p.terms {
		c := &b.Columns[2+f]
		if want := p.terms[f].Kind.Type(); c.Type != want {
			return fmt.Errorf("feature %q: the column is a %s, the model wants a %s; run `icpfit features` again", c.Name, c.Type, want)
		}
		p.applier[f].Apply(&p.codes[f], c, b.Rows)
	}
	return nil
}
