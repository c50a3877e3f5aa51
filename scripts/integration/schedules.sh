#!/usr/bin/env bash
# The schedules of scripts/examples, each read by its own tool; those of Airflow
# and Dagster also run a night of a small base.
#
#	schedules.sh ICPFIT
set -euo pipefail

icpfit=$(realpath "$1")
cd "$(dirname "$0")/../examples"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

airflow=$(ICPFIT_VENV=$HOME/.cache/icpfit-airflow-venv ../venv.sh airflow/requirements.txt)
dagster=$(ICPFIT_VENV=$HOME/.cache/icpfit-dagster-venv ../venv.sh dagster/requirements.txt)

day=$(date -u +%F)
"$icpfit" --quiet demo --accounts 2000 --as-of "$day" "$work/base"
rm -rf "$work"/base/grades "$work"/base/reports

# ran NAME wants a night's report, and removes it.
ran() {
	[ -s "$work/base/reports/as_of=$day/report.html" ] || { echo "schedules: $1 made no report of $day" && exit 1; }
	rm -rf "$work"/base/grades "$work"/base/reports
	echo "schedules: $1 ran a night"
}

# cron: five fields that croniter, which Airflow schedules by, can read, and a shell's command.
while IFS= read -r line; do
	[[ $line =~ ^([^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+)\ icpfit\ (.*)$ ]] || continue
	"$airflow" -c 'import sys, croniter; sys.exit(not croniter.croniter.is_valid(sys.argv[1]))' "${BASH_REMATCH[1]}"
	command=${BASH_REMATCH[2]}
	inner=$(sed -nE "s/.* sh -c '(.*)'\$/\1/p" <<<"$command")
	sh -nc "$command"
	sh -nc "$inner"
	if [ -z "$inner" ] || sh -nc "${inner%\}}" 2>/dev/null; then
		echo "schedules: cron: the shell does not see a planted fault" && exit 1
	fi
	echo "schedules: cron: $command"
	read=yes
done <cron
[ -n "${read:-}" ]

# systemd, with the program where it is here.
if command -v systemd-analyze >/dev/null; then
	cp systemd/icpfit.* "$work/"
	sed -i "s|^ExecStart=/usr/local/bin/icpfit|ExecStart=$icpfit|" "$work/icpfit.service"
	said=$(systemd-analyze verify --man=no "$work/icpfit.service" "$work/icpfit.timer" 2>&1) || { echo "$said" && exit 1; }
	if grep -E "icpfit\.(service|timer)" <<<"$said"; then exit 1; fi
	systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' systemd/icpfit.timer)" >/dev/null
	sed 's/^Type=exec/Type=exce/' "$work/icpfit.service" >"$work/icpfit-planted.service"
	if [ -z "$(systemd-analyze verify --man=no "$work/icpfit-planted.service" 2>&1 | grep exce)" ]; then
		echo "schedules: systemd-analyze does not see a planted fault" && exit 1
	fi
	echo "schedules: systemd: verified"
else
	echo "--- SKIP: systemd: no systemd-analyze here"
fi

export ICPFIT=$icpfit ICPFIT_DIR=$work/base
export AIRFLOW_HOME=$work/airflow AIRFLOW__CORE__LOAD_EXAMPLES=False AIRFLOW__CORE__DAGS_FOLDER=$PWD/airflow DAGSTER_HOME=$work/dagster DAGSTER_DISABLE_TELEMETRY=yes
export PYTHONDONTWRITEBYTECODE=1
mkdir "$DAGSTER_HOME"
: >"$DAGSTER_HOME/dagster.yaml"

"$airflow" - "$day" <<'P'
import os
import sys

from airflow.dag_processing.dagbag import DagBag
bag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
assert not bag.import_errors and bag.dag_ids == ["icpfit"], (bag.import_errors, bag.dag_ids)
dag = bag.dags["icpfit"]
task = dag.get_task("refresh")
assert dag.max_active_runs == 1 and not dag.catchup and task.retries == 2, dag
task.python_callable(ds=sys.argv[1])
for code, want in ((75, "AirflowException"), (3, "AirflowFailException")):
    fake = f"{os.environ['AIRFLOW_HOME']}-exit-{code}"
    with open(fake, "w") as f:
        f.write(f"#!/bin/sh\nexit {code}\n")
    os.chmod(fake, 0o755)
    os.environ["ICPFIT"] = fake
    try:
        task.python_callable(ds=sys.argv[1])
        sys.exit(f"airflow: exit {code} passes for success")
    except Exception as e:
        assert type(e).__name__ == want, e
P
ran Airflow

"$(dirname "$dagster")/dagster" definitions validate -f dagster/icpfit_job.py
"$(dirname "$dagster")/dagster" asset materialize -f dagster/icpfit_job.py --select grades --partition "$day"
ran Dagster
