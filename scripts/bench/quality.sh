#!/usr/bin/env bash
# Measures icpfit on the real sets as its users run it, beside the peers, and
# writes the table scripts/bench/quality.md. It takes an hour; the peers, whose
# results are kept in quality_peers.jsonl and quality_neutral.jsonl, take hours more.
#
#	quality.sh BINARY [PEERS_FOLDER]
#
# ICPFIT_FIT_PEERS=1 fits the peers again, with the versions of their
# requirements.txt. Exit 1 where a promise of quality.py is broken.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
icpfit=$(realpath "$1")
peers=${2:-$here/../../../shared/peers}

export ICPFIT_VENV=${ICPFIT_VENV:-$HOME/.cache/icpfit-venv}
python=$("$here/../venv.sh")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ "${ICPFIT_FIT_PEERS:-}" = 1 ]; then
	python3 -m venv "$work/venv"
	"$work/venv/bin/python" -m pip install --quiet -r "$peers/requirements.txt"
	# EBM is not fitted on the two large sets: it takes minutes a fold.
	"$work/venv/bin/python" "$peers/peers.py" --peers lr,rf,hgb,lightgbm,lightgbm-small,xgboost,catboost --out "$work/peers.jsonl"
	"$work/venv/bin/python" "$peers/peers.py" hackerone yc coil telco xedu --peers ebm --out "$work/peers.jsonl"
	cp "$work/peers.jsonl" "$here/quality_peers.jsonl"
	ICPFIT_PEERS=$peers "$work/venv/bin/python" "$here/neutral.py" >"$here/quality_neutral.jsonl"
fi
"$python" "$peers/judge.py" "$icpfit" --learner auto --out "$work/icpfit.jsonl"
"$python" "$peers/judge.py" "$icpfit" hackerone yc coil telco xedu --learner scorecard --out "$work/icpfit.jsonl"
"$python" "$peers/judge.py" "$icpfit" hackerone --learner auto --missing neutral --out "$work/neutral.jsonl"
sed 's/"peer": "icpfit auto"/"peer": "icpfit auto, neutral"/' "$work/neutral.jsonl" >>"$work/icpfit.jsonl"
cp "$work/icpfit.jsonl" "$here/quality_icpfit.jsonl"
"$python" "$here/quality.py" "$here/quality_peers.jsonl" "$here/quality_neutral.jsonl" "$here/quality_icpfit.jsonl" >"$work/quality.md" && kept=0 || kept=1
cp "$work/quality.md" "$here/quality.md"
cat "$here/quality.md"
exit "$kept"
