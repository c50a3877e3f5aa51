package activity

import (
	"bytes"
	"context"
	"hash/maphash"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// A Base finds accounts of a base by domain and by id, in about 70 bytes an
// account. It is read-only once made, and safe for concurrent use.
type Base struct {
	domains, ids names
	owner        []uint32 // by id: its domain, by number
}

// LoadBase reads the accounts of a feature table. Rows without a domain key are
// left out; a row that was merged into another leads to the same domain.
func LoadBase(ctx context.Context, t *features.Table) (*Base, error) {
	b := NewBase()
	for group := range t.Groups() {
		if err := b.load(ctx, t, group); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// load adds the accounts of one row group.
func (b *Base) load(ctx context.Context, t *features.Table, group int) error {
	r, err := t.Group(group, []string{"domain", "account_id"})
	if err != nil {
		return err
	}
	return datasets.Drain(ctx, r, func(batch *datasets.Batch) error {
		domain, id := batch.Column("domain"), batch.Column("account_id")
		for i := range batch.Rows {
			b.Add(domain.Text(i), id.Text(i))
		}
		return nil
	})
}

// NewBase returns a base without accounts.
func NewBase() *Base { return &Base{} }

// Add adds an account by its domain key and its id in the base, either of which
// may be "". Of two accounts with one id the first stands.
func (b *Base) Add(domain, id string) {
	if domain == "" {
		return
	}
	at, _ := b.domains.put(domain)
	if id == "" {
		return
	}
	if _, fresh := b.ids.put(IDKey(id)); fresh {
		b.owner = append(b.owner, at)
	}
}

// Len returns the number of accounts with a domain.
func (b *Base) Len() int { return len(b.domains.ends) }

// Domain returns the domain of an account by its number.
func (b *Base) Domain(account int) string { return b.domains.text(uint32(account)) }

// Number returns the number of the account with this domain, from 0 in the order
// in which they were added, or -1.
func (b *Base) Number(domain string) int {
	at, ok := b.domains.find(domain)
	if !ok {
		return -1
	}
	return int(at)
}

// key returns the domain as the base has it, or ""; a nil base has all.
func (b *Base) key(domain string) string {
	if b == nil {
		return domain
	}
	if _, ok := b.domains.find(domain); !ok {
		return ""
	}
	return domain
}

// byID returns the domain of the account with that id, or "".
func (b *Base) byID(id string) string {
	if b == nil {
		return ""
	}
	at, ok := b.ids.find(id)
	if !ok {
		return ""
	}
	return b.domains.text(b.owner[at])
}

// names numbers texts in the order in which they come.
type names struct {
	data  []byte
	ends  []int
	slots []uint32 // number + 1, by hash; 0 is free
}

var seed = maphash.MakeSeed()

func (n *names) text(at uint32) string {
	from := 0
	if at > 0 {
		from = n.ends[at-1]
	}
	return string(n.data[from:n.ends[at]])
}

// slot returns where text is, or where it would go.
func (n *names) slot(text string) *uint32 {
	mask := uint64(len(n.slots) - 1)
	for h := maphash.String(seed, text) & mask; ; h = (h + 1) & mask {
		s := &n.slots[h]
		if *s == 0 {
			return s
		}
		from, at := 0, *s-1
		if at > 0 {
			from = n.ends[at-1]
		}
		if bytes.Equal(n.data[from:n.ends[at]], []byte(text)) {
			return s
		}
	}
}

// find returns the number of text.
func (n *names) find(text string) (uint32, bool) {
	if len(n.slots) == 0 {
		return 0, false
	}
	s := *n.slot(text)
	return s - 1, s != 0
}

// put returns the number of text, a new one where it is not there yet.
func (n *names) put(text string) (at uint32, fresh bool) {
	if 2*len(n.ends) >= len(n.slots) {
		n.grow()
	}
	s := n.slot(text)
	if *s != 0 {
		return *s - 1, false
	}
	n.data = append(n.data, text...)
	n.ends = append(n.ends, len(n.data))
	*s = uint32(len(n.ends))
	return *s - 1, true
}

func (n *names) grow() {
	n.slots = make([]uint32, max(64, 2*len(n.slots)))
	for at := range n.ends {
		*n.slot(n.text(uint32(at))) = uint32(at) + 1
	}
}
