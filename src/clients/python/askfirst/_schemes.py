"""The schemes of subjects: how their values are read, what contains them, and how people write them.

Rules take a text after `_text.plain` and return a canonical subject, which may have another scheme.
"""

import re

from ._addresses import (
    account_declarable,
    domain_declarable,
    domain_labels,
    read_account,
    read_domain,
    under_declarable,
    url_declarable,
)
from ._books import (
    gtin_containers,
    isbn_prefix_declarable,
    isbn_prefixes,
    read_gtin,
    read_isbn,
    read_isbn_prefix,
    read_ismn,
    read_issn,
)
from ._dois import doi_prefixes, isan_containers, read_doi, read_doi_prefix, read_eidr, read_isan
from ._numbers import (
    iscc_containers,
    read_grid,
    read_ipi,
    read_iscc,
    read_isni,
    read_isrc,
    read_isrc_registrant,
    read_iswc,
    read_opaque,
    read_sha256,
    read_uci,
    read_uci_prefix,
    read_work,
    uci_containers,
    uci_prefix_declarable,
    uci_prefixes,
)
from ._specificity import ACCOUNT, CREATOR, EXACT, domain_specificity, prefix_specificity
from ._text import ANY, plain
from ._web import Address, canonical_under, canonical_url


class Scheme:
    """The rules of one scheme.

    Shapes are (rank, is compact, pattern); resolvers are (host, path before the value).
    """

    def __init__(self, number, name, read, containers=None, declarable=None, specificity=EXACT, labels=(), shapes=(),
                 resolvers=(), columns=()):  # fmt: skip
        self.number = number
        self.name = name
        self.parse = read
        self.needs_control = name in ("under", "domain", "isni", "ipi") or name.endswith(("-prefix", "-registrant"))
        self.is_address = name in ("url", "under", "domain")
        self._containers = containers
        self._declarable = declarable
        self._specificity = specificity
        self.labels = labels
        self.shapes = [
            (rank if written else 1000 + rank, not written, re.compile(pattern, re.A | re.I))
            for rank, written, pattern in shapes
        ]
        self.resolvers = resolvers
        self.columns = columns

    def specificity(self, value):
        return self._specificity(value) if callable(self._specificity) else self._specificity

    def containers(self, value):
        """Returns (scheme, specificity, value) of what contains an identifier, most specific first."""
        return self._containers(value) if self._containers else []

    def require_declarable(self, value):
        if self._declarable:
            self._declarable(value)

    def __repr__(self):
        return self.name


def _identifier(read):
    return lambda untrusted: read(plain(untrusted))


def _of_length(value):
    return prefix_specificity(len(value))


def _schemes():
    def written(rank, pattern):
        return (rank, True, pattern)

    def packed(rank, pattern):
        return (rank, False, pattern)

    iscc = "(?:AA|CA|CE|CI|CM|CQ|EA|EE|EI|EM|EQ|GA|IA|KA|KE|KI|KM|KQ|KU|KY|K4|MA|ME|MI|MM|OA)"
    rows = [
        dict(name="url", read=canonical_url, declarable=url_declarable,
             columns="url urls link links uri weblink webaddress 링크 웹주소 인터넷주소 게시주소 작품링크 작품주소 작품url 페이지주소 바로가기"),
        dict(name="under", read=canonical_under, declarable=under_declarable,
             specificity=lambda value: prefix_specificity(Address("under:" + value).directories)),
        dict(name="domain", read=read_domain, declarable=domain_declarable,
             specificity=lambda value: domain_specificity(domain_labels(value))),
        dict(name="sha256", read=_identifier(read_sha256), labels=("sha-256",),
             shapes=[written(30, "sha-?256-" + ANY + "{43,44}"), packed(10, "[0-9A-F]{64}")],
             columns="sha256 filehash hash 해시 파일해시 파일지문"),
        dict(name="iscc", read=_identifier(read_iscc), containers=iscc_containers,
             shapes=[written(70, "[fbvzu][0-9A-Z_=-]{12,127}"), written(80, iscc + "[A-Z2-7-]{8,100}")],
             columns="iscc"),
        dict(name="isbn", read=_identifier(read_isbn), containers=lambda value: isbn_prefixes(value, 11),
             shapes=[
                 written(45, r"(?:97[89][- ]?)?(?:[0-9][- ]?){9}[0-9X](?: +[0-9]{5})?(?: *\([^()]*\))?"),
                 packed(40, "97[89][0-9]{10}(?:[0-9]{5})?"),
                 packed(60, "[0-9]{9}[0-9X]"),
             ],
             columns="isbn isbn13 isbn10 isbns isbnno isbn번호 isbn코드 국제표준도서번호 전자책isbn eisbn 종이책isbn isbn13자리 isbn10자리"),
        dict(name="issn", read=_identifier(read_issn), labels=("e-issn", "eissn", "p-issn", "pissn", "issn-l"),
             shapes=[packed(70, "[0-9]{7}[0-9X]")], resolvers=[("portal.issn.org", "resource/issn/")],
             columns="issn eissn pissn issn번호 국제표준연속간행물번호"),
        dict(name="ismn", read=_identifier(read_ismn), shapes=[packed(30, "M[0-9]{9}")], columns="ismn"),
        dict(name="isrc", read=_identifier(read_isrc),
             containers=lambda value: [("isrc-registrant", prefix_specificity(5), value[:5])],
             shapes=[packed(50, "[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")],
             columns="isrc isrc코드 isrc번호 isrccode 국제표준녹음코드"),
        dict(name="iswc", read=_identifier(read_iswc),
             shapes=[written(50, "T[-. ]?[0-9]{3}[-. ]?[0-9]{3}[-. ]?[0-9]{3}[-. ]?[0-9]")],
             columns="iswc iswc코드 iswc번호 국제표준음악저작물코드"),
        dict(name="doi", read=_identifier(read_doi), containers=lambda value: doi_prefixes(value, value.find("/")),
             shapes=[written(10, r"10\.[0-9. ]+/" + ANY + "+"), written(20, r"10/\S+")],
             resolvers=[("doi.org", ""), ("dx.doi.org", ""), ("hdl.handle.net", "")], columns="doi doi번호"),
        dict(name="eidr", read=_identifier(read_eidr), containers=lambda value: doi_prefixes(value, value.find("/")),
             shapes=[packed(100, "[0-9A-F]{20}[0-9A-Z]")], columns="eidr eidrid"),
        dict(name="isan", read=_identifier(read_isan), containers=isan_containers, labels=("v-isan",),
             shapes=[packed(90, "[0-9A-F]{16}(?:[0-9A-Z]|[0-9A-F]{8}|[0-9A-Z][0-9A-F]{8}[0-9A-Z])?")],
             columns="isan"),
        dict(name="grid", read=_identifier(read_grid), shapes=[packed(20, "A1[0-9A-Z]{16}")], columns="grid"),
        dict(name="gtin", read=_identifier(read_gtin), containers=gtin_containers, labels=("ean", "upc"),
             shapes=[packed(110, "[0-9]{12,14}|[0-9]{8}")], resolvers=[("id.gs1.org", "01/")],
             columns="gtin ean ean13 upc barcode 바코드 상품바코드"),
        dict(name="uci", read=_identifier(read_uci), containers=uci_containers,
             shapes=[written(40, "[A-Z][0-9]{3}(?:[:+][A-Z0-9]+)*-[A-Z0-9]" + ANY + "*")],
             columns="uci uci코드 uci번호"),
        dict(name="icn", read=_identifier(lambda text: "icn:" + read_opaque(text)),
             columns="icn icn번호 통합저작권번호 저작권통합번호"),
        dict(name="kcc", read=_identifier(lambda text: "kcc:" + read_opaque(text)), columns="kcc 저작권등록번호"),
        dict(name="isbn-prefix", read=_identifier(read_isbn_prefix), declarable=isbn_prefix_declarable,
             containers=lambda value: isbn_prefixes(value, min(len(value) - 1, 11)), specificity=_of_length),
        dict(name="isrc-registrant", read=_identifier(read_isrc_registrant), specificity=_of_length),
        dict(name="doi-prefix", read=_identifier(read_doi_prefix), specificity=_of_length,
             containers=lambda value: doi_prefixes(value, value.rfind("."))),
        dict(name="uci-prefix", read=_identifier(read_uci_prefix), specificity=_of_length,
             containers=uci_prefixes, declarable=uci_prefix_declarable),
        dict(name="isni", read=_identifier(read_isni), specificity=CREATOR, labels=("orcid",),
             shapes=[packed(80, "0000[0-9]{11}[0-9X]")],
             resolvers=[("isni.org", "isni/"), ("isni.org", "page/"), ("isni.org", ""), ("orcid.org", "")]),
        dict(name="ipi", read=_identifier(read_ipi), specificity=CREATOR,
             shapes=[written(60, "I-[0-9]{9}-[0-9]"), packed(120, "[0-9]{11}")]),
        dict(name="work", read=_identifier(read_work), shapes=[packed(130, "[0-9A-HJ-KM-NP-TV-Z]{21}")]),
        dict(name="account", read=read_account, declarable=account_declarable, specificity=ACCOUNT),
    ]  # fmt: skip
    for row in rows:
        row["columns"] = tuple(row.get("columns", "").split())
    return [Scheme(number, **row) for number, row in enumerate(rows)]


SCHEMES = _schemes()
"""All schemes. Files number them by their place."""

BY_NAME = {scheme.name: scheme for scheme in SCHEMES}
