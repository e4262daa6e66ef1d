"""Addresses on the web: hosts, canonical addresses, and their plain spelling (docs/formats/subjects.md, section 4)."""

import re
import unicodedata
from functools import cached_property

from . import _suffixes
from ._names import MAX_LENGTH as MAX_HOST
from ._names import to_ascii
from ._text import (
    IN_HOST,
    IN_PATH,
    IN_QUERY,
    escape,
    escape_text,
    is_full_width,
    narrow,
    quote,
    refusal,
    require_whole_characters,
    strip,
    trim,
    unescape,
    utf16_length,
)

MAX_ADDRESS = 8192
PREFIX = "https://"

# ---- IP addresses

_NOT_PUBLIC_4 = [
    (0x00000000, 8), (0x0A000000, 8), (0x64400000, 10), (0x7F000000, 8), (0xA9FE0000, 16), (0xAC100000, 12),
    (0xC0000000, 24), (0xC0000200, 24), (0xC01FC400, 24), (0xC034C100, 24), (0xC0586300, 24), (0xC0A80000, 16),
    (0xC0AF3000, 24), (0xC6120000, 15), (0xC6336400, 24), (0xCB007100, 24), (0xE0000000, 3),
]  # fmt: skip


def _digits(text, radix):
    """Returns the value of the digits; -1 if it is none, or has more than 32 bits."""
    if not text.isascii():
        # Digits of any script and full-width letters, as the registry reads them.
        text = "".join(str(unicodedata.decimal(c, narrow(c))) for c in text)
    allowed = "0123456789abcdefABCDEF" if radix == 16 else "0123456789"[:radix]
    if not all(c in allowed for c in text):
        return -1
    value = int(text, radix) if text else 0
    return value if value <= 0xFFFFFFFF else -1


def is_public_ip(host):
    """Returns true if a canonical IP address is one on the public internet."""
    if host.startswith("["):
        groups = _parse6(host[1:-1])
        if groups is None:
            return False
        first = groups[0]
        special = (
            (first == 0x2001 and (groups[1] < 0x200 or groups[1] == 0xDB8))
            or first == 0x2002
            or (first == 0x2620 and groups[1] == 0x4F and groups[2] == 0x8000)
            or (first == 0x3FFF and groups[1] < 0x1000)
        )
        return first >> 13 == 1 and not special
    address = 0
    for part in host.split("."):
        address = address << 8 | int(part)
    return all((address ^ block) >> (32 - bits) for block, bits in _NOT_PUBLIC_4)


def _version4(host):
    parts = host.split(".")
    address = 0
    bad = len(parts) > 4
    for i, part in enumerate(parts if not bad else []):
        last = i == len(parts) - 1
        limit = 1 << (8 * (5 - len(parts))) if last else 256
        number = _number(part)
        if not 0 <= number < limit:
            bad = True
            break
        address += number if last else number << (8 * (3 - i))
    if bad:
        raise refusal("unreadable-host", quote(host) + " ends in a number and is not an IP address")
    return _dotted(address)


def _number(part):
    if part.startswith("0x"):
        return _digits(part[2:], 16)
    if len(part) > 1 and part.startswith("0"):
        return _digits(part[1:], 8)
    return _digits(part, 10) if part else -1


def _dotted(address):
    return ".".join(str(address >> shift & 0xFF) for shift in (24, 16, 8, 0))


def _version6(bracketed):
    groups = _parse6(bracketed[1:-1]) if bracketed.endswith("]") else None
    if groups is None:
        raise refusal("unreadable-host", quote(bracketed) + " is not an IPv6 address")
    mapped = not any(groups[:5]) and groups[5] == 0xFFFF
    translated = groups[0] == 0x64 and groups[1] == 0xFF9B and not any(groups[2:6])
    if mapped or translated:
        return _dotted(groups[6] << 16 | groups[7])
    gap = -1
    longest = 1
    for i in range(8):
        end = i
        while end < 8 and groups[end] == 0:
            end += 1
        if end - i > longest:
            longest = end - i
            gap = i
    if gap < 0:
        return "[" + ":".join(f"{group:x}" for group in groups) + "]"
    before = ":".join(f"{group:x}" for group in groups[:gap])
    after = ":".join(f"{group:x}" for group in groups[gap + longest :])
    return "[" + before + "::" + after + "]"


def _parse6(text):
    if "::" not in text:
        groups = _groups(text)
        return groups if groups is not None and len(groups) == 8 else None
    gap = text.index("::")
    if text.find("::", gap + 1) >= 0:
        return None
    before = _groups(text[:gap]) if gap > 0 else []
    after = _groups(text[gap + 2 :]) if gap + 2 < len(text) else []
    if before is None or after is None or len(before) + len(after) >= 8:
        return None
    return before + [0] * (8 - len(before) - len(after)) + after


def _groups(text):
    parts = text.split(":")
    groups = []
    for i, part in enumerate(parts):
        if i == len(parts) - 1 and "." in part:
            numbers = [_digits(one, 10) if one and len(one) <= 3 else -1 for one in part.split(".")]
            if len(numbers) != 4 or len(groups) > 6 or not all(0 <= number <= 255 for number in numbers):
                return None
            return groups + [numbers[0] << 8 | numbers[1], numbers[2] << 8 | numbers[3]]
        group = _digits(part, 16) if 0 < len(part) <= 4 else -1
        if group < 0 or len(groups) == 8:
            return None
        groups.append(group)
    return groups


# ---- Hosts

_MAX_RAW_HOST = 1024
_HOST_CHARACTERS = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", re.A)
_DOTS = re.compile(r"\.+")
_NUMBER_LABEL = re.compile(r"[0-9]+|0x[0-9a-fA-F]*", re.A)


def is_ip(host):
    """Returns true if a canonical host is an IP address of either version."""
    if host.endswith("]"):
        return host.startswith("[")
    label = host[host.rfind(".") + 1 :]
    return label.isascii() and label.isdigit()


def can_exist(host):
    """Returns true if this canonical host is an IP address, or labels that the DNS can have."""
    return is_ip(host) or _HOST_CHARACTERS.fullmatch(host) is not None


def canonical_host(data):
    """Returns the canonical form of a host in UTF-8, without user and port."""
    if not data:
        raise refusal("unreadable-host", "it is empty")
    if data[:1] == b"[":
        return _version6(data.decode("utf-8", "replace"))
    if len(data) > _MAX_RAW_HOST:
        raise refusal("unreadable-host", f"it has more than {MAX_HOST} characters")
    host = ".".join(_label(label) for label in unescape(data).split(b"."))
    host = _DOTS.sub(".", host).strip(".")
    if not host:
        raise refusal("unreadable-host", "it is empty")
    if len(host) > MAX_HOST:
        raise refusal("unreadable-host", f"it has more than {MAX_HOST} characters")
    last = host[host.rfind(".") + 1 :]
    return _version4(host) if _NUMBER_LABEL.fullmatch(last) else host


def _label(data):
    """Converts label by label, so that a host and its parent domains agree."""
    try:
        data = to_ascii(data.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        # Nobody can register it. The bytes are kept, so that different hosts stay different.
        data = data.lower()
    for b in data:
        if b in b"/\\?@:[]%":
            raise refusal("unreadable-host", "it contains " + quote(chr(b)))
    return escape(data, IN_HOST)


# ---- Parts of a canonical address


class Address:
    """The parts of a canonical `url` or `under`."""

    def __init__(self, text):
        self.text = text
        self.host_start = text.index(":") + 1 + len(PREFIX)
        self.host_end = text.index("/", self.host_start)
        query = text.find("?", self.host_end)
        self.path_end = len(text) if query < 0 else query
        self.host = text[self.host_start : self.host_end]
        self.plain_host_start = self.host_start + plain_host(self.host)

    @property
    def plain_host(self):
        return self.text[self.plain_host_start : self.host_end]

    @property
    def has_query(self):
        return self.path_end < len(self.text)

    @property
    def directories(self):
        """The number of segments of the path that are followed by a slash."""
        return self.text.count("/", self.host_end + 1, self.path_end)

    @cached_property
    def registrable(self):
        """The index in the host at which the registrable domain begins; -1 for an IP address and a public suffix."""
        return -1 if is_ip(self.host) else _suffixes.bundled().registrable(self.host)


# ---- Plain spelling

_INDEX = re.compile(
    r"(?:index|default)\.(?:html|htm|shtml|xhtml|php|phtml|asp|aspx|jsp|jspx|do|cgi|cfm|pl)", re.A | re.I
)

_TRACKERS = frozenset(
    """
    gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid _ga _gl fbclid fb_action_ids fb_action_types
    fb_ref fb_source igshid igsh msclkid twclid ref_src ref_url ttclid yclid ysclid li_fat_id epik rdt_cid
    mc_cid mc_eid _hsenc _hsmi __hstc __hssc __hsfp hsctatracking mkt_tok oly_anon_id oly_enc_id vero_id wickedid
    pk_campaign pk_cid pk_content pk_keyword pk_kwd pk_medium pk_source
    spm n_ad n_ad_group n_ad_group_type n_campaign_type n_keyword n_keyword_id n_match n_media n_network n_query n_rank
    napm
    """.split()
)

_TRACKERS_BY_PLAIN_HOST = {
    "youtube.com": {"si", "feature"},
    "music.youtube.com": {"si", "feature"},
    "youtu.be": {"si", "feature"},
    "open.spotify.com": {"si"},
    "soundcloud.com": {"si"},
    "x.com": {"s", "t"},
    "twitter.com": {"s", "t"},
    "tiktok.com": {"_r", "_t"},
}


def plain_host(host):
    """Returns the index at which the plain host begins. At least one dot is left in it."""
    start = 0
    while True:
        for prefix in ("www.", "m.", "mobile."):
            if host.startswith(prefix, start) and host.find(".", start + len(prefix)) >= 0:
                start += len(prefix)
                break
        else:
            return start


def plain_spelling(address):
    """Returns the plain spelling of a canonical `url`."""
    text = address.text
    path_end = _plain_path(text, address.host_end, address.path_end)
    plain = text[: address.host_start] + text[address.plain_host_start : path_end]
    if address.has_query:
        kept = [p for p in text[address.path_end + 1 :].split("&") if not _is_tracker(p, address.plain_host)]
        if kept:
            plain += "?" + "&".join(kept)
    return text if ends_in_wildcard(plain) else plain


def _plain_path(text, start, end):
    while end > start + 1:
        if text[end - 1] == "/":
            end -= 1
            continue
        name = text.rfind("/", 0, end) + 1
        if not _INDEX.fullmatch(text, name, end):
            break
        end = name
    return end


def _is_tracker(parameter, host):
    if not parameter or parameter[:4].lower() in ("utm_", "mtm_"):
        return True
    name = parameter.split("=", 1)[0].lower()
    return name in _TRACKERS or name in _TRACKERS_BY_PLAIN_HOST.get(host, ())


def ends_in_wildcard(text):
    """Returns true if the last segment has only asterisks, one at least."""
    rest = text.rstrip("*")
    return len(rest) < len(text) and rest.endswith("/")


# ---- Canonical addresses

_WEB_SCHEMES = frozenset(
    "http https ws wss ftp ftps sftp rtsp rtsps rtmp rtmps mms gopher gemini feed".split()
)
_FILE_TYPES = frozenset("zip mov mobi md py sh ps cab".split())
_SCHEME = re.compile(rb"[A-Za-z0-9+.-]*")
_PORT = re.compile(rb"[0-9]+(?=\Z|[/?\\])")
_QUAD = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}", re.A)
_DOI = re.compile(rb"/*((?:[dD][oO][iI]:)?10\.[0-9].*)", re.S)
_RESOLVERS = frozenset(("doi.org", "dx.doi.org", "www.doi.org", "hdl.handle.net"))
_SECOND = re.compile(r"(?:https?|wss?|ftps?)://|www\.", re.A | re.I)
_SPACES = frozenset(
    "\t\n\x0b\x0c\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f"
    "\u205f\u3000"
)
_SEPARATORS = _SPACES | frozenset(",;|\u3001\uff0c\uff1b\u00b7")
_BETWEEN = _SPACES | frozenset("([<\"'")


def is_doi_resolver(host):
    return host in _RESOLVERS


def canonical_url(text):
    """Returns the canonical `url` of an address; a final asterisk makes it an `under`."""
    return _canonical(text, False)


def canonical_under(text):
    """Returns the canonical `under` of the address of a directory."""
    return _canonical(text, True)


def _require_one_address(text):
    """Refuses a text with two addresses."""
    first = text.find("://")
    suspect = (
        (first >= 0 and text.find("://", first + 3) >= 0)
        or text.find("www.", max(first + 4, 1)) >= 0
        or (first >= 0 and text.rfind(".", 0, first + 1) > 0)
    )
    if not suspect:
        return
    for second in _SECOND.finditer(text):
        start = _separator_before(text, second.start())
        if start is None or "." not in text[:start]:
            continue
        before = text[:start]
        # A list that is itself a part of the first address is not a second address.
        listed = text[start] > " " and before.find("://", max(before.find("://") + 3, 9)) > 0
        if not listed:
            raise refusal(
                "several-subjects",
                quote(strip(before)) + " and " + quote(strip(text[start + 1 :]))
                + " are two addresses; give each by itself",
            )  # fmt: skip


def _separator_before(text, end):
    """Returns the index of the first separator from which on only spaces, brackets and quotation marks follow."""
    found = None
    at = end - 1
    while at >= 0 and text[at] in _BETWEEN:
        if text[at] in _SEPARATORS:
            found = at
        at -= 1
    return at if at >= 0 and text[at] in _SEPARATORS else found


def _canonical(text, is_directory):
    if utf16_length(text) > 4 * MAX_ADDRESS:
        raise refusal("too-long", f"an address may have at most {MAX_ADDRESS} bytes in canonical form")
    require_whole_characters(text)
    address = trim(text)
    if address and is_full_width(address[0]):
        address = narrow(address)
    _require_one_address(address)
    data = _without_noise(address.encode("utf-8"))
    data, has_scheme = _without_scheme(data)
    authority_end = len(data)
    for mark in b"/?\\":
        at = data.find(mark)
        authority_end = at if 0 <= at < authority_end else authority_end
    authority = data[:authority_end]
    host = _host(authority)
    if not has_scheme:
        _require_host_like(data, authority, host, is_file=authority_end == len(data))
    query_start = data.find(b"?", authority_end)
    query_start = len(data) if query_start < 0 else query_start
    prefix = "under:" if is_directory else "url:"
    canonical = prefix + PREFIX + host + _path(data[authority_end:query_start], host)
    wildcard = False
    if query_start >= len(data) - 1 and ends_in_wildcard(canonical):
        canonical = canonical.rstrip("*")
        wildcard = True
    query = data[query_start + 1 :]
    if is_directory:
        if query:
            meant = data[:query_start].decode("utf-8", "replace")
            raise refusal("wrong-shape", "a directory has no query", "under:" + meant)
        canonical = canonical if canonical.endswith("/") else canonical + "/"
    elif query:
        canonical += "?" + escape_text(unescape(query), IN_QUERY)
    if len(canonical) > MAX_ADDRESS:
        raise refusal(
            "too-long", f"it has {len(canonical)} bytes in canonical form, and at most {MAX_ADDRESS} are allowed"
        )
    # Again, because an escape, a line end or a slash may have hidden the second address.
    _require_one_address(canonical[len(prefix) :])
    return "under:" + canonical[4:] if wildcard and not is_directory else canonical


def _without_noise(data):
    data = data.strip(bytes(range(0x21)))
    data = data.split(b"#", 1)[0].translate(None, b"\t\n\r")
    if not data:
        raise refusal("empty", "an address needs a host")
    return data


def _without_scheme(data):
    """Returns the address after its scheme and slashes, and true if it had a scheme."""
    colon = _SCHEME.match(data).end()
    if colon > 0 and data[colon : colon + 3].lower() == b"%3a":
        data = unescape(data)
        data = data.split(b"#", 1)[0]
        colon = _SCHEME.match(data).end()
    if data[colon : colon + 1] != b":":
        if len(data) > 2 and data.startswith(b"//"):
            return data[2:], True
        if data[:1] in (b"/", b"?", b":"):
            raise refusal("wrong-shape", quote(data.decode("utf-8", "replace")) + " has no host")
        return data, False
    name = data[:colon].decode("ascii").lower()
    if name in _WEB_SCHEMES:
        return data[colon + 1 :].lstrip(b"/\\"), True
    if _PORT.match(data, colon + 1):
        return data, False
    raise refusal("not-on-the-web", "an address on the web does not begin with " + quote(name + ":"))


def _host(authority):
    host = authority[authority.rfind(b"@") + 1 :]
    # The colons of an IPv6 address are inside its brackets.
    at = len(host) - 1
    while at >= 0 and host[at] != 0x5D:
        if host[at] == 0x3A and (host[:1] != b"[" or host[at - 1] == 0x5D):
            port = host[at + 1 :]
            if port and not port.isdigit():
                raise refusal("unreadable-host", "the text after its colon is not a port number")
            host = host[:at]
            break
        at -= 1
    return canonical_host(host)


def _require_host_like(data, authority, host, is_file):
    """Refuses a text without a scheme that does not begin with a host, such as a title or a file name."""
    written = authority.decode("utf-8", "replace")
    shown = quote(data.decode("utf-8", "replace"))
    if written.startswith("*.") and host.find(".") > 0:
        raise refusal("wildcard", shown + " is no address", "domain:" + host[host.index(".") + 1 :])
    if "@" in written:
        raise refusal(
            "wrong-shape",
            shown + " is an e-mail address and not an address on the web; if it is one, write https:// in front of it",
        )
    dotted = any(c in ".[" or c >= "\x80" for c in written)
    if not dotted or not _is_host_like(written, host, is_file):
        raise refusal(
            "wrong-shape",
            shown + " is neither an address with a scheme nor one that starts with a host; if it is an address, write"
            " https:// in front of it",
        )


def _is_host_like(written, host, is_file):
    if host.startswith("["):
        return True
    if "%" in host or "." not in host:
        return False
    if is_ip(host):
        return _QUAD.fullmatch(written.rsplit(":", 1)[0]) is not None
    is_file = is_file and host.count(".") == 1 and host[host.index(".") + 1 :] in _FILE_TYPES
    return not is_file and _suffixes.bundled().has_known_top_level(host)


def _path(data, host):
    data = unescape(data.replace(b"\\", b"/"))
    if not data:
        return "/"
    if is_doi_resolver(host):
        doi = _DOI.fullmatch(data)
        if doi:
            # The dots and slashes of a DOI are parts of its name.
            return "".join("/" + escape_text(segment, IN_PATH) for segment in doi.group(1).split(b"/"))
    segments = data[1:].split(b"/")
    out = []
    for i, segment in enumerate(segments):
        if segment in (b".", b".."):
            if segment == b".." and out:
                out.pop()
            if i == len(segments) - 1:
                out.append(b"")
        else:
            out.append(segment)
    path = "".join("/" + escape_text(segment, IN_PATH) for segment in out)
    # The dots are resolved before repeated slashes are collapsed, as browsers do.
    return re.sub("/+", "/", path) or "/"
