#!/usr/bin/env bash
# Times the scorecard learner beside interpret's ExplainableBoostingClassifier on
# real sets, without pairs of features for both, on two processors, and prints the
# AUC of both on the same held-out quarter.
#
#	scorecard.sh [SET…]
#
# SET is hackerone, adult, bank (all three by default) or another of
# ../shared/peers/sets.py beside the project. Seconds are of binning and fit, in
# memory. The peer takes minutes, so it runs once; icpfit ICPFIT_BENCH_RUNS (3)
# times before it and as often after it: its median.
set -euo pipefail

runs=${ICPFIT_BENCH_RUNS:-3}
here=$(cd "$(dirname "$0")" && pwd)
peers=$(realpath -m "$here/../../../shared/peers")
[ $# -gt 0 ] || set -- hackerone adult bank
if [ ! -f "$peers/sets.py" ]; then
	echo "scorecard: no peers at $peers"
	exit 1
fi
python=$("$here/../venv.sh")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$here/../../model/scorecard" && go test -c -o "$work/scorecard.test" .)
export GOMAXPROCS=2 OMP_NUM_THREADS=2

# ours appends seconds and AUC of runs fits to a file.
ours() {
	for _ in $(seq "$runs"); do
		ICPFIT_BENCH_SCORECARD=$work/$1.json "$work/scorecard.test" -test.run '^$' -test.bench '^BenchmarkFit$' -test.benchtime 1x |
			awk '/^BenchmarkFit/ {for (i = 2; i < NF; i++) {if ($(i + 1) == "s/fit") s = $i; if ($(i + 1) == "auc") a = $i} print s, a}'
	done >>"$work/ours"
}

for name in "$@"; do
	"$python" "$here/scorecard_peer.py" make "$peers" "$name" "$work"
	: >"$work/ours"
	ours "$name"
	"$python" "$here/scorecard_peer.py" fit "$peers" "$name" "$work" >"$work/peer"
	ours "$name"
	sort -g "$work/ours" | awk -v name="$name" -v peer="$(cat "$work/peer")" '
		{s[NR] = $1; auc = $2}
		END {
			split(peer, p, " "); m = s[int((NR + 1) / 2)]
			printf "%-10s icpfit %.2f s (%.2f to %.2f), AUC %.4f  interpret %.2f s, AUC %.4f  %.0f times as fast\n", name, m, s[1], s[NR], auc, p[1], p[2], p[1] / m
		}'
done
