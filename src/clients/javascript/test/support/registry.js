/** A log with a key, and folders with its snapshots, for tests. */
import {createHash, generateKeyPairSync, sign} from 'node:crypto';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {canonicalJson} from '../../lib/note.js';
import {filterBytes, hashesOf} from './filter-writer.js';

export const LOG = 'test.example/log';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const twelve = (position) => String(position).padStart(12, '0');

/** A log that signs catalogues. */
export class Signer {
  constructor(name = LOG) {
    this.name = name;
    const {privateKey, publicKey} = generateKeyPairSync('ed25519');
    this.privateKey = privateKey;
    const raw = publicKey.export({format: 'der', type: 'spki'}).subarray(-32);
    const typed = Buffer.concat([Buffer.from([1]), raw]);
    this.id = sha256(Buffer.concat([Buffer.from(`${name}\n`), typed])).subarray(0, 4);
    this.key = `${name}+${this.id.toString('hex')}+${typed.toString('base64')}`;
  }

  /** Returns the note over a catalogue. */
  note(catalog, {log = this.name, position = catalog.position, hash} = {}) {
    const text = `${log}\n${position}\n${sha256('root').toString('base64')}\n`
      + `catalog ${hash ?? sha256(canonicalJson(catalog)).toString('hex')}\n`;
    const signature = Buffer.concat([this.id, sign(null, Buffer.from(text), this.privateKey)]).toString('base64');
    return `${text}\n\u2014 ${this.name} ${signature}\n`;
  }

  /** Returns the text of catalog.json. */
  catalog(catalog, parts) {
    return JSON.stringify({note: this.note(catalog, parts), catalog}, null, 2);
  }
}

/** A folder with a snapshot, which a test changes. */
export class Published {
  constructor(t, signer = new Signer()) {
    this.place = mkdtempSync(join(tmpdir(), 'askfirst-'));
    this.signer = signer;
    this.releases = [];
    this.deltas = [];
    t.after(() => rmSync(this.place, {recursive: true, force: true}));
    mkdirSync(join(this.place, 'releases'));
    mkdirSync(join(this.place, 'deltas'));
  }

  #file(path, bytes) {
    writeFileSync(join(this.place, path), bytes);
    return {path, bytes: bytes.length, sha256: sha256(bytes).toString('hex')};
  }

  #add(path, position, segments, {from, filter = {}, ...options}) {
    const log = this.signer.name;
    return {
      position,
      ...this.#file(`${path}.segment`, segments.write({log, position, ...options})),
      filter: this.#file(`${path}.filter`, filterBytes(hashesOf(segments), {log, position, from, ...filter})),
    };
  }

  release(position, segments, options = {}) {
    this.releases.unshift(this.#add(`releases/${twelve(position)}`, position, segments, options));
    this.releases.length = Math.min(this.releases.length, 2);
    return this;
  }

  delta(from, position, segments, options = {}) {
    const path = `deltas/${twelve(from)}-${twelve(position)}`;
    this.deltas.push({from, ...this.#add(path, position, segments, {from, ...options})});
    return this;
  }

  /** The catalogue of now; members are replaced by those of `changes`. */
  describe(changes = {}) {
    const now = Date.now();
    return {
      format: 1,
      log: this.signer.name,
      position: Math.max(...[...this.releases, ...this.deltas].map(({position}) => position)),
      issuedAt: new Date(now - 1000).toISOString(),
      expiresAt: new Date(now + 3_600_000).toISOString(),
      minimumClient: '0.1.0',
      rules: 1,
      releases: this.releases,
      deltas: this.deltas,
      ...changes,
    };
  }

  publish(changes = {}, parts = {}) {
    writeFileSync(join(this.place, 'catalog.json'), this.signer.catalog(this.describe(changes), parts));
    return this;
  }
}

/** Returns a folder that a test may fill, which is removed at its end. */
export function scratch(t) {
  const place = mkdtempSync(join(tmpdir(), 'askfirst-'));
  t.after(() => rmSync(place, {recursive: true, force: true}));
  return place;
}
