#!/usr/bin/env bash
# Times the logistic learner beside scikit-learn, on the same generated accounts
# with 60 numeric columns, on two processors: one ridge fit beside
# LogisticRegression (lbfgs), and the default path of 50 penalties over 5 parts
# beside one LogisticRegressionCV with its defaults (10 penalties × 5 folds).
#
#	logistic.sh [ROWS]
#
# Seconds are of the fit alone, in memory: scikit-learn's data are standardised and
# icpfit's binned before. ICPFIT_BENCH_RUNS (3) runs of each, alternating; medians.
# Data are made in ICPFIT_BENCH_DIR, and used again if they are there.
set -euo pipefail

rows=${1:-1000000}
runs=${ICPFIT_BENCH_RUNS:-3}
here=$(cd "$(dirname "$0")" && pwd)
python=$("$here/../venv.sh")
if [ -n "${ICPFIT_BENCH_DIR:-}" ]; then
	work=$ICPFIT_BENCH_DIR
	mkdir -p "$work"
else
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
fi
if [ "$(cat "$work/made" 2>/dev/null || true)" != "$rows" ]; then
	"$python" "$here/logistic_peer.py" make "$rows" "$work"
	echo "$rows" >"$work/made"
fi
(cd "$here/../../model/logistic" && go test -c -o "$work/logistic.test" .)

export GOMAXPROCS=2 OMP_NUM_THREADS=2 OPENBLAS_NUM_THREADS=2
# ours prints seconds and AUC of one fit; peers do the same.
ours() {
	ICPFIT_BENCH_LOGISTIC=$work "$work/logistic.test" -test.run '^$' -test.bench "^BenchmarkFit\$/^$1\$" -test.benchtime 1x |
		awk '/^BenchmarkFit/ {for (i = 2; i < NF; i++) {if ($(i + 1) == "s/fit") s = $i; if ($(i + 1) == "auc") a = $i} print s, a}'
}
median() { sort -g | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

echo "$rows rows, 60 columns, medians of $runs"
for what in one path; do
	: >"$work/ours"
	: >"$work/peer"
	for _ in $(seq "$runs"); do
		ours "$what" >>"$work/ours"
		"$python" -W ignore "$here/logistic_peer.py" "$what" "$work" >>"$work/peer"
	done
	awk -v what="$what" -v o="$(median <"$work/ours")" -v p="$(median <"$work/peer")" -v rows="$rows" \
		-v oa="$(awk 'END {print $2}' "$work/ours")" -v pa="$(awk 'END {print $2}' "$work/peer")" \
		'BEGIN {printf "%-5s icpfit %.2f s (%.0f rows/s, AUC %s)  scikit-learn %.2f s (AUC %s)  ratio %.2f\n", what, o, rows / o, oa, p, pa, o / p}'
done
