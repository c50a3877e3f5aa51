"""Prints what pyarrow reads from the files of apache/parquet-testing, as JSON.

    python scripts/reference/parquet_expected.py DATA_FOLDER > datasets/parquetfile/testdata/expected.json

Each column is rendered as datasets/parquetfile would hold it, one text a row:

    -          missing: null, NaN, an empty text
    =text      a text, an integer, true or false
    =16 hex    a number: its IEEE 754 bits, big-endian
    =days      a date: days since 1970-01-01, rounded down
    [...]      a set or list: its items, each rendered so, joined by U+001F;
               an item of a list joins its fields by U+001E

Columns whose rendering is long are given by the SHA-256 of the rows joined by
newlines. Columns of other types, and bytes that are not UTF-8, have a type only.
"""

import hashlib
import json
import math
import pathlib
import struct
import sys

import pyarrow as pa
import pyarrow.parquet as pq

LONG = 300  # characters


def number(v):
    v = float(v)  # of a Decimal: correctly rounded
    return "-" if math.isnan(v) else "=" + struct.pack(">d", v).hex()


def text(v):
    if isinstance(v, bytes):
        v = v.decode("utf-8")
    return "=" + v if v else "-"


def leaf(t):
    """Returns the function that renders a value of type t, or None."""
    types = pa.types
    if types.is_floating(t) or types.is_decimal(t):
        return number
    if types.is_integer(t):
        return lambda v: f"={v}"
    if types.is_boolean(t):
        return lambda v: "=true" if v else "=false"
    if types.is_date32(t):
        return lambda v: f"={v}"
    if types.is_timestamp(t):
        per_day = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[t.unit] * 86400
        return lambda v: f"={v // per_day}"
    if types.is_string(t) or types.is_large_string(t) or types.is_binary(t):
        return text
    return None


def plain(array):
    """Returns dates and timestamps as integers: their unit since 1970."""
    t = array.type
    if pa.types.is_date32(t):
        return array.cast(pa.int32())
    if pa.types.is_timestamp(t):
        return array.cast(pa.int64())
    return array


def cells(array):
    """Renders the rows of a column, or returns None."""
    t = array.type
    if pa.types.is_list(t) and pa.types.is_string(t.value_type):
        return [
            "-" if row is None else "[" + "\x1f".join(text(v) for v in row if v) + "]"
            for row in array.to_pylist()
        ]
    if pa.types.is_list(t) and pa.types.is_struct(t.value_type):
        fields = [t.value_type.field(i) for i in range(t.value_type.num_fields)]
        render = [leaf(f.type) for f in fields]
        if not all(render) or any(pa.types.is_temporal(f.type) for f in fields):
            return None
        def item(row):
            values = [None] * len(fields) if row is None else [row[f.name] for f in fields]
            return "\x1e".join("-" if v is None else r(v) for v, r in zip(values, render))
        return [
            "-" if row is None else "[" + "\x1f".join(item(v) for v in row) + "]"
            for row in array.to_pylist()
        ]
    render = leaf(t)
    if render is None:
        return None
    try:
        return ["-" if v is None else render(v) for v in plain(array).to_pylist()]
    except UnicodeDecodeError:
        return None


def column(path, name):
    try:
        # Milliseconds: INT96 holds years that nanoseconds in 64 bits do not.
        table = pq.read_table(path, columns=[name], coerce_int96_timestamp_unit="ms")
    except Exception as e:
        return {"name": name, "error": type(e).__name__}
    array = table.column(name).combine_chunks()
    out = {"name": name, "type": str(array.type)}
    rendered = cells(array)
    if rendered is None:
        return out
    out["rows"] = len(rendered)
    joined = "\n".join(rendered)
    if len(joined) <= LONG:
        out["cells"] = rendered
    else:
        out["sha256"] = hashlib.sha256(joined.encode()).hexdigest()
    return out


def file(path):
    try:
        f = pq.ParquetFile(path)
        schema = f.schema_arrow
    except Exception as e:
        return {"error": type(e).__name__}
    return {"columns": [column(path, name) for name in schema.names]}


def main():
    folder = pathlib.Path(sys.argv[1])
    print('{"pyarrow": "%s", "files": {' % pa.__version__)
    lines = []
    for path in sorted(folder.glob("*.parquet")):
        f = file(path)
        if "columns" in f:
            body = ",\n  ".join(json.dumps(c) for c in f["columns"])
            lines.append('%s: {"columns": [\n  %s]}' % (json.dumps(path.name), body))
        else:
            lines.append("%s: %s" % (json.dumps(path.name), json.dumps(f)))
    print(",\n".join(lines) + "\n}}")


main()
