"""A second computation of what report.json says, from icpfit's Parquet files: for truth.py."""
