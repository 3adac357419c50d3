"""Writes the golden Parquet files of test/main/documents/parquet/golden, and what is in them as JSON.

    python test/lab/reference/parquet.py

Needs pyarrow. Every file holds the same rows, in other encodings, packings and versions of the format.
"""

import datetime
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

GOLDEN = Path(__file__).parents[2] / "main" / "documents" / "parquet" / "golden"
ROWS = 40

row = range(ROWS)
text = [f"Is finding {i} of the study supported? Ja, größer 你好 {'x' * (i % 7)}" for i in row]
table = pa.table({
    "pubid": pa.array([None if i % 9 == 4 else 21645374 + i for i in row], pa.int32()),
    "question": pa.array(text),
    "context": pa.array(
        [None if i % 7 == 3 else {"contexts": [f"Passage {k}" for k in range(i % 4)] if i % 5 else None, "labels": ["AIM", None]}
         for i in row],
        pa.struct([("contexts", pa.list_(pa.string())), ("labels", pa.list_(pa.string()))])),
    "long_answer": pa.array([f"Answer {i}" for i in row]),
    "final_decision": pa.array(["yes", "no", "maybe", "yes"] * (ROWS // 4)),
    "messages": pa.array(
        [[{"role": "user", "content": text[i]}, {"role": "assistant", "content": "A"}] * (i % 3) for i in row],
        pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))),
    "lists": pa.array([[[j] * (j + i % 2) for j in range(i % 3)] if i % 6 else None for i in row], pa.list_(pa.list_(pa.int64()))),
    "scores": pa.array([[("a", i), ("b", None)] if i % 2 else [] for i in row], pa.map_(pa.string(), pa.int64())),
    "share": pa.array([i / 8 if i % 4 else None for i in row], pa.float64()),
    "right": pa.array([bool(i % 3) if i % 7 else None for i in row]),
    "day": pa.array([datetime.date(2020, 2, 28) + datetime.timedelta(i) for i in row]),
    "time": pa.array([datetime.datetime(2020, 2, 28) + datetime.timedelta(seconds=i) for i in row], pa.timestamp("us")),
    "large": pa.array([2**63 - 1 - i if i % 2 else -i for i in row], pa.int64()),
    "unsigned": pa.array([2**32 - 1 - i for i in row], pa.uint32()),
    "nothing": pa.array([None] * ROWS),
    "bytes": pa.array([b"\xff\x00" if i % 2 else b"ok" for i in row], pa.binary()),
})

DELTA = {
    "pubid": "DELTA_BINARY_PACKED", "large": "DELTA_BINARY_PACKED", "time": "DELTA_BINARY_PACKED",
    "question": "DELTA_BYTE_ARRAY", "long_answer": "DELTA_LENGTH_BYTE_ARRAY", "share": "BYTE_STREAM_SPLIT",
    "context.contexts.list.element": "DELTA_BYTE_ARRAY", "lists.list.element.list.element": "DELTA_BINARY_PACKED",
}
FILES = {
    "dictionary-snappy": dict(compression="snappy"),
    "dictionary-gzip-v2": dict(compression="gzip", data_page_version="2.0", data_page_size=200),
    "plain-none": dict(compression="none", use_dictionary=False, row_group_size=15),
    "plain-lz4": dict(compression="lz4", use_dictionary=False, data_page_size=200),
    "delta-brotli": dict(compression="brotli", use_dictionary=False, column_encoding=DELTA),
    "delta-zstd-v2": dict(compression="zstd", use_dictionary=False, column_encoding=DELTA, data_page_version="2.0", row_group_size=15),
}


def as_json(value):
    """As a JSON file would have the value: what is no text, number, yes or no is null, numbers beyond 2**53 are digits."""
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode() if value == b"ok" else None
    if isinstance(value, int) and abs(value) > 2**53 - 1:
        return str(value)
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    return [as_json(inner) for inner in value] if isinstance(value, list) else value


GOLDEN.mkdir(exist_ok=True)
for name, options in FILES.items():
    pq.write_table(table, GOLDEN / f"{name}.parquet", **options)
rows = table.to_pylist()
for fields in rows:
    fields["scores"] = dict(fields["scores"])
(GOLDEN / "rows.json").write_text(json.dumps([as_json(fields) for fields in rows], ensure_ascii=False, indent=1) + "\n")
