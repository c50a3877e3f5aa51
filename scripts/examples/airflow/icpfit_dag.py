"""Grade the account base every night, from Airflow.

ICPFIT_DIR names the project folder, ICPFIT the program.
"""
import datetime
import os
import subprocess

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

TRANSIENT = 75  # try again later; any other failure wants a person


@dag(
    dag_id="icpfit",
    schedule="30 2 * * *",
    start_date=datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc),
    catchup=False,
    max_active_runs=1,
)
def icpfit():
    @task(retries=2, retry_delay=datetime.timedelta(minutes=15), execution_timeout=datetime.timedelta(hours=2))
    def refresh(ds=None):
        command = [os.environ.get("ICPFIT", "icpfit"), "--dir", os.environ.get("ICPFIT_DIR", "/srv/icpfit"), "--log", "json", "--quiet", "refresh", "--as-of", ds]
        code = subprocess.run(command).returncode
        if code == TRANSIENT:
            raise AirflowException("icpfit: exit 75: try again")
        if code != 0:
            raise AirflowFailException(f"icpfit: exit {code}: see the log above")

    refresh()


icpfit()
