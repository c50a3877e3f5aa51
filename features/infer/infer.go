// Package infer guesses what the columns of an account base are: which names
// the company, which describe it, and which should not be learned from.
//
//	Accounts    a base → the columns of its rows' identity, specs, what is left out and why
//	Customers   a list of customers → its columns
//
// A CRM export whose headers are recognised (package datasets) is taken as its
// preset says. Every other column is judged by its values first and by the
// words of its name where values cannot tell: by general rules only, in the
// order of classify. Nothing is random. The order of rows matters in two places:
// a column that counts the rows is recognised by it, and a column of more than
// 4,000 values is read by those that come first.
//
// A guess is a proposal: it is written to icpfit.yaml with the reason of every
// column left out, for people to change.
package infer

import (
	"context"
	"fmt"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/hubspot"
	"github.com/icpfit/icpfit/datasets/salesforce"
	"github.com/icpfit/icpfit/features"
)

// Options say how far to look. Start from DefaultOptions.
type Options struct {
	Rows   int    // rows to look at, ≥ 1
	Domain string // the column that names the company; "" to look for it
}

// DefaultOptions looks at 200,000 rows: enough for any share that a rule asks
// for, and seconds of work.
func DefaultOptions() Options { return Options{Rows: 200_000} }

// A Result is what Accounts made of a base. Every column of the base is the
// domain, in Specs, or in LeftOut; "" is a role that no column has.
type Result struct {
	Source   string
	Rows     int    // rows looked at
	Preset   string // the CRM export it was recognised as, or ""
	Domain   string
	ID       string
	Name     string
	Modified string
	Parent   string
	Specs    []features.Spec
	LeftOut  []LeftOut
}

// LeftOut is a column that makes no feature.
type LeftOut struct{ Column, Reason string }

// Accounts looks at a base and proposes how to read it.
//
// It is an error wrapping datasets.ErrShape if the base has no rows, and a
// *DomainError if no column names the company. A base without any usable
// column is no error: Specs is empty then.
func Accounts(ctx context.Context, src datasets.Source, opts Options) (*Result, error) {
	if opts.Rows < 1 {
		return nil, fmt.Errorf("infer features: %s: %d rows to look at; want at least 1", src.Name(), opts.Rows)
	}
	profiles, err := readProfiles(ctx, src, opts.Rows)
	if err != nil {
		return nil, fmt.Errorf("infer features: %w", err)
	}
	if len(profiles) == 0 || profiles[0].rows == 0 {
		return nil, fmt.Errorf("infer features: %s: %w", src.Name(), datasets.Shapef("has a header and no rows; want at least one account"))
	}
	g := newGuess(src.Name(), profiles)
	if err := g.roles(opts.Domain); err != nil {
		return nil, fmt.Errorf("infer features: %w", err)
	}
	for i, p := range profiles {
		g.column(i, p)
	}
	return &g.Result, nil
}

// A guess is a Result in the making.
type guess struct {
	Result
	profiles []*profile
	headers  []string
	preset   *datasets.Preset
	known    []*datasets.PresetColumn // what the preset says of each column; nil: nothing
	role     []string                 // why a column is left out: the role it has, or ""
	namer    namer
}

func newGuess(source string, profiles []*profile) *guess {
	g := &guess{
		Result: Result{Source: source, Rows: profiles[0].rows}, profiles: profiles,
		role: make([]string, len(profiles)), known: make([]*datasets.PresetColumn, len(profiles)), namer: namer{map[string]bool{}},
	}
	for _, p := range profiles {
		g.headers = append(g.headers, p.name)
	}
	g.preset = datasets.Recognise(g.headers, salesforce.Accounts(), hubspot.Companies())
	if g.preset != nil {
		g.Preset, g.known = g.preset.Name, g.preset.Match(g.headers)
	}
	return g
}

// column decides on column i: a spec or a reason.
func (g *guess) column(i int, p *profile) {
	if p.name == g.Domain {
		return
	}
	verdict := g.verdict(i, p)
	if verdict.reason != "" {
		g.LeftOut = append(g.LeftOut, LeftOut{p.name, verdict.reason})
		return
	}
	s := verdict.spec
	s.Column, s.Name = p.name, g.namer.name(p.name, i)
	if s.Pillar == "" {
		s.Pillar = pillarOf(plainName(p.name))
	}
	g.Specs = append(g.Specs, s)
}

func (g *guess) verdict(i int, p *profile) verdict {
	known := g.known[i]
	switch {
	case g.role[i] != "":
		return leave("%s", g.role[i])
	case p.filled == 0:
		return leave("empty")
	case known != nil && !known.Use:
		return leave("%s", known.Why)
	case known != nil:
		return p.asKnown(known)
	}
	return p.classify()
}

// A verdict on a column is a spec without names, or the reason why there is none.
type verdict struct {
	spec   features.Spec
	reason string
}

func leave(format string, args ...any) verdict { return verdict{reason: fmt.Sprintf(format, args...)} }

func use(kind features.Kind, parser string) verdict {
	return verdict{spec: features.Spec{Kind: kind, Parser: parser}}
}

// asKnown takes a column as its preset describes it, unless it says nothing.
func (p *profile) asKnown(c *datasets.PresetColumn) verdict {
	if len(p.values) == 1 {
		return leave("one value everywhere: %q", clip(p.values[0].text))
	}
	v := use(features.Kind(c.Kind), c.Parser)
	v.spec.Pillar = features.Pillar(c.Pillar)
	if v.spec.Kind == features.Set {
		v.spec.Separator = "|"
		if s, ok := p.separator(); ok {
			v.spec.Separator = s
		}
	}
	return v
}

// clip shortens a value for a reason.
func clip(s string) string {
	if r := []rune(s); len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return s
}
