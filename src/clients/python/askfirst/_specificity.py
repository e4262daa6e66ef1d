"""Specificity: one number for all schemes. A greater one is more specific (docs/formats/subjects.md, section 9)."""

EXACT = 4000
AROUND = EXACT - 1
WITHOUT_QUERY = EXACT - 2
OTHER_SPELLING = 1
ACCOUNT = 3000
CREATOR = 100


def prefix_specificity(length):
    return 2000 + min(length, 900)


def domain_specificity(labels):
    return 1000 + min(labels, 900)


MAX_DIRECTORIES = 16
MAX_SUBDOMAIN_LABELS = 8
