package predict

import (
	"context"
	"encoding/binary"
	"math/bits"
)

// A part joins the accounts of one part after the other.
type part struct {
	nights      *join
	then, now   *chains
	pairs, gone *chainWriter

	hashes []uint64 // of the accounts of the night before
	rows   []uint32 // of these, with ungraded
	met    []bool   // tonight
	table  []uint32 // by hash: number of the account + 1
	block  []byte
}

// join finds the pairs of a part, and who is gone.
func (p *part) join(_ context.Context, key int) error {
	if err := p.read(key); err != nil {
		return err
	}
	var err error
	p.block, err = p.now.read(key, p.block, func(r []byte) error {
		i := p.table[p.find(binary.LittleEndian.Uint64(r))]
		if i == 0 {
			return nil
		}
		p.met[i-1] = true
		to, err := p.pairs.record(int(binary.LittleEndian.Uint32(r[8:])))
		if err != nil {
			return err
		}
		copy(to, r[12:])
		binary.LittleEndian.PutUint32(to[4:], p.rows[i-1]&^ungraded)
		return nil
	})
	if err != nil {
		return err
	}
	for i, row := range p.rows {
		if p.met[i] || row&ungraded != 0 {
			continue
		}
		g, _ := p.nights.in.Previous.groupOf(int32(row))
		to, err := p.gone.record(g)
		if err != nil {
			return err
		}
		binary.LittleEndian.PutUint32(to, row)
	}
	return nil
}

// read reads the accounts of the night before that are of a part. Of two rows of one
// account the first counts.
func (p *part) read(key int) error {
	p.hashes, p.rows = p.hashes[:0], p.rows[:0]
	var err error
	p.block, err = p.then.read(key, p.block, func(r []byte) error {
		p.hashes = append(p.hashes, binary.LittleEndian.Uint64(r))
		p.rows = append(p.rows, binary.LittleEndian.Uint32(r[8:]))
		return nil
	})
	if err != nil {
		return err
	}
	p.table = filled(p.table, 2<<bits.Len(uint(len(p.hashes))), 0)
	p.met = filled(p.met, len(p.hashes), false)
	for i, hash := range p.hashes {
		at := p.find(hash)
		if first := p.table[at]; first > 0 { // the later row is met, so it is not gone
			if p.rows[first-1]&^ungraded < p.rows[i]&^ungraded {
				p.met[i] = true
				continue
			}
			p.met[first-1] = true
		}
		p.table[at] = uint32(i) + 1
	}
	return nil
}

// find returns the place in the table of an account, or where it would be.
func (p *part) find(hash uint64) int {
	mask := uint64(len(p.table) - 1)
	at := hash & mask
	for p.table[at] != 0 && p.hashes[p.table[at]-1] != hash {
		at = (at + 1) & mask
	}
	return int(at)
}
