#!/usr/bin/env bash
# Times the nightly batch beside the peers of ../shared/peers/throughput.py, on
# generated accounts with 30 features: one table of rows/s and peak memory, then
# how both grow with the accounts.
#
#	nightly.sh ICPFIT [ACCOUNTS [GROWTH…]]
#
# ACCOUNTS (1000000) are graded from a feature table by a scorecard, by 300 trees
# of depth 3 and by 300 trees of 31 leaves, always with reasons, and from CSV.
# GROWTH are other numbers of accounts, graded by the scorecard. Data are made in
# ICPFIT_BENCH_DIR, and used again if they are there; else in a temporary folder.
# ICPFIT_BENCH_RUNS (3) runs of each, alternating.
set -euo pipefail

icpfit=$(realpath "$1")
shift
here=$(cd "$(dirname "$0")" && pwd)
peers=$(realpath -m "$here/../../../shared/peers/throughput.py")
if [ ! -f "$peers" ]; then
	echo "nightly: no peers at $peers"
	exit 1
fi
python=$("$here/../venv.sh")
if [ -n "${ICPFIT_BENCH_DIR:-}" ]; then
	work=$ICPFIT_BENCH_DIR
	mkdir -p "$work"
else
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
fi
"$python" "$here/nightly.py" "$icpfit" "$peers" "$work" "${ICPFIT_BENCH_RUNS:-3}" "$@"
