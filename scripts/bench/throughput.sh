#!/usr/bin/env bash
# Times the nightly batch beside polars and LightGBM, on generated accounts with 30
# features: from a feature table (Parquet in, grades out), and from CSV.
#
#	throughput.sh ICPFIT [ACCOUNTS]
#
# The peers are ../shared/peers/throughput.py beside the project. Data are made in
# ICPFIT_BENCH_DIR, and used again if they are there; else in a temporary folder.
# ICPFIT_BENCH_RUNS (3) runs of each, alternating.
set -euo pipefail

icpfit=$(realpath "$1")
accounts=${2:-1000000}
runs=${ICPFIT_BENCH_RUNS:-3}
here=$(cd "$(dirname "$0")" && pwd)
peers=$(realpath -m "$here/../../../shared/peers/throughput.py")
python=$("$here/../venv.sh")
day=2026-03-01
if [ ! -f "$peers" ]; then
	echo "throughput: no peers at $peers"
	exit 1
fi
if [ -n "${ICPFIT_BENCH_DIR:-}" ]; then
	work=$ICPFIT_BENCH_DIR
	mkdir -p "$work"
else
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
fi
cd "$work"

if [ "$(cat made 2>/dev/null || true)" != "$accounts" ]; then
	rm -rf peers features models grades
	"$python" "$peers" make "$accounts" peers --csv
	"$python" "$peers" train peers
	echo "$accounts" >made
fi

# settings prints icpfit.yaml for the columns that the peers use.
settings() {
	printf 'version: 1\nname: bench\naccounts: {path: peers/accounts.csv, domain: domain}\ncustomers: {path: peers/customers.csv, domain: domain}\nfeatures:\n'
	for i in {00..09}; do printf '  - {name: n%s, pillar: firmographic, kind: number, column: n%s}\n' "$i" "$i"; done
	for i in {00..11}; do printf '  - {name: c%s, pillar: firmographic, kind: category, column: c%s}\n' "$i" "$i"; done
	for i in {00..07}; do printf '  - {name: f%s, pillar: firmographic, kind: flag, column: f%s}\n' "$i" "$i"; done
	printf 'model: {learner: auto, missing: learn, seed: 1}\ngrades: {scale: A-F, method: lift, on: fit, hysteresis: 1}\n'
}
settings >icpfit.yaml
rm -rf features models grades
"$icpfit" --quiet features --as-of "$day"
start=$SECONDS
"$icpfit" train | grep -E 'learned|AUC against'
echo "trained in $((SECONDS - start)) s (not part of the batch)"

echo
"$python" "$here/beside.py" "$runs" "$accounts" \
	"icpfit, from the feature table" "rm -rf grades; '$icpfit' --quiet predict" \
	"polars, LightGBM, from Parquet" "'$python' '$peers' polars-lightgbm peers"
echo
"$python" "$here/beside.py" "$runs" "$accounts" \
	"icpfit, from CSV" "rm -rf features grades; '$icpfit' --quiet features --as-of $day; '$icpfit' --quiet predict" \
	"polars, LightGBM, from CSV" "'$python' '$peers' csv-polars-lightgbm peers"
