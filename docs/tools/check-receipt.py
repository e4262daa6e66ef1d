#!/usr/bin/env python3
"""Checks a receipt offline. Needs Python 3 and the program openssl, and nothing else.

    check-receipt.py RECEIPT KEYS [REQUEST ANSWER]

RECEIPT is a file with the JWS: the member receipt of an answer to POST /v1/lookups, or the member jws of a record of an
unanswered license request. KEYS is /.well-known/jwks.json. For a lookup, REQUEST and ANSWER are the JSON bodies.
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


def claims_of(jws, keys):
    head, payload, signature = jws.split(".")
    header = json.loads(unbase64url(head))
    if header.get("alg") != "EdDSA":
        fail("the receipt has another algorithm")
    for key in keys["keys"]:
        if key["kid"] == header["kid"]:
            if verify(unbase64url(key["x"]), (head + "." + payload).encode("ascii"), unbase64url(signature)):
                return json.loads(unbase64url(payload))
    fail("no key of the registry signed the receipt")


def digest(path, without=None):
    """The hash of the canonical form (RFC 8785) of JSON whose member names are ASCII and whose numbers are whole."""
    with open(path, encoding="utf-8") as text:
        tree = json.load(text)
    if without:
        tree.pop(without, None)
    canonical = json.dumps(tree, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def main(arguments):
    if len(arguments) not in (2, 4):
        sys.exit(__doc__)
    with open(arguments[0], encoding="utf-8") as receipt, open(arguments[1], encoding="utf-8") as keys:
        claims = claims_of(receipt.read().strip(), json.load(keys))
    if claims["kind"] == "license-unanswered":
        print("VALID: " + claims["licensor"] + " and " + claims["asker"] + ": " + claims["silent"]
              + " did not answer " + claims["request"] + " until " + claims["until"])
        return
    if claims["kind"] != "lookup":
        fail("this tool reads receipts of lookups and of unanswered license requests")
    if len(arguments) != 4:
        fail("give the request and the answer")
    if digest(arguments[2]) != claims["request"]:
        fail("the receipt is for another request")
    if digest(arguments[3], "receipt") != claims["answer"]:
        fail("the receipt is for another answer")
    print("VALID: the registry gave this answer at position " + str(claims["position"]) + " as of " + claims["asOf"])


main(sys.argv[1:])
