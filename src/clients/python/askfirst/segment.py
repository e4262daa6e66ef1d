"""Reads segments: files with everything that was in force at one position, by key (docs/formats/segment.md).

`Index` reads several at once, the newest first: a release and its deltas.

    >>> index = Index([Segment("000000000042.segment")])               # doctest: +SKIP
    >>> index.check([parse("isbn:9788936434120")], ["ai-training"])    # doctest: +SKIP
"""

import mmap
import os
import struct
import time

from . import subjects, verdicts
from .verdicts import ALWAYS, NOTHING, Contest, Found, MandateTerm, PartyState, Period, Proof, Register, Stated

VERSION = 7
HEADER_BYTES = 4096

_SECTIONS = (
    "records", "prefixes", "elsewhere", "directory", "site prefilters", "site prefilter directory", "erasures",
    "states", "terms",
)  # fmt: skip
_NO_BEGINNING = -(1 << 63)
_NO_END = (1 << 63) - 1
_KINDS = ("rejected", "disputed", "set-aside")
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"

_PROOF = 1
_ELSEWHERE = 2
_EMPTY = 3
_FLAG_4 = 4
_FLAG_8 = 8
_OTHER_SUBJECT = 16
_LISTED = 32
_CONTACT_OF_PARTY = 64


class DamagedSegment(Exception):
    """The file is no segment, is damaged, or needs a newer client (`needs_newer`)."""

    def __init__(self, detail, needs_newer=False):
        super().__init__(detail)
        self.needs_newer = needs_newer


def _crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return tuple(table)


_CRC_TABLE = _crc_table()


def crc32c(data, crc=0):
    """Returns the CRC-32C. It is slow in Python: some megabytes a second."""
    table = _CRC_TABLE
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def directory_bits(count):
    """Returns the number of bits by which a directory numbers its buckets."""
    bits = 1
    while bits < 30 and 8 << bits < count:
        bits += 1
    return bits


class Segment:
    """One file, mapped into memory. Any number of threads may read it.

    Raises `DamagedSegment` if the file cannot be read by this client. Without `check_sections`, only the header and the
    length are checked: do that only if you know the SHA-256 of the whole file.
    """

    def __init__(self, path, check_sections=True):
        self.path = path
        with open(path, "rb") as file:
            length = os.fstat(file.fileno()).st_size
            if length < HEADER_BYTES:
                raise DamagedSegment("it is not a segment")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            self._read_header(length)
            if check_sections:
                self._check_sections()
        except BaseException:
            self._map.close()
            raise

    def close(self):
        self._map.close()

    def _read_header(self, length):
        header = self._map[:HEADER_BYTES]
        if header[:8] != b"AskFirst":
            raise DamagedSegment("it is not a segment")
        version, size = struct.unpack_from("<II", header, 8)
        if version != VERSION:
            raise DamagedSegment(f"it has version {version}, and this client reads version {VERSION}", True)
        if size != HEADER_BYTES or crc32c(header[:-4]) != struct.unpack_from("<I", header, HEADER_BYTES - 4)[0]:
            raise DamagedSegment("its header is damaged")
        self.position, keys, elsewhere, prefilters, erasures, states, terms = struct.unpack_from("<7q", header, 16)
        if min(self.position, keys, elsewhere, prefilters, erasures, states, terms) < 0:
            raise DamagedSegment("its header has a negative number")
        self.keys = keys
        self._checksums = struct.unpack_from("<9I", header, 72)
        self.rules = struct.unpack_from("<I", header, 108)[0]
        if self.rules != verdicts.RULES:
            raise DamagedSegment(
                f"it is for version {self.rules} of the rules, and this client judges by {verdicts.RULES}", True
            )
        at = 112
        texts = []
        for _ in range(4):
            size = struct.unpack_from("<I", header, at)[0]
            if at + 4 + size > HEADER_BYTES - 4:
                raise DamagedSegment("a text of its header is too long")
            texts.append(header[at + 4 : at + 4 + size].decode("utf-8"))
            at += 4 + size
        self.log, self.leaf_hash, self.public_suffixes, self.platforms = texts
        self._key_shift = 64 - directory_bits(keys)
        self._prefilter_shift = 64 - directory_bits(prefilters)
        lengths = (
            48 * keys,
            8 * (keys + 1),
            56 * elsewhere,
            4 * (1 << directory_bits(keys)) + 8,
            8 * (prefilters + 1),
            4 * (1 << directory_bits(prefilters)) + 8,
            24 * erasures,
            8 * states,
            64 * terms,
        )
        self._starts = {}
        self._ends = {}
        start = HEADER_BYTES
        for section, size in zip(_SECTIONS, lengths):
            self._starts[section] = start
            start += size
            self._ends[section] = start
        if start != length:
            raise DamagedSegment(f"it has {length} bytes and should have {start}")
        self._elsewhere = elsewhere
        self._prefilters = prefilters

    def _check_sections(self):
        for section, checksum in zip(_SECTIONS, self._checksums):
            with memoryview(self._map) as view, view[self._starts[section] : self._ends[section]] as part:
                if crc32c(part) != checksum:
                    raise DamagedSegment(f"its section {section} is damaged")

    def _bucket(self, directory, shift, prefix, count):
        """Returns the places among which a prefix is."""
        start, end = struct.unpack_from("<II", self._map, self._starts[directory] + 4 * (prefix >> shift))
        if not start <= end <= count:
            raise DamagedSegment(f"its {directory} is damaged")
        return start, end

    def has_site_prefilter(self, key):
        """Returns true if the file has that site prefilter, by the first eight bytes of its key."""
        prefix = int.from_bytes(key[:8], "big")
        start, end = self._bucket("site prefilter directory", self._prefilter_shift, prefix, self._prefilters)
        at = self._starts["site prefilters"] + 8 * start
        return prefix in struct.unpack_from(f"<{end - start}Q", self._map, at)

    def find(self, key):
        """Returns the postings of a key; an empty list if the file hides it; None if the file has not the key."""
        prefix, *rest = struct.unpack(">4Q", key)
        start, end = self._bucket("directory", self._key_shift, prefix, self.keys)
        prefixes = struct.unpack_from(f"<{end - start}Q", self._map, self._starts["prefixes"] + 8 * start)
        if prefix not in prefixes:
            return None
        for place, found in enumerate(prefixes, start):
            if found == prefix:
                record = struct.unpack_from("<6Q", self._map, self._starts["records"] + 48 * place)
                if list(record[:3]) == rest:
                    return self._postings(*record[3:])
        return None

    def _postings(self, high, low, word):
        """Returns postings: party, word, beginning, end, and the number of the mandate, body or challenger."""
        kind = word & 3
        if kind == _EMPTY:
            return []
        if kind != _ELSEWHERE:
            return [(high << 64 | low, word, _NO_BEGINNING, _NO_END, 0)]
        if high + low > self._elsewhere:
            raise DamagedSegment("a record leads outside of its section")
        at = self._starts["elsewhere"] + 56 * high
        return [
            (one[0] << 64 | one[1], one[2], one[3], one[4], one[5] << 64 | one[6])
            for one in struct.iter_unpack("<QQQqqQQ", self._map[at : at + 56 * low])
        ]

    def register(self):
        """Returns the states of parties and the mandates."""
        longs = struct.unpack(
            f"<{(self._ends['erasures'] - self._starts['erasures']) // 8}Q",
            self._map[self._starts["erasures"] : self._ends["erasures"]],
        )
        erased = {longs[i] << 64 | longs[i + 1] for i in range(0, len(longs), 3)}
        states = {}
        longs = struct.unpack(
            f"<{(self._ends['states'] - self._starts['states']) // 8}Q",
            self._map[self._starts["states"] : self._ends["states"]],
        )
        at = 0
        while at < len(longs):
            if at + 3 > len(longs):
                raise DamagedSegment("its states are damaged")
            party = longs[at] << 64 | longs[at + 1]
            word = longs[at + 2]
            at += 3 + 2 * (word >> 8 & 0xFF)
            states[party] = PartyState(
                erased=party in erased,
                suspended=bool(word & 2),
                vouches=frozenset(scheme.name for scheme in subjects.SCHEMES if word >> (16 + scheme.number) & 1),
                contactable=bool(word & 8) if word & 4 else None,
            )
        for party in erased:
            if party not in states:
                states[party] = PartyState(erased=True)
        mandates = {}
        for one in struct.iter_unpack("<6Q2q", self._map[self._starts["terms"] : self._ends["terms"]]):
            member = one[4] << 64 | one[5]
            mandates[one[0] << 64 | one[1]] = MandateTerm(member or None, _period(one[6], one[7]))
        return Register(states, mandates)


def _period(start, end):
    if start == _NO_BEGINNING and end == _NO_END:
        return ALWAYS
    return Period(None if start == _NO_BEGINNING else start, None if end == _NO_END else end)


def _repertoire_key(number):
    id = "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
    return subjects.key_of("repertoire:d_" + id)


class Index:
    """Several segments as one, the newest first. Newer ones hide the keys of older ones."""

    def __init__(self, segments):
        self.segments = list(segments)
        self.position = self.segments[0].position
        self.register = self.segments[0].register()
        # Site prefilters depend on the public suffix list, so one from another list says nothing.
        self._prefiltered = all(
            segment.public_suffixes == subjects.public_suffixes_version() for segment in self.segments
        )

    def close(self):
        for segment in self.segments:
            segment.close()

    def reaching(self, subject):
        """Returns the matches of a subject, the most specific first."""
        prefilter = subject.site_prefilter() if self._prefiltered else None
        if prefilter is not None and not any(one.has_site_prefilter(prefilter) for one in self.segments):
            return []
        expansion = subject.expand()
        return verdicts.reaching(expansion, [self._found(entry.key) for entry in expansion.entries], self.register)

    def judge(self, asked, uses, moment=None):
        """Returns the judgement of one work, and its matches by statement.

        `asked` has all subjects of the work. A creator's subject among them finds what the creator declared for all
        works.
        """
        matches = {}
        for subject in asked:
            for match in self.reaching(subject):
                matches.setdefault(match.statement, match)
        moment = time.time_ns() // 1000 if moment is None else moment
        return verdicts.judge(list(matches), uses, moment), matches

    def _postings(self, key):
        for segment in self.segments:
            postings = segment.find(key)
            if postings is not None:
                return [one for one in postings if one[1] >> 24 <= self.position]
        return ()

    def _found(self, key):
        postings = self._postings(key)
        if not postings:
            return NOTHING
        statements = []
        proofs = []
        contests = []
        for posting in postings:
            party, word, start, end, under = posting
            kind = word & 3
            if kind == _PROOF and word & _FLAG_8:
                contests.append(_contest(posting))
            elif kind == _PROOF:
                strength = verdicts.PROVED if word & _FLAG_4 else verdicts.SHOWN
                proofs.append(Proof(party, strength, under or None))
            elif kind != 0:
                raise DamagedSegment("a posting has an unknown kind")
            elif word & _LISTED:
                other = bool(word & _OTHER_SUBJECT)
                for statement in self._postings(_repertoire_key(party)):
                    if statement[1] & 3 == 0 and not statement[1] & _LISTED:
                        statements.append(self._stated(statement, other, word >> 24))
            else:
                statements.append(self._stated(posting, bool(word & _OTHER_SUBJECT), 0))
        return Found(statements, proofs, contests)

    def _stated(self, posting, other_subject, listed_at):
        party, word, start, end, mandate = posting
        position = word >> 24
        stances = word >> 8 & 0xFFFF
        if not stances:
            raise DamagedSegment("a statement has no stance")
        return Stated(
            party,
            max(position, listed_at),
            stances,
            self._can_be_asked(party, word),
            other_subject,
            _period(start, end),
            mandate or None,
            bool(listed_at),
            (position, listed_at),
        )

    def _can_be_asked(self, party, word):
        if word & _FLAG_8:
            return True
        state = self.register.state(party)
        if state.erased:
            return False
        of_party = bool(word & _FLAG_4) and bool(word & _CONTACT_OF_PARTY)
        if word & _FLAG_4 and not of_party:
            return True
        return of_party if state.contactable is None else state.contactable


def _contest(posting):
    party, word, start, end, by = posting
    kind = word >> 6 & 3
    if kind >= len(_KINDS):
        raise DamagedSegment("a contest has an unknown kind")
    return Contest(
        _KINDS[kind],
        party,
        by or None,
        word >> 24,
        None if start == _NO_BEGINNING else start,
        None if end == _NO_END else end,
        bool(word & _OTHER_SUBJECT),
    )
