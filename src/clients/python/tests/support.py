"""Files of the repository that the tests read, and a small writer of segments and snapshots."""

import base64
import hashlib
import json
import struct
from datetime import datetime, timezone
from pathlib import Path

from askfirst import _ed25519, _notes, segment, subjects, verdicts
from askfirst._catalog import canonical_json

ROOT = Path(__file__).resolve().parents[4]
CORE = ROOT / "src" / "core"


def vectors(name):
    return json.loads((CORE / "src" / "test" / "resources" / "vectors" / name).read_text("utf-8"))


# ---- Writes segments and snapshots, as docs/formats/segment.md and snapshot.md describe them


_BEGINNING = -(1 << 63)
_END = (1 << 63) - 1


def posting(party, position, stances=None, *, contact="terms", other=False, start=None, end=None, mandate=0):
    """Returns the posting of a statement: party, word, beginning, end, mandate."""
    flags = {"none": 0, "party": 4 | 64, "terms": 4, "license": 4 | 8}[contact]
    word = position << 24 | verdicts.pack(stances) << 8 | flags | (16 if other else 0)
    return (party, word, _BEGINNING if start is None else start, _END if end is None else end, mandate)


def proof(party, position, proved=True, by=0):
    return (party, position << 24 | 1 | (4 if proved else 0), _BEGINNING, _END, by)


def contest(party, position, kind, by=0, ends_at=None, lapses_at=None, other=False):
    number = ("rejected", "disputed", "set-aside").index(kind)
    word = position << 24 | 1 | 8 | number << 6 | (16 if other else 0)
    return (party, word, _BEGINNING if ends_at is None else ends_at, _END if lapses_at is None else lapses_at, by)


def listing(repertoire, position, other=False):
    return (repertoire, position << 24 | 32 | (16 if other else 0), _BEGINNING, _END, 0)


def repertoire_key(number):
    id = "".join("0123456789abcdefghjkmnpqrstvwxyz"[number >> shift & 31] for shift in range(125, -1, -5))
    return hashlib.sha256(f"repertoire:d_{id}".encode()).digest()


class Content:
    """What a segment has: postings by key, site prefilters, and the register."""

    def __init__(self):
        self.keys = {}
        self.prefilters = set()
        self.erasures = {}
        self.states = {}
        self.mandates = {}

    def add(self, key, *postings):
        self.keys.setdefault(key, []).extend(postings)

    def state_about(self, subject, one):
        """Adds a statement, a listing or a contest under all keys of a subject."""
        subject = subjects.parse(subject)
        for i, name in enumerate(subject.indexed_as()):
            self.add(name.key, one if i == 0 else (one[0], one[1] | 16, *one[2:]))
        prefilter = subject.stored_site_prefilter()
        if prefilter is not None:
            self.prefilters.add(int.from_bytes(prefilter[:8], "big"))

    def prove(self, subject, one):
        self.add(subjects.parse(subject).key, one)


def _directory(prefixes):
    bits = segment.directory_bits(len(prefixes))
    counts = [0] * (1 << bits)
    for prefix in prefixes:
        counts[prefix >> (64 - bits)] += 1
    before = 0
    directory = []
    for count in counts:
        directory.append(before)
        before += count
    return struct.pack(f"<{len(directory) + 2}I", *directory, before, 0)


def _two(number):
    return number >> 64, number & (1 << 64) - 1


def segment_bytes(content, position, log="registry.example/log", suffixes=None, rules=1, version=7):
    """Returns the bytes of a segment."""
    records = []
    elsewhere = []
    count = 0
    keys = sorted(content.keys)
    for key in keys:
        postings = content.keys[key]
        if not postings:
            three = (0, 0, 3)
        elif len(postings) == 1 and postings[0][2:] == (_BEGINNING, _END, 0):
            three = (*_two(postings[0][0]), postings[0][1])
        else:
            three = (count, len(postings), 2)
            for party, word, start, end, mandate in sorted(postings, key=lambda one: one[1]):
                elsewhere.append(struct.pack("<QQQqqQQ", *_two(party), word, start, end, *_two(mandate)))
            count += len(postings)
        records.append(struct.pack("<6Q", *struct.unpack(">3Q", key[8:]), *three))
    prefixes = [int.from_bytes(key[:8], "big") for key in keys]
    prefilters = sorted(content.prefilters)
    states = b""
    for party, (word, bodies) in sorted(content.states.items()):
        states += struct.pack("<3Q", *_two(party), word | len(bodies) << 8)
        for body in bodies:
            states += struct.pack("<2Q", *_two(body))
    sections = [
        b"".join(records),
        struct.pack(f"<{len(prefixes) + 1}Q", *prefixes, 0),
        b"".join(elsewhere),
        _directory(prefixes),
        struct.pack(f"<{len(prefilters) + 1}Q", *prefilters, 0),
        _directory(prefilters),
        b"".join(struct.pack("<3Q", *_two(party), at) for party, at in sorted(content.erasures.items())),
        states,
        b"".join(
            struct.pack("<6Q2q", *_two(id), *_two(society), *_two(member), start, end)
            for id, (society, member, start, end) in sorted(content.mandates.items())
        ),
    ]
    header = b"AskFirst" + struct.pack(
        "<II7q", version, 4096, position, len(keys), count, len(prefilters), len(content.erasures), len(states) // 8,
        len(content.mandates),
    )  # fmt: skip
    header += struct.pack("<9II", *map(segment.crc32c, sections), rules)
    for text in (log, "", subjects.public_suffixes_version() if suffixes is None else suffixes, "1 2026-11-29"):
        header += struct.pack("<I", len(text.encode())) + text.encode()
    header = header.ljust(4092, b"\0")
    return header + struct.pack("<I", segment.crc32c(header)) + b"".join(sections)


class Signer:
    """An Ed25519 key of a log (RFC 8032)."""

    def __init__(self, name="registry.example/log", seed=b"\1" * 32):
        digest = hashlib.sha512(seed).digest()
        self._scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
        self._prefix = digest[32:]
        self.name = name
        self.public = _ed25519.compress(_ed25519.multiply(self._scalar, _ed25519.BASE))
        self.id = _notes.key_id(name, b"\1" + self.public)
        self.key = f"{name}+{self.id.hex()}+{base64.b64encode(b'%c' % 1 + self.public).decode()}"

    def sign(self, message):
        r = int.from_bytes(hashlib.sha512(self._prefix + message).digest(), "little") % _ed25519.L
        point = _ed25519.compress(_ed25519.multiply(r, _ed25519.BASE))
        k = int.from_bytes(hashlib.sha512(point + self.public + message).digest(), "little")
        return point + ((r + k * self._scalar) % _ed25519.L).to_bytes(32, "little")

    def note(self, text):
        line = base64.b64encode(self.id + self.sign(text.encode())).decode()
        return f"{text}\n\u2014 {self.name} {line}\n"


class Registry:
    """A registry without a service: it writes the folder of a snapshot."""

    def __init__(self, folder, now, signer=None):
        self.folder = Path(folder)
        self.now = now
        self.signer = signer or Signer()
        self.releases = []
        self.deltas = []
        self.position = 0
        self.changes = {}
        for part in ("releases", "deltas"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)

    @property
    def key(self):
        return self.signer.key

    def release(self, content, position, **header):
        self.releases.insert(0, self._write(f"releases/{position:012}.segment", content, position, header))
        self.position = position
        return self

    def delta(self, content, start, position, **header):
        file = self._write(f"deltas/{start:012}-{position:012}.segment", content, position, header)
        self.deltas.append({"from": start, **file})
        self.position = max(position, self.position)
        return self

    def _write(self, path, content, position, header):
        data = segment_bytes(content, position, **header)
        (self.folder / path).write_bytes(data)
        return {
            "position": position,
            "path": path,
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }

    def catalog(self, **changed):
        catalog = {
            "format": 1,
            "log": self.signer.name,
            "position": self.position,
            "issuedAt": written(self.now),
            "expiresAt": written(self.now + 86_400),
            "minimumClient": "0.1.0",
            "rules": 1,
            "releases": self.releases[:2],
            "deltas": self.deltas,
        }
        return {**catalog, **changed}

    def publish(self, signer=None, note=None, **changed):
        """Writes the catalogue. `note` changes the lines of its note."""
        catalog = self.catalog(**changed)
        hash = hashlib.sha256(canonical_json(catalog)).hexdigest()
        lines = [catalog["log"], str(catalog["position"]), base64.b64encode(b"\7" * 32).decode(), "catalog " + hash]
        lines = note(lines) if note else lines
        text = (signer or self.signer).note("\n".join(lines) + "\n")
        (self.folder / "catalog.json").write_text(json.dumps({"note": text, "catalog": catalog}), "utf-8")
        return self


def written(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat().replace("+00:00", "Z")
