#!/usr/bin/env bash
# Prints the path of a Python that has scripts/requirements.txt, or another file's
# packages, in a virtual environment that is made on the first call and used again:
#
#	python=$(scripts/venv.sh [REQUIREMENTS])
#
# ICPFIT_VENV names the environment; default ~/.cache/icpfit-venv.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
venv=${ICPFIT_VENV:-$HOME/.cache/icpfit-venv}
requirements=${1:-$here/requirements.txt}
wanted=$(sha256sum <"$requirements")

if [ "$(cat "$venv/icpfit-requirements" 2>/dev/null || true)" != "$wanted" ]; then
	[ -x "$venv/bin/python" ] || python3 -m venv "$venv" >&2
	for try in 1 2 3; do
		if "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements" >&2; then
			echo "$wanted" >"$venv/icpfit-requirements"
			break
		fi
		[ "$try" -lt 3 ] || { echo "venv: $venv: pip failed three times; is a package index reachable?" >&2 && exit 1; }
		sleep $((10 * try))
	done
fi
echo "$venv/bin/python"
