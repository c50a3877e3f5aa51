"""Grade the account base every night, from Dagster: one asset, a partition a day.

ICPFIT_DIR names the project folder, ICPFIT the program.
"""
import os
import subprocess

import dagster as dg

TRANSIENT = 75  # try again later; any other failure wants a person

days = dg.DailyPartitionsDefinition(start_date="2026-01-01", end_offset=1)


@dg.asset(partitions_def=days)
def grades(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    folder = os.environ.get("ICPFIT_DIR", "/srv/icpfit")
    command = [os.environ.get("ICPFIT", "icpfit"), "--dir", folder, "--log", "json", "--quiet", "refresh", "--as-of", context.partition_key]
    code = subprocess.run(command).returncode
    if code == TRANSIENT:
        raise dg.RetryRequested(max_retries=2, seconds_to_wait=900)
    if code != 0:
        raise dg.Failure(f"icpfit: exit {code}: see the log above", allow_retries=False)
    return dg.MaterializeResult(metadata={"grades": dg.MetadataValue.path(f"{folder}/grades/as_of={context.partition_key}")})


job = dg.define_asset_job("icpfit", selection=[grades], partitions_def=days)

defs = dg.Definitions(assets=[grades], jobs=[job], schedules=[dg.build_schedule_from_partitioned_job(job, hour_of_day=2, minute_of_hour=30)])
