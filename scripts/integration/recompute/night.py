"""The files of one night, as DuckDB tables."""
import csv
import glob
import json
import os

import duckdb

from . import points

CLASSES = "class in ('best', 'pipeline')"


class Night:
    """Tables grades, features, customers, oof, importance and, unless it is the first night, past and past_features.

	key tells accounts of two nights apart: the domain, or the id where there is none. The rows merged into
	another one are no accounts: table accounts is grades without them.
	"""

    def __init__(self, icpfit, project, as_of, before=None):
        self.icpfit, self.project, self.as_of, self.before = icpfit, project, as_of, before
        self.folder = f"{project}/grades/as_of={as_of}"
        self.db = duckdb.connect()
        self._table("grades", self.folder)
        self._table("features", f"{project}/features/accounts/as_of={as_of}")
        self._table("customers", f"{project}/features/customers/as_of={as_of}")
        self.version = self.one("select any_value(model_version) from grades")
        assert self.one("select count(distinct model_version) from grades") == 1, f"{as_of}: grades of several models"
        self.model = self._json(f"models/{self.version}/model.json")
        self.evaluation = self._json(f"models/{self.version}/evaluation.json")
        for name in ("oof", "importance"):
            self.db.execute(f"create table {name} as select * from '{project}/models/{self.version}/{name}.parquet'")
        if before:
            self._table("past", before.folder)
            self._table("past_features", f"{project}/features/accounts/as_of={before.as_of}")
            self._accounts("was", "past")
        self._accounts("accounts", "grades")
        self._points = None

    def _table(self, name, folder):
        files = sorted(glob.glob(f"{folder}/*.parquet"))
        assert files, f"no Parquet files in {folder}"
        self.db.execute(f"create table {name} as select row_number() over () - 1 as row, * exclude (as_of) from read_parquet({files!r}, hive_partitioning = true)")

    def _accounts(self, name, table):
        self.db.execute(f"create view {name} as select *, coalesce(domain, chr(1) || account_id) as key, round(points * 1e6)::bigint as micro "
                        f"from {table} where unscored_reason is distinct from 'DUPLICATE_OF'")

    def _json(self, name):
        with open(f"{self.project}/{name}") as f:
            return json.load(f)

    def sql(self, query, *args):
        """Rows as dicts."""
        r = self.db.execute(query, list(args))
        names = [d[0] for d in r.description]
        return [dict(zip(names, row)) for row in r.fetchall()]

    def one(self, query, *args):
        return self.db.execute(query, list(args)).fetchone()[0]

    def column(self, query):
        return [row[0] for row in self.db.execute(query).fetchall()]

    @property
    def points(self):
        """The model's points of all rows of tonight's features."""
        if self._points is None:
            self._points = points.Points(self.model, self.binned("features"))
        return self._points

    def binned(self, table):
        """The bins of every feature of the fit, of a table's rows."""
        return points.binned(self.model, {t["feature"]: self.column(f'select "{t["feature"]}" from {table} order by row') for t in self.model["terms"]}, self.as_of)

    def overrides(self):
        """The decisions by hand that held, as their file has them."""
        path = f"{self.folder}/_overrides.csv"
        if not os.path.exists(path):
            return []
        with open(path, newline="") as f:
            return list(csv.DictReader(f))
