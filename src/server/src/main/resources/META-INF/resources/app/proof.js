// Verifies a proof without trusting who sent it: RFC 6962 inclusion, C2SP checkpoint, Ed25519 by WebCrypto.
import {sha256, hex} from './sha256.js';

const text = new TextEncoder();
const fromBase64 = value => Uint8Array.from(atob(value), char => char.charCodeAt(0));
const fromHex = value => Uint8Array.from(value.match(/../g), pair => parseInt(pair, 16));
const same = (one, other) => one.length === other.length && one.every((byte, place) => byte === other[place]);

/** RFC 8785 for the values of an entry: strings, integers, booleans, lists and objects. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.keys(value)
      .sort()
      .map(name => `${JSON.stringify(name)}:${canonical(value[name])}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}

const leaf = entry => sha256(Uint8Array.of(0), text.encode(canonical(entry)));
const node = (left, right) => sha256(Uint8Array.of(1), left, right);

/** RFC 9162, section 2.1.3.2; numbers, since an index may be larger than 32 bits. */
function rootFrom(leafHash, index, size, path) {
  let place = index;
  let last = size - 1;
  let root = leafHash;
  for (const hash of path) {
    if (last === 0) return null;
    if (place % 2 === 1 || place === last) {
      root = node(hash, root);
      while (place % 2 === 0 && place !== 0) {
        place = Math.floor(place / 2);
        last = Math.floor(last / 2);
      }
    } else {
      root = node(root, hash);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? root : null;
}

/** Checks a proof step by step. Each result is true, false, or null if this browser cannot check it. */
export async function verify(proof, verifierKey, declaration) {
  // The operator hides a subject: the text is not the one that was hashed, but its hash is in the tree all the same.
  const leafHash = proof.withheld ? fromHex(proof.leafHash) : leaf(proof.entry);
  const root = rootFrom(leafHash, proof.index, proof.size, proof.hashes.map(fromBase64));
  const fits = proof.index === proof.position - 1 && proof.entry.declaration === declaration;
  const [body, signatures] = proof.checkpoint.split('\n\n');
  const [origin, size, signedRoot] = body.split('\n');
  return {
    entry: proof.withheld && fits ? null : fits && hex(leafHash) === proof.leafHash,
    path: root !== null && Number(size) === proof.size && same(root, fromBase64(signedRoot)),
    signature: await signed(`${body}\n`, signatures, origin, verifierKey.trim()),
    origin,
    size: proof.size,
  };
}

async function signed(body, signatures, origin, verifierKey) {
  const [, name, id, key] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(verifierKey) ?? [];
  const line = signatures.split('\n').find(one => one.startsWith(`— ${name} `));
  if (!line || name !== origin) return false;
  const signature = fromBase64(line.split(' ')[2]);
  const publicKey = fromBase64(key);
  const due = sha256(text.encode(`${name}\n`), publicKey).slice(0, 4);
  if (publicKey[0] !== 1 || hex(due) !== id || !same(signature.slice(0, 4), due)) return false;
  if (!globalThis.crypto?.subtle) return null;
  try {
    const imported = await crypto.subtle.importKey('raw', publicKey.slice(1), {name: 'Ed25519'}, false, ['verify']);
    return await crypto.subtle.verify({name: 'Ed25519'}, imported, signature.slice(4), text.encode(body));
  } catch {
    return null; // A browser without Ed25519.
  }
}
