"""Paths of the repository that the tests read."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
CORE = ROOT / "src" / "core"


def vectors(name):
    return json.loads((CORE / "src" / "test" / "resources" / "vectors" / name).read_text("utf-8"))
