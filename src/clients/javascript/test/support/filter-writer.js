/** Writes filters for tests (docs/formats/filter.md). The core has the writer of the registry. */
import {SUFFIX_LIST} from '../../lib/subjects.js';

const MASK = (1n << 64n) - 1n;

function mixed(hash, seed) {
  let h = hash + seed & MASK;
  h = (h ^ h >> 33n) * 0xff51afd7ed558ccdn & MASK;
  h = (h ^ h >> 33n) * 0xc4ceb9fe1a85ec53n & MASK;
  return h ^ h >> 33n;
}

/** Returns a binary fuse filter with fingerprints of 16 bits. */
export function fuseBody(hashes) {
  const count = hashes.length;
  if (count === 0) {
    return Buffer.alloc(0);
  }
  const segment = 2 ** Math.min(18, Math.floor(Math.log(count) / Math.log(3.33) + 2.25));
  const factor = Math.max(1.125, 0.875 + 0.25 * Math.log(1e6) / Math.log(Math.max(count, 2)));
  const segments = Math.max(1, Math.ceil(Math.round(count * factor) / segment) - 2);
  const reach = segments * segment;
  const length = reach + 2 * segment;
  const slotsOf = (one) => {
    const first = Number(one * BigInt(reach) >> 64n);
    const low = (number) => Number(number % BigInt(segment));
    return [first, first + segment ^ low(one >> 18n), first + 2 * segment ^ low(one)];
  };
  for (let seed = 1n; seed < 1000n; seed++) {
    const at = Array.from({length}, () => new Set());
    for (const hash of hashes) {
      const one = mixed(hash, seed);
      slotsOf(one).forEach((slot) => at[slot].add(one));
    }
    const alone = at.flatMap((found, slot) => (found.size === 1 ? [slot] : []));
    const order = [];
    while (alone.length > 0) {
      const slot = alone.pop();
      const [one] = at[slot];
      if (at[slot].size === 1) {
        order.push([one, slot]);
        for (const other of slotsOf(one)) {
          at[other].delete(one);
          if (at[other].size === 1) {
            alone.push(other);
          }
        }
      }
    }
    if (order.length === count) {
      const body = Buffer.alloc(28 + 2 * length);
      body.writeBigUInt64LE(seed, 0);
      [count, segment, segments, reach, length].forEach((number, i) => body.writeUInt32LE(number, 8 + 4 * i));
      for (const [one, slot] of order.reverse()) {
        const others = slotsOf(one).reduce(
          (sum, other) => (other === slot ? sum : sum ^ body.readUInt16LE(28 + 2 * other)), 0);
        body.writeUInt16LE(Number((one ^ one >> 32n) & 0xffffn) ^ others, 28 + 2 * slot);
      }
      return body;
    }
  }
  throw new Error('no seed fits');
}

/** Returns a list of numbers of 48 bits in Golomb-Rice code. */
export function listBody(values, lowBits = lowBitsOf(values.length)) {
  const low = BigInt(lowBits);
  let bits = 0n;
  let length = 0n;
  let previous = -1n;
  for (const value of values) {
    const difference = value - previous - 1n;
    const high = difference >> low;
    bits |= (1n << high) - 1n << length;
    length += high + 1n;
    bits |= (difference & (1n << low) - 1n) << length;
    length += low;
    previous = value;
  }
  const body = Buffer.alloc(1 + Math.ceil(Number(length) / 8));
  body[0] = lowBits;
  for (let i = 1; i < body.length; i++) {
    body[i] = Number(bits >> BigInt(8 * (i - 1)) & 0xffn);
  }
  return body;
}

function lowBitsOf(count) {
  return Math.min(47, Math.max(0, Math.floor(Math.log2(2 ** 48 / Math.max(count, 1)))));
}

/** Returns the hashes of the filter of segments: of the keys with postings, and of the site prefilters. */
export function hashesOf(segments) {
  const present = [...segments.byKey].filter(([, postings]) => postings.length > 0);
  const keys = present.map(([key]) => BigInt(`0x${key.slice(0, 16)}`));
  return [...new Set([...keys, ...segments.prefilters])].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
}

/** Returns the bytes of a filter: of a release, or of the changes after `from`. */
export function filterBytes(hashes, {
  position, from, log = 'test.example/log', suffixList = SUFFIX_LIST, rules = 1, version = 1, form, count, reserved = 0,
  body,
}) {
  const isChanges = from !== undefined;
  const values = [...new Set(hashes.map((hash) => hash >> 16n))];
  const texts = [log, suffixList].map((text) => Buffer.from(text));
  const head = Buffer.alloc(Math.ceil((48 + 8 + texts[0].length + texts[1].length) / 8) * 8);
  head.write('AskFiltr', 0, 'latin1');
  head.writeUInt32LE(version, 8);
  head.writeUInt32LE(form ?? (isChanges ? 1 : 0), 12);
  head.writeBigUInt64LE(BigInt(position), 16);
  head.writeBigUInt64LE(BigInt(from ?? 0), 24);
  head.writeBigUInt64LE(BigInt(count ?? (isChanges ? values.length : hashes.length)), 32);
  head.writeUInt32LE(rules, 40);
  head.writeUInt32LE(reserved, 44);
  let at = 48;
  for (const text of texts) {
    head.writeUInt32LE(text.length, at);
    text.copy(head, at + 4);
    at += 4 + text.length;
  }
  return Buffer.concat([head, body ?? (isChanges ? listBody(values) : fuseBody(hashes))]);
}
