#!/usr/bin/env python3
"""Checks the signed statement of a grant, or of what is due under it, offline. Needs Python 3 and the program openssl.

    check-grant.py STATEMENT KEYS LOG-KEY [WORKS]

STATEMENT is the answer of GET /v1/grants/{id}/statement, or of GET /v1/grants/{id}/reports/{period}/{revision}/
statement/signed. KEYS is /.well-known/jwks.json. LOG-KEY is a file with the answer of /log/verifier-key. WORKS is a
file with the granted subjects, one a line, in the order of GET /v1/grants/{id}/works.
"""
import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile


def fail(reason):
    sys.exit("NOT VALID: " + reason)


def unbase64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verify(public, message, signature):
    """Verifies an Ed25519 signature with openssl."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("key", "message", "signature")]
        der = bytes.fromhex("302a300506032b6570032100") + public
        for path, content in zip(paths, (der, message, signature)):
            with open(path, "wb") as out:
                out.write(content)
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", paths[0]]
        command += ["-in", paths[1], "-sigfile", paths[2]]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def sha256(data):
    return hashlib.sha256(data).digest()


def root_of(leaf, index, size, path):
    """RFC 9162, section 2.1.3.2."""
    node, last, here = leaf, size - 1, index
    for sibling in path:
        if last == 0:
            fail("the proof is too long")
        if here % 2 == 1 or here == last:
            node = sha256(b"\x01" + sibling + node)
            while here % 2 == 0 and here != 0:
                here, last = here >> 1, last >> 1
        else:
            node = sha256(b"\x01" + node + sibling)
        here, last = here >> 1, last >> 1
    if last != 0:
        fail("the proof is too short")
    return node


def claims_of(jws, keys):
    head, payload, signature = jws.split(".")
    header = json.loads(unbase64url(head))
    if header.get("alg") != "EdDSA":
        fail("the statement has another algorithm")
    for key in keys["keys"]:
        if key["kid"] == header["kid"]:
            if verify(unbase64url(key["x"]), (head + "." + payload).encode("ascii"), unbase64url(signature)):
                return json.loads(unbase64url(payload))
    fail("no key of the registry signed the statement")


def check_log(proof, entry, position, log_key):
    head, note = proof.split("\n\n", 1)
    lines = head.split("\n")
    fields = [line for line in lines if line.startswith("index ")]
    index = int(fields[0].split(" ")[1])
    path = [base64.b64decode(line) for line in lines[lines.index(fields[0]) + 1:] if line]
    text, signatures = note.split("\n\n", 1)
    origin, size, root = text.split("\n")[:3]
    if index != position - 1:
        fail("the proof is about another entry")
    name, _, material = log_key.strip().split("+", 2)
    if origin != name:
        fail("the checkpoint is of another log")
    public = base64.b64decode(material)[1:]
    for line in signatures.split("\n"):
        parts = line.split(" ")
        if len(parts) == 3 and parts[1] == name:
            if verify(public, (text + "\n").encode("utf-8"), base64.b64decode(parts[2])[4:]):
                break
    else:
        fail("the log did not sign the checkpoint")
    leaf = sha256(b"\x00" + entry.encode("utf-8"))
    if root_of(leaf, index, int(size), path) != base64.b64decode(root):
        fail("the entry is not in the log")


def check_commitment(entry, member, salt, text):
    if hashlib.sha256(bytes.fromhex(salt) + text).hexdigest() != entry[member]:
        fail("the entry commits to something else: " + member)


def check_grant(statement, claims, log_key, works_file):
    entry = json.loads(claims["entry"])
    if entry["grant"] != claims["grant"] or entry["party"] != claims["licensor"]:
        fail("the entry is about another grant")
    check_log(statement["proof"], claims["entry"], claims["position"], log_key)
    check_commitment(entry, "licenseeCommitment", claims["licenseeSalt"], claims["licensee"].encode("utf-8"))
    check_commitment(entry, "termsCommitment", claims["termsSalt"], claims["terms"].encode("utf-8"))
    works = None
    if claims["works"] == "everything":
        works = b"*\n"
    elif works_file:
        works = open(works_file, "rb").read()
    if works is not None:
        check_commitment(entry, "worksCommitment", claims["worksSalt"], works)
    print("VALID: " + claims["licensor"] + " granted " + claims["licensee"] + " " + claims["terms"])
    print("Ends at " + claims["endsAt"] + ", as known at the time " + str(claims["iat"]))
    print("Works: " + ("checked" if works is not None else "not checked; give the list"))


def check_due(statement, claims, log_key):
    entry = json.loads(claims["entry"])
    if entry["type"] != "statement-issued" or entry["report"] != claims["report"]:
        fail("the entry is about another report")
    check_log(statement["proof"], claims["entry"], claims["position"], log_key)
    check_commitment(entry, "commitment", claims["salt"], claims["confidential"].encode("utf-8"))
    due = json.loads(claims["confidential"])["license"]
    print("VALID: " + due["licensee"] + " owes " + due["licensor"] + " for " + due["period"] + ": " + due["arithmetic"])


def main(arguments):
    if len(arguments) not in (3, 4):
        sys.exit(__doc__)
    statement, keys, log_key = (open(path, encoding="utf-8").read() for path in arguments[:3])
    statement = json.loads(statement)
    claims = claims_of(statement["jws"], json.loads(keys))
    if claims["kind"] == "grant":
        check_grant(statement, claims, log_key, arguments[3] if len(arguments) == 4 else None)
    elif claims["kind"] == "usage-statement":
        check_due(statement, claims, log_key)
    else:
        fail("it is no statement of a grant or of what is due")


main(sys.argv[1:])
