package report

import (
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/explain"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// A told is a reason as the grade table has it.
type told struct {
	feature, value string
	micro          int64
}

// A cellOf is what the accounts table has of one feature of a pick.
type cellOf struct {
	slot  uint8
	items []string // of a set, as the source writes them, each once
	known []uint16 // of these, those that the model knows
}

// A reasoner puts the reasons of picks into words.
type reasoner struct {
	tell *explain.Teller
	term map[string]int // by feature
	kind map[string]features.Kind
}

func newReasoner(lang string, m *model.Model) (*reasoner, error) {
	tell, err := explain.NewTeller(lang, m)
	if err != nil {
		return nil, err
	}
	r := &reasoner{tell: tell, term: map[string]int{}, kind: map[string]features.Kind{}}
	for k := range m.Terms {
		r.term[m.Terms[k].Feature], r.kind[m.Terms[k].Feature] = k, m.Terms[k].Kind
	}
	return r, nil
}

// reason puts what a feature gives a pick into words. Where the accounts table does
// not have the account, or the feature is not the model's, the sentence says no more
// than the value.
func (r *reasoner) reason(p *pick, t told) Reason {
	out := Reason{Feature: page.Clean(t.feature), Value: r.tell.Value(r.kind[t.feature], t.value), MicroPoints: t.micro, Text: r.tell.Brief(t.feature, t.value, t.micro)}
	k, ok := r.term[t.feature]
	if !ok || p.cells == nil {
		out.Sentence = r.tell.Bare(t.feature, out.Value)
		return out
	}
	c := bin.Column{Codes: []uint8{p.cells[k].slot}}
	out.Sentence = r.tell.Pitch(explain.Reason{Term: k, Value: t.value, Items: p.cells[k].items, Column: &c, MicroPoints: t.micro})
	return out
}

// unknown names the features of which nothing is known of a pick.
func (r *reasoner) unknown(p *pick, m *model.Model) []string {
	out := []string{}
	for k := range p.cells {
		if p.cells[k].slot == 0 {
			out = append(out, page.Clean(m.Terms[k].Feature))
		}
	}
	return out
}
