package predict

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"sync"
)

// blockBytes is the size of the blocks of a file of chains. Larger ones take more
// memory where there are many keys, smaller ones more calls.
const blockBytes = 4096

// A blockFile gives out the blocks of a temporary file.
type blockFile struct {
	Scratch
	mu   sync.Mutex
	next int64 // block that is free
}

// chains hold records of one size by key in a file: of each key there is a chain
// of blocks, of which each names the one before it. Memory is eight bytes a key,
// and a block a key for each who writes.
//
//	block   number of the block before it + 1 (8 bytes), records (4 bytes), records
type chains struct {
	file  *blockFile
	size  int     // of a record, in bytes
	heads []int64 // by key: number of the last block + 1
}

const blockHead = 8 + 4

func newChains(file *blockFile, size, keys int) *chains {
	return &chains{file: file, size: size, heads: make([]int64, keys)}
}

// A chainWriter writes records. It is for one goroutine; others may have their own.
type chainWriter struct {
	*chains
	blocks [][]byte // by key: the one being filled
}

func (c *chains) writer() *chainWriter {
	return &chainWriter{c, make([][]byte, len(c.heads))}
}

// record returns the place of a new record of a key.
func (w *chainWriter) record(key int) ([]byte, error) {
	b := w.blocks[key]
	if b == nil {
		b = make([]byte, blockHead, blockBytes)
	}
	if len(b)+w.size > blockBytes {
		if err := w.write(key, b); err != nil {
			return nil, err
		}
		b = b[:blockHead]
	}
	b = b[:len(b)+w.size]
	w.blocks[key] = b
	return b[len(b)-w.size:], nil
}

// write writes a block of a key.
func (w *chainWriter) write(key int, b []byte) error {
	binary.LittleEndian.PutUint32(b[8:], uint32((len(b)-blockHead)/w.size))
	w.file.mu.Lock()
	at := w.file.next
	w.file.next++
	before := w.heads[key]
	w.heads[key] = at + 1
	w.file.mu.Unlock()
	binary.LittleEndian.PutUint64(b, uint64(before))
	_, err := w.file.WriteAt(b[:cap(b)], at*blockBytes)
	return err
}

// flush writes the blocks that are not full.
func (w *chainWriter) flush() error {
	for key, b := range w.blocks {
		if len(b) > blockHead {
			if err := w.write(key, b); err != nil {
				return err
			}
			w.blocks[key] = b[:blockHead]
		}
	}
	return nil
}

// read calls of with each record of a key, in no order, once all writers have
// flushed. block is memory to use, and is returned.
func (c *chains) read(key int, block []byte, of func(record []byte) error) ([]byte, error) {
	block = slices.Grow(block[:0], blockBytes)[:blockBytes]
	for at := c.heads[key]; at > 0; {
		if n, err := c.file.ReadAt(block, (at-1)*blockBytes); n < blockBytes {
			if err == nil {
				err = io.ErrUnexpectedEOF
			}
			return block, fmt.Errorf("read the temporary file: %w", err)
		}
		at = int64(binary.LittleEndian.Uint64(block))
		records := block[blockHead:]
		for range binary.LittleEndian.Uint32(block[8:]) {
			if err := of(records[:c.size]); err != nil {
				return block, err
			}
			records = records[c.size:]
		}
	}
	return block, nil
}
