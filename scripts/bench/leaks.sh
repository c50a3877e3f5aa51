#!/usr/bin/env bash
# Counts false alarms: runs all detectors of leaks on generated bases whose
# features are all known before the sale, a quarter of their cells empty at random,
# and says how many bases give any warning. More than 5 % is a failure.
#
#	leaks.sh [BASES]
set -euo pipefail
cd "$(dirname "$0")/../.."

ICPFIT_LEAK_BASES=${1:-200} go test ./model/leak -run '^TestClean$' -count=1 -timeout 3h -v | grep -v '^=== '
