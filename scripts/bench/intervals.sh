#!/usr/bin/env bash
# Checks the statistics by simulation, on bases whose truth is known:
#
#	intervals   on 400 bases, how often the 95 % interval of AUC, capture@10 % and
#	            lift of grade A holds the truth (the fold models on 10^6 fresh accounts)
#	nothing     on 100 bases without signal, how often auto says that nothing was learned
#	equal       on 40 bases, how often models compare shows a difference between two
#	            trainings of one learner that differ in their seed
#
#	intervals.sh [BASES [WITHOUT_SIGNAL [FRESH]]]
set -euo pipefail
cd "$(dirname "$0")/../.."

export ICPFIT_BASES=${1:-400} ICPFIT_NOTHING=${2:-100} ICPFIT_FRESH=${3:-1000000}
go test -tags simulation -run TestSimulated -count 1 -timeout 3h ./model/train
go test -tags simulation -run TestEqual -count 1 -timeout 3h -v ./internal/compare
