#!/usr/bin/env bash
# The report's drift beside Evidently's, in an environment of its own: see drift.py.
#
#	drift.sh ICPFIT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=$(ICPFIT_VENV=$HOME/.cache/icpfit-evidently-venv "$here/../venv.sh" "$here/../reference/divergence.txt")
"$python" "$here/drift.py" "$1"
