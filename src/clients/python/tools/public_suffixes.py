#!/usr/bin/env python3
"""Writes askfirst/resources/public_suffix_list.dat from the list that the core uses.

  tools/public_suffixes.py JAR     JAR is the crawler-commons of the version in pom.xml

The list is part of that library, and not of this repository. It is written with its licence and its version, and
without its other comments. Run this after `crawler-commons.version` was raised.
"""

import sys
import zipfile
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "askfirst" / "resources" / "public_suffix_list.dat"


def shortened(original):
    """Returns the licence, the version and the rules."""
    lines = original.splitlines()
    head = []
    for line in lines:
        if line.startswith("// ===BEGIN"):
            break
        head.append(line)
    rules = [line.strip() for line in lines if line.strip() and not line.strip().startswith("//")]
    return "\n".join(head + rules) + "\n"


def read(jar):
    with zipfile.ZipFile(jar) as archive:
        return archive.read("effective_tld_names.dat").decode("utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    TARGET.write_text(shortened(read(sys.argv[1])), "utf-8")
