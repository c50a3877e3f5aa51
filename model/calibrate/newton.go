package calibrate

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/icpfit/icpfit/model/metrics"
)

// A regression is a logistic regression without penalty on a few columns, the
// first of them constant.
type regression struct {
	columns  [][]float64 // by coefficient and row
	offset   []float64   // log odds that no coefficient multiplies
	customer []bool
	weights  []float64
}

// flat is the curvature of the likelihood, per customer, below which it says
// nothing more of a coefficient: where scores tell the classes apart entirely
// there is no maximum, and the search ends here.
const flat = 1e-6

// fit moves beta to the maximum of the likelihood by Newton's method, and halves
// a step that would make it worse. Columns that the others determine keep their
// coefficient. It returns the inverse of the curvature at the last step, nil
// where the likelihood is flat.
func (r *regression) fit(beta []float64) *mat.SymDense {
	customers := 0.0
	for i, c := range r.customer {
		if c {
			customers += r.weights[i]
		}
	}
	loss, covariance := r.loss(beta), (*mat.SymDense)(nil)
	for range 100 {
		gradient, curvature := r.derivatives(beta)
		if curvature.At(0, 0) < flat*customers {
			break
		}
		step, inverse := solve(curvature, gradient)
		covariance = inverse
		decrement := 0.0
		for j := range step {
			decrement += step[j] * gradient[j]
		}
		if !r.move(beta, step, &loss, decrement < 1e-8*customers) || decrement < 1e-14*customers { // squared by the step just taken
			break
		}
	}
	return covariance
}

// move adds step to beta, halved until the loss does not rise, and reports
// whether it did. A step that is near the maximum is taken whole: rounding would
// decide there.
func (r *regression) move(beta, step []float64, loss *float64, near bool) bool {
	next := make([]float64, len(beta))
	for scale := 1.0; scale > 1e-17; scale /= 2 {
		for j := range beta {
			next[j] = beta[j] + scale*step[j]
		}
		if l := r.loss(next); near || l <= *loss {
			*loss = l
			copy(beta, next)
			return true
		}
	}
	return false
}

// solve returns curvature⁻¹ gradient and curvature⁻¹. Where the curvature is
// singular only the constant moves, and there is no inverse.
func solve(curvature *mat.SymDense, gradient []float64) ([]float64, *mat.SymDense) {
	n := len(gradient)
	var c mat.Cholesky
	if !c.Factorize(curvature) || c.Cond() > 1e13 {
		step := make([]float64, n)
		step[0] = gradient[0] / curvature.At(0, 0)
		return step, nil
	}
	var step mat.VecDense
	inverse := mat.NewSymDense(n, nil)
	if c.SolveVecTo(&step, mat.NewVecDense(n, gradient)) != nil || c.InverseTo(inverse) != nil {
		return make([]float64, n), nil // Cond is below its limit, so neither can happen
	}
	return step.RawVector().Data, inverse
}

// logOdds returns the log odds of row i.
func (r *regression) logOdds(beta []float64, i int) float64 {
	sum := r.offset[i]
	for j, b := range beta {
		sum += b * r.columns[j][i]
	}
	return sum
}

func (r *regression) loss(beta []float64) float64 {
	var sum float64
	for i, c := range r.customer {
		sum += r.weights[i] * metrics.Loss(r.logOdds(beta, i), c)
	}
	return sum
}

// derivatives returns the gradient of the log likelihood and its negative
// second derivative.
func (r *regression) derivatives(beta []float64) ([]float64, *mat.SymDense) {
	n := len(beta)
	gradient, curvature := make([]float64, n), mat.NewSymDense(n, nil)
	sums := make([]float64, n*n)
	for i := range r.customer {
		residual, h := r.row(beta, i)
		for j := range n {
			x := r.columns[j][i]
			gradient[j] += residual * x
			for k := range j + 1 {
				sums[j*n+k] += h * x * r.columns[k][i]
			}
		}
	}
	for j := range n {
		for k := range j + 1 {
			curvature.SetSym(j, k, sums[j*n+k])
		}
	}
	return gradient, curvature
}

// row returns w (y − p) and w p (1 − p) of row i.
func (r *regression) row(beta []float64, i int) (residual, h float64) {
	p := logistic(r.logOdds(beta, i))
	y := 0.0
	if r.customer[i] {
		y = 1
	}
	return r.weights[i] * (y - p), r.weights[i] * p * (1 - p)
}

// errors returns the standard errors of the coefficients by the sandwich
//
//	H⁻¹ (Σ_g u_g u_gᵀ) H⁻¹,  u_g = Σ_{i in g} wᵢ (yᵢ − pᵢ) xᵢ
//
// over groups g: right where accounts of a group resemble each other and where a
// row stands for many, which H⁻¹ alone is not. It is what a cluster bootstrap
// comes to in large samples. nil without H⁻¹.
//
// White, "Maximum likelihood estimation of misspecified models", Econometrica 50
// (1982).
func (r *regression) errors(beta []float64, inverse *mat.SymDense, keys []uint64) []float64 {
	if inverse == nil {
		return nil
	}
	n := len(beta)
	at := map[uint64]int{}
	var sums []float64 // by group and coefficient, groups in the order of rows
	for i := range r.customer {
		g, ok := at[keys[i]]
		if !ok {
			g = len(at)
			at[keys[i]] = g
			sums = append(sums, make([]float64, n)...)
		}
		residual, _ := r.row(beta, i)
		for j := range n {
			sums[g*n+j] += residual * r.columns[j][i]
		}
	}
	u := mat.NewDense(len(at), n, sums)
	var half mat.Dense // rows u_g H⁻¹: their squares sum to the diagonal
	half.Mul(u, inverse)
	out := make([]float64, n)
	for j := range n {
		for g := range len(at) {
			out[j] += half.At(g, j) * half.At(g, j)
		}
		out[j] = math.Sqrt(out[j])
	}
	return out
}
