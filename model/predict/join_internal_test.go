package predict

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/icpfit/icpfit/features"
)

// file returns a file of chains that is gone at the end of the test.
func file(t *testing.T) *blockFile {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return &blockFile{Scratch: f}
}

// TestChains checks that what several goroutines write is read, by key.
func TestChains(t *testing.T) {
	const writers, keys = 4, 7
	c := newChains(file(t), 6, keys+1) // the last has none
	want := make([][]uint32, keys)
	for i := range uint32(20_000) {
		key := int(i) * int(i) % keys
		want[key] = append(want[key], i)
	}
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			to := c.writer()
			for key, list := range want {
				for i := w; i < len(list); i += writers {
					r, err := to.record(key)
					if err != nil {
						t.Error(err)
						return
					}
					binary.LittleEndian.PutUint32(r, list[i])
					r[4], r[5] = byte(key), 0xa5
				}
			}
			if err := errors.Join(to.flush(), to.flush()); err != nil { // the second has nothing to do
				t.Error(err)
			}
		})
	}
	group.Wait()
	var block []byte
	var err error
	for key := range keys + 1 {
		var got []uint32
		block, err = c.read(key, block, func(r []byte) error {
			if len(r) != 6 || int(r[4]) != key || r[5] != 0xa5 {
				t.Fatalf("key %d: record % x", key, r)
			}
			got = append(got, binary.LittleEndian.Uint32(r))
			return nil
		})
		if slices.Sort(got); err != nil || key < keys && !slices.Equal(got, want[key]) || key == keys && len(got) > 0 {
			t.Errorf("key %d: %d records, want %d; %v", key, len(got), len(want[min(key, keys-1)]), err)
		}
	}
	stop := errors.New("stop")
	if _, err := c.read(0, nil, func([]byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("an error of the caller: %v", err)
	}
	if err := c.file.Scratch.(*os.File).Truncate(blockBytes); err != nil {
		t.Fatal(err)
	}
	if _, err := c.read(1, nil, func([]byte) error { return nil }); err == nil {
		t.Error("a file cut short is read")
	}
}

// TestJoin checks a join in several parts against a map: accounts on both nights,
// new ones, gone ones with a grade and without, and two rows of one account.
func TestJoin(t *testing.T) {
	const parts, groups = 8, 3
	r := rand.New(rand.NewPCG(5, 6))
	j := &join{in: &Input{Previous: &Previous{}}, file: blockFile{Scratch: file(t).Scratch}}
	then, now := newChains(&j.file, thenSize, parts), newChains(&j.file, nowSize, parts)
	night := j.in.Previous
	account := func() uint64 { return features.DomainHash([]byte{byte(r.IntN(12)), byte(r.IntN(256))}) }
	first := map[uint64]int{} // row of the night before
	graded := map[int]bool{}
	w := then.writer()
	for night.rows = range 2_000 {
		if night.rows%700 == 0 {
			night.groups = append(night.groups, pastGroup{first: night.rows})
		}
		hash := account()
		if _, ok := first[hash]; !ok {
			first[hash], graded[night.rows] = night.rows, r.IntN(5) > 0
		}
		record, err := w.record(partOf(hash, parts))
		if err != nil {
			t.Fatal(err)
		}
		number := uint32(night.rows)
		if r.IntN(5) == 0 {
			number |= ungraded
		}
		if first[hash] == night.rows {
			graded[night.rows] = number&ungraded == 0
		}
		binary.LittleEndian.PutUint64(record, hash)
		binary.LittleEndian.PutUint32(record[8:], number)
	}
	night.rows++
	if err := w.flush(); err != nil {
		t.Fatal(err)
	}
	want := make([][]pair, groups)
	met := map[int]bool{}
	w = now.writer()
	j.rows = make([]int32, groups)
	for g := range groups {
		for row := range 500 + g {
			hash := account()
			record, err := w.record(partOf(hash, parts))
			if err != nil {
				t.Fatal(err)
			}
			binary.LittleEndian.PutUint64(record, hash)
			binary.LittleEndian.PutUint32(record[8:], uint32(g))
			binary.LittleEndian.PutUint32(record[12:], uint32(row))
			if at, ok := first[hash]; ok {
				want[g], met[at] = append(want[g], pair{int32(at), int32(row)}), true
			}
		}
		j.rows[g] = int32(500 + g)
	}
	if err := w.flush(); err != nil {
		t.Fatal(err)
	}
	j.pairs, j.gone = newChains(&j.file, pairSize, groups), newChains(&j.file, goneSize, len(night.groups))
	p := part{nights: j, then: then, now: now, pairs: j.pairs.writer(), gone: j.gone.writer()}
	for key := range parts {
		if err := p.join(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(p.pairs.flush(), p.gone.flush()); err != nil {
		t.Fatal(err)
	}
	var reader pairReader
	for g := range groups {
		slices.SortFunc(want[g], func(a, b pair) int { return int(a.then-b.then)*1000 + int(a.now-b.now) })
		if err := reader.read(j, g); err != nil || !slices.Equal(reader.pairs, want[g]) {
			t.Errorf("row group %d: %d pairs, want %d; %v", g, len(reader.pairs), len(want[g]), err)
		}
	}
	var wantGone, gone []int32
	for _, row := range first {
		if graded[row] && !met[row] {
			wantGone = append(wantGone, int32(row))
		}
	}
	slices.Sort(wantGone)
	for g := range night.groups {
		rows, err := j.goneOf(g)
		if err != nil {
			t.Fatal(err)
		}
		gone = append(gone, rows...)
	}
	if len(wantGone) < 100 || !slices.Equal(gone, wantGone) {
		t.Errorf("%d are gone, want %d", len(gone), len(wantGone))
	}
}
