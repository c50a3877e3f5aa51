package leak

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/icpfit/icpfit/model/evaluate"
)

// worthLeavingOut is the AUC, over all accounts, that the strongest feature must
// have for the model without it to be measured: below, it is nobody's leak.
const worthLeavingOut = 0.65

// strongest returns the feature that ranks best by itself over all accounts,
// with unknown values in the middle, and its AUC; -1 without any.
func (r *Report) strongest() (k int, auc float64) {
	k = -1
	for i := range r.frame.Specs {
		scores, _ := r.table.ratios(i)
		if a, err := r.table.area(scores, nil); err == nil && a.Value > auc {
			k, auc = i, a.Value
		}
	}
	return k, auc
}

func (r *Report) strongestNamed() string {
	if k, auc := r.strongest(); k >= 0 {
		return fmt.Sprintf(", %s first, which alone reaches %.2f", r.frame.Specs[k].Name, auc)
	}
	return ""
}

// ablate measures, with the quick learner, what share of capture@10 % goes with
// the strongest feature.
func (r *Report) ablate(ctx context.Context) error {
	k, auc := r.strongest()
	if k < 0 || auc < worthLeavingOut || len(r.frame.Specs) < 2 {
		return nil
	}
	without := *r.frame
	without.Specs = slices.Delete(slices.Clone(without.Specs), k, k+1)
	var held [2][]float64 // of each customer, whether the list holds it
	for i, f := range []*evaluate.Frame{r.frame, &without} {
		scores, err := f.Score(ctx, r.learner, 1)
		if err != nil {
			return fmt.Errorf("leak: without %s: %w", r.frame.Specs[k].Name, err)
		}
		held[i] = r.table.listed(of(r.table, scores.Mean()))
	}
	share, deviation := r.table.lost(held)
	r.add(Ablation, r.frame.Specs[k].Name, share, share-1.96*deviation,
		fmt.Sprintf("without %s a list of a tenth of the pool holds %.0f %% fewer customers: the model hangs on one feature", r.frame.Specs[k].Name, 100*share),
		"check that it is known before the sale, and for every account in the same way")
	return nil
}

// listed returns for each row how much of it is among the best-ranked tenth of
// the pool: 1, 0, or in between where the cut goes through a tie.
func (t *table) listed(scores []float64) []float64 {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	room := 0.1 * t.total[0]
	out := make([]float64, len(scores))
	for i := 0; i < len(order) && room > 0; {
		var pool float64
		j := i
		for ; j < len(order) && scores[order[j]] == scores[order[i]]; j++ {
			if !t.customer[order[j]] {
				pool += t.weights[order[j]]
			}
		}
		part := 1.0
		if pool > room {
			part = room / pool
		}
		for ; i < j; i++ {
			out[order[i]] = part
		}
		room -= pool
	}
	return out
}

// lost returns the share of the listed customers that a second list loses, and
// its standard error as of a ratio of means over customers.
func (t *table) lost(held [2][]float64) (share, deviation float64) {
	var sum [2]float64
	for i, c := range t.customer {
		if c {
			sum[0] += t.weights[i] * held[0][i]
			sum[1] += t.weights[i] * held[1][i]
		}
	}
	if sum[0] == 0 {
		return 0, 0
	}
	ratio := sum[1] / sum[0]
	off := map[uint64]float64{}
	for i, c := range t.customer {
		if c {
			off[t.keys[i]] += t.weights[i] * (held[1][i] - ratio*held[0][i]) / sum[0]
		}
	}
	var squares float64
	for _, k := range slices.Sorted(maps.Keys(off)) {
		squares += off[k] * off[k]
	}
	return 1 - ratio, math.Sqrt(squares)
}
