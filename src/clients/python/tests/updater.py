"""A process that opens a copy and updates it again and again. It writes a line with its position after each update.

    python3 -m tests.updater SOURCE KEY COPY KIND NOW

A test may kill it at any moment.
"""

import sys
import time

from askfirst import Filter, Refused, Snapshot


def main(source, key, copy, kind, now):
    options = {"source": source, "clock": lambda: float(now), "patience": 30}
    with (Filter if kind == "filter" else Snapshot)(copy, key, **options) as found:
        while True:
            try:
                print(found.update().position, flush=True)
            except Refused as refused:
                print(refused, flush=True)
            # Another process may have its turn.
            time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
