#!/usr/bin/env bash
# Times the nightly batch beside the peers of ../shared/peers/throughput.py, on
# generated accounts with 30 features: one table of rows/s and peak memory, then
# how both grow with the accounts, then where the CPU time goes.
#
#	nightly.sh ICPFIT [ACCOUNTS [GROWTH…]]
#
# ACCOUNTS (1000000) are graded from a feature table by a scorecard, by 300 trees
# of depth 3 and by 300 trees of 31 leaves, always with reasons, and from CSV.
# GROWTH are other numbers of accounts, graded by the scorecard. Without ACCOUNTS,
# GROWTH is 100000 5000000 10000000, and what is printed is kept in nightly.md. Data
# are made in ICPFIT_BENCH_DIR, and used again if they are there; else in a temporary folder.
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
bench() { "$python" "$here/nightly.py" "$icpfit" "$peers" "$work" "${ICPFIT_BENCH_RUNS:-3}" "$@"; }
if [ "$#" -gt 0 ]; then
	bench "$@"
	exit
fi
{
	printf '# The nightly batch beside its peers\n\nMade by `scripts/bench/nightly.sh ICPFIT` on %s cores (%s).\n\n```' \
		"$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)"
	bench 1000000 100000 5000000 10000000
	printf '```\n'
} | tee "$work/nightly.md"
mv "$work/nightly.md" "$here/nightly.md" # only what was measured to its end
