#!/usr/bin/env python3
"""Checks a certificate of retrievability offline, with the standard library alone.

Usage: check-retrievability.py certificate.json jwks.json verifier-key

docs/formats/retrievability.md describes the steps. Ends with 0 only if everything is right.
"""
import base64
import hashlib
import json
import sys

# Ed25519, RFC 8032, section 5.1. Verification needs no secrets, so its time may depend on the input.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


class Wrong(Exception):
    """Something in the certificate is not right."""


def require(right, fault):
    if not right:
        raise Wrong(fault)


def add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def same(one, other):
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


def decompress(text):
    require(len(text) == 32, 'a point has 32 bytes')
    y = int.from_bytes(text, 'little')
    sign = y >> 255
    y &= (1 << 255) - 1
    require(y < P, 'the point is not on the curve')
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * ROOT % P
    require((x * x - square) % P == 0, 'the point is not on the curve')
    require(x != 0 or sign == 0, 'the point is not on the curve')
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, 'little'))


def verifies(key, message, signature):
    if len(signature) != 64:
        return False
    point = decompress(key)
    first = decompress(signature[:32])
    scalar = int.from_bytes(signature[32:], 'little')
    if scalar >= L:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(digest, 'little') % L
    return same(multiply(scalar, BASE), add(first, multiply(challenge, point)))


def from_base64url(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


def canonical(value):
    """RFC 8785 for strings, integers, booleans, lists and objects. Names sort by UTF-16 code units."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode('utf-16-be', 'surrogatepass'))
        return '{' + ','.join(canonical(name) + ':' + canonical(value[name]) for name in names) + '}'
    if isinstance(value, list):
        return '[' + ','.join(canonical(one) for one in value) + ']'
    return json.dumps(value, ensure_ascii=False)


def sha256(*parts):
    return hashlib.sha256(b''.join(parts)).digest()


def root_of(leaf, index, size, path):
    """RFC 9162, section 2.1.3.2."""
    require(0 <= index < size, 'the index is outside of the tree')
    place, last, root = index, size - 1, leaf
    for node in path:
        require(last > 0, 'the path is too long')
        if place & 1 or place == last:
            root = sha256(b'\x01', node, root)
            while place & 1 == 0 and place != 0:
                place >>= 1
                last >>= 1
        else:
            root = sha256(b'\x01', root, node)
        place >>= 1
        last >>= 1
    require(last == 0, 'the path is too short')
    return root


def check_signature(certificate, keys):
    header, payload, signature = certificate['jws'].split('.')
    head = json.loads(from_base64url(header))
    key = next((one for one in keys['keys'] if one['kid'] == head.get('kid')), None)
    require(key is not None and head.get('alg') == 'EdDSA', 'no key of the registry signed the certificate')
    signed = (header + '.' + payload).encode('ascii')
    require(verifies(from_base64url(key['x']), signed, from_base64url(signature)), 'the signature is wrong')
    claims = json.loads(from_base64url(payload))
    require(claims['kind'] == 'retrievability', 'the signature is not for a certificate of retrievability')
    content = {name: value for name, value in certificate.items() if name not in ('proof', 'jws')}
    digest = sha256(canonical(content).encode('utf-8')).hex()
    require(digest == claims['certificate'], 'the certificate was changed after it was signed')
    for name in ('declaration', 'position', 'leafHash'):
        require(claims[name] == certificate[name], name + ' is not the one that was signed')
    return claims


def check_log(certificate, verifier_key, claims):
    proof = certificate['proof']
    require(proof['position'] == certificate['position'], 'the proof is for another entry')
    require(proof['index'] == proof['position'] - 1, 'the proof is for another leaf')
    require(proof['leafHash'] == certificate['leafHash'], 'the proof is for another leaf')
    leaf = bytes.fromhex(proof['leafHash'])
    if not proof.get('withheld'):
        require(sha256(b'\x00', canonical(proof['entry']).encode('utf-8')) == leaf, 'the entry has another hash')
        require(proof['entry']['declaration'] == certificate['declaration'], 'the entry is of another declaration')
        require(proof['entry']['party'] == certificate['party'], 'the entry is of another party')
    text, signatures = proof['checkpoint'].split('\n\n', 1)
    origin, size, root = text.split('\n')[:3]
    name, key_id, encoded = verifier_key.strip().split('+', 2)
    key = base64.b64decode(encoded)
    require(key[0] == 1 and sha256(name.encode('utf-8'), b'\n', key)[:4].hex() == key_id, 'the verifier key is damaged')
    require(origin == name and claims['iss'] == name, 'the certificate is of another log')
    lines = [line for line in signatures.split('\n') if line.startswith('\u2014 ' + name + ' ')]
    require(lines, 'the log did not sign the checkpoint')
    signature = base64.b64decode(lines[0].split(' ')[2])
    message = (text + '\n').encode('utf-8')
    require(signature[:4].hex() == key_id, 'another key signed the checkpoint')
    require(verifies(key[1:], message, signature[4:]), 'the signature of the checkpoint is wrong')
    require(int(size) == proof['size'], 'the checkpoint is of another size')
    path = [base64.b64decode(one) for one in proof['hashes']]
    require(root_of(leaf, proof['index'], proof['size'], path) == base64.b64decode(root), 'the entry is not in the log')


def main(arguments):
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    texts = []
    for name in arguments:
        with open(name, encoding='utf-8') as file:
            texts.append(file.read())
    certificate = json.loads(texts[0])
    try:
        claims = check_signature(certificate, json.loads(texts[1]))
        check_log(certificate, texts[2], claims)
    except (Wrong, KeyError, ValueError, TypeError) as fault:
        print('WRONG: %s' % fault)
        return 1
    print('The log proves entry %d, recorded at %s.' % (certificate['position'], certificate['recordedAt']))
    print('The registry %s attests the numbers of lookups:' % claims['iss'])
    for line in certificate['text']['en'] + certificate['text']['ko']:
        print('  ' + line)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
