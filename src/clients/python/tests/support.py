"""Files of the repository that the tests read, and a small writer of segments and snapshots."""

import base64
import hashlib
import json
import math
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


# ---- Writes filters, as docs/formats/filter.md describes them

_MASK = (1 << 64) - 1


def hashes_of(content):
    """Returns the hashes of the filter of a segment: its keys with postings, and its site prefilters."""
    keys = {int.from_bytes(key[:8], "big") for key, postings in content.keys.items() if postings}
    return sorted(keys | content.prefilters)


def _mixed(hash, seed):
    hash = hash + seed & _MASK
    hash = (hash ^ hash >> 33) * 0xFF51AFD7ED558CCD & _MASK
    hash = (hash ^ hash >> 33) * 0xC4CEB9FE1A85EC53 & _MASK
    return hash ^ hash >> 33


def fuse_body(hashes):
    """Returns a binary fuse filter with fingerprints of 16 bits."""
    count = len(hashes)
    if not count:
        return b""
    segment = 1 << min(18, int(math.log(count) / math.log(3.33) + 2.25))
    factor = max(1.125, 0.875 + 0.25 * math.log(1_000_000) / math.log(max(count, 2)))
    segments = max(1, -(-round(count * factor) // segment) - 2)
    reach = segments * segment
    length = reach + 2 * segment
    for seed in range(1, 1000):
        mixed = {_mixed(hash, seed) for hash in hashes}

        def slots(one):
            first = one * reach >> 64
            return first, first + segment ^ (one >> 18) % segment, first + 2 * segment ^ one % segment

        at = [set() for _ in range(length)]
        for one in mixed:
            for slot in slots(one):
                at[slot].add(one)
        alone = [slot for slot in range(length) if len(at[slot]) == 1]
        order = []
        while alone:
            slot = alone.pop()
            if len(at[slot]) != 1:
                continue
            one = min(at[slot])
            order.append((one, slot))
            for other in slots(one):
                at[other].discard(one)
                if len(at[other]) == 1:
                    alone.append(other)
        if len(order) == count:
            fingerprints = [0] * length
            for one, slot in reversed(order):
                others = 0
                for other in slots(one):
                    others ^= fingerprints[other] if other != slot else 0
                fingerprints[slot] = (one ^ one >> 32) & 0xFFFF ^ others
            return struct.pack(f"<QIIIII{length}H", seed, count, segment, segments, reach, length, *fingerprints)
    raise AssertionError("no seed fits")


def list_body(values, low_bits=None):
    """Returns a list of numbers of 48 bits in Golomb-Rice code."""
    if low_bits is None:
        low_bits = min(47, max(0, (2**48 // max(1, len(values))).bit_length() - 1))
    bits = 0
    length = 0
    previous = -1
    for value in values:
        difference = value - previous - 1
        high = difference >> low_bits
        bits |= ((1 << high) - 1) << length
        length += high + 1
        bits |= (difference & (1 << low_bits) - 1) << length
        length += low_bits
        previous = value
    return bytes([low_bits]) + bits.to_bytes(-(-length // 8), "little")


def filter_bytes(
    hashes, position, start=None, log="registry.example/log", suffixes=None, rules=1, version=1, form=None, count=None,
    reserved=0, body=None,
):  # fmt: skip
    """Returns the bytes of a filter: of a release, or of the changes after `start`."""
    values = sorted({hash >> 16 for hash in hashes})
    header = b"AskFiltr" + struct.pack(
        "<IIQQQII", version, (start is not None) if form is None else form, position, start or 0,
        (len(hashes) if start is None else len(values)) if count is None else count, rules, reserved,
    )  # fmt: skip
    for text in (log, subjects.public_suffixes_version() if suffixes is None else suffixes):
        header += struct.pack("<I", len(text.encode())) + text.encode()
    header += bytes(-len(header) % 8)
    if body is None:
        body = fuse_body(hashes) if start is None else list_body(values)
    return header + body


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

    def release(self, content, position, of_filter=None, **header):
        file = self._write(f"releases/{position:012}", content, position, None, header, of_filter)
        self.releases.insert(0, file)
        self.position = position
        return self

    def delta(self, content, start, position, of_filter=None, **header):
        file = self._write(f"deltas/{start:012}-{position:012}", content, position, start, header, of_filter)
        self.deltas.append({"from": start, **file})
        self.position = max(position, self.position)
        return self

    def _write(self, path, content, position, start, header, of_filter):
        filter = filter_bytes(**{"hashes": hashes_of(content), "position": position, "start": start, **(of_filter or {})})
        return {
            "position": position,
            **self._file(path + ".segment", segment_bytes(content, position, **header)),
            "filter": self._file(path + ".filter", filter),
        }

    def _file(self, path, data):
        (self.folder / path).write_bytes(data)
        return {"path": path, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}

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
