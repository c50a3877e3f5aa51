package predict

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/icpfit/icpfit/model"
)

// marksOf returns what tells two models' points apart, then what tells their
// cuts apart: a model that was only cut anew has the same points. The experience
// counts by grade, and decides neither.
func marksOf(m *model.Model) (string, error) {
	points := *m
	points.Version, points.Grades, points.Experience = "", model.Grades{}, nil
	var marks []string
	for _, v := range []any{&points, &m.Grades} {
		text, err := json.Marshal(v)
		if err != nil {
			return "", fmt.Errorf("predict: %w", err)
		}
		sum := sha256.Sum256(text)
		marks = append(marks, hex.EncodeToString(sum[:8]))
	}
	return strings.Join(marks, "/"), nil
}

// samePoints reports whether two marks are of models with the same points.
func samePoints(a, b string) bool {
	x, _, ok := strings.Cut(a, "/")
	y, _, _ := strings.Cut(b, "/")
	return ok && x == y
}
