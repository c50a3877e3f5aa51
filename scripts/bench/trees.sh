#!/usr/bin/env bash
# Times a tree on many rows beside LightGBM and XGBoost, on the same codes, and
# compares AUC and memory (trees.py says how, and what fails).
#
#	trees.sh [ROWS]
#
# Data are made in ICPFIT_BENCH_DIR, and used again if they are there; else in a
# temporary folder. ICPFIT_BENCH_RUNS (3) runs of each, alternating.
set -euo pipefail

rows=${1:-1250000}
here=$(cd "$(dirname "$0")" && pwd)
python=$("$here/../venv.sh")
if [ -n "${ICPFIT_BENCH_DIR:-}" ]; then
	work=$(realpath -m "$ICPFIT_BENCH_DIR")
	mkdir -p "$work"
else
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
fi

if [ "$(cat "$work/made" 2>/dev/null || true)" != "$rows" ]; then
	"$python" "$here/trees.py" make "$work" "$rows"
	echo "$rows" >"$work/made"
fi
(cd "$here/../.." && go test -c -o "$work/trees.test" ./model/trees)
"$python" "$here/trees.py" compare "$work" "${ICPFIT_BENCH_RUNS:-3}" "$work/trees.test"
