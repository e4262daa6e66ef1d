"""Writes the Parquet files of ParquetTest into this folder. Needs pyarrow; 25.0.1 wrote those that are here."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
ADDRESSES = [
    "https://art.example/free/1.png",
    "https://art.example/asked/1.png",
    "https://elsewhere.example/1.png",
    None,
]


def write(name, table, **how):
    pq.write_table(table, HERE / f"{name}.parquet", **how)


plain = pa.table({"URL": ADDRESSES, "n": pa.array([1, 2, 3, 4], pa.int32())})
for codec in ("none", "snappy", "gzip", "zstd", "lz4", "brotli"):
    write(f"codec-{codec}", plain, compression=codec)
for encoding in ("PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"):
    write(
        f"encoding-{encoding.lower()}",
        plain,
        use_dictionary=False,
        column_encoding={"URL": encoding, "n": "PLAIN"},
        data_page_version="2.0",
    )
required = pa.schema([pa.field("url", pa.string(), nullable=False)])
write("required", pa.table({"url": ADDRESSES[:3]}, schema=required))
write("guessed", pa.table({"hash": pa.array([7] * 40), "about": ["a"] * 40, "where": ADDRESSES[:1] * 39 + ["-"]}))
write("nothing", pa.table({"md5": ["0" * 32], "hash": pa.array([1])}))
write("numbers", pa.table({"isbn": pa.array([9788936434120])}))
write("empty", plain.slice(0, 0))

rows = 10_000
many = pa.table(
    {
        "id": pa.array(range(rows)),
        "tags": pa.array([["a", None], [], None, ["b"]] * (rows // 4), pa.list_(pa.string())),
        "page_url": ["https://art.example/free/"] * rows,
        "url": [f"https://{'art.example/free' if i % 2 else 'elsewhere.example'}/{i % 100}.png" for i in range(rows)],
        "size": pa.array([{"width": i % 7, "height": None} for i in range(rows)]),
        "sha256": pa.array([None, "ab" * 32] * (rows // 2)),
        "when": pa.array([0] * rows, pa.timestamp("us", "Asia/Seoul")),
    }
)
write(
    "many",
    many,
    compression="zstd",
    row_group_size=6_000,
    data_page_size=2_000,
    data_page_version="2.0",
    write_page_index=True,
    sorting_columns=[pq.SortingColumn(0)],
)
