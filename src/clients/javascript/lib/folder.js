/** Folders on web servers. They are not trusted: what they send is signed. It works everywhere. */
import {Refused} from './catalog.js';

export const CATALOG = 'catalog.json';
const MOST_CATALOG_BYTES = 4 << 20;

/** A server that sends fewer bytes than this in a second makes no progress. */
const LEAST_BYTES = 256;

/**
 * The place of the files.
 *
 * @typedef {object} Folder
 * @property {string} place
 * @property {() => Promise<string>} catalog
 * @property {(path: string) => Promise<AsyncIterable<Uint8Array>>} read
 */

/** A folder on a web server. */
export class RemoteFolder {
  #stallSeconds;
  #headers;

  /**
   * @param {string} address
   * @param {number} stallSeconds the time without progress after which the server is given up
   * @param {Record<string, string>} [headers]
   */
  constructor(address, stallSeconds, headers = {}) {
    this.place = address.endsWith('/') ? address : `${address}/`;
    this.#stallSeconds = stallSeconds;
    this.#headers = headers;
  }

  async catalog() {
    const chunks = [];
    let length = 0;
    for await (const chunk of await this.#get(CATALOG, 'unreachable')) {
      length += chunk.length;
      if (length > MOST_CATALOG_BYTES) {
        throw new Refused('unreachable', 'the catalogue is too long');
      }
      chunks.push(chunk);
    }
    return new TextDecoder().decode(joined(chunks, length));
  }

  read(path) {
    return this.#get(path, 'truncated');
  }

  /** Yields the bytes of a file. A server that sends nothing, or almost nothing, for too long does not answer. */
  async #get(path, missing) {
    const stalled = new AbortController();
    const seconds = this.#stallSeconds;
    const answer = await within(seconds, stalled, async () => fetch(new URL(path, this.place), {
      signal: stalled.signal, cache: 'no-store', headers: this.#headers,
    }));
    if (answer.status !== 200 || answer.body === null) {
      stalled.abort();
      throw answer.status === 404 || answer.status === 410
        ? new Refused(missing, `${path} is missing`)
        : new Refused('unreachable', `the folder answers ${answer.status}`);
    }
    const reader = answer.body.getReader();
    return (async function* chunks() {
      let since = performance.now();
      let got = 0;
      try {
        for (;;) {
          const {done, value} = await within(seconds, stalled, () => reader.read());
          if (done) {
            return;
          }
          got += value.length;
          yield value;
          if (performance.now() - since >= seconds * 1000) {
            if (got < LEAST_BYTES * seconds) {
              throw new Refused('unreachable', `the folder has sent only ${got} bytes in ${seconds} seconds`);
            }
            since = performance.now();
            got = 0;
          }
        }
      } finally {
        stalled.abort();
      }
    })();
  }
}

/**
 * Waits for a part of an answer. It does not rely on the connection to notice that it was aborted.
 *
 * @template T
 * @param {number} seconds
 * @param {AbortController} stalled is aborted if the part does not come
 * @param {() => Promise<T>} receive
 * @returns {Promise<T>}
 */
async function within(seconds, stalled, receive) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const tooLate = new Promise((_, refuse) => {
    timer = setTimeout(() => {
      refuse(new Refused('unreachable', `the folder has sent nothing for ${seconds} seconds`));
      stalled.abort();
    }, seconds * 1000);
  });
  try {
    return await /** @type {Promise<T>} */ (Promise.race([receive(), tooLate]));
  } catch (failure) {
    throw failure instanceof Refused
      ? failure
      : new Refused('unreachable', `the folder does not answer: ${failure}`, failure);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Returns chunks as one array.
 *
 * @param {Uint8Array[]} chunks
 * @param {number} length
 */
function joined(chunks, length) {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
