"""Other loaders, run by path with the benchmark's own Python: peers.py LOADER FILE TABLE.

Neither checks a value, and both overwrite what stands. The last line on standard output is what
was measured, in JSON.
"""

import csv
import json
import sys
import time

import boto3


def put_csv(path: str, table: str) -> None:
    """awswrangler's loader, told to keep text as it is, which spares it guessing types."""
    import awswrangler  # type: ignore[import-not-found]

    awswrangler.dynamodb.put_csv(
        path, table_name=table, dtype=str, keep_default_na=False, use_threads=False
    )


def batch_writer(path: str, table: str) -> None:
    """boto3's loader."""
    with (
        open(path, encoding="utf-8", newline="") as file,  # noqa: PTH123
        boto3.resource("dynamodb").Table(table).batch_writer() as writer,
    ):
        for row in csv.DictReader(file):
            writer.put_item(Item=row)


def peak_megabytes() -> float:
    """The most memory that this process ever held; `ru_maxrss` begins with its parent's."""
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
        return int(status.read().partition("VmHWM:")[2].split()[0]) / 1024


LOADERS = {"put_csv": put_csv, "batch_writer": batch_writer}


def main() -> None:
    """The command."""
    loader, path, warm_up, table = sys.argv[1:]
    load = LOADERS[loader]
    load(warm_up, table)
    begun, wall = time.process_time(), time.perf_counter()
    load(path, table)
    print(
        json.dumps(
            {
                "cpu": time.process_time() - begun,
                "wall": time.perf_counter() - wall,
                "megabytes": peak_megabytes(),
            }
        )
    )


if __name__ == "__main__":
    main()
