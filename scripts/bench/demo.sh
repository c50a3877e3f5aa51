#!/usr/bin/env bash
# Times icpfit from raw CSV to report beside the same work in pandas and LightGBM
# (demo_peer.py), on the same generated files.
#
#	demo.sh ICPFIT [ACCOUNTS]
#
# icpfit's part is features, train, predict and report; settings exist already, as
# the peer's stand in its code. ICPFIT_BENCH_RUNS (5) runs of each, alternating.
set -euo pipefail

icpfit=$(realpath "$1")
accounts=${2:-30000}
here=$(cd "$(dirname "$0")" && pwd)
python=$("$here/../venv.sh")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$icpfit" --quiet demo --accounts "$accounts" --as-of 2026-03-01 "$work/base"
cd "$work/base"
chain="rm -rf features models grades reports
'$icpfit' --quiet features --as-of 2026-03-01; '$icpfit' train >train.txt; '$icpfit' --quiet predict; '$icpfit' --quiet report; grep AUC train.txt | head -n 1 | tr -s ' '"
peer="rm -rf peer; '$python' '$here/demo_peer.py' accounts.csv customers.csv peer"

"$python" "$here/beside.py" "${ICPFIT_BENCH_RUNS:-5}" "$accounts" icpfit "$chain" "pandas, LightGBM" "$peer"
