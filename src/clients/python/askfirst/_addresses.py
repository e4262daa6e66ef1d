"""What may be declared of addresses, and domains and accounts as subjects (docs/formats/subjects.md, 5, 6.8, 11)."""

import re

from . import _accounts, _suffixes
from ._specificity import MAX_DIRECTORIES, MAX_SUBDOMAIN_LABELS
from ._text import (
    WHITE_SPACE,
    UndeclarableSubject,
    ascii_lower,
    is_digits,
    plain,
    quote,
    refusal,
    shorten,
    strip,
    utf16_length,
    without,
)
from ._web import Address, can_exist, canonical_host, canonical_url, is_ip, is_public_ip

# ---- Addresses

_LOCAL_NAMES = frozenset("localhost localdomain local internal intranet lan invalid alt".split())


def undeclarable(reason, why, meant=None):
    question = "." if meant is None else ". Did you mean " + shorten(meant) + "?"
    return UndeclarableSubject(reason, "It cannot be declared: " + why + question, meant)


def _require_host(host, meant=None):
    if host.startswith("%2A.") and can_exist(host[4:]):
        raise undeclarable("wildcard", "the host has a wildcard", "domain:" + host[4:])
    if not can_exist(host):
        raise undeclarable("impossible-host", "no host can have the name " + quote(host))
    if is_ip(host):
        public = is_public_ip(host)
    else:
        last = host.rfind(".") + 1
        public = last > 0 and host[last:] not in _LOCAL_NAMES and not host.endswith(".home.arpa")
    if not public:
        raise undeclarable(
            "not-public-host",
            quote(host) + " is not a host on the public internet, so it is another machine for each asker",
            meant,
        )


def _require_address(scheme, value):
    address = Address(scheme + ":" + value)
    text = address.text
    meant = None
    if address.host in ("http", "https"):
        rest = text[address.host_end + 1 :]
        slash = rest.find("/")
        dot = rest.find(".")
        if dot > 0 and (slash < 0 or dot < slash):
            meant = scheme + ":https://" + rest
    _require_host(address.host, meant)
    asterisk = text.find("*", address.host_end)
    if asterisk >= 0:
        meant = text[: address.path_end]
        if asterisk <= address.path_end:
            meant = "under:" + text[len(scheme) + 1 : text.rfind("/", 0, asterisk) + 1]
        raise undeclarable("wildcard", "a * in an address is not applied as a wildcard", meant)
    end = len(text) - 1 if scheme == "under" else len(text)
    if text[end - 1] == "$":
        raise undeclarable(
            "wildcard", "a $ at the end of an address is not applied", text[: end - 1] + text[end:]
        )
    return address


def url_declarable(value):
    _require_address("url", value)


def under_declarable(value):
    directories = _require_address("under", value).directories
    if directories > MAX_DIRECTORIES:
        raise undeclarable(
            "too-deep", f"it has {directories} directories, and at most {MAX_DIRECTORIES} are allowed"
        )


def read_domain(untrusted):
    text = without(plain(untrusted), "https://", "http://", "//")
    text = without(text, "*.")
    _require_no_wildcard(text)
    host = text[:-1] if text.endswith("/") else text
    if "/" in host:
        raise refusal("wrong-shape", "a domain has no path; this is " + quote(text), "under:https://" + text)
    name, colon, port = host.rpartition(":")
    if colon and name and is_digits(port) and host[0] != "[":
        host = name
    canonical = canonical_host(host.encode("utf-8"))
    if is_ip(canonical):
        raise refusal("wrong-shape", "an IP address is not a domain", "under:https://" + canonical + "/")
    return "domain:" + canonical


def _require_no_wildcard(text):
    asterisk = text.find("*")
    slash = text.find("/")
    if asterisk < 0:
        return
    if 0 <= slash < asterisk:
        end = text.rfind("/", 0, asterisk + 1)
        raise refusal(
            "wildcard",
            "a domain has no path; this is " + quote(text),
            "domain:" + text[:slash] if end == slash else "under:https://" + text[: end + 1],
        )
    domain = text[text.rfind("*") + 1 :]
    domain = domain[1:] if domain.startswith(".") else domain
    fault = "in a domain, *. may only be in front; this is " + quote(text)
    raise refusal("wildcard", fault, "domain:" + domain if domain.find(".") > 0 else None)


def domain_labels(host):
    """Returns the number of labels before the registrable domain."""
    return host.count(".", 0, max(_suffixes.bundled().registrable(host), 0))


def domain_declarable(host):
    suffixes = _suffixes.bundled()
    registrable = suffixes.registrable(host)
    if registrable >= 0 or not suffixes.has_known_top_level(host):
        _require_host(host)
    if registrable < 0:
        raise undeclarable(
            "public-suffix", f"under {quote(host)} anybody can register a name (it is a public suffix)"
        )
    labels = host.count(".", 0, registrable)
    if labels > MAX_SUBDOMAIN_LABELS:
        raise undeclarable(
            "too-deep", f"it is {labels} labels below {quote(host[registrable:])}, and at most"
            f" {MAX_SUBDOMAIN_LABELS} are allowed",
        )  # fmt: skip


# ---- Accounts

_PLATFORM = re.compile(r"[a-z0-9-]{1,32}", re.A)


def read_account(untrusted):
    text = plain(untrusted)
    if "://" in text:
        account = _accounts.bundled().find(Address(canonical_url(text)))
        if account is None:
            raise refusal("wrong-shape", quote(text) + " carries no account of a known platform")
        return "account:" + account.value
    platform, colon, id = text.partition(":")
    platform = ascii_lower(strip(platform)) if colon else ""
    id = strip(id if colon else text)
    if not _PLATFORM.fullmatch(platform) or not id:
        raise refusal(
            "wrong-shape",
            "an account is a platform, a colon and an id, as in account:instagram:moon_toon; this is " + quote(text),
        )
    if utf16_length(id) > 128:
        raise refusal("too-long", "the id of an account may have at most 128 characters")
    if id[0] == "/" or any(c in WHITE_SPACE or c == ":" for c in id):
        raise refusal("wrong-characters", quote(id) + " is not the id of an account")
    return f"account:{platform}:{_accounts.bundled().id(platform, id) or id}"


def account_declarable(value):
    platform, _, id = value.partition(":")
    table = _accounts.bundled()
    if table.id(platform, id) != id:
        why = quote(platform) + " has no account " + quote(id)
        if not table.has(platform):
            why = f"the platform {quote(platform)} is not known; declare the address"
        raise undeclarable("unknown-account", why)
