package model

import "fmt"

// MaxBytes is the size of the largest model.json that is read.
const MaxBytes = 128 << 20

const (
	mostDepth   = 8      // of brackets
	mostObjects = 50_000 // terms, specs, cuts and the like
)

// checkShape bounds the memory that reading a model.json takes, before it is
// read: "{}" is two bytes in the file and some hundred as a term. It does not
// check that the text is JSON.
func checkShape(data []byte) error {
	if len(data) > MaxBytes {
		return fmt.Errorf("%d bytes; want at most %d", len(data), MaxBytes)
	}
	depth, objects, nodes := 0, 0, 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			for i++; i < len(data) && data[i] != '"'; i++ {
				if data[i] == '\\' {
					i++
				}
			}
		case '}', ']':
			depth--
		case '{', '[':
			if depth++; depth > mostDepth {
				return fmt.Errorf("byte %d: brackets %d deep; want at most %d", i, depth, mostDepth)
			}
			switch {
			case data[i] == '[':
			case depth == 4: // of a tree: object, list, list, object
				nodes++
			default:
				objects++
			}
			if objects > mostObjects || nodes > MostNodes+mostObjects {
				return fmt.Errorf("byte %d: over %d objects or %d nodes", i, mostObjects, MostNodes)
			}
		}
	}
	return nil
}
