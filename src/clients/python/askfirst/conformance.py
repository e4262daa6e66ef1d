"""Answers the questions of a test that is shared by all clients, from a folder of a snapshot.

  python3 -m askfirst.conformance SNAPSHOT_FOLDER KEY QUESTIONS.jsonl

A question is `{"id": …, "subjects": […], "uses": […]}`; `uses` may be absent. For each it prints one line:
`{"id": …, "verdict": …, "uses": {…}, "reason": …}`. A question is answered as `POST /v1/lookups` answers an item: its
subjects name one work, and a creator among them reaches it. If it cannot be read, the verdict is unknown and `uses` is
empty.
"""

import json
import sys
import tempfile

from . import policy
from .snapshot import Refused, Snapshot


def main(arguments):
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    folder, key, questions = arguments
    with tempfile.TemporaryDirectory() as copy:
        try:
            with Snapshot(copy, key, folder) as snapshot:
                snapshot.update()
                with open(questions, encoding="utf-8") as lines:
                    for line in lines:
                        if line.strip():
                            print(json.dumps(_answer(snapshot, json.loads(line)), ensure_ascii=False))
        except Refused as refused:
            print(f"askfirst: {refused}", file=sys.stderr)
            return 3
    return 0


def _answer(snapshot, question):
    decision = snapshot.check(question["subjects"], question.get("uses") or policy.DEFAULT_USES)
    return {"id": question["id"], "verdict": decision.verdict, "uses": decision.uses, "reason": decision.reason}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
